/** State the MIDI Tool that writes new notes. */

import { KINDS } from "../patch/amxd.ts";
import type { Patch } from "../patch/patch.ts";
import { ENGINE, engineDial } from "./amounts.ts";
import { button, type Control, dial, menu } from "./control.ts";
import { narrow, TAKE, tool } from "./tool.ts";

const CONTROLS: readonly Control[] = [
  menu("engine", [6, 5, 140, 15], ENGINE, true),
  ...[1, 2, 3, 4].map((place) => {
    return dial(`dial${place}`, narrow(place - 1), engineDial(place, "stored"), true);
  }),
  ...TAKE,
  button("apply", [6, 92, 140, 15], {
    longName: "Apply",
    text: "Apply",
    info: "Write new notes where the time selection or the loop is.",
  }),
];

/** The tool, which Live lists under Generate. */
export const GENERATE: Patch = tool(
  { name: "yuragi Generate", kind: KINDS.generator },
  { file: "yuragi_generate.js", entry: "tool/generate.ts" },
  CONTROLS,
  [{ name: "Generate", parameters: ["Dial 1", "Dial 2", "Dial 3", "Dial 4", "Seed"] }],
);
