/**
 * Run a patcher: make the object of each box, and carry messages along the cords.
 *
 * A message goes down each branch to its end before the next cord carries it. Loading has the order
 * of Max for Live: scripts are compiled, parameters and pattrs send what they hold, then
 * live.thisdevice sends its bang. Source: Max reference, live.thisdevice, pattr.
 */

import { type Message, printAtoms } from "./atom.ts";
import { Control } from "./control_objects.ts";
import { KINDS } from "./kinds.ts";
import { ThisDevice } from "./live_objects.ts";
import { type Box, PatchError, type Patcher } from "./patcher.ts";
import type { MaxObject, Place, Surroundings } from "./surroundings.ts";

/** Cords that one message passes before Max takes the patch for a loop. */
const DEEPEST = 256;

/** A patcher that runs. */
export class PatchRun {
  readonly #patcher: Patcher;
  readonly #around: Surroundings;
  readonly #objects = new Map<string, MaxObject>();
  #depth = 0;

  /** @throws {PatchError} A box is of a kind that is not simulated, or cannot be as it is. */
  constructor(patcher: Patcher, around: Surroundings) {
    this.#patcher = patcher;
    this.#around = around;
    for (const box of patcher.boxes) {
      this.#objects.set(box.id, makeObject(this.#place(box)));
    }
    requireUnique(this.all(Control).map(({ parameter }) => parameter.longname));
  }

  /** Load the device, up to the bang of live.thisdevice. */
  load(): void {
    for (const object of this.#objects.values()) {
      object.load?.();
    }
    for (const object of this.#inOrderOfRecall()) {
      object.restore?.();
    }
    this.bang();
  }

  /** Let live.thisdevice send its bang, as it does again when the set is saved. */
  bang(): void {
    for (const device of this.all(ThisDevice)) {
      device.bang();
    }
  }

  /** Return the objects of a class. */
  all<Kind extends MaxObject>(kind: abstract new (place: Place) => Kind): Kind[] {
    return [...this.#objects.values()].filter((object): object is Kind => object instanceof kind);
  }

  /** Return the object with a scripting name. */
  object(name: string): MaxObject {
    const box = this.#patcher.boxes.find((other) => other.name === name);
    const object = this.#objects.get(box?.id ?? "");
    if (!object) {
      const names = this.#patcher.boxes.map((other) => other.name).join(", ");
      throw new PatchError(`no box is called ${name}, there are ${names}`);
    }
    return object;
  }

  /** Tell every object at once; return when the last has ended. */
  async close(): Promise<void> {
    const ends = [...this.#objects.values()].map(async (object) => {
      await object.close?.();
    });
    await Promise.all(ends);
  }

  /** Objects by "parameter_order"; those of one order are recalled in any order. */
  #inOrderOfRecall(): MaxObject[] {
    const order = (object: MaxObject): number =>
      object instanceof Control ? object.parameter.order : 0;
    return [...this.#objects.values()].sort((a, b) => order(a) - order(b));
  }

  #place(box: Box): Place {
    return {
      box,
      around: this.#around,
      send: (outlet, message) => {
        this.#send(box, outlet, message);
      },
      complain: (text) => {
        this.#around.console.error(`${box.kind} ${box.name}: ${text}`);
      },
    };
  }

  #send(box: Box, outlet: number, message: Message): void {
    if (this.#depth >= DEEPEST) {
      this.#around.console.error(`stack overflow at ${box.kind} with "${printAtoms(message)}"`);
      return;
    }
    this.#depth += 1;
    try {
      for (const { to, inlet } of this.#patcher.cords(box, outlet)) {
        this.#objects.get(to.id)?.receive(message, inlet);
      }
    } finally {
      this.#depth -= 1;
    }
  }
}

function makeObject(place: Place): MaxObject {
  const make = KINDS[place.box.kind];
  if (!make) {
    const known = Object.keys(KINDS).join(", ");
    throw new PatchError(`${place.box.kind} is not simulated, only ${known}`);
  }
  return make(place);
}

function requireUnique(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new PatchError(`two parameters have the long name ${twice}, allowed is one`);
  }
}
