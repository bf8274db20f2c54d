/** Notes change as in Live. */

import { expect, test } from "vitest";
import type { Note } from "../../wire/note.ts";
import { Stage, note, spans } from "./stage.ts";

interface Notes {
  readonly notes: readonly Note[];
}

function read(json: unknown): readonly Note[] {
  return (JSON.parse(String(json)) as Notes).notes;
}

test("The notes come as one JSON string, with mute as 0 or 1", () => {
  const { api } = new Stage().clip({ notes: [{ ...note(60, 0), mute: 1 }] });
  const expected = {
    note_id: 1,
    pitch: 60,
    start_time: 0,
    duration: 1,
    velocity: 100,
    mute: 1,
    probability: 1,
    velocity_deviation: 0,
    release_velocity: 64,
  };
  expect(api.call("get_all_notes_extended")).toBe(JSON.stringify({ notes: [expected] }));
});

test("A dictionary with `return` trims what comes of each note", () => {
  const { api } = new Stage().clip({ notes: [note(60, 2)] });
  const got = api.call("get_all_notes_extended", { return: ["pitch", "start_time"] });
  expect(got).toBe('{"notes":[{"pitch":60,"start_time":2}]}');
});

test("A region holds the notes that start in it", () => {
  const { api } = new Stage().clip({ notes: [note(60, -0.5, 2), note(60, 4), note(61, 1)] });
  const at = read(api.call("get_notes_extended", 60, 1, -1, 5)).map((each) => each.start_time);
  expect(at).toEqual([-0.5]);
});

test("A region may come as a dictionary", () => {
  const { api } = new Stage().clip({ notes: [note(60, 0), note(60, 4)] });
  const region = { from_pitch: 0, pitch_span: 128, from_time: 4, time_span: 1 };
  expect(read(api.call("get_notes_extended", region)).map((each) => each.note_id)).toEqual([2]);
});

test("Notes come by their ids", () => {
  const { api } = new Stage().clip({ notes: [note(60, 0), note(61, 1), note(62, 2)] });
  const byArguments = read(api.call("get_notes_by_id", 1, 3)).map((each) => each.pitch);
  const byDictionary = read(api.call("get_notes_by_id", { note_ids: [2] })).map((e) => e.pitch);
  expect([byArguments, byDictionary]).toEqual([[60, 62], [61]]);
});

test("The selected notes come alone", () => {
  const { clip, api } = new Stage().clip({ notes: [note(60, 0), note(61, 1)] });
  clip.selectNotes([2]);
  expect(read(api.call("get_selected_notes_extended")).map((each) => each.note_id)).toEqual([2]);
});

test("A device may select notes, which is no step to undo", () => {
  const stage = new Stage();
  const { clip, api } = stage.clip({ notes: [note(60, 0), note(61, 1)] });
  api.call("select_notes_by_id", 1);
  expect(clip.selectedNotes().map((each) => each.note_id)).toEqual([1]);
  expect(stage.live.undoSteps).toEqual([]);
});

test("Added notes get new ids, which come back as a list", () => {
  const { api } = new Stage().clip({ notes: [note(60, 0)] });
  const added = api.call("add_new_notes", { notes: [note(61, 1), note(62, 2)] });
  expect(added).toEqual([2, 3]);
});

test("Notes may be given as JSON", () => {
  const { clip, api } = new Stage().clip();
  api.call("add_new_notes", JSON.stringify({ notes: [note(60, 0, 2)] }));
  expect(spans(clip)).toEqual([[60, 0, 2]]);
});

test.each([{ note_id: 1 }, { colour: 3 }])(
  "One note with the unknown key of %o keeps all from being added",
  (extra) => {
    const stage = new Stage();
    const { clip, api } = stage.clip();
    api.call("add_new_notes", { notes: [note(60, 0), { ...note(61, 1), ...extra }] });
    expect(clip.notes()).toEqual([]);
    expect(stage.live.console).toEqual(["call add_new_notes: Invalid entry in the dictionary"]);
  },
);

test("A new note needs pitch, start and duration", () => {
  const stage = new Stage();
  stage.clip().api.call("add_new_notes", { notes: [{ pitch: 60, start_time: 0 }] });
  expect(stage.live.console).toEqual(["call add_new_notes: Missing required keys: duration"]);
});

test.each([
  ["no json", "Malformatted dictionary argument"],
  [{ note: [] }, "Expecting 'notes' as the main dictionary's key"],
])("What is no dictionary of notes is refused: %o", (argument, message) => {
  const stage = new Stage();
  stage.clip().api.call("add_new_notes", argument);
  expect(stage.live.console).toEqual([`call add_new_notes: ${message}`]);
});

test.each([
  { pitch: 128 },
  { pitch: 60.5 },
  { velocity: 128 },
  { velocity: -1 },
  { duration: 0 },
  { duration: -1 },
  { probability: 1.5 },
  { velocity_deviation: 128 },
])("A note with %o is refused, and with it all", (bad) => {
  const stage = new Stage();
  const { clip, api } = stage.clip();
  api.call("add_new_notes", { notes: [note(60, 0), { ...note(61, 1), ...bad }] });
  expect(clip.notes()).toEqual([]);
  expect(stage.live.console[0]).toContain("Invalid arguments");
});

