/** Turn what objects of Live give into atoms of Max, and atoms into objects. */

import type { Atom, LomObject, Member, Result } from "./lom.ts";
import { LiveError } from "./lom.ts";
import type { World } from "./world.ts";

/** Return what `get` gives of a member: always a list, with "id" before an id. */
export function atomsOf(member: Member): Atom[] {
  switch (member.kind) {
    case "property":
      return [member.get()].flat().map(parsedByMax);
    case "child":
      return idAtoms(member.get());
    case "children":
      return member.get().flatMap(idAtoms);
    case "signal":
      return ["bang"];
    case "method":
      throw new LiveError("a function can only be called");
  }
}

/** Return what `call` gives: one atom as it is, several as a list, and for nothing "id 0". */
export function resultOf(result: Result): Atom | Atom[] {
  if (result === undefined || isObject(result)) {
    return idAtoms(result);
  }
  if (typeof result === "string" || typeof result === "number") {
    return result;
  }
  const [only, ...others] = result;
  return only === undefined || others.length > 0 ? [...result] : only;
}

/** Put objects where the arguments say "id 12", or "id" and 12. */
export function withObjects(args: readonly unknown[], world: World): unknown[] {
  const [first, second, ...rest] = args;
  if (args.length === 0) {
    return [];
  }
  if (first === "id") {
    return [objectOf(String(second), world), ...withObjects(rest, world)];
  }
  const id = typeof first === "string" ? /^id (\d+)$/u.exec(first)?.[1] : undefined;
  const argument = id === undefined ? first : objectOf(id, world);
  return [argument, ...withObjects(args.slice(1), world)];
}

export function isObject(value: unknown): value is LomObject {
  return typeof value === "object" && value !== null && "members" in value;
}

function objectOf(id: string, world: World): LomObject {
  const object = world.find(id);
  if (object === undefined) {
    throw new LiveError("Invalid id");
  }
  return object;
}

function idAtoms(object: LomObject | undefined): Atom[] {
  return ["id", object?.exists() === true ? Number(object.id) : 0];
}

/**
 * A text that looks like a number comes out of Max as one: the name of the clip "12" is 12.
 * Source: StringHandler.prepare_outgoing in _MxDCore/MxDUtils.py quotes only what has a space.
 */
function parsedByMax(atom: Atom): Atom {
  return typeof atom === "string" && /^-?\d+(\.\d+)?$/u.test(atom) ? Number(atom) : atom;
}
