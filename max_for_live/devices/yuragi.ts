/** State the main device: a MIDI effect that performs clips, writes new ones, and plays the pedal. */

import { KINDS } from "../patch/amxd.ts";
import type { Box, Rect } from "../patch/box.ts";
import type { Parameter } from "../patch/parameter.ts";
import type { Patch, Wire } from "../patch/patch.ts";
import {
  amount,
  AMOUNT_NAMES,
  DICE,
  ENGINE,
  engineDial,
  LOCK,
  PRESET,
  SEED_NUMBER,
} from "./amounts.ts";
import {
  button,
  type Control,
  dial,
  label,
  line,
  menu,
  message,
  number,
  toggle,
} from "./control.ts";
import { DEFER, LOADED, memory, NODE, v8 } from "./script.ts";
import { chain, join, wire } from "./wiring.ts";

const PEDAL: Parameter = {
  type: "enum",
  longName: "Pedal",
  visible: "automated",
  info:
    "What becomes of the sustain pedal. Play sends it to the instrument while the clip runs; In " +
    "notes lengthens the notes instead; Off leaves it out.",
  items: ["Off", "Play", "In notes"],
  initial: 1,
};

const BARS: Parameter = {
  type: "float",
  longName: "Bars",
  visible: "automated",
  info: "How many bars to write.",
  minimum: 1,
  maximum: 32,
  initial: 4,
  unit: "int",
};

/** Rows of the screen, in px from the top: a menu, the big buttons, and two rows of small ones. */
const ROWS = { menu: 10, big: 33, third: 87, fourth: 114 } as const;

/** Columns of the screen: where they begin, and their width. */
const PERFORM = [10, 108] as const;
const AMOUNTS = [128, 56] as const;
const SEED = [260, 60] as const;
const GENERATE = [340, 96] as const;
const DIALS = [446, 52] as const;

const HUMANIZE: readonly Control[] = [
  menu("preset", [PERFORM[0], ROWS.menu, PERFORM[1], 15], PRESET, true),
  button("humanize", [PERFORM[0], ROWS.big, PERFORM[1], 46], {
    longName: "Humanize",
    text: "Humanize",
    size: 12,
    info:
      "Play the clip as a person would, in this style. The clip is the one that Live shows. " +
      "Press again as often as you like: every take begins from your notes.",
  }),
  button("revert", [PERFORM[0], ROWS.third, 52, 19], {
    longName: "Revert",
    text: "Revert",
    info: "Put your own notes back, as they were before the first take.",
  }),
  button("commit", [PERFORM[0] + 56, ROWS.third, 52, 19], {
    longName: "Commit",
    text: "Commit",
    info: "Keep this take for good: from now on it counts as your own notes.",
  }),
  toggle("compare", [PERFORM[0], ROWS.fourth, PERFORM[1], 19], {
    longName: "Compare",
    text: "Hear original",
    info: "Hear your own notes while this is on, the performance while it is off.",
    // the script sets it, which Live would take down in the undo history if it were not hidden
    visible: "hidden",
    items: ["Performance", "Original"],
    shown: true,
  }),
  ...AMOUNT_NAMES.map((name, index) => {
    return dial(name, square(AMOUNTS, index), amount(name, "automated", "wide"));
  }),
  label("Pedal", [AMOUNTS[0] - 3, 115, 41, 18]),
  menu("pedal", [AMOUNTS[0] + 38, 116, 74, 15], PEDAL),
];

const TAKE: readonly Control[] = [
  label("Seed", [SEED[0] - 3, ROWS.menu - 1, 31, 18]),
  number("seed", [SEED[0] + 28, ROWS.menu, 32, 15], SEED_NUMBER, true),
  button("dice", [SEED[0], ROWS.big, SEED[1], 46], DICE),
  toggle("lock", [SEED[0], ROWS.third, SEED[1], 19], { ...LOCK, visible: "automated" }),
  button("export", [SEED[0], ROWS.fourth, SEED[1], 19], {
    longName: "Export",
    text: "Export .mid",
    info:
      "Write the clip with its pedal to a MIDI file, and show where it is. Dropped into Live, it " +
      "becomes a clip with the pedal as an envelope.",
  }),
];

