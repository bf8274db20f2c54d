/** State the controls that the main device and the MIDI Tools share. */

import type { Parameter } from "../patch/parameter.ts";

type Visible = "automated" | "stored";

/** What an amount says, with its name for a narrow dial. */
const AMOUNTS = {
  velocity: {
    longName: "Velocity",
    shortName: "Vel",
    info:
      "How much of the player's dynamics you hear: accents, phrases, loud melodies over soft " +
      "chords. 100 % is the style as it is played, 0 % keeps your velocities.",
  },
  groove: {
    longName: "Groove",
    shortName: "Groove",
    info:
      "How far notes move off the grid: swing, laid-back or pushed timing, chords that are not " +
      "quite together. 0 % keeps your timing.",
  },
  articulation: {
    longName: "Articulation",
    shortName: "Artic",
    info:
      "How much note lengths change: joined lines, short repeated notes, a breath before a new " +
      "phrase. 0 % keeps your lengths.",
  },
  rubato: {
    longName: "Rubato",
    shortName: "Rubato",
    info:
      "How much the tempo breathes: forward into a phrase and back at its end. 0 % keeps the " +
      "tempo steady.",
  },
} as const;

export type Amount = keyof typeof AMOUNTS;

/** The amounts in the order of the screen. */
export const AMOUNT_NAMES = Object.keys(AMOUNTS) as readonly Amount[];

/** Return the parameter of an amount: 0 to 200 %, first 100 %. */
export function amount(name: Amount, visible: Visible, width: "wide" | "narrow"): Parameter {
  const { longName, shortName, info } = AMOUNTS[name];
  const names = width === "wide" ? { longName } : { longName, shortName };
  const range = { minimum: 0, maximum: 200, initial: 100, unit: "percent" } as const;
  return { type: "float", ...names, visible, info, ...range };
}

/** The menu of styles; the server fills in the others. What is chosen is remembered by its name. */
export const PRESET: Parameter = {
  type: "enum",
  longName: "Preset",
  visible: "hidden",
  info:
    "The style of the performance, such as a laid-back drummer or a piano ballad. Styles under " +
    "band suit every kind of track.",
  items: ["band/natural"],
  initial: 0,
};

/** The menu of generators, likewise. */
export const ENGINE: Parameter = {
  type: "enum",
  longName: "Engine",
  visible: "hidden",
  info: "What writes the new notes. The four dials change with it.",
  items: ["euclid"],
  initial: 0,
};

/**
 * Return the parameter of one of the four dials, which the script names and limits.
 *
 * Until then its range is wide, for Live cuts off what a set has stored where the range ends.
 */
export function engineDial(place: number, visible: Visible): Parameter {
  return {
    type: "float",
    longName: `Dial ${place}`,
    visible,
    info: "A setting of the engine; its name stands above the dial.",
    minimum: -1000,
    maximum: 1000,
    initial: 0,
    unit: "int",
  };
}

/** The seed. The script sets it, which Live would take down in the undo history if it were not hidden. */
export const SEED_NUMBER: Parameter = {
  type: "float",
  longName: "Seed",
  visible: "hidden",
  info:
    "The number of the take. The same clip, style and seed always play the same; another seed " +
    "is another performance of the same kind.",
  minimum: 0,
  maximum: 9999,
  initial: 1,
  unit: "int",
};

/** What the dice says. */
export const DICE = {
  longName: "Dice",
  text: "Dice",
  info: "Throw a new seed, for another take.",
} as const;

/** What the lock says. */
export const LOCK = {
  longName: "Lock Seed",
  text: "Lock",
  info:
    "Keep the seed, so that a change of style or amounts is heard on the same take. Unlocked, " +
    "every press plays a new take.",
  items: ["Off", "On"],
} as const;
