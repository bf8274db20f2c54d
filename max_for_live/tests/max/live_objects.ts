/** Run the objects that tie a device to Live: live.thisdevice, pattr, the ends of a MIDI Tool. */

import type { Dictionary } from "../live/tool.ts";
import { type Message, printAtoms } from "./atom.ts";
import { settingsOf } from "./parameter.ts";
import { PatchError } from "./patcher.ts";
import type { MaxObject, Place } from "./surroundings.ts";

/** Sends a bang when the device is loaded, and again with each preset or save. */
export class ThisDevice implements MaxObject {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  bang(): void {
    this.#place.around.live.loaded();
    this.#place.send(0, ["bang"]);
  }

  receive(message: Message): void {
    this.#place.complain(`"${printAtoms(message)}" is not simulated`);
  }
}

/** Live stores a pattr only as a blob that is stored and not automated. */
const STORED = { parameter_type: 3, parameter_invisible: 1 };

/** Keeps a message with the set; sends what it gets, and when loading what it had. */
export class Pattr implements MaxObject {
  readonly name: string;
  readonly #place: Place;
  #value: Message | undefined;

  constructor(place: Place) {
    const [name] = place.box.words;
    this.#place = place;
    this.name = String(name ?? place.box.name);
    requireStored(place);
    this.#value = place.around.saved?.pattrs[this.name];
  }

  get value(): Message | undefined {
    return this.#value;
  }

  receive(message: Message): void {
    if (message[0] !== "bang") {
      this.#value = message;
    }
    this.restore();
  }

  restore(): void {
    if (this.#value !== undefined) {
      this.#place.send(0, this.#value);
    }
  }
}

function requireStored({ box }: Place): void {
  const { parameter_type, parameter_invisible } = settingsOf(box);
  if (
    parameter_type !== STORED.parameter_type ||
    parameter_invisible !== STORED.parameter_invisible
  ) {
    throw new PatchError(
      `${box.text} has parameter_type ${String(parameter_type)} and parameter_invisible ` +
        `${String(parameter_invisible)}, Live stores it only with 3 and 1`,
    );
  }
}

/** The outlets of live.miditool.in. */
const TOOL_OUTLETS = { notes: 0, context: 1 } as const;

/** Sends what Live hands to a MIDI Tool; a bang asks Live to apply. */
export class ToolIn implements MaxObject {
  readonly #place: Place;
  #count = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  emit(what: "context" | "notes", dictionary: Dictionary): void {
    this.#count += 1;
    const name = `live_miditool_${what}_${this.#count}`;
    this.#place.around.dictionaries.set(name, dictionary);
    this.#place.send(TOOL_OUTLETS[what], ["dictionary", name]);
  }

  receive(message: Message): void {
    const { tool } = this.#place.around;
    if (message[0] === "bang" && tool) {
      tool.bang();
    } else {
      this.#place.complain(`doesn't understand "${printAtoms(message)}" outside of a MIDI Tool`);
    }
  }
}

/** Gives notes back to Live. */
export class ToolOut implements MaxObject {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  receive(message: Message): void {
    const [selector, name] = message;
    const { tool, dictionaries } = this.#place.around;
    const dictionary = dictionaries.get(String(name));
    if (selector === "dictionary" && dictionary && tool) {
      tool.reply(structuredClone(dictionary));
    } else {
      this.#place.complain(`"${printAtoms(message)}" is no dictionary for a MIDI Tool`);
    }
  }
}

/** Tells Live of the parameter banks; takes nothing here. */
export class Banks implements MaxObject {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  receive(message: Message): void {
    this.#place.complain(`"${printAtoms(message)}" is not simulated`);
  }
}
