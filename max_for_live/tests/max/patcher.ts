/** Read a patcher as Max saves it: its boxes, and the cords between them in the order of messages. */

import { type Atom, parseAtoms } from "./atom.ts";

/** A box of a patcher. */
export interface Box {
  readonly id: string;
  /** What it is, such as "live.dial" or "prepend": the first word of an object box, else its class. */
  readonly kind: string;
  /** The words after the first, up to attributes such as "\@defer 1". */
  readonly words: readonly Atom[];
  readonly text: string;
  readonly inlets: number;
  readonly outlets: number;
  readonly x: number;
  readonly y: number;
  /** The scripting name, or the id where there is none. */
  readonly name: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** The far end of a cord. */
export interface Cord {
  readonly to: Box;
  readonly inlet: number;
}

/** A patcher that cannot be run, and why. */
export class PatchError extends Error {}

/** Boxes, and what hangs at their outlets. */
export class Patcher {
  readonly boxes: readonly Box[];
  readonly #cords = new Map<string, Cord[]>();

  /** @throws {PatchError} The text is no patcher, or a cord hangs in the air. */
  constructor(text: string) {
    const { patcher } = JSON.parse(text) as PatchFile;
    this.boxes = patcher.boxes.map(({ box }) => boxOf(box));
    for (const { patchline } of patcher.lines) {
      this.#plug(patchline);
    }
    for (const cords of this.#cords.values()) {
      cords.sort(byOrder);
    }
  }

  /** Return the cords of an outlet, the one that carries a message first in front. */
  cords(box: Box, outlet: number): readonly Cord[] {
    return this.#cords.get(`${box.id} ${outlet}`) ?? [];
  }

  #plug({ source, destination }: PatchLine): void {
    const [fromId, outlet] = source;
    const [toId, inlet] = destination;
    const from = this.#box(fromId);
    const to = this.#box(toId);
    if (outlet >= from.outlets || inlet >= to.inlets) {
      throw new PatchError(
        `a cord goes from outlet ${outlet} of ${from.outlets} of ${from.kind} to inlet ` +
          `${inlet} of ${to.inlets} of ${to.kind}`,
      );
    }
    const key = `${from.id} ${outlet}`;
    this.#cords.set(key, [...(this.#cords.get(key) ?? []), { to, inlet }]);
  }

  #box(id: string): Box {
    const box = this.boxes.find((other) => other.id === id);
    if (!box) {
      throw new PatchError(`a cord names the box ${id}, which is not there`);
    }
    return box;
  }
}

/** Sort from right to left, then from the bottom up. Source: Max tutorial, "Message Order". */
function byOrder(a: Cord, b: Cord): number {
  return b.to.x - a.to.x || b.to.y - a.to.y || b.inlet - a.inlet;
}

interface PatchFile {
  readonly patcher: {
    readonly boxes: readonly { readonly box: BoxJson }[];
    readonly lines: readonly { readonly patchline: PatchLine }[];
  };
}

interface PatchLine {
  readonly source: readonly [id: string, outlet: number];
  readonly destination: readonly [id: string, inlet: number];
}

interface BoxJson extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly maxclass: string;
  readonly text?: string;
  readonly varname?: string;
  readonly numinlets: number;
  readonly numoutlets: number;
  readonly patching_rect: readonly [x: number, y: number, ...size: number[]];
}

function boxOf(json: BoxJson): Box {
  const { id, maxclass, text = "", patching_rect } = json;
  const words = parseAtoms(text.replace(/\s@.*$/, ""));
  const [first, ...rest] = words;
  const isObject = maxclass === "newobj";
  return {
    id,
    kind: isObject ? String(first) : maxclass,
    words: isObject ? rest : words,
    text,
    inlets: json.numinlets,
    outlets: json.numoutlets,
    x: patching_rect[0],
    y: patching_rect[1],
    name: json.varname ?? id,
    json,
  };
}
