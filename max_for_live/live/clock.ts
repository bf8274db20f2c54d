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
