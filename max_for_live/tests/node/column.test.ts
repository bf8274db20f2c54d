import { expect, test } from "vitest";

import { columnBytes, readColumn } from "../../node/column.ts";

test("bytes are little-endian", () => {
  // 1.5 is 0x3FF8 0000 0000 0000; 2^32 + 2 is 0x1 0000 0002
  expect([...columnBytes("f8", [1.5])]).toEqual([0, 0, 0, 0, 0, 0, 0xf8, 0x3f]);
  expect([...columnBytes("i8", [2 ** 32 + 2])]).toEqual([2, 0, 0, 0, 1, 0, 0, 0]);
  expect([...columnBytes("u1", [0, 255])]).toEqual([0, 255]);
});

test.each([
  ["u1", [0, 1, 255]],
  ["i8", [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53]],
  ["f8", [0, -0, 1 / 3, -1e300, 5e-324, Number.MAX_VALUE]],
] as const)("%s numbers are the same after a journey", (kind, numbers) => {
  expect(readColumn(columnBytes(kind, numbers), "column", kind)).toEqual(numbers);
});

test("bytes are read wherever they lie in their buffer", () => {
  const bytes = Buffer.concat([Buffer.from([9]), columnBytes("f8", [2.5])]);
  expect(readColumn(bytes.subarray(1), "column", "f8")).toEqual([2.5]);
});

test.each([
  ["u1", [256], "notes.pitch[0] is 256, allowed is a whole number from 0 to 255"],
  ["u1", [1, -1], "notes.pitch[1] is -1, allowed is a whole number from 0 to 255"],
  ["u1", [1.5], "notes.pitch[0] is 1.5, allowed is a whole number from 0 to 255"],
  [
    "i8",
    [2 ** 53 + 2],
    "notes.pitch[0] is 9007199254740994, allowed is a whole number from 0 to 2^53",
  ],
  ["f8", [null], "notes.pitch[0] is null, allowed is a number"],
  ["f8", ["1"], 'notes.pitch[0] is "1", allowed is a number'],
  ["f8", [Infinity], "notes.pitch[0] is Infinity, allowed is a number"],
  ["f8", Buffer.alloc(9), "notes.pitch in bytes is 9, allowed is a multiple of 8"],
  ["i8", Buffer.alloc(8, 0xff), "notes.pitch[0] is -1, allowed is a whole number from 0 to 2^53"],
  ["f8", Buffer.alloc(8, 0xff), "notes.pitch[0] is NaN, allowed is a number"],
  ["f8", undefined, "notes.pitch is missing, allowed is a list of numbers"],
  ["f8", {}, "notes.pitch is a map, allowed is a list of numbers"],
] as const)("%s column of %j is refused with a sentence", (kind, value, sentence) => {
  expect(() => readColumn(value, "notes.pitch", kind)).toThrow(sentence);
});