const WRITE: readonly Control[] = [
  menu("engine", [GENERATE[0], ROWS.menu, GENERATE[1], 15], ENGINE, true),
  button("generate", [GENERATE[0], ROWS.big, GENERATE[1], 46], {
    longName: "Generate",
    text: "Generate",
    size: 12,
    info: "Write new notes into a new clip on this track. Clips that are there stay as they are.",
  }),
  label("Bars", [GENERATE[0] - 3, ROWS.third + 1, 39, 18]),
  number("bars", [GENERATE[0] + 36, ROWS.third + 2, 60, 15], BARS),
  ...[1, 2, 3, 4].map((place) => {
    return dial(`dial${place}`, square(DIALS, place - 1), engineDial(place, "automated"), true);
  }),
];

/** What a Live says that is too old for the script which says otherwise. */
const OLD_LIVE = "Starting ... (yuragi needs Live 12.2 or later.)";

const FOOT: readonly Control[] = [
  line("line left", [247, 10, 5, 123]),
  line("line right", [327, 10, 5, 123]),
  line("line below", [10, 139, 540, 5]),
  message("status", [7, 146, 473, 18], "left", OLD_LIVE),
  message("time", [480, 146, 73, 18], "right"),
];

/** Everything that is seen, in the order of Live's list of parameters. */
const CONTROLS = [...HUMANIZE, ...TAKE, ...WRITE, ...FOOT];

/** The v8 object's outlets, by what hangs there. */
const OUTLETS = { node: 0, screen: 1, pedal: 2, memory: 3 } as const;

const BOXES: readonly Box[] = [
  { name: "midi in", object: "midiin", at: [620, 140] },
  { name: "midi out", object: "midiout", at: [620, 420] },
  LOADED,
  DEFER,
  v8("yuragi_live.js", "live/device.ts"),
  NODE,
  // what is now is sent now, also as the device is removed; all else is value, controller and ms
  { name: "when", object: "route now", at: [620, 260] },
  { name: "later", object: "pipe 0 64 0", at: [620, 300] },
  { name: "now", object: "pack 0 64", at: [620, 340] },
  { name: "midi", object: "midiformat", at: [620, 380] },
  ...memory("Your own notes and the pedal, kept with the set."),
];

const WIRES: readonly Wire[] = [
  // MIDI passes whatever the scripts do
  ["midi in", 0, "midi out", 0],
  ...chain("loaded", "defer", "v8"),
  ["v8", OUTLETS.node, "node", 0],
  ["node", 0, "defer", 0],
  ["v8", OUTLETS.pedal, "when", 0],
  ["when", 0, "now", 0],
  ["when", 1, "later", 0],
  ["later", 0, "now", 0],
  ["later", 1, "now", 1],
  ["now", 0, "midi", 2],
  ["midi", 0, "midi out", 0],
  ["v8", OUTLETS.memory, "memory", 0],
  ...chain("memory", "tell restored", "defer"),
];

/** The main device. */
export const YURAGI: Patch = {
  name: "yuragi",
  kind: KINDS.midiEffect,
  width: 560,
  height: 169,
  ...join({ boxes: BOXES, wires: WIRES }, wire(CONTROLS, "v8", OUTLETS.screen)),
  banks: [
    {
      name: "Humanize",
      parameters: ["Velocity", "Groove", "Articulation", "Rubato", "Pedal", "Lock Seed"],
    },
    { name: "Generate", parameters: ["Bars", "Dial 1", "Dial 2", "Dial 3", "Dial 4"] },
  ],
};

/** Return the place of one of four dials, two by two. */
function square([left, width]: readonly [left: number, width: number], index: number): Rect {
  return [left + (index % 2) * width, 10 + Math.floor(index / 2) * 53, width, 48];
}
