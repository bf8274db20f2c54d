/**
 * Be the LiveAPI that a script of a device finds.
 *
 * What goes wrong only shows on the Max console; nothing throws. Source: _MxDCore/MxDCore.py of Live
 * 12.0, whose words the errors are.
 */

// max.d.ts is no module; naming it holds the simulator to what the devices are written against
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="../../live/max.d.ts" />

import { atomsOf, isObject, resultOf, withObjects } from "./atom.ts";
import type { ApiClass } from "./contract.ts";
import type { LomObject, Member } from "./lom.ts";
import { LiveError } from "./lom.ts";
import type { Roots } from "./path.ts";
import { pathOf, resolve } from "./path.ts";
import { isExposed } from "./whitelist.ts";
import type { World } from "./world.ts";

/** The device whose scripts speak. */
export interface Host {
  readonly world: World;
  readonly roots: Roots;
  /** Whether live.thisdevice sent its bang, and the script was not closed since. */
  readonly isLoaded: boolean;
}

type Callback = (args: unknown[]) => void;

/** Return the class for the scripts of one device. */
export function apiFor(host: Host): ApiClass {
  return class extends Reference {
    constructor(first: Callback | string | null, path = "") {
      const isPath = typeof first === "string";
      super(host, isPath ? null : first, isPath ? first : path);
    }
  };
}

/** Refer to an object by its id, whatever becomes of it. */
class Reference implements LiveAPI {
  readonly #host: Host;
  readonly #callback: Callback | null;
  readonly #id: string;
  #property = "";
  #ignore: () => void = () => undefined;

  constructor(host: Host, callback: Callback | null, path: string) {
    this.#host = host;
    this.#callback = callback;
    this.#id = this.#find(path)?.id ?? "0";
    this.#tellOfId();
  }

  /** Once the object is deleted, there is none: id 0. Source: Live API overview, "Object ids". */
  get id(): string {
    return this.#object?.id ?? "0";
  }

  get type(): string {
    // a view is of the class View, whose it is does not show
    return this.#object?.type.split(".").at(-1) ?? "unknown";
  }

  get path(): string {
    return `"${this.unquotedpath}"`;
  }

  get unquotedpath(): string {
    return pathOf(this.#object);
  }

  get property(): string {
    return this.#property;
  }

  /** Observe a property: the callback gets its name and its value, at once and at each change. */
  set property(name: string) {
    this.#ignore();
    this.#property = name;
    if (name !== "") {
      this.#guard(`property ${name}`, () => {
        this.#observe(name);
      });
    }
  }

  get(name: string): unknown[] | undefined {
    return this.#guard("get", () => atomsOf(this.#member(this.#existing(), name)));
  }

  set(name: string, value: unknown): void {
    this.#guard("set", () => {
      const member = this.#member(this.#existing(), name);
      const [first] = withObjects([value].flat(), this.#host.world);
      this.#requireNoNotification();
      this.#write(member, name, first);
    });
  }

  call(name: string, ...args: unknown[]): unknown {
    return this.#guard(`call ${name}`, () => {
      const member = this.#member(this.#existing(), name);
      if (member.kind !== "method") {
        throw new LiveError(`${name} is no function`);
      }
      const given = withObjects(args, this.#host.world);
      if (member.effect === "reads") {
        return resultOf(member.call(given));
      }
      this.#requireNoNotification();
      return resultOf(this.#do(member.effect, name, () => member.call(given)));
    });
  }

  getcount(name: string): number {
    const count = this.#guard("getcount", () => {
      const member = this.#existing().members[name];
      if (member === undefined) {
        throw new LiveError("invalid property name");
      }
      return member.kind === "children" ? member.get().length : -1;
    });
    return count ?? 0;
  }

  get #object(): LomObject | undefined {
    return this.#host.isLoaded ? this.#host.world.find(this.#id) : undefined;
  }

  /** Source: Max, live.thisdevice: LiveAPI works from its first bang on. */
  #find(path: string): LomObject | undefined {
    return this.#guard("LiveAPI", () => {
      if (!this.#host.isLoaded) {
        throw new LiveError("Live API is not initialized, use live.thisdevice to know when it is");
      }
      return resolve(path, this.#host.roots, this.#host.world);
    });
  }

  #existing(): LomObject {
    const object = this.#object;
    if (object === undefined) {
      throw new LiveError("no valid object set");
    }
    return object;
  }

  /** Return a member that Max may reach in this version. Source: verify_object_property in LomTypes.py. */
  #member(object: LomObject, name: string): Member {
    if (!isExposed(object.type, name, this.#host.world.version)) {
      throw new LiveError(`'${this.type}' object has no attribute '${name}'`);
    }
    const member = object.members[name];
    if (member === undefined) {
      throw new LiveError(`the simulator lacks ${object.type}.${name}, which Live has`);
    }
    return member;
  }

  #write(member: Member, name: string, value: unknown): void {
    if (member.kind === "property" && member.set !== undefined) {
      const { set, effect } = member;
      this.#do(effect, `set ${name}`, () => {
        set(value);
      });
    } else if (member.kind === "child" && member.set !== undefined && isObject(value)) {
      const { set } = member;
      this.#do("acts", `set ${name}`, () => {
        set(value);
      });
    } else {
      throw new LiveError("can't set attribute");
    }
  }

  #do<T>(effect: "acts" | "step", name: string, action: () => T): T {
    const { world } = this.#host;
    if (effect === "step") {
      return world.change("device", name, action);
    }
    const result = action();
    world.watch.check();
    return result;
  }

  /** Source: the error that Live shows when an observer's callback writes. */
  #requireNoNotification(): void {
    if (this.#host.world.watch.isTelling) {
      throw new LiveError("Changes cannot be triggered by notifications");
    }
  }

  #observe(name: string): void {
    const object = this.#existing();
    const signal = object.members[name];
    const member = signal?.kind === "signal" ? signal : this.#member(object, name);
    if (!member.observed) {
      throw new LiveError("property cannot be listened to");
    }
    const look = (): unknown => (object.exists() ? lookAt(member) : null);
    this.#ignore = this.#watch(look, () => {
      this.#callback?.(object.exists() ? [name, ...atomsOf(member)] : ["id", 0]);
    });
  }

  /** Tell the callback of the object now, and of its end. */
  #tellOfId(): void {
    if (this.#callback !== null && this.#host.isLoaded) {
      this.#watch(
        () => this.id,
        () => this.#callback?.(["id", Number(this.id)]),
      );
    }
  }

  /** Look from now on, and tell right away. */
  #watch(look: () => unknown, tell: () => void): () => void {
    const { watch } = this.#host.world;
    const ignore = watch.add(this.#host, look, tell);
    watch.telling(tell);
    return ignore;
  }

  /** Do something; what Live refuses goes to the console. */
  #guard<T>(what: string, action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof LiveError)) {
        throw error;
      }
      this.#host.world.console.push(`${what}: ${error.message}`);
      return undefined;
    }
  }
}

function lookAt(member: Member): unknown {
  return member.kind === "signal" ? member.get() : atomsOf(member);
}
