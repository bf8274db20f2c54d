import { expect, test } from "vitest";
import { shapeOf } from "../../patch/box_table.ts";

test("route has an in- and an outlet for each key, and one more", () => {
  expect(shapeOf("route", ["a", "b"])).toEqual({ inlets: 3, outlets: ["", "", ""] });
});

test("pipe has an inlet for its time, but no outlet", () => {
  expect(shapeOf("pipe", ["0", "64", "0"])).toEqual({ inlets: 3, outlets: ["", ""] });
});

test("t has an outlet for each letter, b for a bang", () => {
  expect(shapeOf("t", ["b", "l"])).toEqual({ inlets: 1, outlets: ["bang", ""] });
});

test("what is not in the table has no shape", () => {
  expect(shapeOf("metro", ["100"])).toBeUndefined();
});
