/** Do what a turning dial asks for as often as it makes sense, and the last of it in any case. */

import { later } from "./clock.ts";

/** Turns of a dial that come faster than this are taken together. */
const PACE_MS = 120;

/**
 * Run a job when it is wanted: one at a time, not more often than the pace allows, and once more if it
 * was wanted again meanwhile.
 */
export class Latest {
  readonly #job: (done: () => void) => void;
  #isRunning = false;
  #isWanted = false;
  #isResting = false;

  /** @param job Is to call `done` when it is over, however it ends. */
  constructor(job: (done: () => void) => void) {
    this.#job = job;
  }

  want(): void {
    this.#isWanted = true;
    this.#run();
  }

  /** Want it no more; what is under way goes on. */
  forget(): void {
    this.#isWanted = false;
  }

  #run(): void {
    if (!this.#isWanted || this.#isRunning || this.#isResting) {
      return;
    }
    this.#isWanted = false;
    this.#isRunning = true;
    this.#isResting = true;
    later(PACE_MS, () => {
      this.#isResting = false;
      this.#run();
    });
    this.#job(() => {
      this.#isRunning = false;
      this.#run();
    });
  }
}
