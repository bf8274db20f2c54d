/**
 * Do things as soon as Live has its answer, one after the other.
 *
 * While Live waits for the notes of a MIDI Tool, nothing but them may leave the script.
 */

import { later } from "../live/clock.ts";

export class Soon {
  readonly #guard: (action: () => void) => void;
  #actions: (() => void)[] = [];

  /** @param guard Runs an action, and sees to what goes wrong in it. */
  constructor(guard: (action: () => void) => void) {
    this.#guard = guard;
  }

  do(action: () => void): void {
    this.#actions.push(action);
    if (this.#actions.length === 1) {
      later(0, () => {
        this.#run();
      });
    }
  }

  #run(): void {
    const actions = this.#actions;
    this.#actions = [];
    actions.forEach(this.#guard);
  }
}
