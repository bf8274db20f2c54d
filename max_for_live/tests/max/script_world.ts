/**
 * Make the world of a v8 script: the globals that Max gives, on the clock of the test.
 *
 * Source: Max API reference, "JavaScript": Task, Dict, outlet, post, error, messagename,
 * arrayfromargs, jsarguments, inlets, outlets. What a script of ours does not use is left out, so
 * that using it fails.
 */

import { type Context, createContext, runInContext } from "node:vm";
import type { Dictionary } from "../live/tool.ts";
import type { Place, Surroundings } from "./surroundings.ts";

/** What the world needs of the object around it. */
export interface Rim {
  outlet(index: unknown, values: unknown): void;
  /** Do something of the script's; its errors go to the console. */
  guard(action: () => void): void;
}

/** When the clock of the test stands at 0: 1 January 2024. */
const EPOCH_MS = Date.UTC(2024, 0, 1);

/** Run inside of the world, so that what it makes belongs there. */
const PRELUDE = `(({ nowMs, random }) => {
  const Time = Date;
  globalThis.Date = class Date extends Time {
    constructor(...parts) {
      super(...(parts.length > 0 ? parts : [nowMs()]));
    }
    static now() {
      return nowMs();
    }
  };
  Math.random = random;
  globalThis.arrayfromargs = (...parts) =>
    parts.flatMap((part) => (typeof part === "object" ? Array.from(part) : [part]));
  delete globalThis.console;
})`;

type Prelude = (given: { nowMs: () => number; random: () => number }) => void;

/** Return the globals of a script. */
export function makeWorld(place: Place, rim: Rim): Context {
  const { box, around } = place;
  const world = createContext({
    LiveAPI: around.live.LiveAPI,
    Task: taskClass(around, rim),
    Dict: dictClass(around),
    outlet: rim.outlet.bind(rim),
    post: (...texts: unknown[]) => {
      around.console.post(texts.map(String).join(" "));
    },
    error: (...texts: unknown[]) => {
      place.complain(texts.map(String).join(" "));
    },
    inlets: 1,
    outlets: 1,
    inlet: 0,
    messagename: "",
    jsarguments: [...box.words],
  });
  const prelude = runInContext(PRELUDE, world) as Prelude;
  prelude({
    nowMs: () => EPOCH_MS + Math.floor(around.clock.nowMs()),
    random: around.random,
  });
  return world;
}

/** Milliseconds between the repeats of a task that says nothing else. */
const TASK_INTERVAL_MS = 500;

function taskClass({ events }: Surroundings, rim: Rim): unknown {
  return class Task {
    interval = TASK_INTERVAL_MS;
    readonly #action: () => void;
    readonly #owner: object | undefined;
    #cancel: (() => void) | undefined;

    constructor(action: () => void, owner?: object) {
      this.#action = action;
      this.#owner = owner;
    }

    schedule(delayMs = 0): void {
      this.#after(delayMs, () => undefined);
    }

    /** Act at once, in the next event, and then with each interval. */
    repeat(count = -1, delayMs = 0): void {
      this.#after(delayMs, () => {
        if (count !== 1) {
          this.repeat(count - 1, this.interval);
        }
      });
    }

    cancel(): void {
      this.#cancel?.();
      this.#cancel = undefined;
    }

    /** Plan what follows before acting, for the action may cancel it. */
    #after(delayMs: number, follow: () => void): void {
      this.cancel();
      this.#cancel = events.later(delayMs, () => {
        follow();
        rim.guard(() => {
          this.#action.call(this.#owner);
        });
      });
    }
  };
}

function dictClass({ dictionaries }: Surroundings): unknown {
  return class Dict {
    readonly name: string;

    constructor(name = `u${dictionaries.size}`) {
      this.name = name;
      if (!dictionaries.has(name)) {
        dictionaries.set(name, {});
      }
    }

    stringify(): string {
      return JSON.stringify(dictionaries.get(this.name));
    }

    parse(json: string): void {
      dictionaries.set(this.name, JSON.parse(json) as Dictionary);
    }
  };
}
