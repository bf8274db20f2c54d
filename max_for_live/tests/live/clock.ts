/** Give the simulated Live its time: one that the test moves by hand, or the machine's own. */

/** Tell the time in milliseconds, and do things later; later returns how to call them off. */
export interface Clock {
  nowMs(): number;
  later(ms: number, action: () => void): () => void;
}

interface Timer {
  readonly dueMs: number;
  readonly action: () => void;
}

/** Stand still until the test advances it. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #timers: Timer[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  later(ms: number, action: () => void): () => void {
    const timer = { dueMs: this.#nowMs + Math.max(0, ms), action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Let time pass; what falls due acts in the order of time, those it starts included. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let timer = this.#next(endMs); timer !== undefined; timer = this.#next(endMs)) {
      this.#nowMs = timer.dueMs;
      timer.action();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Timer | undefined {
    const [first] = this.#timers
      .filter((timer) => timer.dueMs <= endMs)
      .sort((a, b) => a.dueMs - b.dueMs);
    this.#timers = this.#timers.filter((timer) => timer !== first);
    return first;
  }
}

/** Follow the machine's clock, for tests with a real server. */
export class RealClock implements Clock {
  nowMs(): number {
    return performance.now();
  }

  later(ms: number, action: () => void): () => void {
    const timer = setTimeout(action, ms);
    return () => {
      clearTimeout(timer);
    };
  }
}
