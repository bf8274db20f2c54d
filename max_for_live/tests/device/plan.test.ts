import { describe, expect, test } from "vitest";

import { planned, shaped, type Shape } from "../../live/plan.ts";
import type { Note } from "../../wire/note.ts";

const HEARD = { start: 0, end: 4 };

function note(id: number, pitch: number, start: number, duration: number): Note {
  return {
    note_id: id,
    pitch,
    start_time: start,
    duration,
    velocity: 100,
    mute: 0,
    probability: 0.5,
    velocity_deviation: -3,
    release_velocity: 20,
  };
}

function shape(start: number, duration: number, velocity = 90): Shape {
  return { start_time: start, duration, velocity };
}

describe("what is written into a clip", () => {
  test("notes that stay as they are are not written", () => {
    const notes = [note(1, 60, 0, 1), note(2, 62, 1, 1)];
    const shapes = [shape(0, 1, 100), shape(1.02, 0.9)];
    expect(planned(notes, shapes, HEARD).map(({ note_id }) => note_id)).toEqual([2]);
  });

  test("probability, deviation, release velocity and mute stay with their note", () => {
    const [written] = planned([note(7, 60, 1, 1)], [shape(1.1, 0.5, 64)], HEARD);
    expect(written).toEqual({
      ...note(7, 60, 1, 1),
      start_time: 1.1,
      duration: 0.5,
      velocity: 64,
    });
  });

  test("a note ends before the next of its pitch begins, or Live would cut it", () => {
    const notes = [note(1, 60, 0, 1), note(2, 60, 1, 1)];
    const [first, second] = shaped(notes, [shape(0, 1.5), shape(0.95, 1)], HEARD);
    expect((first?.start_time ?? 0) + (first?.duration ?? 0)).toBeLessThan(0.95);
    expect(first?.duration).toBeCloseTo(0.95, 4);
    expect(second?.start_time).toBe(0.95);
  });

  test("notes of one pitch that would begin together are parted, none is lost", () => {
    const notes = [note(1, 60, 0, 0.2), note(2, 60, 0.25, 0.2), note(3, 60, 0.5, 0.2)];
    const after = shaped(notes, [shape(0.3, 0.2), shape(0.3, 0.2), shape(0.3, 0.2)], HEARD);
    const starts = after.map(({ start_time }) => start_time).sort((one, other) => one - other);
    expect(new Set(starts).size).toBe(3);
    for (const [place, start] of starts.slice(1).entries()) {
      const before = after.find(({ start_time }) => start_time === starts[place]);
      expect(start).toBeGreaterThan((before?.start_time ?? 0) + (before?.duration ?? 0));
    }
  });

  test("other pitches may sound together", () => {
    const notes = [note(1, 60, 0, 1), note(2, 64, 0, 1)];
    const shapes = [shape(0, 2), shape(0, 2)];
    expect(shaped(notes, shapes, HEARD).map(({ duration }) => duration)).toEqual([2, 2]);
  });

  test("a note of the loop stays in the loop, or it would not be heard", () => {
    const notes = [note(1, 60, 1, 0.5), note(2, 62, 3.9, 0.1)];
    const heard = { start: 1, end: 4 };
    const [first, last] = shaped(notes, [shape(0.97, 0.5), shape(4.01, 0.1)], heard);
    expect(first?.start_time).toBe(1);
    expect(last?.start_time).toBeLessThan(4);
  });

  test("a note before the loop may go where it likes", () => {
    const [moved] = shaped([note(1, 60, -1, 0.5)], [shape(-1.1, 0.5)], HEARD);
    expect(moved?.start_time).toBe(-1.1);
  });

  test("velocities stay between 1 and 127", () => {
    const notes = [note(1, 60, 0, 1), note(2, 62, 0, 1)];
    const after = shaped(notes, [shape(0, 1, 140), shape(0, 1, -4)], HEARD);
    expect(after.map(({ velocity }) => velocity)).toEqual([127, 1]);
  });

  test("a note that was shorter than any is not made longer by being left alone", () => {
    expect(planned([note(1, 60, 0, 1e-4)], [shape(0, 1e-4, 100)], HEARD)).toEqual([]);
  });
});
