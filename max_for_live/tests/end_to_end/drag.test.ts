import { expect, test } from "vitest";

import { VirtualClock } from "../live/clock.ts";
import { LiveSet } from "../live/set.ts";
import type { SimClip } from "../live/clip.ts";
import type { MaxDevice } from "../max/max_device.ts";
import { PATIENCE_MS, phrase, staged } from "./stage.ts";

const stage = staged("yuragi");

/** A hand turns a dial for 850 ms, a message each 10 ms. */
const MESSAGES = 85;
const EVERY_MS = 10;
const SEED = 1234;

interface Room {
  readonly clip: SimClip;
  readonly clock: VirtualClock;
  readonly max: MaxDevice;
}

/** Open a device on a clock that stands still but for what a test says; the seed stays the same. */
async function room(count: number): Promise<Room> {
  const [live, clock] = [new LiveSet(), new VirtualClock()];
  const track = live.addTrack({ name: "Piano" });
  const clip = track.addClip({ name: "Verse", length: count / 8, notes: phrase(count) });
  live.select(clip);
  const passing = setInterval(() => {
    clock.advance(1);
  }, 1);
  const max = await stage.current.open({ live, track, clock });
  clearInterval(passing);
  max.turn("seed", SEED);
  max.turn("lock", 1);
  clock.advance(1000);
  return { clip, clock, max };
}

/** Let time pass, and what is asked be answered and written at once. */
async function pass({ clock, max }: Room, ms: number): Promise<void> {
  clock.advance(ms);
  while (countOf(max.sent, "ask") > countOf(max.said, "answer")) {
    await max.until(
      () => countOf(max.sent, "ask") === countOf(max.said, "answer"),
      PATIENCE_MS,
      "answered",
    );
    clock.advance(0);
  }
}

/** Count whole texts by their last pieces: number `count - 1` of `count`. News have the id 0. */
function countOf(messages: MaxDevice["said"], selector: string): number {
  return messages.filter(([first, id, index, count]) => {
    return first === selector && id !== 0 && Number(index) + 1 === count;
  }).length;
}

async function humanized(room: Room): Promise<void> {
  room.max.press("humanize");
  await pass(room, 1000);
}

test("A drag of a dial asks at most ten times, and the clip ends with the last value", async () => {
  const dragged = await room(64);
  await humanized(dragged);
  const before = dragged.clip.notes();
  for (let message = 1; message <= MESSAGES; message += 1) {
    dragged.max.turn("velocity", 100 + message);
    await pass(dragged, EVERY_MS);
  }
  await pass(dragged, 1000);
  // one ask at the first turn and one in 120 ms of 850 is 8, and one more for the last value
  expect(countOf(dragged.max.sent, "ask") - 1).toBeLessThanOrEqual(10);
  const fresh = await room(64);
  fresh.max.turn("velocity", 100 + MESSAGES);
  fresh.clock.advance(1000);
  await humanized(fresh);
  expect(dragged.clip.notes()).toEqual(fresh.clip.notes());
  expect(dragged.clip.notes()).not.toEqual(before);
  expect([...dragged.max.errors, ...fresh.max.errors]).toEqual([]);
});

test("Node needs less than 80 MB after 20,000 notes went through it", async () => {
  const large = await room(5_000);
  large.max.turn("lock", 0);
  large.clock.advance(0);
  for (let press = 0; press < 4; press += 1) {
    await humanized(large);
    expect(large.max.text("status")).toMatch(/^\d+ of 5000 notes played/);
  }
  expect(large.max.nodeMemory()).toBeLessThan(80e6);
});
