import { describe, expect, test } from "vitest";

import type { Note } from "../../wire/note.ts";
import type { ClipOptions } from "../live/contract.ts";
import { LiveSet } from "../live/set.ts";
import { piano, pitches, played, sorted, starts } from "./piano.ts";
import { answered, phrase, staged } from "./stage.ts";

const stage = staged("yuragi");

describe("Humanize", () => {
  test("plays the selected clip in one undo step, and keeps every note", async () => {
    const { live, clip, max } = await piano(stage.current);
    const before = clip.notes();
    await played(max);
    expect(live.undoSteps).toEqual(["apply_note_modifications"]);
    expect(pitches(clip.notes())).toEqual(pitches(before));
    expect(starts(clip.notes())).not.toEqual(starts(before));
    expect(max.text("status")).toMatch(/^\d+ of 64 notes played/);
    expect(max.text("time")).toMatch(/^\d+ ms$/);
    expect([...max.errors, ...live.console]).toEqual([]);
    live.undo();
    expect(sorted(clip.notes())).toEqual(sorted(before));
  });

  test("leaves probability, deviation, release velocity and mute as they are", async () => {
    const { clip, max } = await piano(stage.current);
    await played(max);
    for (const note of clip.notes()) {
      expect(note.probability).toBe(0.75);
      expect(note.velocity_deviation).toBe(5);
      expect(note.release_velocity).toBe(33);
      expect(note.mute).toBe(0);
    }
  });

  test("pressed again plays another performance of the same base", async () => {
    const { clip, max } = await piano(stage.current);
    await played(max);
    const first = starts(clip.notes());
    await played(max);
    expect(starts(clip.notes())).not.toEqual(first);
    const [one, other] = max.asks.filter((ask) => ask.ask === "render");
    expect(other?.clip).toEqual(one?.clip);
    expect(other?.seed).not.toBe(one?.seed);
  });

  test("with a locked seed plays the same performance again, note for note", async () => {
    const { clip, max } = await piano(stage.current);
    max.turn("seed", 77);
    max.press("lock");
    await played(max);
    const first = sorted(clip.notes());
    await played(max);
    expect(sorted(clip.notes())).toEqual(first);
    expect(max.value("seed")).toBe(77);
  });

  test("plays only the notes that are selected, if some are", async () => {
    const { clip, max } = await piano(stage.current);
    const before = sorted(clip.notes());
    const chosen = before.slice(8, 16).map(({ note_id }) => note_id);
    clip.selectNotes(chosen);
    await played(max);
    const changed = sorted(clip.notes()).filter(
      (note, row) => JSON.stringify(note) !== JSON.stringify(before[row]),
    );
    expect(changed.length).toBeGreaterThan(0);
    expect(chosen).toEqual(expect.arrayContaining(changed.map(({ note_id }) => note_id)));
  });

  test("tells the server the tempo, the metre, the scale, the loop and the names", async () => {
    const { max } = await piano(stage.current, {
      set: {
        tempo: 93,
        scale: {
          root_note: 9,
          scale_name: "Minor",
          scale_intervals: [0, 2, 3, 5, 7, 8, 10],
          scale_mode: true,
        },
      },
      track: { name: "Keys", devices: [{ class_name: "InstrumentImpulse", name: "Felt Piano" }] },
      clip: { signature: [7, 8], length: 7, looping: true },
    });
    await played(max);
    const ask = max.asks.find((one) => one.ask === "render");
    expect(ask?.clip).toMatchObject({
      tempo: { time: [0], bpm: [93] },
      metre: [{ time: 0, numerator: 7, denominator: 8 }],
      key: { tonic: 9, intervals: [0, 2, 3, 5, 7, 8, 10], name: "Minor" },
      loop: { start: 0, end: 7 },
      role: "auto",
    });
    expect(ask?.clip.name).toMatch(/^Keys Felt Piano .*Verse$/);
  });

  test("knows drums by the drum rack, also inside another rack", async () => {
    const rack = { class_name: "DrumGroupDevice", name: "Kit", can_have_drum_pads: true };
    const { max } = await piano(stage.current, {
      track: {
        devices: [
          {
            class_name: "InstrumentGroupDevice",
            can_have_chains: true,
            chains: [{ name: "Kit", devices: [rack] }],
          },
        ],
      },
    });
    await played(max);
    expect(max.asks.find((one) => one.ask === "render")?.clip.role).toBe("drums");
  });

  test("tells the server what the pads are called that the clip plays", async () => {
    const drum_pads = [
      { note: 60, name: "Kick 808" },
      { note: 48, name: "𝄞".repeat(65) },
      { note: 36, name: "Snare" },
      { note: 64, name: "E3", chains: 0 },
    ];
    const { live, max } = await piano(stage.current, {
      track: { devices: [{ class_name: "DrumGroupDevice", name: "Kit", drum_pads }] },
    });
    await played(max);
    expect(max.asks.find((one) => one.ask === "render")?.clip.pads).toEqual([
      { pitch: 48, name: "𝄞".repeat(64) },
      { pitch: 60, name: "Kick 808" },
    ]);
    expect([...max.errors, ...live.console]).toEqual([]);
  });

  test("tells of no pads where there is no drum rack", async () => {
    const { max } = await piano(stage.current);
    await played(max);
    expect(max.asks.find((one) => one.ask === "render")?.clip.pads).toEqual([]);
  });

  test.each([
    ["in 7/8", { signature: [7, 8], length: 7 }],
    ["without a loop", { looping: false }],
    [
      "with a negative start",
      {
        start_marker: -4,
        loop_start: -4,
        loop_end: 4,
        notes: phrase(64).map((one) => ({ ...one, start_time: one.start_time - 4 })),
      },
    ],
    ["with a loop in its middle", { loop_start: 2, loop_end: 6 }],
  ] as const)("keeps every note of a clip %s", async (_, options) => {
    const { clip, max, live } = await piano(stage.current, { clip: options });
    const before = clip.notes();
    await played(max);
    expect(pitches(clip.notes())).toEqual(pitches(before));
    expect([...max.errors, ...live.console]).toEqual([]);
    const { loop_start = 0, loop_end = 8 } = options as ClipOptions;
    const inside = (note: Note): boolean =>
      loop_start <= note.start_time && note.start_time < loop_end;
    const heard = new Set(before.filter(inside).map(({ note_id }) => note_id));
    const lost = clip.notes().filter((note) => heard.has(note.note_id) && !inside(note));
    expect(lost).toEqual([]);
  });

  test("plays a clip of the Arrangement", async () => {
    const live = new LiveSet();
    const track = live.addTrack({ name: "Piano" });
    const clip = track.addArrangementClip(16, { length: 8, notes: phrase(64) });
    live.select(clip);
    const max = await stage.current.open({ live, track });
    await played(max);
    expect(live.undoSteps).toHaveLength(1);
  });

  test("plays the clip that plays, if the one shown is on another track", async () => {
    const { live, track, clip, max } = await piano(stage.current, {
      set: { launch_quantization: "none" },
    });
    const other = live.addTrack({ name: "Bass" }).addClip({ length: 8, notes: phrase(8) });
    live.select(other);
    const untouched = other.notes();
    clip.launch();
    live.play();
    await played(max);
    expect(other.notes()).toEqual(untouched);
    expect(live.undoSteps).toHaveLength(1);
    live.stop();
    expect(track.slots.length).toBeGreaterThan(0);
  });

  test("plays 20,000 notes", { timeout: 60_000 }, async () => {
    const { clip, max } = await piano(stage.current, {
      clip: { length: 2500, notes: phrase(20_000) },
    });
    await played(max);
    expect(clip.notes()).toHaveLength(20_000);
    expect(max.text("status")).toMatch(/of 20000 notes played/);
  });
});

