/**
 * Measure how long it takes from the button Humanize to the written clip, beside a bare socket.
 *
 * All is taken in turn in one run, so that a slow moment of the machine hits all of it: quote ratios.
 * For each size: total/N is from the button until the clip is written and read back; server/N what the
 * server says that it took, engine/N its engines of that; live/N what the simulated Live took; own/N
 * is the rest, which is the device: ask/N in v8 before, line/N on the way to the server and back,
 * write/N in v8 after. socket/N is the same request there and back on a bare socket.
 *
 *     node benchmarks/round_trip.ts [--rounds 40] [--json FILE]
 */

import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";

import { tableOf } from "./figure.ts";
import { measure, type Run } from "./measure.ts";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: "string", default: "40" }, json: { type: "string" } },
  });
  const run = await measure(roundsIn(values.rounds), (text) => {
    console.error(`measuring: ${text}`);
  });
  console.log(linesOf(run).join("\n"));
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ machine: machine(), ...run }, null, 2)}\n`);
  }
}

function roundsIn(text: string): number {
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds is ${text}, allowed is a whole number from 1`);
  }
  return rounds;
}

function linesOf({ results, node_mb, node_peak_mb, drag }: Run): string[] {
  return [
    ...tableOf(results),
    `Node: ${node_mb} MB at the end, ${node_peak_mb} MB at its highest`,
    `A drag of ${drag.messages} messages in ${drag.ms} ms asked ${drag.asks} times`,
  ];
}

function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model ?? "unknown";
  return `${process.platform} ${process.arch}, ${processors.length} x ${model}, Node ${process.version}`;
}

await main();
