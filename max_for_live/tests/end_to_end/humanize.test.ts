import { describe, expect, test } from "vitest";

import type { Note } from "../../wire/note.ts";
import type { ClipOptions, SetOptions, TrackOptions } from "../live/contract.ts";
import { LiveSet } from "../live/set.ts";
import type { SimClip } from "../live/clip.ts";
import type { SimTrack } from "../live/track.ts";
import type { MaxDevice } from "../max/max_device.ts";
import { phrase, staged } from "./stage.ts";

const stage = staged("yuragi");
const WRITTEN_MS = 15_000;

interface Room {
  readonly live: LiveSet;
  readonly track: SimTrack;
  readonly clip: SimClip;
  readonly max: MaxDevice;
}

interface Furniture {
  readonly set?: SetOptions;
  readonly track?: TrackOptions;
  readonly clip?: ClipOptions;
}

/** A set with a track of the name Piano, whose selected clip has 64 notes, and the device on it. */
async function room(furniture: Furniture = {}): Promise<Room> {
  const live = new LiveSet(furniture.set);
  const track = live.addTrack({ name: "Piano", ...furniture.track });
  const clip = track.addClip({ name: "Verse", length: 8, notes: phrase(64), ...furniture.clip });
  live.select(clip);
  const max = await stage.current.open({ live, track });
  return { live, track, clip, max };
}

/** Press Humanize, or do something else that plays, and wait until it is written. */
async function played(
  max: MaxDevice,
  act = (): void => {
    max.press("humanize");
  },
): Promise<void> {
  const asked = max.asks.length;
  act();
  await max.until(
    () => max.asks.length > asked && /played|clip as it is/.test(max.text("status")),
    WRITTEN_MS,
    "played",
  );
}

/** Press a button that needs no server, and wait for what it says. */
async function pressed(max: MaxDevice, name: string, says: RegExp): Promise<void> {
  max.press(name);
  await max.until(() => says.test(max.text("status")), WRITTEN_MS, String(says));
}

/** Wait until the set was told what to remember. */
async function settled(max: MaxDevice, act: () => void): Promise<void> {
  const before = JSON.stringify(max.save().pattrs);
  act();
  await max.until(() => JSON.stringify(max.save().pattrs) !== before, WRITTEN_MS, "remembered");
}

function sorted(notes: readonly Note[]): Note[] {
  return [...notes].sort((one, other) => one.note_id - other.note_id);
}

function starts(notes: readonly Note[]): number[] {
  return sorted(notes).map(({ start_time }) => start_time);
}

function pitches(notes: readonly Note[]): [number, number][] {
  return sorted(notes).map(({ note_id, pitch }) => [note_id, pitch]);
}

