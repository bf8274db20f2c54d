import { describe, expect, test } from "vitest";

import type { Note } from "../../wire/note.ts";
import { LiveSet } from "../live/set.ts";
import type { SimClip } from "../live/clip.ts";
import type { MaxDevice } from "../max/max_device.ts";
import { phrase, staged } from "./stage.ts";

const stage = staged("yuragi");
const WRITTEN_MS = 15_000;

interface Room {
  readonly live: LiveSet;
  readonly clip: SimClip;
  readonly max: MaxDevice;
}

async function room(
  count = 64,
  options: { saved?: ReturnType<MaxDevice["save"]> } = {},
): Promise<Room> {
  const live = new LiveSet();
  const track = live.addTrack({ name: "Piano" });
  const clip = track.addClip({ name: "Verse", length: count / 8, notes: phrase(count) });
  live.select(clip);
  const max = await stage.current.open({ live, track, ...options });
  return { live, clip, max };
}

/** Press Humanize and wait until it is written. */
async function humanized(max: MaxDevice): Promise<void> {
  const before = max.text("time");
  max.press("humanize");
  await max.until(() => max.text("time") !== before, WRITTEN_MS, "written");
}

function timesOf(notes: readonly Note[]): number[] {
  return notes.map(({ start_time }) => start_time);
}

describe("Humanize", () => {
  test("plays the selected clip in one undo step, and keeps every note", async () => {
    const { live, clip, max } = await room();
    const before = clip.notes();
    await humanized(max);
    const after = clip.notes();
    expect(live.undoSteps).toHaveLength(1);
    expect(after.map(({ note_id, pitch }) => [note_id, pitch])).toEqual(
      before.map(({ note_id, pitch }) => [note_id, pitch]),
    );
    expect(timesOf(after)).not.toEqual(timesOf(before));
    expect(max.text("status")).toMatch(/^\d+ of 64 notes played/);
    expect(max.errors).toEqual([]);
    live.undo();
    expect(clip.notes()).toEqual(before);
  });

  test("leaves probability, deviation, release velocity and mute as they are", async () => {
    const { clip, max } = await room();
    await humanized(max);
    for (const note of clip.notes()) {
      expect(note.probability).toBe(0.75);
      expect(note.velocity_deviation).toBe(5);
      expect(note.release_velocity).toBe(33);
    }
  });
});
