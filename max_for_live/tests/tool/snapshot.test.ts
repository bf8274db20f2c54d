import { describe, expect, test } from "vitest";

import { keyOfScale, snapshotOf } from "../../tool/snapshot.ts";

const SCALE = { scale_mode: 1, root_note: 2, scale_intervals: [0, 2, 3], scale_name: "Short" };
const CLIP = { time_selection_start: 0, time_selection_end: 8 };
const NOTE = { note_id: 1, pitch: 60, start_time: 0, duration: 1, velocity: 100, mute: 0 };
const NOTES = JSON.stringify({ notes: [NOTE] });

function textWith(context: object): string {
  return snapshotOf(NOTES, JSON.stringify({ clip: CLIP, scale: SCALE, ...context })).text;
}

describe("Two snapshots", () => {
  test("are equal whatever the grid is, and wherever Live says that notes lie", () => {
    const clip = { ...CLIP, first_note_start: 1.01, last_note_end: 7.9, insert_marker_time: 3 };
    expect(textWith({ clip, grid: { interval: 0.25, enabled: 1 } })).toBe(textWith({}));
  });

  test("differ by where the selection ends", () => {
    expect(textWith({ clip: { ...CLIP, time_selection_end: 4 } })).not.toBe(textWith({}));
  });

  test("differ by the scale", () => {
    expect(textWith({ scale: { ...SCALE, root_note: 3 } })).not.toBe(textWith({}));
  });
});

test("A snapshot without a context is of a bar without a scale", () => {
  const { context } = snapshotOf(NOTES, "");
  expect(context.clip).toEqual({ time_selection_start: 0, time_selection_end: 4 });
  expect(keyOfScale(context.scale)).toBeNull();
});

describe("Refused is", () => {
  test.each([
    ["a dictionary that is none", "5", "what is handed out is 5, allowed is a map"],
    ["notes that are no list", `{"notes": 5}`, "notes are 5, allowed is a list"],
    ["a note that is none", `{"notes": [null]}`, "notes hold null, allowed are maps with"],
  ])("%s", (_, notes, sentence) => {
    expect(() => snapshotOf(notes, "")).toThrow(sentence);
  });

  test.each(Object.keys(NOTE))("a note whose %s is no number", (name) => {
    const notes = JSON.stringify({ notes: [NOTE, { ...NOTE, [name]: "x" }] });
    expect(() => snapshotOf(notes, "")).toThrow(/notes hold .*"x".*, allowed are maps with/);
  });

  test.each([
    [{ clip: 5 }, "the context's clip is 5, allowed is a map"],
    [{ clip: { time_selection_end: "8" } }, `time_selection_end is "8", allowed is a number`],
    [{ scale: { root_note: [] } }, "root_note is [], allowed is a number"],
    [{ scale: { scale_intervals: 5 } }, "scale_intervals are 5, allowed is a list"],
    [{ scale: { scale_intervals: ["x"] } }, `scale_intervals hold "x", allowed are numbers`],
  ])("the context %j", (context, sentence) => {
    expect(() => snapshotOf(NOTES, JSON.stringify(context))).toThrow(sentence);
  });
});
