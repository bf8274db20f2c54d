import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SAY } from "../../live/say.ts";
import { DEVICES } from "../../patch/make.ts";
import { pictures } from "../../patch/make_pictures.ts";
import { picture } from "../../patch/picture.ts";
import { fitted, textWidth, wrapped } from "../../patch/text_width.ts";
import { STATES } from "../../wire/state.ts";

const FOLDER = new URL("../../../docs/pictures/", import.meta.url);

test.each(Object.entries(pictures()))("%s is as the code draws it", (name, svg) => {
  expect(readFileSync(new URL(name, FOLDER), "utf-8")).toBe(svg);
});

test.each(Object.entries(pictures()))("%s cuts no text", (_, svg) => {
  expect(svg).not.toContain("…");
});

test.each(Object.keys(STATES) as (keyof typeof STATES)[])(
  "how it stands with the server is to be read in every device: %s",
  (state) => {
    const sentence = STATES[state]("5577");
    for (const device of DEVICES) {
      expect(picture(device, { status: { text: sentence } })).not.toContain("…");
    }
  },
);

test("what to do if Node does not start is to be read in every device", () => {
  for (const device of DEVICES) {
    expect(picture(device, { status: { text: SAY.noNode } })).not.toContain("…");
  }
});

test("a text is cut where it would leave its box", () => {
  // 3 letters of 0.564 em and dots of 0.821 are 2.513 em, the fourth letter would make it 3.077
  expect(fitted("aaaaaa", 30, 10)).toBe("aaa…");
});

test("a text that fits is left alone", () => {
  // 6 letters of 0.564 em are 3.384 em
  expect(fitted("aaaaaa", 34, 10)).toBe("aaaaaa");
});

test("a text is as wide as its letters", () => {
  expect(textWidth("aa", 10)).toBeCloseTo(2 * 5.64);
});

test("a long text goes on in the next line, and ends in dots in the last", () => {
  // a space is 0.281 em: 5 letters with it and the dots are 3.922 em, 7 letters more than 4
  expect(wrapped("aaa aaa aaa aaa", 40, 10, 2)).toEqual(["aaa aaa", "aaa aaa"]);
  expect(wrapped("aaa aaa aaa aaa aaa", 40, 10, 2)).toEqual(["aaa aaa", "aaa aa…"]);
});
