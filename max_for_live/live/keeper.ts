/** Let the set keep what a script is to remember. */

import { later, type Cancel } from "./clock.ts";
import { recalled, remembered, type Memory } from "./memory.ts";

/**
 * A set may be saved at any time, so it is told at once. Only what is large is told less often: Max
 * never forgets a text that it was told.
 */
const LARGE = 200_000;
const PAUSE_MS = 2_000;

export class Keeper {
  readonly #outlet: number;
  readonly #memory: () => Memory;
  #pause: Cancel | undefined;
  #isLate = false;
  #written = "";

  /**
   * @param outlet The script's outlet to what the set saves.
   * @param memory What is to be remembered by now.
   */
  constructor(outlet: number, memory: () => Memory) {
    this.#outlet = outlet;
    this.#memory = memory;
  }

  /** Let the set know that something has changed. */
  remember(): void {
    if (this.#pause) {
      this.#isLate = true;
      return;
    }
    this.#write(remembered(this.#memory()));
    if (this.#written.length > LARGE) {
      this.#pause = later(PAUSE_MS, () => {
        this.#resume();
      });
    }
  }

  /**
   * Return what the set gives back: nothing for a new device, or for what was just written.
   *
   * @throws {SyntaxError} It is damaged.
   */
  recall(texts: readonly unknown[]): Memory | undefined {
    const text = texts.join("");
    if (text === this.#written) {
      return undefined;
    }
    const memory = recalled(texts);
    this.#written = memory ? text : this.#written;
    return memory;
  }

  /** Tell the set nothing any more. */
  close(): void {
    this.#pause?.();
  }

  #resume(): void {
    this.#pause = undefined;
    if (this.#isLate) {
      this.#isLate = false;
      this.remember();
    }
  }

  #write(texts: string[]): void {
    const text = texts.join("");
    if (text !== this.#written) {
      this.#written = text;
      outlet(this.#outlet, texts);
    }
  }
}
