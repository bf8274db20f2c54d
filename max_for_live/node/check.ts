/** Read values whose type nobody vouches for, and say with its path which one is wrong. */

/** A value that is not what its place allows; the message begins with its path. */
export class CheckError extends Error {
  constructor(path: string, received: unknown, allowed: string) {
    super(`${path} is ${shown(received)}, allowed is ${allowed}`);
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** @throws {CheckError} */
export function readMap(value: unknown, path: string): Fields {
  if (isMap(value)) {
    return value;
  }
  throw new CheckError(path, value, "a map");
}

/** @throws {CheckError} */
export function readList(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) {
    return value;
  }
  throw new CheckError(path, value, "a list");
}

/** @throws {CheckError} */
export function readText(value: unknown, path: string): string {
  if (typeof value === "string") {
    return value;
  }
  throw new CheckError(path, value, "a text");
}

/** @throws {CheckError} */
export function readNumber(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isFinite(value)) {
    return value;
  }
  throw new CheckError(path, value, "a number");
}

/** Return a whole number from 0 to 2^53-1. @throws {CheckError} */
export function readCount(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) {
    return value;
  }
  throw new CheckError(path, value, "a whole number from 0 to 2^53-1");
}

/** Return the items of a list, each read by the same function. @throws {CheckError} */
export function readEach<T>(
  value: unknown,
  path: string,
  read: (item: unknown, path: string) => T,
): T[] {
  return readList(value, path).map((item, index) => read(item, `${path}[${index}]`));
}

/** Return the texts of a list. @throws {CheckError} */
export function readTexts(value: unknown, path: string): string[] {
  return readEach(value, path, readText);
}

/** Return a value by a function that reads it, or undefined if there is none. */
export function readIfAny<T>(
  value: unknown,
  path: string,
  read: (value: unknown, path: string) => T,
): T | undefined {
  return value === undefined ? undefined : read(value, path);
}

type Present<T> = { [name in keyof T]?: Exclude<T[name], undefined> };

/** Return a map without the entries that are undefined. */
export function present<T extends object>(fields: T): Present<T> {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as Present<T>;
}

/** Return an error's message, or whatever else was thrown as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isMap(value: unknown): value is Fields {
  const prototype: unknown = typeof value === "object" && value && Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function shown(value: unknown): string {
  if (typeof value === "string") {
    return value.length > 40 ? `a text of ${value.length} letters` : `"${value}"`;
  }
  if (typeof value === "number" || typeof value === "boolean" || value === null) {
    return String(value);
  }
  return value === undefined ? "missing" : nameOf(value);
}

function nameOf(value: object | symbol | bigint): string {
  if (value instanceof Uint8Array) {
    return `${value.length} bytes`;
  }
  return Array.isArray(value) ? "a list" : "a map";
}
