/** LiveAPI answers as in Max. */

import { expect, test } from "vitest";
import { Stage, note } from "./stage.ts";

test("LiveAPI before live.thisdevice's bang is an error, and refers to nothing", () => {
  const stage = new Stage();
  const early = stage.live.context(stage.track.addDevice());
  expect(new early.LiveAPI("live_set").id).toBe("0");
  expect(stage.live.console).toEqual([
    "LiveAPI: Live API is not initialized, use live.thisdevice to know when it is",
  ]);
});

test("Values come as lists, ids with the word before the number", () => {
  const stage = new Stage({ tempo: 93.5 });
  const { clip } = stage.clip();
  stage.live.select(clip);
  expect(stage.at("live_set").get("tempo")).toEqual([93.5]);
  expect(stage.at("live_set view").get("detail_clip")).toEqual(["id", Number(clip.id)]);
});

test("No object is the id 0", () => {
  const stage = new Stage();
  expect(stage.at("live_set view").get("detail_clip")).toEqual(["id", 0]);
});

test("A list of objects comes as ids, and getcount counts it", () => {
  const stage = new Stage();
  const ids = [stage.track, stage.live.addTrack()].flatMap((each) => ["id", Number(each.id)]);
  const song = stage.at("live_set");
  expect([song.get("tracks"), song.getcount("tracks")]).toEqual([ids, 2]);
});

test("getcount of what is no list is -1, and of what is not there an error", () => {
  const stage = new Stage();
  const song = stage.at("live_set");
  expect([song.getcount("tempo"), song.getcount("nonsense")]).toEqual([-1, 0]);
  expect(stage.live.console).toEqual(["getcount: invalid property name"]);
});

test("A name that looks like a number comes as one", () => {
  const stage = new Stage();
  const names = ["12", "Verse 2"].map((name) => stage.clip({ name }).api.get("name"));
  expect(names).toEqual([[12], ["Verse 2"]]);
});

test.each([
  ["11.3.0", "live_set", "get", "scale_mode"],
  ["12.0.0", "live_set", "get", "scale_mode"],
  ["12.0.5", "live_set tracks 0", "call", "create_midi_clip"],
  ["12.3.0", "live_set", "call", "begin_undo_step"],
  ["12.3.0", "live_set view detail_clip", "call", "automation_envelope"],
] as const)("In Live %s, Max cannot reach %s %s %s", (version, path, verb, name) => {
  const stage = new Stage({ version });
  stage.live.select(stage.clip().clip);
  stage.at(path)[verb](name, 0, 4);
  expect(stage.live.console[0]).toContain(`object has no attribute '${name}'`);
});

test.each([
  ["12.0.5", "live_set", "scale_mode"],
  ["11.3.0", "live_set", "scale_name"],
  ["11.3.0", "live_set", "scale_intervals"],
])("In Live %s, Max can reach %s %s", (version, path, name) => {
  const stage = new Stage({ version });
  expect(stage.at(path).get(name)).toBeDefined();
  expect(stage.live.console).toEqual([]);
});

test("The application tells its version by call", () => {
  const app = new Stage({ version: "12.1.10" }).at("live_app");
  const parts = ["major", "minor", "bugfix"].map((part) => app.call(`get_${part}_version`));
  expect([...parts, app.call("get_version_string")]).toEqual([12, 1, 10, "12.1.10"]);
});

test("What cannot be set stays, and the console says so", () => {
  const stage = new Stage();
  stage.at("live_set").set("scale_intervals", 1);
  stage.at("live_set").set("tempo", "fast");
  expect(stage.live.console).toEqual(["set: can't set attribute", "set: type mismatch"]);
});

test("The view takes an id for the clip that it shows", () => {
  const stage = new Stage();
  const { clip } = stage.clip();
  const view = stage.at("live_set view");
  view.set("detail_clip", ["id", Number(clip.id)]);
  expect(view.get("detail_clip")).toEqual(["id", Number(clip.id)]);
});

test("Each modifying call of a device is a step to undo of its own", () => {
  const stage = new Stage();
  const slot = stage.at("live_set tracks 0 clip_slots 0");
  slot.call("create_clip", 4);
  stage.at("live_set tracks 0 clip_slots 0 clip").call("add_new_notes", { notes: [note(60, 0)] });
  expect(stage.live.undoSteps).toEqual(["create_clip", "add_new_notes"]);
  stage.live.undo();
  expect(stage.track.slots[0]?.clip?.notes()).toEqual([]);
  stage.live.undo();
  expect(slot.get("has_clip")).toEqual([0]);
});

test("A refused call is no step to undo, and neither is reading or launching", () => {
  const stage = new Stage();
  const { api } = stage.clip();
  api.call("add_new_notes", "nonsense");
  api.call("get_all_notes_extended");
  api.call("fire");
  expect(stage.live.undoSteps).toEqual([]);
});

