/** Time what a device asks of Live: the simulator stands for Live, so that time is not the device's. */

import type { Api, ApiClass, LiveContext } from "../tests/live/contract.ts";
import type { SimDevice } from "../tests/live/device.ts";
import { LiveSet } from "../tests/live/set.ts";

/** A set that knows how long its devices waited for it. */
export class TimedSet extends LiveSet {
  #spentMs = 0;
  #isInside = false;

  /** Milliseconds that all calls of LiveAPI took so far. */
  get spentMs(): number {
    return this.#spentMs;
  }

  override context(device: SimDevice): LiveContext {
    const context = super.context(device);
    return { ...context, LiveAPI: this.#timedClass(context.LiveAPI) };
  }

  #timedClass(LiveAPI: ApiClass): ApiClass {
    return new Proxy(LiveAPI, {
      construct: (_, args: ConstructorParameters<ApiClass>) => {
        return this.#timed(this.#time(() => new LiveAPI(...args)));
      },
    });
  }

  #timed(api: Api): Api {
    return new Proxy(api, {
      get: (_, name) => {
        const value = this.#time(() => Reflect.get(api, name, api) as unknown);
        const call = (...args: unknown[]): unknown => {
          return this.#time(() => Reflect.apply(value as () => unknown, api, args) as unknown);
        };
        return typeof value === "function" ? call : value;
      },
      set: (_, name, value) => this.#time(() => Reflect.set(api, name, value, api)),
    });
  }

  /** What is called inside of another call is in the other's time already. */
  #time<T>(action: () => T): T {
    if (this.#isInside) {
      return action();
    }
    this.#isInside = true;
    const begunMs = performance.now();
    try {
      return action();
    } finally {
      this.#spentMs += performance.now() - begunMs;
      this.#isInside = false;
    }
  }
}
