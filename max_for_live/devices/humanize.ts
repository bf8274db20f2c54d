/** State the MIDI Tool that performs the selected notes. */

import { KINDS } from "../patch/amxd.ts";
import type { Patch } from "../patch/patch.ts";
import { amount, AMOUNT_NAMES, PRESET } from "./amounts.ts";
import { button, type Control, dial, menu, toggle } from "./control.ts";
import { narrow, TAKE, tool } from "./tool.ts";

const CONTROLS: readonly Control[] = [
  menu("preset", [6, 5, 140, 15], PRESET, true),
  ...AMOUNT_NAMES.map((name, index) => {
    return dial(name, narrow(index), amount(name, "stored", "narrow"));
  }),
  ...TAKE,
  toggle("fold", [6, 92, 86, 15], {
    longName: "Pedal in Notes",
    text: "Pedal in notes",
    info:
      "Let notes ring as long as the sustain pedal would hold them. A MIDI Tool cannot write a " +
      "pedal, only notes.",
    visible: "stored",
    items: ["Off", "On"],
  }),
  button("apply", [96, 92, 50, 15], {
    longName: "Apply",
    text: "Apply",
    info: "Play the selected notes as a person would, in this style.",
  }),
];

/** The tool, which Live lists under Transform. */
export const HUMANIZE: Patch = tool(
  { name: "yuragi Humanize", kind: KINDS.transformation },
  { file: "yuragi_humanize.js", entry: "tool/humanize.ts" },
  CONTROLS,
  [{ name: "Humanize", parameters: ["Velocity", "Groove", "Articulation", "Rubato", "Seed"] }],
);
