/** Show things in the device's view. Messages go to boxes by their names, through the patch's route. */

import type { Dial } from "./dials.ts";

/** How a dial writes its value. Source: Max 9, parameter_unitstyle. */
const WHOLE = 0;
const FRACTION = 1;

/** The script's outlet to the view. */
export class Screen {
  readonly #outlet: number;
  readonly #pass: (send: () => void) => void;

  /** @param pass Does the sending, which is at once unless something else must come first. */
  constructor(
    outlet: number,
    pass = (send: () => void): void => {
      send();
    },
  ) {
    this.#outlet = outlet;
    this.#pass = pass;
  }

  say(sentence: string): void {
    this.#send("status", "set", sentence);
  }

  /** Show how long it took from the button to the clip; nothing where that says nothing. */
  time(elapsedMs: number | undefined): void {
    this.#send("time", "set", elapsedMs === undefined ? "" : `${elapsedMs} ms`);
  }

  /** Let a menu have these items, and show one of them without acting on it. */
  menu(name: string, items: readonly string[], index: number): void {
    this.#send(name, "_parameter_range", ...items);
    this.show(name, index);
  }

  /** Show a control's value without acting on it. */
  show(name: string, value: number): void {
    this.#send(name, "set", value);
  }

  /** Give a dial another name and range, and show a value without acting on it. */
  dial(name: string, dial: Dial): void {
    this.#send(name, "_parameter_shortname", dial.label);
    this.#send(name, "_parameter_unitstyle", dial.isWhole ? WHOLE : FRACTION);
    this.#send(name, "_parameter_range", dial.minimum, dial.maximum);
    this.show(name, dial.value);
  }

  #send(box: string, ...atoms: unknown[]): void {
    this.#pass(() => {
      outlet(this.#outlet, [box, ...atoms]);
    });
  }
}