test("The softest note has the velocity 1", () => {
  const { clip, api } = new Stage().clip();
  api.call("add_new_notes", { notes: [{ ...note(60, 0), velocity: 0 }] });
  expect(clip.notes()[0]?.velocity).toBe(1);
});

test("A modification changes what it names and nothing else", () => {
  const { clip, api } = new Stage().clip({ notes: [{ ...note(60, 0), velocity: 90.5 }] });
  api.call("apply_note_modifications", { notes: [{ note_id: 1, start_time: 0.02 }] });
  expect(clip.notes()[0]).toMatchObject({ note_id: 1, start_time: 0.02, velocity: 90.5 });
});

test("One unknown id keeps all modifications from being made", () => {
  const stage = new Stage();
  const { clip, api } = stage.clip({ notes: [note(60, 0)] });
  const notes = [
    { note_id: 1, pitch: 70 },
    { note_id: 9, pitch: 71 },
  ];
  api.call("apply_note_modifications", { notes });
  expect(spans(clip)).toEqual([[60, 0, 1]]);
  expect(stage.live.console[0]).toContain("no note has the id 9");
});

test("A modification without an id is an error", () => {
  const stage = new Stage();
  const { api } = stage.clip({ notes: [note(60, 0)] });
  api.call("apply_note_modifications", { notes: [note(61, 0)] });
  expect(stage.live.console).toEqual([
    "call apply_note_modifications: Required key 'note_id' is missing",
  ]);
});

test("Notes are removed by ids as separate arguments, all or none", () => {
  const stage = new Stage();
  const { clip, api } = stage.clip({ notes: [note(60, 0), note(61, 1), note(62, 2)] });
  api.call("remove_notes_by_id", 1, 9);
  expect(clip.notes()).toHaveLength(3);
  api.call("remove_notes_by_id", 1, 3);
  expect(spans(clip)).toEqual([[61, 1, 1]]);
});

test("The id of a removed note is never used again, not even after undo", () => {
  const stage = new Stage();
  const { api } = stage.clip();
  const first = api.call("add_new_notes", { notes: [note(60, 0)] });
  stage.live.undo();
  const second = api.call("add_new_notes", { notes: [note(60, 0)] });
  expect([first, second]).toEqual([1, 2]);
});

test("A note that runs into a later one of its pitch is shortened", () => {
  const { clip, api } = new Stage().clip({ notes: [note(60, 0, 2), note(61, 0, 2)] });
  api.call("add_new_notes", { notes: [note(60, 1)] });
  expect(spans(clip)).toEqual([
    [60, 0, 1],
    [61, 0, 2],
    [60, 1, 1],
  ]);
});

test("A new note is shortened where an older one begins", () => {
  const { clip, api } = new Stage().clip({ notes: [note(60, 2)] });
  api.call("add_new_notes", { notes: [note(60, 0, 4)] });
  expect(spans(clip)).toEqual([
    [60, 0, 2],
    [60, 2, 1],
  ]);
});

test("A note moved onto the start of another removes it, and its id is gone", () => {
  const stage = new Stage();
  const { clip, api } = stage.clip({ notes: [note(60, 0), note(60, 1)] });
  api.call("apply_note_modifications", { notes: [{ note_id: 1, start_time: 1 }] });
  expect(clip.notes().map((each) => each.note_id)).toEqual([1]);
  api.call("apply_note_modifications", { notes: [{ note_id: 2, velocity: 50 }] });
  expect(stage.live.console[0]).toContain("no note has the id 2");
});

test("Notes that only touch are left as they are", () => {
  const { clip, api } = new Stage().clip({ notes: [note(60, 0)] });
  api.call("add_new_notes", { notes: [note(60, 1)] });
  expect(spans(clip)).toEqual([
    [60, 0, 1],
    [60, 1, 1],
  ]);
});

test("Notes may lie before 0", () => {
  const { clip, api } = new Stage().clip({ start_marker: -1, loop_start: 0 });
  api.call("add_new_notes", { notes: [note(60, -1, 0.5)] });
  expect(spans(clip)).toEqual([[60, -1, 0.5]]);
});

test("An audio clip has no notes to ask for", () => {
  const stage = new Stage();
  const audio = stage.live.addTrack({ kind: "audio" }).addClip();
  expect(stage.at(`id ${audio.id}`).call("get_all_notes_extended")).toBeUndefined();
  expect(stage.live.console[0]).toContain("only available in MIDI clips");
});

test("The notes of a frozen track cannot be changed", () => {
  const stage = new Stage();
  const { clip, api } = stage.clip();
  stage.track.freeze(true);
  api.call("add_new_notes", { notes: [note(60, 0)] });
  expect(clip.notes()).toEqual([]);
  expect(stage.live.console).toEqual(["call add_new_notes: The track is frozen"]);
});
