/**
 * Keep the steps that undo takes back, of devices and of the user alike.
 *
 * Each modifying call is a step of its own: Song.begin_undo_step is not in the list of what Max may
 * reach. Source: _MxDCore/LomTypes.py of Live 12.0.
 */

export type Author = "device" | "user";

interface Step {
  readonly name: string;
  readonly by: Author;
  readonly restore: () => void;
}

/** Remember something as it is; call what is returned to put it back. */
export type Keeper = () => () => void;

export class History {
  readonly #keepers: Keeper[] = [];
  readonly #steps: Step[] = [];
  readonly #listeners: (() => void)[] = [];

  /** Let undo take care of something. */
  keep(keeper: Keeper): void {
    this.#keepers.push(keeper);
  }

  /** Be told of every step, every undo and every touch. */
  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Say that something was done that leaves no step, such as selecting notes. */
  touch(): void {
    this.#listeners.forEach((listener) => {
      listener();
    });
  }

  /** Do something as one step; if it throws, nothing is done. */
  change<T>(by: Author, name: string, action: () => T): T {
    const restore = this.snapshot();
    try {
      const result = action();
      this.#steps.push({ name, by, restore });
      this.touch();
      return result;
    } catch (error) {
      restore();
      throw error;
    }
  }

  /** Remember everything; call what is returned to put it all back. */
  snapshot(): () => void {
    const restores = this.#keepers.map((keeper) => keeper());
    return () => {
      restores.forEach((restore) => {
        restore();
      });
    };
  }

  names(by: Author): string[] {
    return this.#steps.filter((step) => step.by === by).map((step) => step.name);
  }

  undo(): void {
    this.#steps.pop()?.restore();
    this.touch();
  }
}
