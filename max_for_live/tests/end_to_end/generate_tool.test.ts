import { describe, expect, test } from "vitest";

import type { Note } from "../../wire/note.ts";
import type { MaxDevice } from "../max/max_device.ts";
import { staged } from "./stage.ts";
import {
  APPLIED_MS,
  applied,
  apply,
  complaints,
  due,
  renders,
  isPulse,
  OWN,
  empty,
  said,
  settled,
  type Room,
  type RoomOptions,
  mostAsks,
} from "./tool_room.ts";

const stage = staged("yuragi Generate");

async function opened(more: Partial<RoomOptions> = {}): Promise<Room & { max: MaxDevice }> {
  const room = empty(more);
  return { ...room, max: await stage.current.open(room.options) };
}

/** Return notes without what Live counts anew. */
function heard(notes: readonly Note[]): readonly object[] {
  return notes.map((note) => ({ ...note, note_id: 0 }));
}

describe("Apply", () => {
  test("writes a pulse at once, and the take of the server in the same step", async () => {
    const { live, clip, max } = await opened();
    apply(max);
    expect(isPulse(clip.notes())).toBe(true);
    await due();
    await settled(max);
    expect(clip.notes().length).toBeGreaterThan(0);
    expect(isPulse(clip.notes())).toBe(false);
    expect(live.undoSteps).toHaveLength(1);
    expect(complaints(max, live)).toEqual([]);
    live.undo();
    expect(clip.notes()).toEqual([]);
  });

  test("again takes the next take from the pool, before it returns", async () => {
    const { live, clip, max } = await opened();
    await applied(max);
    // the take that comes next has the seed that is drawn next
    await max.until(() => rendered(max) === 2, APPLIED_MS, "the next take");
    await due();
    const seed = renders(max)[1]?.seed;
    live.undo();
    apply(max);
    expect(isPulse(clip.notes())).toBe(false);
    expect(clip.notes().length).toBeGreaterThan(0);
    await due();
    expect(max.text("status")).toMatch(/^\d+ notes\.$/);
    expect(max.value("seed")).toBe(seed);
    expect(complaints(max, live)).toEqual([]);
  });

  test("again writes the same if the seed is locked, and asks for nothing more", async () => {
    const { live, clip, max } = await opened();
    max.press("lock");
    await applied(max);
    const first = heard(clip.notes());
    live.undo();
    apply(max);
    expect(heard(clip.notes())).toEqual(first);
    expect(renders(max)).toHaveLength(1);
  });

  test("places the notes where the selection begins, and cuts them where it ends", async () => {
    const around = [1, 5.5].map((start_time) => ({ pitch: 30, start_time, duration: 0.25 }));
    const clip = { length: 8, notes: around };
    const { clip: after, max } = await opened({ clip, tool: { timeSelection: [2, 5.25] } });
    await turnedOn(max);
    await applied(max);
    const written = after.notes().filter(({ pitch }) => pitch !== 30);
    expect(after.notes()).toHaveLength(written.length + around.length);
    expect(Math.min(...written.map(({ start_time }) => start_time))).toBe(2);
    expect(Math.max(...written.map(endOf))).toBeLessThanOrEqual(5.25);
    expect(renders(max)[0]?.clip.length).toBe(3.25);
  });

  test("places the notes before beat 0 too", async () => {
    const { clip, max } = await opened({ tool: { timeSelection: [-4, 0] } });
    await applied(max);
    expect(Math.min(...clip.notes().map(({ start_time }) => start_time))).toBe(-4);
    expect(Math.max(...clip.notes().map(endOf))).toBeLessThanOrEqual(0);
  });

  test("works by the tool's own button, and Dice gives another take", async () => {
    const { live, max } = await opened();
    max.press("apply");
    await max.until(() => rendered(max) >= 1, APPLIED_MS, "a take");
    await settled(max);
    const before = max.value("seed");
    max.press("dice");
    await max.until(() => max.value("seed") !== before, APPLIED_MS, "another seed");
    await settled(max);
    expect(live.undoSteps).toHaveLength(1);
    expect(complaints(max, live)).toEqual([]);
  });

  test("leaves alone what the user wrote there while the server worked", async () => {
    const { clip, max, live } = await opened();
    apply(max);
    await due();
    clip.edit((edit) => {
      edit.add([{ pitch: 90, start_time: 1, duration: 1 }]);
    });
    const edited = clip.notes();
    await said(max, /edited meanwhile/);
    expect(clip.notes()).toEqual(edited);
    expect(complaints(max, live)).toEqual([]);
  });

  test("does not come back by itself after it was undone", async () => {
    const { clip, max, live } = await opened();
    apply(max);
    await due();
    live.undo();
    await said(max, /edited meanwhile/);
    expect(clip.notes()).toEqual([]);
  });

  test("leaves the notes that are there until the server has answered", async () => {
    const { clip, max, live } = await opened({ clip: { length: 8, notes: OWN } });
    const before = clip.notes();
    apply(max);
    expect(clip.notes()).toEqual(before);
    await due();
    await settled(max);
    expect(clip.notes()).not.toContainEqual(before[0]);
    expect(live.undoSteps).toHaveLength(1);
    live.undo();
    expect(clip.notes()).toEqual(before);
    expect(complaints(max, live)).toEqual([]);
  });

  test("fills another selection where nothing is by a pulse, and says so", async () => {
    const { clip, max, live } = await opened();
    apply(max);
    await due();
    const before = heard(clip.notes());
    clip.edit((edit) => {
      edit.set("loop_end", 16);
      edit.set("loop_start", 8);
    });
    await said(max, /^Only a pulse\. The selection has changed/);
    const [kept, filled] = [
      clip.notes().slice(0, before.length),
      clip.notes().slice(before.length),
    ];
    expect(heard(kept)).toEqual(before);
    expect(filled.length).toBeGreaterThan(0);
    expect(filled.every(({ start_time }) => start_time >= 8)).toBe(true);
    expect(complaints(max, live)).toEqual([]);
  });
});

