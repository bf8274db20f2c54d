/** State what both MIDI Tools are: what Live hands over and takes back, and the take's controls. */

import type { Box, Rect } from "../patch/box.ts";
import type { Bank, Patch, Wire } from "../patch/patch.ts";
import { DICE, LOCK, SEED_NUMBER } from "./amounts.ts";
import { button, type Control, label, message, number, toggle } from "./control.ts";
import { DEFER, LOADED, memory, NODE, v8 } from "./script.ts";
import { chain, join, wire } from "./wiring.ts";

/** The size of a MIDI Tool in Live, in px. Source: Ableton's templates. */
const SIZE = { width: 152, height: 147 } as const;

/** The v8 object's outlets, by what hangs there. */
const OUTLETS = { notes: 0, again: 1, node: 2, screen: 3, memory: 4 } as const;

const BOXES: readonly Box[] = [
  { name: "tool in", object: "live.miditool.in", at: [620, 140] },
  { name: "tell notes", object: "prepend notes", at: [620, 180] },
  { name: "tell context", object: "prepend context", at: [740, 180] },
  { name: "tool out", object: "live.miditool.out", at: [620, 300] },
  { name: "again", object: "deferlow", at: [740, 300] },
  LOADED,
  DEFER,
  NODE,
  ...memory("What is chosen in the menu, by name: the server's list may change."),
];

const WIRES: readonly Wire[] = [
  ...chain("loaded", "defer", "v8"),
  // Live takes an answer only before its own call returns: nothing may wait here
  ["tool in", 0, "tell notes", 0],
  ["tool in", 1, "tell context", 0],
  ["tell notes", 0, "v8", 0],
  ["tell context", 0, "v8", 0],
  ["v8", OUTLETS.notes, "tool out", 0],
  ["v8", OUTLETS.again, "again", 0],
  ["again", 0, "tool in", 0],
  ["v8", OUTLETS.node, "node", 0],
  ["node", 0, "defer", 0],
  ["v8", OUTLETS.memory, "memory", 0],
  ...chain("memory", "tell restored", "defer"),
];

/** The seed with its dice and lock, and three lines that say how things stand. */
export const TAKE: readonly Control[] = [
  label("Seed", [3, 73, 33, 18]),
  number("seed", [36, 74, 34, 15], SEED_NUMBER, true),
  button("dice", [74, 74, 34, 15], DICE),
  toggle("lock", [112, 74, 34, 15], { ...LOCK, visible: "stored" }),
  message("status", [3, 107, 146, 40], "left"),
];

/** Return the place of one of four dials, as wide as the tool, so that their names fit. */
export function narrow(index: number): Rect {
  const width = SIZE.width / 4;
  return [index * width, 23, width, 48];
}

/** Return a MIDI Tool of some controls. */
export function tool(
  patch: Pick<Patch, "name" | "kind">,
  script: { readonly file: string; readonly entry: string },
  controls: readonly Control[],
  banks: readonly Bank[],
): Patch {
  const run = v8(script.file, script.entry, Object.keys(OUTLETS).length);
  const circuit = join(
    { boxes: [...BOXES, run], wires: WIRES },
    wire(controls, "v8", OUTLETS.screen),
  );
  return { ...patch, ...SIZE, ...circuit, banks };
}
