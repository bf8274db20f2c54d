/** Listen to a dealer or a client, and wait for what it says. */

/** A test waits no longer than this for anything, in milliseconds. */
export const PATIENCE_MS = 20_000;

/** What was heard, in order; a test may wait for more. */
export class Ear<T> {
  readonly all: T[] = [];
  readonly #waiting = new Set<() => void>();

  /** Take in what is said. */
  readonly hear = (said: T): void => {
    this.all.push(said);
    this.#waiting.forEach((look) => {
      look();
    });
  };

  /** Return the first that was or will be heard, from a place on, and fits. */
  async first(fits: (said: T) => boolean, from = 0): Promise<T> {
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`it was not heard; heard was ${JSON.stringify(this.all).slice(0, 500)}`));
      }, PATIENCE_MS);
      const look = (): void => {
        const found = this.all.slice(from).find(fits);
        if (found !== undefined) {
          clearTimeout(timeout);
          this.#waiting.delete(look);
          resolve(found);
        }
      };
      this.#waiting.add(look);
      look();
    });
  }
}
