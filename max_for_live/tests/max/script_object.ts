/** Run a v8 object: a script in a world of its own, that messages call and that sends messages. */

import { type Context, runInContext } from "node:vm";
import { type Message, plain, selectorOf, takeAtoms } from "./atom.ts";
import { makeWorld } from "./script_world.ts";
import type { MaxObject, Place } from "./surroundings.ts";

/** Names of the functions that numbers call, by selector. Source: Max user guide, "JavaScript". */
const NUMBER_FUNCTIONS: Readonly<Record<string, string>> = { int: "msg_int", float: "msg_float" };

/** A v8 object. */
export class Script implements MaxObject {
  readonly #place: Place;
  readonly #file: string;
  #world: Context | undefined;
  /** What was global before the script: no message calls that. */
  #given = new Set<string>();
  #loaded = false;

  constructor(place: Place) {
    this.#place = place;
    this.#file = String(place.box.words[0]);
  }

  load(): void {
    const file = this.#place.around.files.get(this.#file);
    if (!file) {
      this.#place.complain(`can't find file ${this.#file}`);
      return;
    }
    const world = makeWorld(this.#place, {
      outlet: (index, values) => {
        this.#outlet(index, values);
      },
      guard: (action) => {
        this.#guard(action);
      },
    });
    this.#given = new Set(Object.getOwnPropertyNames(world));
    this.#world = world;
    const text = Buffer.from(file.bytes).toString("utf-8");
    this.#guard(() => {
      runInContext(text, world, { filename: this.#file });
    });
    this.#loaded = true;
  }

  receive(message: Message, inlet: number): void {
    const selector = selectorOf(message);
    const values = selector === message[0] ? message.slice(1) : message;
    const found = this.#function(NUMBER_FUNCTIONS[selector] ?? selector);
    const handler = found ?? this.#function("anything");
    if (!this.#world || !handler) {
      this.#place.complain(`no function ${selector}`);
      return;
    }
    const before: unknown = this.#world["messagename"];
    Object.assign(this.#world, { messagename: selector, inlet });
    this.#guard(() => {
      handler(...values);
    });
    this.#world["messagename"] = before;
  }

  close(): void {
    const last = this.#function("notifydeleted");
    if (last) {
      this.#guard(last);
    }
  }

  #function(name: string): ((...values: unknown[]) => void) | undefined {
    const world = this.#world;
    if (!world || this.#given.has(name) || !Object.hasOwn(world, name)) {
      return undefined;
    }
    const found: unknown = world[name];
    return typeof found === "function" ? (found as (...values: unknown[]) => void) : undefined;
  }

  /** Do something of the script's; its errors go to the console. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (fault) {
      this.#place.complain(describe(fault, this.#file));
    }
  }

  #outlet(index: unknown, values: unknown): void {
    const outlets = Number(this.#world?.["outlets"] ?? 1);
    const { complain } = this.#place;
    if (!this.#loaded || typeof index !== "number" || !(index >= 0 && index < outlets)) {
      complain(`bad outlet index ${String(index)}`);
    } else if (!Array.isArray(values)) {
      complain(`outlet ${index} got a ${typeof values}, allowed is an array of atoms`);
    } else {
      const message = takeAtoms(Array.from<unknown>(values), complain);
      if (message) {
        this.#place.send(index, plain(message));
      }
    }
  }
}

/** Write an error as the console shows it, with the line of the script where it came up. */
function describe(fault: unknown, file: string): string {
  const { name = "Error", message = String(fault), stack = "" } = fault as Partial<Error>;
  const [line] = stack.split("\n").filter((text) => text.includes(`${file}:`));
  const [, number = "?"] = line?.split(`${file}:`) ?? [];
  return `${name}: ${message} (${file}, line ${Number.parseInt(number, 10)})`;
}
