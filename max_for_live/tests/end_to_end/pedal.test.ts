import { beforeAll, describe, expect, test } from "vitest";

import { positionAt, type Lane } from "../../live/lane.ts";
import { recalled } from "../../live/memory.ts";
import { buildDevice } from "../../patch/make.ts";
import type { Note } from "../../wire/note.ts";
import { VirtualClock } from "../live/clock.ts";
import type { SimClip } from "../live/clip.ts";
import { LiveSet } from "../live/set.ts";
import { MaxDevice } from "../max/max_device.ts";
import type { Saved } from "../max/surroundings.ts";
import { PATIENCE_MS, phrase, staged } from "./stage.ts";

const stage = staged("yuragi");

/** Of MIDI: a control change on channel 1, and the number of the sustain pedal. */
const CONTROL = 0xb0;
const SUSTAIN = 64;

/** At 120 beats a minute a beat lasts 500 ms; the clip has four. */
const BEAT_MS = 500;
const BEATS = 4;

/** Live is asked where it plays every 30 ms, so that a start or stop is seen so much later. */
const SEEN_MS = 35;

/** A take with a pedal in four beats. */
const SEED = 3;

/** A clip that was played with a pedal, as its notes and the set's memory have it. */
interface Played {
  readonly notes: readonly Note[];
  readonly saved: Saved;
  readonly lane: Lane;
}

let played: Played | undefined;

beforeAll(async () => {
  const live = new LiveSet();
  const track = live.addTrack({ name: "Piano" });
  const clip = track.addClip({ length: BEATS, notes: phrase(32) });
  live.select(clip);
  const max = await stage.current.open({ live, track });
  max.turn("preset", "piano/pop");
  max.turn("seed", SEED);
  max.press("humanize");
  await max.until(() => laneIn(max.save()).time.length > 0, PATIENCE_MS, "a pedal is remembered");
  played = { notes: clip.notes(), saved: max.save(), lane: laneIn(max.save()) };
  await max.close();
}, 4 * PATIENCE_MS);

function laneIn(saved: Saved): Lane {
  const memory = recalled(Object.values(saved.pattrs)[0] ?? []);
  return memory?.performances.at(-1)?.pedal ?? { time: [], value: [] };
}

interface Room {
  readonly clock: VirtualClock;
  readonly live: LiveSet;
  readonly clip: SimClip;
  readonly max: MaxDevice;
  readonly lane: Lane;
}

/** Load the set again, in a time that goes only when it is told to. */
async function room(): Promise<Room> {
  if (!played) {
    throw new Error("nothing was played");
  }
  const clock = new VirtualClock();
  const live = new LiveSet({ launch_quantization: "none", clock });
  const track = live.addTrack({ name: "Piano" });
  const clip = track.addClip({ length: BEATS, notes: played.notes });
  const { env } = stage.current;
  const bytes = await buildDevice("yuragi");
  const max = await MaxDevice.open(bytes, { live, track, clock, env, saved: played.saved });
  clock.advance(100);
  return { clock, live, clip, max, lane: played.lane };
}

interface Move {
  readonly timeMs: number;
  readonly value: number;
}

function moves(max: MaxDevice): Move[] {
  return max.midiOut
    .filter(({ bytes: [status, number] }) => status === CONTROL && number === SUSTAIN)
    .map(({ timeMs, bytes }) => ({ timeMs, value: bytes[2] ?? 0 }));
}

/** Return when the pedal of a clip that loops moves, in ms from its start, for so many rounds. */
function written(lane: Lane, rounds: number): Move[] {
  const turns = Array.from({ length: rounds }, (_, round) => {
    return lane.time.map((time, event): Move => {
      return { timeMs: (round * BEATS + time) * BEAT_MS, value: lane.value[event] ?? 0 };
    });
  });
  return turns.flat();
}

