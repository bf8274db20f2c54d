import { expect, test } from "vitest";

import { roomed } from "../../tool/room.ts";
import type { Note } from "../../wire/note.ts";

const USUAL = { velocity: 100, mute: 0, probability: 1, velocity_deviation: 0 } as const;

/** The ids are the tenths of the start. */
function note(start_time: number, duration: number, pitch = 60): Note {
  const note_id = Math.round(start_time * 10);
  return { ...USUAL, note_id, pitch, start_time, duration, release_velocity: 64 };
}

test("A note that is played late ends before the note after it begins", () => {
  const [played] = roomed([note(1.2, 1)], [note(1, 1)], [note(2, 1)]);
  expect(played?.start_time).toBe(1.2);
  expect(played?.duration).toBeCloseTo(0.8, 4);
  expect(1.2 + (played?.duration ?? 2)).toBeLessThan(2);
});

test("A note that is played early begins where the note before it ends", () => {
  const [played] = roomed([note(0.8, 1)], [note(1, 1)], [note(0, 1)]);
  expect(played?.start_time).toBe(1);
});

test("A note does not pass the note after it", () => {
  const [played] = roomed([note(2.5, 1)], [note(1, 1)], [note(2, 1)]);
  expect(played?.start_time).toBeLessThan(2);
  expect(played?.duration).toBeGreaterThan(0);
});

test("Notes of other pitches are no bounds", () => {
  const late = note(1.2, 1);
  expect(roomed([late], [note(1, 1)], [note(2, 1, 61), note(0, 1.1, 59)])).toEqual([late]);
});

test("A note that began inside the one before it stays where it was", () => {
  // Live has no such notes, but a tool may be handed them
  const [played] = roomed([note(0.4, 1)], [note(0.5, 1)], [note(0, 1)]);
  expect(played?.start_time).toBe(0.5);
});
