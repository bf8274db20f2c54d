import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import type { Clip } from "../../wire/note.ts";
import { LiveSet } from "../live/set.ts";
import type { MaxDevice } from "../max/max_device.ts";
import { PATIENCE_MS, phrase, pressed, staged } from "./stage.ts";

const stage = staged("yuragi");

async function generated(max: MaxDevice): Promise<void> {
  max.press("generate");
  await max.until(
    () => max.text("status").includes("notes in a new clip"),
    PATIENCE_MS,
    "generated",
  );
}

describe("Generate", () => {
  test("writes a new clip into the next free slot, and leaves those that are there", async () => {
    const live = new LiveSet({ signature: [3, 4] });
    const track = live.addTrack({ name: "Drums" });
    const there = [0, 1].map((slot) => track.addClip({ length: 4, notes: phrase(8) }, slot));
    const before = there.map((clip) => clip.notes());
    const max = await stage.current.open({ live, track });
    max.turn("bars", 2);
    await generated(max);
    const made = track.slots[2]?.clip;
    expect(made?.notes().length).toBeGreaterThan(0);
    expect(max.asks.at(-1)).toMatchObject({ clip: { length: 6 } });
    expect(made?.notes().every(({ start_time }) => start_time < 6)).toBe(true);
    expect(there.map((clip) => clip.notes())).toEqual(before);
    expect(live.undoSteps).toEqual(["create_clip", "add_new_notes"]);
    expect([...max.errors, ...live.console]).toEqual([]);
  });

  test("tells the server what all pads of the track are called", async () => {
    const live = new LiveSet();
    const drum_pads = [0, 60, 127].map((note) => ({ note, name: `Pad ${note}` }));
    const track = live.addTrack({ devices: [{ class_name: "DrumGroupDevice", drum_pads }] });
    const max = await stage.current.open({ live, track });
    await generated(max);
    expect(max.asks.at(-1)).toMatchObject({
      clip: { role: "drums", pads: drum_pads.map(({ note, name }) => ({ pitch: note, name })) },
    });
    expect([...max.errors, ...live.console]).toEqual([]);
  });

  test("begins at the highlighted slot", async () => {
    const live = new LiveSet();
    const track = live.addTrack();
    const slot = track.slots[4];
    if (slot) {
      live.highlight(slot);
    }
    const max = await stage.current.open({ live, track });
    await generated(max);
    expect(track.slots[4]?.clip?.notes().length).toBeGreaterThan(0);
  });

  test("says so when no slot is free", async () => {
    const live = new LiveSet();
    const track = live.addTrack({ slots: 2 });
    track.slots.forEach((_, slot) => track.addClip({ length: 4 }, slot));
    const max = await stage.current.open({ live, track });
    max.press("generate");
    await max.until(() => max.text("status").includes("No clip slot is free"), PATIENCE_MS, "said");
    expect(live.undoSteps).toEqual([]);
  });

  test("in the Arrangement writes where there is room, over nothing", async () => {
    const live = new LiveSet();
    live.look("Arranger");
    const track = live.addTrack();
    const there = track.addArrangementClip(0, { length: 8, notes: phrase(8) });
    const before = there.notes();
    const max = await stage.current.open({ live, track });
    await generated(max);
    const clips = track.arrangement.clips;
    expect(clips).toHaveLength(2);
    expect(there.notes()).toEqual(before);
    expect(clips.find((clip) => clip !== there)?.notes().length).toBeGreaterThan(0);
    expect(live.undoSteps).toEqual(["create_midi_clip", "add_new_notes"]);
  });

  test("takes its engines, its dials and their ranges from the server", async () => {
    const live = new LiveSet();
    const track = live.addTrack();
    const max = await stage.current.open({ live, track });
    expect(max.items("engine")).toContain("euclid");
    expect([1, 2, 3, 4].map((dial) => max.shortname(`dial${dial}`))).toEqual([
      "Steps",
      "Pulses",
      "Rotation",
      "Pitch",
    ]);
    expect(max.range("dial1")).toEqual([1, 32]);
    expect(max.value("dial1")).toBe(16);
    max.turn("dial1", 12);
    max.turn("dial2", 5);
    await generated(max);
    expect(max.asks.at(-1)).toMatchObject({
      stages: [{ engine: "euclid", options: { steps: 12, pulses: [5, 2, 7, 3] } }],
    });
  });

  test("goes by the notes of the clip that is meant where the engine reads them", async () => {
    const live = new LiveSet();
    const track = live.addTrack({ name: "Bass" });
    const clip = track.addClip({ length: 8, notes: phrase(8) });
    live.select(clip);
    const before = clip.notes();
    const max = await stage.current.open({ live, track });
    max.turn("engine", "drumify");
    await generated(max);
    const asked = max.asks.at(-1) as { clip: Clip };
    expect(asked.clip.notes.onset).toEqual(before.map((note) => note.start_time));
    const made = track.slots[1]?.clip?.notes() ?? [];
    expect(made.length).toBeGreaterThan(0);
    expect(made.every(({ start_time }) => start_time < 8)).toBe(true);
    expect(clip.notes()).toEqual(before);
    expect([...max.errors, ...live.console]).toEqual([]);
  });

  test("writes a loop with its fill into a new clip that begins with the loop", async () => {
    const live = new LiveSet();
    const track = live.addTrack({ name: "Drums" });
    const note = { pitch: 38, duration: 0.25, velocity: 100 };
    const notes = Array.from({ length: 24 }, (_, row) => ({ ...note, start_time: row / 2 }));
    const loop = { loop_start: 4, loop_end: 12, looping: true };
    const clip = track.addClip({ length: 12, notes, ...loop });
    live.select(clip);
    const max = await stage.current.open({ live, track });
    max.turn("engine", "fill");
    await generated(max);
    const made = track.slots[1]?.clip?.notes() ?? [];
    const kept = made.filter(({ start_time }) => start_time < 6).map((note) => note.start_time);
    const looped = notes.map(({ start_time }) => start_time - 4);
    expect(kept).toEqual(looped.filter((time) => time >= 0 && time < 6));
    expect(made.some(({ start_time }) => start_time >= 6)).toBe(true);
    expect(clip.notes().map(({ start_time }) => start_time)).toEqual(
      notes.map(({ start_time }) => start_time),
    );
  });

  test("says it if a clip is not one to fill", async () => {
    const live = new LiveSet();
    const track = live.addTrack({ name: "Piano" });
    live.select(track.addClip({ length: 8, notes: phrase(8) }));
    const max = await stage.current.open({ live, track });
    max.turn("engine", "fill");
    await pressed(max, "generate", /allowed for a fill are drums/);
    expect(live.undoSteps).toEqual([]);
  });

  test("draws a new seed each time, unless it is locked", async () => {
    const live = new LiveSet();
    const max = await stage.current.open({ live, track: live.addTrack() });
    const seeds = new Set<number>();
    for (let time = 0; time < 3; time += 1) {
      await pressed(max, "generate", /notes in a new clip/);
      seeds.add(max.value("seed"));
    }
    expect(seeds.size).toBe(3);
    max.press("lock");
    max.turn("seed", 5);
    await pressed(max, "generate", /notes in a new clip/);
    await pressed(max, "generate", /notes in a new clip/);
    expect(max.value("seed")).toBe(5);
    expect(max.asks.at(-1)).toMatchObject({ seed: 5 });
  });
});

describe("Export", () => {
  test("writes the clip with its pedal to a MIDI file, and says where", async () => {
    const live = new LiveSet();
    const track = live.addTrack({ name: "Piano" });
    const clip = track.addClip({ name: "Verse", length: 8, notes: phrase(64) });
    live.select(clip);
    const max = await stage.current.open({ live, track });
    max.turn("preset", "piano/pop");
    max.turn("seed", 3);
    max.press("humanize");
    await max.until(() => max.text("status").includes("The pedal plays"), PATIENCE_MS, "played");
    max.press("export");
    await max.until(() => max.text("status").startsWith("Drag it"), PATIENCE_MS, "exported");
    const path = max.text("status").replace(/^[^:]*: /, "");
    const bytes = readFileSync(path);
    expect(bytes.toString("latin1", 0, 4)).toBe("MThd");
    // controller 64 on channel 1
    expect(bytes.includes(Buffer.from([0xb0, 64]))).toBe(true);
  });
});
