/** Paths lead to objects, and objects keep their ids. */

import { expect, test } from "vitest";
import { Stage } from "./stage.ts";

test.each([
  ["live_set", "Song", "live_set"],
  ["live_app", "Application", "live_app"],
  ["live_set view", "View", "live_set view"],
  ["live_set tracks 0", "Track", "live_set tracks 0"],
  ["live_set tracks 0 clip_slots 1 clip", "Clip", "live_set tracks 0 clip_slots 1 clip"],
  ["live_set tracks 0 arrangement_clips 0", "Clip", "live_set tracks 0 arrangement_clips 0"],
  ["live_set view detail_clip", "Clip", "live_set tracks 0 clip_slots 1 clip"],
  ["live_set view highlighted_clip_slot", "ClipSlot", "live_set tracks 0 clip_slots 1"],
  ["this_device", "MaxDevice", "live_set tracks 0 devices 0"],
  ["this_device canonical_parent", "Track", "live_set tracks 0"],
  [
    "live_set tracks 1 devices 0 drum_pads 36",
    "DrumPad",
    "live_set tracks 1 devices 0 drum_pads 36",
  ],
  [
    "live_set tracks 1 devices 1 chains 0 devices 0",
    "Device",
    "live_set tracks 1 devices 1 chains 0 devices 0",
  ],
])("%s is a %s", (path, type, canonical) => {
  const stage = staged();
  const api = stage.at(path);
  expect([api.type, api.unquotedpath, api.path]).toEqual([type, canonical, `"${canonical}"`]);
  expect(stage.at(`id ${api.id}`).id).toBe(api.id);
  expect(stage.live.console).toEqual([]);
});

function staged(): Stage {
  const stage = new Stage();
  stage.live.select(stage.track.addClip({}, 1));
  stage.track.addArrangementClip(8);
  const chains = [{ name: "Keys", devices: [{ class_name: "UltraAnalog" }] }];
  const rack = { class_name: "InstrumentGroupDevice", chains };
  stage.live.addTrack({ devices: [{ class_name: "DrumGroupDevice" }, rack] });
  return stage;
}

test.each([
  "live_set tracks 7",
  "live_set view detail_clip",
  "live_set tracks 0 nonsense",
  "id 999",
])("%s leads nowhere: id 0, and the console says nothing", (path) => {
  const stage = new Stage();
  expect([stage.at(path).id, stage.live.console]).toEqual(["0", []]);
});

test("A path that begins with no root is an error", () => {
  const stage = new Stage();
  expect(stage.at("song tracks 0").id).toBe("0");
  expect(stage.live.console).toEqual(["LiveAPI: set path: invalid path"]);
});

test("A reference to a deleted clip becomes id 0, and the id is never used again", () => {
  const stage = new Stage();
  const { clip, api } = stage.clip();
  const before = api.id;
  stage.track.remove(clip);
  const next = stage.clip().api.id;
  expect([api.id, api.unquotedpath, next === before]).toEqual(["0", "", false]);
});

test("A call on no object shows on the console and gives nothing", () => {
  const stage = new Stage();
  const api = stage.at("live_set view detail_clip");
  expect(api.call("get_all_notes_extended")).toBeUndefined();
  expect(api.get("name")).toBeUndefined();
  expect(stage.live.console).toEqual([
    "call get_all_notes_extended: no valid object set",
    "get: no valid object set",
  ]);
});

test("An object keeps its id when those before it are deleted", () => {
  const stage = new Stage();
  const second = stage.live.addTrack({ name: "second" });
  const api = stage.at("live_set tracks 1");
  stage.live.removeTrack(stage.track);
  expect([api.id, api.unquotedpath]).toEqual([second.id, "live_set tracks 0"]);
});
