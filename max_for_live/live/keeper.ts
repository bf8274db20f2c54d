/** Let the set keep what a script is to remember. */

import { later, type Cancel } from "./clock.ts";
import { recalled, remembered, type Memory } from "./memory.ts";

/** The set is told so long after the last change, not at every turn of a dial. */
const SETTLED_MS = 300;

export class Keeper {
  readonly #outlet: number;
  readonly #memory: () => Memory;
  #settle: Cancel | undefined;
  #written = "";

  /**
   * @param outlet The script's outlet to what the set saves.
   * @param memory What is to be remembered by now.
   */
  constructor(outlet: number, memory: () => Memory) {
    this.#outlet = outlet;
    this.#memory = memory;
  }

  /** Let the set know soon that something has changed. */
  remember(): void {
    this.#settle?.();
    this.#settle = later(SETTLED_MS, () => {
      this.#write(remembered(this.#memory()));
    });
  }

  /**
   * Return what the set gives back: nothing for a new device, or for what was just written.
   *
   * @throws {SyntaxError} It is damaged.
   */
  recall(texts: readonly unknown[]): Memory | undefined {
    return texts.join("") === this.#written ? undefined : recalled(texts);
  }

  /** Tell the set nothing any more. */
  close(): void {
    this.#settle?.();
  }

  #write(texts: string[]): void {
    const text = texts.join("");
    if (text !== this.#written) {
      this.#written = text;
      outlet(this.#outlet, texts);
    }
  }
}
