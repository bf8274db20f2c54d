/** Wire the controls of a device to its script, and the script back to what it shows. */

import type { Box } from "../patch/box.ts";
import type { Wire } from "../patch/patch.ts";
import type { Control } from "./control.ts";

/** Boxes with the wires between them. */
export interface Circuit {
  readonly boxes: readonly Box[];
  readonly wires: readonly Wire[];
}

/** Controls side by side for somebody who opens the patch, and px from one to the next. */
const ABREAST = 9;
const PITCH = { x: 150, y: 190 };

/** Where the first control lies. */
const ORIGIN = { x: 20, y: 480 };

/**
 * Return the controls, each with what turns its output into a message to the box "defer".
 *
 * A control that the script changes hangs at the box "route" of the outlet, under its own name.
 */
export function wire(controls: readonly Control[], script: string, outlet: number): Circuit {
  const shown = controls.filter((control) => control.shown).map(({ look }) => look.name);
  const route: Box = { name: "route", object: `route ${shown.join(" ")}`, at: [20, 420] };
  const parts = controls.map((control, index) => circuitOf(control, placeOf(index)));
  return join(
    ...parts,
    { boxes: [route], wires: [[script, outlet, "route", 0]] },
    { boxes: [], wires: shown.map((name, index): Wire => ["route", index, name, 0]) },
  );
}

/** Return several circuits as one. */
export function join(...circuits: readonly Circuit[]): Circuit {
  return {
    boxes: circuits.flatMap((circuit) => circuit.boxes),
    wires: circuits.flatMap((circuit) => circuit.wires),
  };
}

function placeOf(index: number): readonly [x: number, y: number] {
  const row = Math.floor(index / ABREAST);
  return [ORIGIN.x + (index % ABREAST) * PITCH.x, ORIGIN.y + row * PITCH.y];
}

function circuitOf({ look, tells }: Control, [x, y]: readonly [number, number]): Circuit {
  const seen: Box = { ...look, at: [x, y] };
  const bang: Box = { name: `bang ${look.name}`, object: "t b", at: [x, y + 80] };
  switch (tells) {
    case "nothing":
      return { boxes: [seen], wires: [] };
    case "value": {
      const tell = { name: `tell ${look.name}`, object: `prepend ${look.name}`, at: bang.at };
      return { boxes: [seen, tell], wires: chain(look.name, tell.name, "defer") };
    }
    case "name": {
      const text = { object: "message", text: look.name };
      const tell: Box = { name: `tell ${look.name}`, ...text, at: [x, y + 120] };
      return { boxes: [seen, bang, tell], wires: chain(look.name, bang.name, tell.name, "defer") };
    }
  }
}

/** Return the wires from the first outlet of each box to the first inlet of the next. */
export function chain(...names: readonly string[]): Wire[] {
  return names.slice(1).map((name, index): Wire => [names[index] ?? "", 0, name, 0]);
}
