/** Clips come and go as in Live. */

import { expect, test } from "vitest";
import { Stage, note, spans } from "./stage.ts";

function layout(stage: Stage): number[][] {
  return stage.track.arrangement.clips.map(({ state }) => [state.start, state.end]);
}

test("create_clip fills an empty slot with a clip that loops", () => {
  const stage = new Stage();
  const created = stage.at("live_set tracks 0 clip_slots 2").call("create_clip", 3.5);
  const clip = stage.at("live_set tracks 0 clip_slots 2 clip");
  expect(created).toEqual(["id", Number(clip.id)]);
  const got = ["looping", "length", "loop_start", "loop_end", "start_marker", "end_marker"];
  expect(got.map((name) => clip.get(name)?.[0])).toEqual([1, 3.5, 0, 3.5, 0, 3.5]);
});

test.each([
  ["a full slot", 0, 4],
  ["no length", 1, 0],
])("create_clip refuses %s", (_, slot, length) => {
  const stage = new Stage();
  stage.clip();
  stage.at(`live_set tracks 0 clip_slots ${slot}`).call("create_clip", length);
  expect(stage.live.console).toHaveLength(1);
  expect(stage.live.undoSteps).toEqual([]);
});

test.each([{ kind: "audio" }, { is_frozen: true }] as const)(
  "No MIDI clip is created on a track with %o",
  (options) => {
    const stage = new Stage();
    stage.live.addTrack(options);
    stage.at("live_set tracks 1 clip_slots 0").call("create_clip", 4);
    stage.at("live_set tracks 1").call("create_midi_clip", 0, 4);
    expect(stage.live.console).toHaveLength(2);
  },
);

test("create_midi_clip puts a clip into the Arrangement", () => {
  const stage = new Stage({ version: "12.1.10" });
  const created = stage.at("live_set tracks 0").call("create_midi_clip", 8, 4);
  const clip = stage.at("live_set tracks 0 arrangement_clips 0");
  expect(created).toEqual(["id", Number(clip.id)]);
  const got = ["is_arrangement_clip", "start_time", "end_time", "length"];
  expect(got.map((name) => clip.get(name)?.[0])).toEqual([1, 8, 12, 4]);
});

test("What a new clip of the Arrangement covers gives way, and is another object", () => {
  const stage = new Stage();
  const old = stage.track.addArrangementClip(0, { length: 16, notes: [note(60, 5)] });
  const api = stage.at(`id ${old.id}`);
  stage.at("live_set tracks 0").call("create_midi_clip", 4, 4);
  expect(layout(stage)).toEqual([
    [0, 4],
    [4, 8],
    [8, 16],
  ]);
  expect(api.id).toBe("0");
  expect(stage.track.arrangement.clips[2]?.state.start_marker).toBe(8);
});

test("A clip of the Session is duplicated to the Arrangement with its notes under new objects", () => {
  const stage = new Stage();
  const { clip } = stage.clip({ notes: [note(60, 1)] });
  const track = stage.at("live_set tracks 0");
  track.call("duplicate_clip_to_arrangement", `id ${clip.id}`, 4);
  const [copy] = stage.track.arrangement.clips;
  expect([layout(stage), copy && spans(copy)]).toEqual([[[4, 8]], [[60, 1, 1]]]);
});

test("Duplicating a clip of the Arrangement onto another is refused, as it has crashed Live", () => {
  const stage = new Stage();
  const clip = stage.track.addArrangementClip(0);
  stage.at("live_set tracks 0").call("duplicate_clip_to_arrangement", "id", Number(clip.id), 2);
  expect(layout(stage)).toEqual([[0, 4]]);
  expect(stage.live.console[0]).toContain("crashed Live");
});

test("delete_clip takes the clip from where it is, and undo brings back the same", () => {
  const stage = new Stage();
  const { api } = stage.clip();
  const { id } = api;
  stage.at("live_set tracks 0").call("delete_clip", `id ${id}`);
  expect(api.id).toBe("0");
  stage.live.undo();
  expect(api.id).toBe(id);
});

test("Without a loop, loop_start and loop_end are the markers, and length lies between", () => {
  const options = { looping: false, start_marker: 1, end_marker: 7 };
  const { api } = new Stage().clip(options);
  expect(["loop_start", "loop_end", "length"].map((name) => api.get(name)?.[0])).toEqual([1, 7, 6]);
});

test("The end of a clip of the Session is its loop's end, or without a loop its end marker", () => {
  const stage = new Stage();
  const ends = [true, false].map((looping) => {
    return stage.clip({ looping, loop_end: 4, end_marker: 6 }).api.get("end_time");
  });
  expect(ends).toEqual([[4], [6]]);
});

test("A loop cannot end before it starts", () => {
  const stage = new Stage();
  const { api } = stage.clip();
  api.set("loop_end", -1);
  expect([api.get("loop_end"), stage.live.console.length]).toEqual([[4], 1]);
});
