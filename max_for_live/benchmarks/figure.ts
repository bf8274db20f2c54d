/** Make figures of samples, and print them. */

/** A median and a 99th percentile of `n` samples, in ms. */
export interface Figure {
  readonly name: string;
  readonly n: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

/** Samples in ms, by the name of their figure. */
export class Samples {
  readonly #taken = new Map<string, number[]>();

  add(name: string, ...ms: readonly number[]): void {
    this.#taken.set(name, [...(this.#taken.get(name) ?? []), ...ms]);
  }

  figures(): Figure[] {
    return [...this.#taken].map(([name, samples]) => ({
      name,
      n: samples.length,
      p50_ms: rounded(quantile(samples, 0.5)),
      p99_ms: rounded(quantile(samples, 0.99)),
    }));
  }
}

/** Return the lines of a table; each figure stands beside the bare socket of its size. */
export function tableOf(figures: readonly Figure[]): string[] {
  const floors = new Map(figures.map(({ name, p50_ms }) => [name, p50_ms]));
  const head = `${"".padEnd(16)}${"n".padStart(6)}${"p50 ms".padStart(12)}${"p99 ms".padStart(12)}`;
  const rows = figures.map(({ name, n, p50_ms, p99_ms }) => {
    const [, size = ""] = name.split("/");
    const times = p50_ms / (floors.get(`socket/${size}`) ?? Number.NaN);
    const numbers = [n, p50_ms.toFixed(2), p99_ms.toFixed(2), times.toFixed(1)];
    const widths = [6, 12, 12, 12];
    return (
      name.padEnd(16) + numbers.map((text, at) => String(text).padStart(widths[at] ?? 0)).join("")
    );
  });
  return [`${head}   p50 in sockets`, ...rows];
}

/** Return the value that a share of the samples is below, between its neighbours. */
function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place % 1);
}

function rounded(ms: number): number {
  return Math.round(ms * 1e4) / 1e4;
}
