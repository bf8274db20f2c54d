import { describe, expect, test } from "vitest";

import { keyOf, snapshotOf } from "../../tool/snapshot.ts";

const SCALE = { scale_mode: 1, root_note: 2, scale_intervals: [0, 2, 3], scale_name: "Short" };
const CLIP = { time_selection_start: 0, time_selection_end: 8 };
const NOTES = JSON.stringify({ notes: [{ note_id: 1, pitch: 60, start_time: 0, duration: 1 }] });

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
  expect(keyOf(context)).toBeNull();
});

test("A dictionary whose notes are no list is refused", () => {
  expect(() => snapshotOf(`{"notes": 5}`, "")).toThrow("notes are number, allowed is a list");
});
