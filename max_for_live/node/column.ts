/**
 * Turn columns of numbers into bytes and back.
 *
 * Bytes are little-endian, whatever the machine is. Source: docs/protocol.md, "A clip".
 */

import { CheckError } from "./check.ts";

/** The types of columns: bytes, whole numbers from 0 to 2^53 and floats. */
export type Kind = "u1" | "i8" | "f8";

/** The width of each type in bytes. */
const WIDTHS: Readonly<Record<Kind, number>> = { u1: 1, i8: 8, f8: 8 };

const ALLOWED: Readonly<Record<Kind, string>> = {
  u1: "a whole number from 0 to 255",
  i8: "a whole number from 0 to 2^53",
  f8: "a number",
};

/** What the upper half of a 64-bit number counts. */
const HALF = 2 ** 32;

/** Return the bytes of numbers that `readColumn` let through. */
export function columnBytes(kind: Kind, values: readonly number[]): Uint8Array {
  if (kind === "u1") {
    return Uint8Array.from(values);
  }
  const view = new DataView(new ArrayBuffer(values.length * WIDTHS[kind]));
  if (kind === "f8") {
    values.forEach((value, row) => {
      view.setFloat64(8 * row, value, true);
    });
  } else {
    values.forEach((value, row) => {
      view.setUint32(8 * row, value % HALF, true);
      view.setUint32(8 * row + 4, Math.floor(value / HALF), true);
    });
  }
  return new Uint8Array(view.buffer);
}

/**
 * Return the numbers of a column, which are given as bytes or as a list.
 *
 * @throws {CheckError} It is neither, or has a number that its type does not allow.
 */
export function readColumn(value: unknown, path: string, kind: Kind): readonly number[] {
  const numbers: unknown = value instanceof Uint8Array ? numbersOf(kind, value, path) : value;
  if (!Array.isArray(numbers)) {
    throw new CheckError(path, value, "a list of numbers");
  }
  if (!isColumn(numbers, kind)) {
    const row = numbers.findIndex((number) => !fits(number, kind));
    throw new CheckError(`${path}[${row}]`, numbers[row], ALLOWED[kind]);
  }
  return numbers;
}

function numbersOf(kind: Kind, bytes: Uint8Array, path: string): number[] {
  const width = WIDTHS[kind];
  if (bytes.length % width !== 0) {
    throw new CheckError(`${path} in bytes`, bytes.length, `a multiple of ${width}`);
  }
  const read = READ[kind];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const numbers = new Array<number>(bytes.length / width);
  for (let row = 0; row < numbers.length; row += 1) {
    numbers[row] = read(view, row * width);
  }
  return numbers;
}

const READ: Readonly<Record<Kind, (view: DataView, at: number) => number>> = {
  u1: (view, at) => view.getUint8(at),
  i8: (view, at) => view.getInt32(at + 4, true) * HALF + view.getUint32(at, true),
  f8: (view, at) => view.getFloat64(at, true),
};

function isColumn(values: readonly unknown[], kind: Kind): values is number[] {
  return values.every((value) => fits(value, kind));
}

function fits(value: unknown, kind: Kind): boolean {
  if (kind === "f8") {
    return Number.isFinite(value);
  }
  const most = kind === "u1" ? 255 : 2 ** 53;
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;
}
