/**
 * Describe objects of the Live Object Model as tables of members.
 *
 * Source: LomInformation in _MxDCore/LomUtils.py of Live 12.0.
 */

export type Atom = number | string;
export type Value = Atom | readonly Atom[];

/** What a write does: "step" leaves a step to undo, "acts" changes only what plays or is shown. */
export type Effect = "acts" | "step";

/** What a call gives back: nothing, atoms, or an object. */
export type Result = Value | LomObject | undefined;

export interface Property {
  readonly kind: "property";
  readonly get: () => Value;
  readonly set: ((value: unknown) => void) | undefined;
  readonly effect: Effect;
  readonly observed: boolean;
}

export interface Child {
  readonly kind: "child";
  readonly get: () => LomObject | undefined;
  readonly set: ((object: LomObject) => void) | undefined;
  readonly observed: boolean;
}

export interface Children {
  readonly kind: "children";
  readonly get: () => readonly LomObject[];
  readonly observed: boolean;
}

/** Something that can be observed but not read, such as the notes of a clip. */
export interface Signal {
  readonly kind: "signal";
  /** Another value each time that it changed. */
  readonly get: () => unknown;
  readonly observed: true;
}

export interface Method {
  readonly kind: "method";
  readonly call: (args: readonly unknown[]) => Result;
  readonly effect: "reads" | Effect;
  readonly observed: false;
}

export type Member = Property | Child | Children | Signal | Method;
export type Members = Readonly<Record<string, Member>>;

/** An object that Max may refer to by an id. */
export interface LomObject {
  /** A whole number above 0, never used again. */
  readonly id: string;
  readonly type: string;
  readonly parent: LomObject | undefined;
  readonly members: Members;
  /** The last part of its path, such as "clip_slots 3". */
  place(): string;
  /** False once it is deleted. */
  exists(): boolean;
}

/** What Live refuses; the Max console shows the message. */
export class LiveError extends Error {}

export function fixed(get: () => Value): Property {
  return { kind: "property", get, set: undefined, effect: "step", observed: false };
}

export function observed(
  get: Property["get"],
  set?: Property["set"],
  effect: Effect = "step",
): Property {
  return { kind: "property", get, set, effect, observed: true };
}

export function child(get: Child["get"], isObserved = false, set?: Child["set"]): Child {
  return { kind: "child", get, set, observed: isObserved };
}

export function children(get: Children["get"], isObserved = true): Children {
  return { kind: "children", get, observed: isObserved };
}

export function reads(call: Method["call"]): Method {
  return { kind: "method", call, effect: "reads", observed: false };
}

export function acts(call: Method["call"]): Method {
  return { kind: "method", call, effect: "acts", observed: false };
}

export function step(call: Method["call"]): Method {
  return { kind: "method", call, effect: "step", observed: false };
}

/** Return a number, as MxDCore's _set_property_value demands of a float. */
export function asNumber(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new LiveError("type mismatch");
  }
  return value;
}

/** Return a whole number, as MxDCore demands of an int or bool. */
export function asWhole(value: unknown): number {
  const number = typeof value === "boolean" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number)) {
    throw new LiveError("invalid value");
  }
  return number;
}

/** Return a text; MxDCore turns numbers into texts. */
export function asText(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number") {
    throw new LiveError("type mismatch");
  }
  return String(value);
}
