import { describe, expect, test } from "vitest";

import { folded, positionAt, type Lane } from "../../live/lane.ts";
import { PedalPlayer, type Moment, type Movement } from "../../live/pedal_player.ts";

/** At 120 beats a minute a beat lasts 500 ms. */
const BPM = 120;
const BEAT_MS = 500;

const LANE: Lane = { time: [0, 1, 1.1, 3.5], value: [127, 0, 127, 0] };
const LOOP = { start: 0, end: 4 };

interface Heard {
  readonly atMs: number;
  readonly value: number;
}

/** Play a clip from a beat on, asked every 30 ms with an error of up to 4 ms, as a pipe would. */
function played(lane: Lane, beats: number, loop?: Moment["loop"], from = 0): Heard[] {
  const player = new PedalPlayer();
  let waiting: Heard[] = [];
  const heard: Heard[] = [];
  const take = (nowMs: number, movements: readonly Movement[]): void => {
    heard.push(...waiting.filter(({ atMs }) => atMs <= nowMs));
    waiting = waiting.filter(({ atMs }) => atMs > nowMs);
    for (const movement of movements) {
      if (movement === "clear") {
        waiting = [];
      } else {
        waiting.push({ atMs: nowMs + movement.delayMs, value: movement.value });
      }
    }
    waiting.sort((one, other) => one.atMs - other.atMs);
  };
  const untilMs = beats * BEAT_MS;
  for (let nowMs = 0, turn = 0; nowMs < untilMs; nowMs += 30, turn += 1) {
    const errorMs = ((turn * 7) % 9) - 4;
    const straight = from + Math.max(0, nowMs + errorMs) / BEAT_MS;
    const length = loop ? loop.end - loop.start : 0;
    const position =
      loop && straight >= loop.end ? loop.start + ((straight - loop.start) % length) : straight;
    take(nowMs, player.update({ lane, position, loop, bpm: BPM, nowMs }));
  }
  take(untilMs, player.update(undefined));
  take(untilMs + 1, []);
  return heard;
}

/** Whether movements are the expected ones, each within so many ms. */
function expectHeard(
  heard: readonly Heard[],
  expected: readonly [ms: number, value: number][],
): void {
  expect(heard.map(({ value }) => value)).toEqual(expected.map(([, value]) => value));
  for (const [place, [ms]] of expected.entries()) {
    expect(Math.abs((heard[place]?.atMs ?? Infinity) - ms)).toBeLessThan(8);
  }
}

describe("the pedal of a clip that plays", () => {
  test("moves in time, though Live says only roughly where it is", () => {
    expectHeard(played(LANE, 3.9), [
      [0, 127],
      [500, 0],
      [550, 127],
      [1750, 0],
      [1950, 0],
    ]);
  });

  test("is at a loop's start as it is written there, each time around", () => {
    const heard = played(LANE, 8.1, LOOP);
    expectHeard(heard, [
      [0, 127],
      [500, 0],
      [550, 127],
      [1750, 0],
      [2000, 127],
      [2500, 0],
      [2550, 127],
      [3750, 0],
      [4000, 127],
      [4050, 0],
    ]);
  });

  test("is set as it is where a clip is begun in the middle", () => {
    expectHeard(played(LANE, 0.4, undefined, 2).slice(0, 1), [[0, 127]]);
  });

  test("is lifted when the song stops, whatever was handed out ahead", () => {
    const heard = played({ time: [0, 0.45], value: [127, 64] }, 0.42);
    expectHeard(heard, [
      [0, 127],
      [210, 0],
    ]);
  });

  test("follows a jump: what waits is taken back, and the pedal is as it is there", () => {
    const player = new PedalPlayer();
    const at = (position: number, nowMs: number): Movement[] =>
      player.update({ lane: LANE, position, loop: undefined, bpm: BPM, nowMs });
    at(0.9, 0);
    expect(at(3.6, 30)).toEqual(["clear", { value: 0, delayMs: 0 }]);
  });

  test("an event a little ahead is handed out once, with the time that is left", () => {
    const player = new PedalPlayer();
    const at = (position: number, nowMs: number): Movement[] =>
      player.update({ lane: LANE, position, loop: undefined, bpm: BPM, nowMs });
    expect(at(0.9, 0)).toEqual([
      { value: 127, delayMs: 0 },
      { value: 0, delayMs: expect.closeTo(50, 6) as number },
      { value: 127, delayMs: expect.closeTo(100, 6) as number },
    ]);
    expect(at(0.96, 30)).toEqual([]);
  });

  test("a loop shorter than the look ahead goes around more than once", () => {
    const short: Lane = { time: [0, 0.05], value: [127, 0] };
    const player = new PedalPlayer();
    const moved = player.update({
      lane: short,
      position: 0,
      loop: { start: 0, end: 0.1 },
      bpm: BPM,
      nowMs: 0,
    });
    expect(moved.filter((movement) => movement !== "clear").map(({ value }) => value)).toEqual([
      127, 0, 127, 0,
    ]);
  });
});

describe("a pedal folded into lengths", () => {
  const shape = (start: number, duration: number): Parameters<typeof folded>[0][number] => {
    return { start_time: start, duration, velocity: 80 };
  };

  test("a note that ends under the pedal lasts until it is lifted", () => {
    expect(folded([shape(0, 0.5)], LANE, 4)[0]?.duration).toBe(1);
    expect(folded([shape(1, 0.5)], LANE, 4)[0]?.duration).toBe(2.5);
  });

  test("a note that ends while the pedal is up keeps its length", () => {
    expect(folded([shape(3.4, 0.3)], LANE, 4)[0]?.duration).toBeCloseTo(0.3, 12);
  });

  test("a pedal that is not lifted lasts to the end of the clip", () => {
    expect(folded([shape(0, 0.5)], { time: [0], value: [127] }, 4)[0]?.duration).toBe(4);
  });

  test("before its first event a pedal is up", () => {
    expect(positionAt({ time: [1], value: [127] }, 0.5)).toBe(0);
  });
});