describe("Humanize", () => {
  test("plays the selected clip in one undo step, and keeps every note", async () => {
    const { live, clip, max } = await room();
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
    const { clip, max } = await room();
    await played(max);
    for (const note of clip.notes()) {
      expect(note.probability).toBe(0.75);
      expect(note.velocity_deviation).toBe(5);
      expect(note.release_velocity).toBe(33);
      expect(note.mute).toBe(0);
    }
  });

  test("pressed again plays another performance of the same base", async () => {
    const { clip, max } = await room();
    await played(max);
    const first = starts(clip.notes());
    await played(max);
    expect(starts(clip.notes())).not.toEqual(first);
    const [one, other] = max.asks.filter((ask) => ask.ask === "render");
    expect(other?.clip).toEqual(one?.clip);
    expect(other?.seed).not.toBe(one?.seed);
  });

  test("with a locked seed plays the same performance again, note for note", async () => {
    const { clip, max } = await room();
    max.turn("seed", 77);
    max.press("lock");
    await played(max);
    const first = sorted(clip.notes());
    await played(max);
    expect(sorted(clip.notes())).toEqual(first);
    expect(max.value("seed")).toBe(77);
  });

  test("plays only the notes that are selected, if some are", async () => {
    const { clip, max } = await room();
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
    const { max } = await room({
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
    const { max } = await room({
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
    const { clip, max, live } = await room({ clip: options });
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
    const { live, track, clip, max } = await room({ set: { launch_quantization: "none" } });
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
    const { clip, max } = await room({ clip: { length: 2500, notes: phrase(20_000) } });
    await played(max);
    expect(clip.notes()).toHaveLength(20_000);
    expect(max.text("status")).toMatch(/of 20000 notes played/);
  });
});

describe("a dial", () => {
  test("plays the clip anew from its base, with the same seed", async () => {
    const { clip, max } = await room();
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
    const { clip, max } = await room();
    const before = clip.notes();
    await played(max);
    for (const name of ["velocity", "groove", "articulation", "rubato"]) {
      await played(max, () => {
        max.turn(name, 0);
      });
    }
    expect(sorted(clip.notes())).toEqual(sorted(before));
  });

  test("does not touch a clip that was never played", async () => {
    const { live, max } = await room();
    await settled(max, () => {
      max.turn("velocity", 50);
    });
    expect(live.undoSteps).toEqual([]);
    expect(max.asks.filter((ask) => ask.ask === "render")).toEqual([]);
  });

  test("Dice plays another performance at once", async () => {
    const { clip, max } = await room();
    await played(max);
    const first = starts(clip.notes());
    await played(max, () => {
      max.press("dice");
    });
    expect(starts(clip.notes())).not.toEqual(first);
  });

  test("a preset is chosen among the server's, and played", async () => {
    const { max } = await room();
    expect(max.items("preset")).toContain("piano/gentle");
    await played(max);
    await played(max, () => {
      max.turn("preset", "piano/gentle");
    });
    expect(max.asks.at(-1)).toMatchObject({ preset: "piano/gentle" });
  });
});

describe("going back", () => {
  test("Revert brings the base back to the last digit", async () => {
    const { clip, max } = await room();
    const before = sorted(clip.notes());
    await played(max);
    await pressed(max, "revert", /^\d+ notes are as they were/);
    expect(sorted(clip.notes())).toEqual(before);
  });

  test("Hear original goes back and forth", async () => {
    const { clip, max } = await room();
    const before = sorted(clip.notes());
    await played(max);
    const after = sorted(clip.notes());
    await pressed(max, "compare", /as they were/);
    expect(sorted(clip.notes())).toEqual(before);
    await pressed(max, "compare", /played/);
    expect(sorted(clip.notes())).toEqual(after);
  });

  test("what the user has edited since is kept", async () => {
    const { clip, max } = await room();
    await played(max);
    const mine = sorted(clip.notes())[5];
    clip.edit((edit) => {
      edit.change([{ note_id: mine?.note_id ?? 0, velocity: 11 }]);
      edit.add([{ pitch: 30, start_time: 7.5, duration: 0.25 }]);
    });
    await pressed(max, "revert", /2 that you edited are kept/);
    const now = clip.notes();
    expect(now.find(({ note_id }) => note_id === mine?.note_id)?.velocity).toBe(11);
    expect(now.some(({ pitch }) => pitch === 30)).toBe(true);
    expect(now).toHaveLength(65);
  });

  test("Commit makes the performance the base", async () => {
    const { clip, max } = await room();
    await played(max);
    const after = sorted(clip.notes());
    await pressed(max, "commit", /original now/);
    await pressed(max, "revert", /^0 notes/);
    expect(sorted(clip.notes())).toEqual(after);
    await played(max);
    const ask = max.asks.filter((one) => one.ask === "render").at(-1);
    expect(ask?.clip.notes.onset[0]).toBe(Math.min(...starts(after)));
  });

  test("works after the set was saved and loaded again, and for a copy of the clip", async () => {
    const { live, track, clip, max } = await room();
    const before = sorted(clip.notes());
    await settled(max, () => {
      max.press("humanize");
    });
    const copy = track.addClip({ length: 8, notes: sorted(clip.notes()) });
    const saved = max.save();
    await max.close();
    const again = await stage.current.open({ live, track, saved });
    live.select(copy);
    await pressed(again, "revert", /^\d+ notes are as they were/);
    expect(starts(copy.notes())).toEqual(starts(before));
    live.select(clip);
    const steps = live.undoSteps.length;
    again.press("revert");
    await again.until(() => live.undoSteps.length > steps, WRITTEN_MS, "reverted");
    expect(sorted(clip.notes())).toEqual(before);
    await again.close();
  });

  test("the chosen preset and the dials are there after loading, and nothing is played by that", async () => {
    const { live, track, max } = await room();
    max.turn("preset", "piano/gentle");
    max.turn("seed", 1234);
    await settled(max, () => {
      max.turn("groove", 140);
    });
    const saved = max.save();
    await max.close();
    const again = await stage.current.open({ live, track, saved });
    expect(again.asks.filter((ask) => ask.ask === "render")).toEqual([]);
    expect(live.undoSteps).toEqual([]);
    expect(again.text("preset")).toBe("piano/gentle");
    expect(again.value("groove")).toBe(140);
    expect(again.value("seed")).toBe(1234);
    again.press("lock");
    await played(again);
    expect(again.asks.at(-1)).toMatchObject({ preset: "piano/gentle", seed: 1234 });
    await again.close();
  });
});