test("What the user does is a step of its own, which undo takes back first", () => {
  const stage = new Stage();
  const { clip, api } = stage.clip();
  api.call("add_new_notes", { notes: [note(60, 0)] });
  clip.edit((edit) => edit.add([note(62, 1)]));
  expect(stage.live.undoSteps).toEqual(["add_new_notes"]);
  stage.live.undo();
  expect(clip.notes().map((each) => each.pitch)).toEqual([60]);
});

test("An observer is told of the object when it is made, then of the value, then of changes", () => {
  const stage = new Stage();
  const told: unknown[][] = [];
  const api = new stage.LiveAPI((args) => told.push(args), "live_set");
  api.property = "tempo";
  stage.live.tempo = 90;
  expect(told).toEqual([
    ["id", Number(api.id)],
    ["tempo", 120],
    ["tempo", 90],
  ]);
});

test("An observer of an object is told its id", () => {
  const stage = new Stage();
  const told = stage.watch("live_set view", "detail_clip");
  const { clip } = stage.clip();
  stage.live.select(clip);
  expect(told).toEqual([
    ["detail_clip", "id", 0],
    ["detail_clip", "id", Number(clip.id)],
  ]);
});

test("An observer of notes is told that they changed, not how", () => {
  const stage = new Stage();
  const { clip } = stage.clip();
  const told = stage.watch(`id ${clip.id}`, "notes");
  clip.edit((edit) => edit.add([note(60, 0)]));
  expect(told).toEqual([
    ["notes", "bang"],
    ["notes", "bang"],
  ]);
});

test("An observer is told id 0 when its object is deleted", () => {
  const stage = new Stage();
  const { clip } = stage.clip();
  const told: unknown[][] = [];
  new stage.LiveAPI((args) => told.push(args), `id ${clip.id}`);
  stage.track.remove(clip);
  expect(told.at(-1)).toEqual(["id", 0]);
});

test("Another property, or none, ends the observing of the first", () => {
  const stage = new Stage();
  const told: unknown[][] = [];
  const api = new stage.LiveAPI((args) => told.push(args), "live_set");
  api.property = "tempo";
  api.property = "";
  const before = told.length;
  stage.live.tempo = 90;
  expect(told).toHaveLength(before);
});

test("What Live does not let observe is an error", () => {
  const stage = new Stage();
  const { clip } = stage.clip();
  stage.watch(`id ${clip.id}`, "length");
  expect(stage.live.console).toEqual(["property length: property cannot be listened to"]);
});

test("Writing inside an observer's callback is refused", () => {
  const stage = new Stage();
  const { clip, api } = stage.clip();
  const observer = new stage.LiveAPI((args) => {
    if (args[0] === "tempo" && args[1] === 90) {
      api.call("add_new_notes", { notes: [note(60, 0)] });
      api.set("name", "no");
    }
  }, "live_set");
  observer.property = "tempo";
  stage.live.tempo = 90;
  expect([clip.notes(), api.get("name")]).toEqual([[], [""]]);
  expect(stage.live.console).toEqual([
    "call add_new_notes: Changes cannot be triggered by notifications",
    "set: Changes cannot be triggered by notifications",
  ]);
});

test("Closed contexts are told nothing any more", () => {
  const stage = new Stage();
  const told = stage.watch("live_set", "tempo");
  stage.live.closeContexts();
  stage.live.tempo = 90;
  expect(told).toEqual([["tempo", 120]]);
});

test("A drum rack has 128 pads; those with chains play", () => {
  const stage = new Stage();
  const drum_pads = [{ note: 36, name: "Kick" }];
  const rack = stage.track.addDevice({ class_name: "DrumGroupDevice", drum_pads });
  const api = stage.at(`id ${rack.id}`);
  const pads = [36, 37].map((pitch) => stage.at(`${api.unquotedpath} drum_pads ${pitch}`));
  expect(api.getcount("drum_pads")).toBe(128);
  expect(pads.map((pad) => [pad.get("name"), pad.get("note"), pad.getcount("chains")])).toEqual([
    [["Kick"], [36], 1],
    [["C#1"], [37], 0],
  ]);
});

test("A device that is no rack has no pads to ask for", () => {
  const stage = new Stage();
  const device = stage.at("this_device");
  expect(device.get("can_have_drum_pads")).toEqual([0]);
  expect(device.get("drum_pads")).toBeUndefined();
  expect(stage.live.console).toEqual(["get: 'MaxDevice' object has no attribute 'drum_pads'"]);
});

test("The application tells which view is in front", () => {
  const stage = new Stage();
  const view = stage.at("live_app view");
  const before = view.get("focused_document_view");
  stage.live.look("Arranger");
  expect([before, view.get("focused_document_view")]).toEqual([["Session"], ["Arranger"]]);
});
