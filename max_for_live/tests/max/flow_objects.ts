/**
 * Run the objects that pass messages on: deferlow, prepend, route, t, pipe, pack and message boxes.
 *
 * Source: the Max reference page of each.
 */

import { type Atom, type Message, parseAtoms, plain, printAtoms, selectorOf } from "./atom.ts";
import { PatchError } from "./patcher.ts";
import type { MaxObject, Place } from "./surroundings.ts";

/** Passes messages on from the low-priority queue, in the order they came. */
export function deferlow({ around, send }: Place): MaxObject {
  return {
    receive: (message) => {
      around.events.defer(() => {
        send(0, message);
      });
    },
  };
}

/** Items of a message that prepend makes, at most. */
const LONGEST_PREPENDED = 256;

/** Puts its words before each message, also before "bang"; "set" changes the words. */
export function prepend({ box, send, complain }: Place): MaxObject {
  let words = box.words;
  return {
    receive: (message) => {
      if (message[0] === "set") {
        words = message.slice(1);
        return;
      }
      const made = [...words, ...message];
      if (made.length > LONGEST_PREPENDED) {
        complain(`a message of ${made.length} items is cut, allowed are ${LONGEST_PREPENDED}`);
      }
      send(0, made.slice(0, LONGEST_PREPENDED));
    },
  };
}

/**
 * Sends the rest of a message out of the outlet of its first word, others out of the last.
 *
 * The inlets behind the first, which change the words, are not simulated.
 */
export function route({ box, send, complain }: Place): MaxObject {
  return {
    receive: (message, inlet) => {
      if (inlet > 0) {
        complain(`"${printAtoms(message)}" in inlet ${inlet} is not simulated`);
        return;
      }
      const outlet = box.words.indexOf(message[0] ?? "bang");
      if (outlet < 0) {
        send(box.words.length, message);
      } else {
        send(outlet, message.length > 1 ? message.slice(1) : ["bang"]);
      }
    },
  };
}

const CASTS: Readonly<Record<string, (message: Message) => Message>> = {
  b: () => ["bang"],
  i: ([first]) => [Math.trunc(numberOf(first))],
  f: ([first]) => [numberOf(first)],
  s: ([first]) => [String(first)],
  l: (message) => message,
  a: (message) => message,
};

/** Sends a message as each of its letters says, from right to left. */
export function trigger({ box, send }: Place): MaxObject {
  const casts = box.words.map((word) => {
    const cast = CASTS[String(word)];
    if (!cast) {
      throw new PatchError(`t ${word} is not known, known are ${Object.keys(CASTS).join(" ")}`);
    }
    return cast;
  });
  return {
    receive: (message) => {
      for (const [index, cast] of [...casts.entries()].reverse()) {
        send(index, cast(message));
      }
    },
  };
}

/**
 * Delays numbers: the last argument is the time in ms, each one before it has an inlet and an outlet.
 *
 * The items of a list go to the inlets from the left, the time's included; numbers that come out at
 * once do so from right to left.
 */
export class Pipe implements MaxObject {
  readonly #place: Place;
  readonly #stored: number[];
  readonly #waiting = new Set<() => void>();

  constructor(place: Place) {
    const words = place.box.words.map(numberOf);
    this.#place = place;
    this.#stored = [...Array<number>(Math.max(0, 2 - words.length)).fill(0), ...words];
    requireInlets(place, this.#stored.length, this.#stored.length - 1);
  }

  receive(message: Message, inlet: number): void {
    if (inlet === 0 && (message[0] === "clear" || message[0] === "stop")) {
      this.#clear();
    } else if (message.every((atom) => typeof atom === "number")) {
      this.#stored.splice(inlet, message.length, ...message.slice(0, this.#stored.length - inlet));
      if (inlet === 0) {
        this.#start();
      }
    } else {
      this.#place.complain(`doesn't understand "${printAtoms(message)}"`);
    }
  }

  #start(): void {
    const numbers = this.#stored.slice(0, -1);
    const cancel = this.#place.around.events.later(this.#stored.at(-1) ?? 0, () => {
      this.#waiting.delete(cancel);
      for (const [outlet, number] of [...numbers.entries()].reverse()) {
        this.#place.send(outlet, [number]);
      }
    });
    this.#waiting.add(cancel);
  }

  #clear(): void {
    for (const cancel of this.#waiting) {
      cancel();
    }
    this.#waiting.clear();
  }
}

/** Joins numbers to a list, which the left inlet sends. */
export function pack(place: Place): MaxObject {
  const stored: Atom[] = [...place.box.words];
  requireInlets(place, stored.length, 1);
  return {
    receive: (message, inlet) => {
      if (message[0] !== "bang") {
        stored.splice(inlet, message.length, ...message.slice(0, stored.length - inlet));
      }
      if (inlet === 0) {
        place.send(0, plain([...stored]));
      }
    },
  };
}

/** A box with a message that a bang, a click or any other message sends, $1 to $9 filled in. */
export class MessageBox implements MaxObject {
  readonly #place: Place;
  #text: string;

  constructor(place: Place) {
    this.#place = place;
    this.#text = place.box.text;
    if (/(?<!\\)[;,]/.test(this.#text)) {
      throw new PatchError(`a message box holds "${this.#text}", allowed is one message`);
    }
  }

  get text(): string {
    return this.#text;
  }

  receive(message: Message, inlet: number): void {
    if (message[0] === "set" || inlet === 1) {
      this.#text = printAtoms(inlet === 1 ? message : message.slice(1));
    } else {
      this.#send(selectorOf(message) === "bang" ? [] : message);
    }
  }

  /** Do as if the user clicks. */
  press(): void {
    this.#send([]);
  }

  #send(values: Message): void {
    const atoms = parseAtoms(this.#text).map((atom) => filled(atom, values));
    this.#place.send(0, atoms);
  }
}

function filled(atom: Atom, values: Message): Atom {
  const place = typeof atom === "string" ? /^\$([1-9])$/.exec(atom) : null;
  return place ? (values[Number(place[1]) - 1] ?? 0) : atom;
}

function numberOf(atom: Atom | undefined): number {
  return typeof atom === "number" ? atom : 0;
}

/** @throws {PatchError} The box says another number of inlets or outlets than its words make. */
function requireInlets({ box }: Place, inlets: number, outlets: number): void {
  if (box.inlets !== inlets || box.outlets !== outlets) {
    throw new PatchError(
      `"${box.text}" has ${inlets} inlets and ${outlets} outlets, ` +
        `the box says ${box.inlets} and ${box.outlets}`,
    );
  }
}