describe("a dial", () => {
  test("plays the clip anew from its base, with the same seed", async () => {
    const { clip, max } = await piano(stage.current);
    const before = clip.notes();
    await played(max);
    await played(max, () => {
      max.turn("velocity", 0);
    });
    const asks = max.asks.filter((ask) => ask.ask === "render");
    expect(asks.at(-1)?.amounts).toMatchObject({ velocity: 0, groove: 1 });
    expect(asks.at(-1)?.seed).toBe(asks.at(-2)?.seed);
    expect(asks.at(-1)?.clip).toEqual(asks.at(-2)?.clip);
    const velocities = new Set(clip.notes().map(({ velocity }) => velocity));
    expect(velocities).toEqual(new Set(before.map(({ velocity }) => velocity)));
  });

  test("that is turned down on all sides brings the base back", async () => {
    const { clip, max } = await piano(stage.current);
    const before = clip.notes();
    await played(max);
    for (const name of ["velocity", "groove", "articulation", "rubato"]) {
      await played(max, () => {
        max.turn(name, 0);
      });
    }
    expect(sorted(clip.notes())).toEqual(sorted(before));
  });

  test("does not touch a clip that was never played, and says so", async () => {
    const { live, max } = await piano(stage.current);
    const turn = (): void => {
      max.turn("velocity", 50);
    };
    await answered(max, turn, /Nothing here was played/);
    expect(live.undoSteps).toEqual([]);
    expect(max.asks.filter((ask) => ask.ask === "render")).toEqual([]);
  });

  test("Dice plays another performance at once", async () => {
    const { clip, max } = await piano(stage.current);
    await played(max);
    const first = starts(clip.notes());
    await played(max, () => {
      max.press("dice");
    });
    expect(starts(clip.notes())).not.toEqual(first);
  });

  test("a preset is chosen among the server's, and played", async () => {
    const { max } = await piano(stage.current);
    expect(max.items("preset")).toContain("piano/gentle");
    await played(max);
    await played(max, () => {
      max.turn("preset", "piano/gentle");
    });
    expect(max.asks.at(-1)).toMatchObject({ preset: "piano/gentle" });
  });
});
