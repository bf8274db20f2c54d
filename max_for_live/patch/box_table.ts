/**
 * State what each object of Max that the devices use is: its inlets and what its outlets send.
 *
 * Source: Ableton/maxdevtools, maxdiff/known_objects.py, and for the script objects, live.miditool.in,
 * route and pipe, patches that Max 8 and 9 saved.
 */

/** Number of inlets, and for each outlet what it sends, as Max saves it: "" is anything. */
export interface Shape {
  readonly inlets: number;
  readonly outlets: readonly string[];
}

/** Objects whose shape does not depend on their arguments. */
const FIXED: Readonly<Record<string, Shape>> = {
  deferlow: { inlets: 1, outlets: [""] },
  "live.comment": { inlets: 1, outlets: [] },
  "live.dial": { inlets: 1, outlets: ["", "float"] },
  "live.line": { inlets: 1, outlets: [] },
  "live.menu": { inlets: 1, outlets: ["", "", "float"] },
  "live.miditool.in": { inlets: 1, outlets: ["", "", ""] },
  "live.miditool.out": { inlets: 1, outlets: [] },
  "live.numbox": { inlets: 1, outlets: ["", "float"] },
  "live.text": { inlets: 1, outlets: ["", ""] },
  "live.thisdevice": { inlets: 1, outlets: ["bang", "int", "int"] },
  message: { inlets: 2, outlets: [""] },
  midiformat: { inlets: 7, outlets: ["int", ""] },
  midiin: { inlets: 1, outlets: ["int"] },
  midiout: { inlets: 1, outlets: [] },
  "node.script": { inlets: 1, outlets: ["", ""] },
  pattr: { inlets: 1, outlets: ["", "", ""] },
  prepend: { inlets: 1, outlets: [""] },
};

/** Objects that take their shape from their arguments. */
const SHAPED: Readonly<Record<string, (words: readonly string[]) => Shape>> = {
  pack: (words) => ({ inlets: words.length, outlets: [""] }),
  // the last argument is the time, which has an inlet and no outlet
  pipe: (words) => ({ inlets: words.length, outlets: words.slice(1).map(() => "") }),
  // since Max 8 each key has an inlet; the last outlet sends what matches none
  route: (words) => ({ inlets: words.length + 1, outlets: [...words, ""].map(() => "") }),
  t: (words) => ({ inlets: 1, outlets: words.map((word) => (word === "b" ? "bang" : "")) }),
};

/** Return the shape of a box, or undefined where no object of that name is known. */
export function shapeOf(name: string, words: readonly string[]): Shape | undefined {
  return FIXED[name] ?? SHAPED[name]?.(words);
}

/** Objects that have a face, and so a class of their own. */
const FACES = ["live.comment", "live.dial", "live.line", "live.menu", "live.numbox", "live.text"];

/** Tell whether Max saves an object under its own class; a wrong class it drops in silence. */
export function hasClass(name: string): boolean {
  return name === "message" || FACES.includes(name);
}

/** Tell whether a box is something to touch, which nothing else may lie over. */
export function isControl(name: string): boolean {
  return ["live.dial", "live.menu", "live.numbox", "live.text"].includes(name);
}
