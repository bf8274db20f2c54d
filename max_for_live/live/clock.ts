/** Do something later on Max's low-priority thread. */

/** Take back what was to be done later; harmless afterwards. */
export type Cancel = () => void;

/** Do something once after so many milliseconds. */
export function later(delayMs: number, action: () => void): Cancel {
  const task = new Task(action);
  task.schedule(delayMs);
  return () => {
    task.cancel();
  };
}

/** Something that is done again and again, by one task of Max. */
export class Pulse {
  readonly #action: () => void;
  #task: Task | undefined;

  constructor(action: () => void) {
    this.#action = action;
  }

  /** Do it once after so many milliseconds. */
  next(delayMs: number): void {
    this.#task ??= new Task(this.#action);
    this.#task.schedule(delayMs);
  }

  stop(): void {
    this.#task?.cancel();
  }
}