describe("the pedal of a humanized clip", () => {
  test("moves as it is written, to the millisecond, round after round", async () => {
    const { clock, live, clip, max, lane } = await room();
    clip.launch();
    live.play();
    const begunMs = clock.nowMs();
    clock.advance(2 * BEATS * BEAT_MS + 10);
    const heard = moves(max).slice(1);
    const expected = written(lane, 2).filter(({ timeMs }) => timeMs > SEEN_MS);
    expect(heard.slice(0, expected.length).map(({ value }) => value)).toEqual(
      expected.map(({ value }) => value),
    );
    for (const [place, { timeMs }] of expected.entries()) {
      expect(Math.abs((heard[place]?.timeMs ?? 0) - begunMs - timeMs)).toBeLessThan(2);
    }
    await max.close();
  });

  test("is lifted when the song stops, and stays so", async () => {
    const { clock, live, clip, max, lane } = await room();
    const pressed = lane.time[lane.value.findIndex((value) => value >= 64)] ?? 0;
    clip.launch();
    live.play();
    clock.advance(pressed * BEAT_MS + SEEN_MS);
    expect(moves(max).at(-1)?.value).toBeGreaterThan(0);
    live.stop();
    clock.advance(1000);
    expect(moves(max).at(-1)?.value).toBe(0);
    expect(moves(max).at(-1)?.timeMs).toBeLessThan(clock.nowMs() - 900);
    await max.close();
  });

  test("is as it is written where the song jumps to", async () => {
    const { clock, live, clip, max, lane } = await room();
    clip.launch();
    live.play();
    clock.advance(BEAT_MS);
    live.jump(live.beat + 1.3);
    clock.advance(SEEN_MS);
    const place = clip.playingPosition;
    expect(moves(max).at(-1)?.value).toBe(positionAt(lane, place));
    live.stop();
    await max.close();
  });

  test("follows a tempo that changes while it plays", async () => {
    const { clock, live, clip, max, lane } = await room();
    clip.launch();
    live.play();
    clock.advance(BEAT_MS);
    live.tempo = 60;
    clock.advance(200);
    const before = moves(max).length;
    clock.advance(2000);
    expect(moves(max).length).toBeGreaterThan(before + 4);
    for (const { timeMs, value } of moves(max).slice(before)) {
      const beat = clip.playingPosition - (clock.nowMs() - timeMs) / 1000;
      const place = (beat + BEATS) % BEATS;
      const near = lane.value.filter((_, event) => {
        const off = Math.abs((lane.time[event] ?? Infinity) - place);
        return Math.min(off, BEATS - off) < 0.02;
      });
      expect(near).toContain(value);
    }
    live.stop();
    await max.close();
  });

  test("is silent for a clip whose notes are as they were before", async () => {
    const { clock, live, clip, max } = await room();
    live.select(clip);
    const base = phrase(32);
    clip.edit((edit) => {
      edit.change(
        [...clip.notes()]
          .sort((one, other) => one.note_id - other.note_id)
          .map(({ note_id }, row) => ({ ...base[row], note_id })),
      );
    });
    clip.launch();
    live.play();
    clock.advance(BEATS * BEAT_MS);
    expect(moves(max)).toEqual([]);
    live.stop();
    await max.close();
  });

  test("is silent while the menu says Off, and there again when it says Play", async () => {
    const { clock, live, clip, max } = await room();
    max.turn("pedal", "Off");
    clip.launch();
    live.play();
    clock.advance(BEATS * BEAT_MS);
    expect(moves(max)).toEqual([]);
    max.turn("pedal", "Play");
    clock.advance(BEATS * BEAT_MS);
    expect(moves(max).length).toBeGreaterThan(4);
    live.stop();
    await max.close();
  });

  test("of a performance that was committed plays on, also after Revert", async () => {
    const { clock, live, clip, max } = await room();
    live.select(clip);
    max.press("commit");
    clock.advance(50);
    max.press("revert");
    clock.advance(50);
    clip.launch();
    live.play();
    clock.advance(BEATS * BEAT_MS);
    expect(moves(max).length).toBeGreaterThan(4);
    live.stop();
    await max.close();
  });

  test("is lifted when the device is removed", async () => {
    const { clock, live, clip, max, lane } = await room();
    const pressed = lane.time[lane.value.findIndex((value) => value >= 64)] ?? 0;
    clip.launch();
    live.play();
    clock.advance(pressed * BEAT_MS + SEEN_MS);
    await max.close();
    expect(moves(max).at(-1)?.value).toBe(0);
  });
});

test("a pedal in notes lasts in them, in one step, and nothing is sent", async () => {
  const live = new LiveSet();
  const track = live.addTrack({ name: "Piano" });
  const clip = track.addClip({ length: BEATS, notes: phrase(32) });
  live.select(clip);
  const max = await stage.current.open({ live, track });
  const lengths = (): number => clip.notes().reduce((sum, { duration }) => sum + duration, 0);
  max.turn("preset", "piano/pop");
  max.turn("seed", SEED);
  max.press("lock");
  max.press("humanize");
  await max.until(() => max.text("status").includes("The pedal plays"), PATIENCE_MS, "played");
  const before = lengths();
  max.turn("pedal", "In notes");
  await max.until(() => live.undoSteps.length === 2, PATIENCE_MS, "folded");
  expect(lengths()).toBeGreaterThan(before);
  expect(moves(max)).toEqual([]);
});
