/**
 * Resolve paths such as "live_set tracks 0 clip_slots 3 clip" or "id 12", and tell those of objects.
 *
 * Source: LomPathResolver and LomPathCalculator in _MxDCore/LomUtils.py of Live 12.0.
 */

import type { LomObject } from "./lom.ts";
import { LiveError } from "./lom.ts";
import type { World } from "./world.ts";

/** The objects at which a path may begin. */
export interface Roots {
  readonly live_set: LomObject;
  readonly live_app: LomObject;
  /** Nothing once the device is deleted. */
  readonly this_device: LomObject | undefined;
}

/**
 * Return the object at a path; nothing where the path leads nowhere.
 *
 * @throws {LiveError} The path begins with no root, or it ends at something that is no object.
 */
export function resolve(path: string, roots: Roots, world: World): LomObject | undefined {
  const [root, ...parts] = path.trim().replaceAll('"', "").split(/ +/u);
  if (root === "id") {
    return world.find(parts[0] ?? "0");
  }
  if (root !== "live_set" && root !== "live_app" && root !== "this_device") {
    throw new LiveError("set path: invalid path");
  }
  return walk(roots[root], parts);
}

/** Return the path under which Live itself knows the object, such as of what a view shows. */
export function pathOf(object: LomObject | undefined): string {
  if (object === undefined) {
    return "";
  }
  return object.parent === undefined
    ? object.place()
    : `${pathOf(object.parent)} ${object.place()}`;
}

function walk(from: LomObject | undefined, parts: readonly string[]): LomObject | undefined {
  const [name, index] = parts;
  if (from === undefined || name === undefined) {
    return from;
  }
  const member = from.members[name];
  switch (member?.kind) {
    case "child":
      return walk(member.get(), parts.slice(1));
    case "children":
      return walk(member.get()[wholeNumber(name, index)], parts.slice(2));
    case "property":
    case "signal":
    case "method":
      throw new LiveError(`component '${name}' is not an object`);
    case undefined:
      return undefined;
  }
}

/** A list without a number behind it is no object. */
function wholeNumber(list: string, index: string | undefined): number {
  if (index === undefined || !/^\d+$/u.test(index)) {
    throw new LiveError(`component '${list}' is not an object`);
  }
  return Number(index);
}