describe("The request", () => {
  test("holds the scale of the clip that Live names", async () => {
    const scale = { root_note: 2, scale_name: "Dorian", scale_intervals: [0, 2, 3, 5, 7, 9, 10] };
    const { max } = await opened({ set: { scale: { ...scale, scale_mode: true } } });
    await applied(max);
    expect(renders(max)[0]?.clip.key).toEqual({
      tonic: 2,
      intervals: [0, 2, 3, 5, 7, 9, 10],
      name: "Dorian",
    });
  });

  test("holds no scale while Live's is off", async () => {
    const { max } = await opened({ set: { scale: { scale_mode: false } } });
    await applied(max);
    expect(renders(max)[0]?.clip.key).toBeNull();
  });

  test("holds the metre of the clip, not of the song", async () => {
    const { max } = await opened({ clip: { length: 7, signature: [7, 8] } });
    await applied(max);
    expect(renders(max)[0]?.clip.metre).toEqual([{ time: 0, numerator: 7, denominator: 8 }]);
  });
});

describe("Dials", () => {
  test("have the names and ranges that the server tells of the engine", async () => {
    const { max } = await opened();
    expect(max.items("engine")).toContain("euclid");
    expect([1, 2, 3, 4].map((place) => max.shortname(`dial${place}`))).toEqual([
      "Steps",
      "Pulses",
      "Rotation",
      "Pitch",
    ]);
    expect(max.range("dial1")).toEqual([1, 32]);
    expect(max.range("dial3")).toEqual([-32, 32]);
    expect(max.value("dial1")).toBe(16);
  });

  test("reach the options of the server, and are heard", async () => {
    const { clip, max } = await opened();
    await applied(max);
    max.turn("dial1", 8);
    max.turn("dial2", 5);
    max.turn("dial4", 60);
    const isTurned = (): boolean => {
      const options = renders(max).at(-1)?.stages?.[0]?.options;
      return JSON.stringify(options?.["pitch"]) === "[60,38,42,46]";
    };
    await max.until(isTurned, APPLIED_MS, "the pitch in the options");
    await max.until(
      () => clip.notes().some(({ pitch }) => pitch === 60),
      APPLIED_MS,
      "the pitch in the clip",
    );
    // five pulses in each of the four half bars of sixteenths
    expect(clip.notes().filter(({ pitch }) => pitch === 60)).toHaveLength(20);
    expect(renders(max).at(-1)?.stages?.[0]).toMatchObject({
      engine: "euclid",
      options: { steps: 8, pulses: [5, 2, 7, 3] },
    });
  });

  test("of 85 messages make at most 10 asks, and the last of them is heard", async () => {
    const { clip, max, live } = await opened();
    max.press("lock");
    await applied(max);
    const before = renders(max).length;
    // 85 messages in a second, as Live sends them, of the pitches 43 to 127
    const begunMs = performance.now();
    await turnedUp(max, "dial4", 43, 127);
    const most = mostAsks(performance.now() - begunMs);
    await max.until(
      () => clip.notes().some(({ pitch }) => pitch === 127),
      APPLIED_MS,
      "the last pitch",
    );
    expect(renders(max).length - before).toBeLessThanOrEqual(most);
    expect(live.undoSteps).toHaveLength(1);
    expect(complaints(max, live)).toEqual([]);
  });

  test("keep their values in a set that is loaded again", async () => {
    const { max } = await opened();
    max.turn("dial3", -5);
    max.turn("dial4", 120);
    await max.until(() => "memory" in max.save().pattrs, APPLIED_MS, "remembered");
    const saved = max.save();
    const { max: again } = await opened({ open: { saved } });
    expect([again.value("dial3"), again.value("dial4")]).toEqual([-5, 120]);
    await applied(again);
    expect(renders(again)[0]?.stages?.[0]?.options).toMatchObject({
      rotation: [-5, 4, 0, 2],
      pitch: [120, 38, 42, 46],
    });
  });
});

/** Return how many takes have come from the server. */
function rendered(max: MaxDevice): number {
  return max.said.filter((message) => String(message[4]).includes('"rendered"')).length;
}

/** Let the first voice play on every step, so that the first and the last are there. */
async function turnedOn(max: MaxDevice): Promise<void> {
  max.turn("dial2", 16);
  await due();
}

function endOf(note: Note): number {
  return note.start_time + note.duration;
}

/** Turn a dial up step by step, as a hand does: 12 ms from one message to the next. */
function turnedUp(max: MaxDevice, name: string, from: number, to: number): Promise<void> {
  return new Promise((resolve) => {
    let value = from;
    const timer = setInterval(() => {
      max.turn(name, value);
      value += 1;
      if (value > to) {
        clearInterval(timer);
        resolve();
      }
    }, 12);
  });
}
