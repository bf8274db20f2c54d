/** Hold what the objects of one device share: time, the low-priority queue, the console, files. */

import type { File } from "../../patch/amxd.ts";
import type { Clock } from "../live/clock.ts";
import type { LiveContext } from "../live/contract.ts";
import type { Dictionary, MidiTool } from "../live/tool.ts";
import type { Atom, Message } from "./atom.ts";
import type { Box } from "./patcher.ts";

/** What an object of Max does. */
export interface MaxObject {
  receive(message: Message, inlet: number): void;
  /** Make ready, such as to compile a script; nothing may be sent. */
  load?(): void;
  /** Send what was stored with the set, or stands as the initial value. */
  restore?(): void;
  close?(): void | Promise<void>;
}

/** Where an object stands: its box, its outlets, and what it shares with the others. */
export interface Place {
  readonly box: Box;
  readonly around: Surroundings;
  readonly send: (outlet: number, message: Message) => void;
  /** Write an error to the console. */
  readonly complain: (text: string) => void;
}

/** What Live stores with the set, to open the device again with. */
export interface Saved {
  /** Values by the long names of parameters. */
  readonly parameters: Readonly<Record<string, number>>;
  /** What each pattr holds, by its name. */
  readonly pattrs: Readonly<Record<string, readonly Atom[]>>;
}

export interface Surroundings {
  readonly clock: Clock;
  readonly events: Events;
  readonly console: MaxConsole;
  readonly files: ReadonlyMap<string, File>;
  readonly dictionaries: Map<string, Dictionary>;
  readonly live: LiveContext;
  readonly saved: Saved | undefined;
  /** The environment of Node's processes, beside PATH and a home of their own. */
  readonly env: Readonly<Record<string, string>>;
  readonly random: () => number;
  tool: MidiTool | undefined;
}

/** A line of the console. */
export interface Line {
  readonly kind: "post" | "error";
  readonly text: string;
}

/** The Max console. */
export class MaxConsole {
  readonly lines: Line[] = [];

  /** Write a line; the break at its end, which scripts write for older Max, is left out. */
  post(text: string): void {
    this.#write("post", text);
  }

  error(text: string): void {
    this.#write("error", text);
  }

  #write(kind: Line["kind"], text: string): void {
    this.lines.push({ kind, text: text.trimEnd() });
  }
}

/** What happens later or comes from outside, one after the other, and who waits for it. */
export class Events {
  readonly #clock: Clock;
  readonly #pending = new Set<() => void>();
  readonly #watchers = new Set<() => void>();
  #low: (() => void)[] = [];
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Do something at once, unless the device is closed; then tell those who watch. */
  happen(action: () => void): void {
    if (this.#closed) {
      return;
    }
    action();
    for (const watcher of [...this.#watchers]) {
      watcher();
    }
  }

  /** Do something later; return how to call it off. */
  later(ms: number, action: () => void): () => void {
    const cancel = this.#clock.later(ms, () => {
      this.#pending.delete(cancel);
      this.happen(action);
    });
    this.#pending.add(cancel);
    return () => {
      this.#pending.delete(cancel);
      cancel();
    };
  }

  /** Put something at the end of the low-priority queue. */
  defer(action: () => void): void {
    if (this.#low.length === 0) {
      this.later(0, () => {
        this.#serve();
      });
    }
    this.#low.push(action);
  }

  /** Call a watcher after each event; return how to stop that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#pending) {
      cancel();
    }
  }

  /** Serve what is in the queue now; what joins it meanwhile waits for the next turn. */
  #serve(): void {
    const turn = this.#low;
    this.#low = [];
    for (const action of turn) {
      action();
    }
  }
}
