import { expect, test } from "vitest";

import { Joiner, PieceError, cut, toText, type Whole } from "../../wire/piece.ts";

function joined(pieces: readonly (readonly unknown[])[]): Whole | undefined {
  const joiner = new Joiner();
  return pieces.map((piece) => joiner.take(piece)).at(-1);
}

test.each([0, 1, 29_999, 30_000, 30_001, 40_000, 123_456])(
  "a text of %i characters is whole again",
  (length) => {
    const text = "0123456789".repeat(length / 10 + 1).slice(0, length);
    expect(joined(cut(7, text))).toEqual({ id: 7, text });
  },
);

test("no piece is longer than Max can carry, or could be taken for a number", () => {
  const texts = cut(1, "1".repeat(100_000)).map((piece) => piece[3]);
  expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(32_767);
  expect(texts.every((text) => text.startsWith(":"))).toBe(true);
});

test("texts that come at the same time do not mix", () => {
  const joiner = new Joiner();
  const [one, other] = [cut(1, "a".repeat(40_000)), cut(2, "b".repeat(40_000))];
  const wholes = [one[0], other[0], one[1], other[1]].map((piece) => joiner.take(piece ?? []));
  expect(wholes.map((whole) => whole?.text[0])).toEqual([undefined, undefined, "a", "b"]);
});

test("pieces in the wrong order are refused", () => {
  const [first, second, third] = cut(1, "a".repeat(70_000));
  expect(() => joined([first ?? [], third ?? [], second ?? []])).toThrow(PieceError);
});

test("after a text in the wrong order, one of the same id can be taken", () => {
  const joiner = new Joiner();
  const pieces = cut(1, "a".repeat(40_000));
  expect(() => joiner.take(pieces[1] ?? [])).toThrow(PieceError);
  expect(pieces.map((piece) => joiner.take(piece)).at(-1)?.text).toHaveLength(40_000);
});

test.each([
  [[]],
  [["a"]],
  [[1, 0, 1]],
  [[1, 0, 1, 5]],
  [[1, 0, 1, "no colon"]],
  [[1, 1, 1, ":"]],
  [[1, 0, 3_001, ":"]],
  [[-1, 0, 1, ":"]],
  [[1.5, 0, 1, ":"]],
  [[NaN, 0, 1, ":"]],
])("%j is no piece", (atoms: unknown[]) => {
  expect(() => new Joiner().take(atoms)).toThrow(PieceError);
});

test("of many texts that stay incomplete, the oldest is given up", () => {
  const joiner = new Joiner();
  const begun = Array.from({ length: 17 }, (_, id) => cut(id, "a".repeat(40_000)));
  for (const [first] of begun) {
    joiner.take(first ?? []);
  }
  expect(() => joiner.take(begun[0]?.[1] ?? [])).toThrow(PieceError);
  expect(joiner.take(begun[16]?.[1] ?? [])?.id).toBe(16);
});

test("a value becomes a text of ASCII that says the same", () => {
  const value = { name: 'Klavier ♪ 𝄞 é\u2028 "\\', list: [1.5, null] };
  const text = toText(value);
  expect(text).toMatch(/^[ -~]*$/);
  expect(JSON.parse(text)).toEqual(value);
});
