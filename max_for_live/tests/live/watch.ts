/**
 * Tell observers what changed.
 *
 * Live tells them at once, and refuses changes while it does with the error "Changes cannot be
 * triggered by notifications".
 */

interface Watcher {
  /** Whose it is: a device's context, which lets go of all of its own at once. */
  readonly owner: object;
  readonly look: () => unknown;
  readonly tell: () => void;
  last: string;
}

export class Watch {
  #watchers: Watcher[] = [];
  #depth = 0;

  /** Whether an observer is being told right now. */
  get isTelling(): boolean {
    return this.#depth > 0;
  }

  /** Call `tell` whenever what `look` sees has changed; return how to end that. */
  add(owner: object, look: () => unknown, tell: () => void): () => void {
    const watcher = { owner, look, tell, last: seen(look) };
    this.#watchers.push(watcher);
    return () => {
      this.#watchers = this.#watchers.filter((other) => other !== watcher);
    };
  }

  forget(owner: object): void {
    this.#watchers = this.#watchers.filter((watcher) => watcher.owner !== owner);
  }

  /** Look whether something changed, and tell those whom it concerns. */
  check(): void {
    for (const watcher of [...this.#watchers]) {
      const now = seen(watcher.look);
      if (now !== watcher.last && this.#watchers.includes(watcher)) {
        watcher.last = now;
        this.telling(watcher.tell);
      }
    }
  }

  /** Run something as a notification. */
  telling(tell: () => void): void {
    this.#depth += 1;
    try {
      tell();
    } finally {
      this.#depth -= 1;
    }
  }
}

function seen(look: () => unknown): string {
  return JSON.stringify([look()]);
}
