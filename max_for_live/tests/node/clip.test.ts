import { expect, test } from "vitest";

import { essence, readClip } from "../../node/clip.ts";
import type { Clip } from "../../wire/note.ts";

const notes = {
  pitch: [60, 62],
  onset: [0, 1],
  duration: [1, 1],
  velocity: [80, 81],
  note_id: [3, 4],
  release_velocity: [64, 64],
  mute: [0, 0],
  probability: [1, 1],
  velocity_deviation: [0, 0],
};

test("of a rendered clip, v8 is told what is not as it usually is", () => {
  const { pitch, onset, duration, velocity, note_id } = notes;
  const none = { number: [], time: [], value: [] };
  const clip: Clip = { notes, length: 4, controllers: none, tempo: { time: [0], bpm: [96] } };
  expect(essence({ ...clip, role: "piano", name: "x" })).toEqual({
    notes: { pitch, onset, duration, velocity, note_id },
    length: 4,
  });
});

test.each([
  ["release_velocity", [64, 12]],
  ["mute", [1, 0]],
  ["probability", [1, 0.5]],
  ["velocity_deviation", [-3, 0]],
])("v8 is told of %s where a note has another", (name, column) => {
  const told = essence({ notes: { ...notes, [name]: column }, length: 4 });
  expect(told.notes).toMatchObject({ [name]: column });
  expect(Object.keys(told.notes)).toHaveLength(6);
});

test("v8 is told of controllers and of a tempo that changes", () => {
  const controllers = { number: [64], time: [0], value: [127] };
  const tempo = { time: [0, 2], bpm: [90, 100] };
  expect(essence({ notes, length: 4, controllers, tempo })).toMatchObject({ controllers, tempo });
});

test.each([
  [{ notes, length: "4" }, 'clip.length is "4", allowed is a number'],
  [{ length: 4 }, "clip.notes is missing, allowed is a map"],
  [{ notes: { ...notes, onset: undefined }, length: 4 }, "clip.notes.onset is missing"],
  [
    { notes: { ...notes, velocity: [80] }, length: 4 },
    "the length of clip.notes.velocity is 1, allowed is 2 as of the others",
  ],
  [{ notes, length: 4, tempo: [] }, "clip.tempo is a list, allowed is a map"],
  [{ notes, length: 4, metre: [{ time: 0 }] }, "clip.metre[0].numerator is missing"],
  [{ notes, length: 4, key: { tonic: 0, intervals: 1 } }, "clip.key.intervals is 1"],
  [{ notes, length: 4, loop: {} }, "clip.loop.start is missing"],
  ["clip", 'clip is "clip", allowed is a map'],
])("%j is no clip", (value, sentence) => {
  expect(() => readClip(value, "clip")).toThrow(sentence);
});
