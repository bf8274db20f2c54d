/** Keep the performances of a set's clips, so that the set can save them. */

import type { Note } from "../wire/note.ts";
import { keyOf, matched, rowOf, type Match, type Performance } from "./base.ts";

/** What is kept while the set is open, for Live's undo may bring any of it back. */
const KEPT = { performances: 250, size: 500_000 } as const;

/** What a set saves of it: the newest, in about 50 bytes a note. */
const SAVED = { performances: 64, size: 50_000 } as const;

/** So many notes of a clip are looked at to guess which performance it is. */
const SAMPLE = 32;

/** A performance that gives way to another so soon is passed by, as when a dial turns. */
const MOMENT_MS = 5_000;

export class Shelf {
  /** The oldest first. */
  #performances: Performance[] = [];
  readonly #ofClip = new Map<number, { performance: Performance; keptMs: number }>();
  readonly #passed = new WeakSet<Performance>();
  readonly #keys = new WeakMap<Performance, ReadonlySet<string>>();

  /** Whether any clip has a pedal to be played. */
  get hasPedal(): boolean {
    return this.#performances.some((performance) => performance.pedal.time.length > 0);
  }

  /** The performances that the set is to save, the oldest first. */
  get lasting(): readonly Performance[] {
    return newest(
      this.#performances.filter((performance) => !this.#passed.has(performance)),
      SAVED,
    );
  }

  /** Keep a clip's performance. */
  keep(clip: number, performance: Performance): void {
    const now = Date.now();
    const before = this.#ofClip.get(clip);
    if (before && now - before.keptMs < MOMENT_MS) {
      this.#passed.add(before.performance);
    }
    this.#performances = newest([...this.#performances, performance], KEPT);
    this.#ofClip.set(clip, { performance, keptMs: now });
  }

  /** Return which performance a clip's notes are: its own, or one that has half of its notes. */
  find(clip: number, notes: readonly Note[]): Match | undefined {
    const isHalf = (match: Match | undefined): boolean => 2 * (match?.count ?? 0) >= notes.length;
    const known = this.#ofClip.get(clip)?.performance;
    const own = known && matched(notes, known);
    if (isHalf(own)) {
      return own;
    }
    const likeliest = this.#likeliest(notes);
    const other = likeliest && matched(notes, likeliest);
    return isHalf(other) ? other : own?.count ? own : undefined;
  }

  /** Note which side of a performance is shown now. */
  show(performance: Performance, isOriginal: boolean): void {
    const shown = { ...performance, isOriginal };
    this.#performances = this.#performances.map((kept) => (kept === performance ? shown : kept));
    for (const [clip, kept] of this.#ofClip) {
      if (kept.performance === performance) {
        this.#ofClip.set(clip, { ...kept, performance: shown });
      }
    }
  }

  /** Take up what a set has saved, as older than what is there: an undo may bring it back late. */
  restore(saved: readonly Performance[]): void {
    const known = new Set(this.#performances.map(nameOf));
    const older = saved.filter((performance) => !known.has(nameOf(performance)));
    this.#performances = newest([...older, ...this.#performances], KEPT);
  }

  #likeliest(notes: readonly Note[]): Performance | undefined {
    const step = Math.max(1, Math.floor(notes.length / SAMPLE));
    const sample = notes.filter((_, row) => row % step === 0).map((note) => keyOf(rowOf(note)));
    let [best, most]: [Performance | undefined, number] = [undefined, 1];
    for (const performance of this.#performances) {
      const keys = this.#keysOf(performance);
      const count = sample.filter((key) => keys.has(key)).length;
      if (count >= most) {
        [best, most] = [performance, count];
      }
    }
    return best;
  }

  #keysOf(performance: Performance): ReadonlySet<string> {
    const known = this.#keys.get(performance);
    const keys = known ?? new Set([...performance.base, ...performance.played].map(keyOf));
    this.#keys.set(performance, keys);
    return keys;
  }
}

/** Return the newest performances, one at least and as many as may be. */
function newest(
  performances: readonly Performance[],
  most: { readonly performances: number; readonly size: number },
): Performance[] {
  let size = 0;
  const kept = [...performances].reverse().filter((performance, age) => {
    // an event of the pedal is half as long as a note
    size += performance.base.length + performance.pedal.time.length / 2;
    return age === 0 || (age < most.performances && size <= most.size);
  });
  return kept.reverse();
}

/** Return a text that equal performances share. */
function nameOf({ base, played, pedal }: Performance): string {
  const ends = [base[0], base.at(-1), played[0], played.at(-1)];
  return `${base.length} ${pedal.time.length} ${ends.map((row) => row && keyOf(row)).join(" ")}`;
}
