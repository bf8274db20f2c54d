import { describe, expect, test } from "vitest";

import { matched, originals, performed, rowOf, type Performance } from "../../live/performance.ts";
import { recalled, remembered } from "../../live/memory.ts";
import { Shelf } from "../../live/shelf.ts";
import type { Note } from "../../wire/note.ts";

const NO_PEDAL = { time: [], value: [] };

function notes(starts: readonly number[], velocity: number, firstId = 1): Note[] {
  return starts.map((start, row) => ({
    note_id: firstId + row,
    pitch: 60 + row,
    start_time: start,
    duration: 0.5,
    velocity,
    mute: 0,
    probability: 1,
    velocity_deviation: 0,
    release_velocity: 64,
  }));
}

const BASE = notes([0, 1, 2, 3], 100);
const PLAYED = notes([0.01, 0.98, 2.03, 3.01], 71.5);
const PERFORMANCE: Performance = {
  base: BASE.map(rowOf),
  played: PLAYED.map(rowOf),
  pedal: { time: [0, 1], value: [127, 0] },
  basePedal: NO_PEDAL,
  isOriginal: false,
};

describe("which performance a clip is", () => {
  test("is known by its notes, whatever their ids and order", () => {
    const clip = [...notes([0.01, 0.98, 2.03, 3.01], 71.5, 40)].reverse();
    const match = matched(clip, PERFORMANCE);
    expect(match.count).toBe(4);
    expect(originals(clip, match).map(({ start_time }) => start_time)).toEqual([3, 2, 1, 0]);
  });

  test("a note that the user has edited is its own base", () => {
    const edited = PLAYED.map((note, row) => (row === 2 ? { ...note, velocity: 20 } : note));
    const match = matched(edited, PERFORMANCE);
    expect(match.rows).toEqual([0, 1, -1, 3]);
    const base = originals(edited, match);
    expect(base.map(({ velocity }) => velocity)).toEqual([100, 100, 20, 100]);
    expect(base[2]?.start_time).toBe(2.03);
  });

  test("whether it is as it was played or as it was before is seen in its notes", () => {
    expect(matched(PLAYED, PERFORMANCE).isPlayed).toBe(true);
    expect(matched(BASE, PERFORMANCE).isPlayed).toBe(false);
  });

  test("notes that were not changed do not tell which side is heard", () => {
    const few = { ...PERFORMANCE, played: [...BASE.slice(0, 3), ...PLAYED.slice(3)].map(rowOf) };
    expect(matched(BASE, few).isPlayed).toBe(false);
    expect(matched([...BASE.slice(0, 3), ...PLAYED.slice(3)], few).isPlayed).toBe(true);
  });

  test("where both sides are the same notes, the side that was shown last counts", () => {
    const same = { ...PERFORMANCE, played: PERFORMANCE.base };
    expect(matched(BASE, same).isPlayed).toBe(true);
    expect(matched(BASE, { ...same, isOriginal: true }).isPlayed).toBe(false);
  });

  test("from its base a clip goes to the performance again, note by note", () => {
    const shapes = performed(BASE, matched(BASE, PERFORMANCE));
    expect(shapes.map(({ start_time }) => start_time)).toEqual([0.01, 0.98, 2.03, 3.01]);
  });

  test("two notes that are equal are two notes", () => {
    const twins = [BASE[0], BASE[0]].filter((note) => note !== undefined);
    const performance = {
      base: twins.map(rowOf),
      played: twins.map(rowOf),
      pedal: NO_PEDAL,
      basePedal: NO_PEDAL,
      isOriginal: false,
    };
    expect(matched(twins, performance).rows).toEqual([0, 1]);
  });
});

describe("what a set remembers", () => {
  test("a clip is found again after saving, though ids are others", () => {
    const shelf = new Shelf();
    shelf.keep(5, PERFORMANCE, false);
    const texts = remembered({
      choice: { preset: "piano/played", engine: "euclid", seed: 5 },
      performances: shelf.lasting,
    });
    const memory = recalled(texts);
    expect(memory?.choice.preset).toBe("piano/played");
    const opened = new Shelf();
    opened.restore(memory?.performances ?? []);
    expect(opened.hasPedal).toBe(true);
    expect(opened.find(99, PLAYED)?.performance).toEqual(PERFORMANCE);
  });

  test("what was played is found again though it is written down rounded", () => {
    const fine = notes([0.123456789, 1.000004999, 2.71828182845, 3.3333333333], 71.2349);
    const shelf = new Shelf();
    shelf.keep(1, { ...PERFORMANCE, played: fine.map(rowOf) }, false);
    const choice = { preset: "a", engine: "b", seed: 0 };
    const opened = new Shelf();
    const texts = remembered({ choice, performances: shelf.lasting });
    opened.restore(recalled(texts)?.performances ?? []);
    expect(opened.find(2, fine)?.count).toBe(4);
  });

  test("texts are short enough for Max, and 5,000 notes come back as they were", () => {
    const many = notes(
      Array.from({ length: 5000 }, (_, row) => row / 3),
      64.25,
    );
    const shelf = new Shelf();
    const rows = many.map(rowOf);
    shelf.keep(
      1,
      { base: rows, played: rows, pedal: NO_PEDAL, basePedal: NO_PEDAL, isOriginal: false },
      false,
    );
    const choice = { preset: "a", engine: "b", seed: 0 };
    const texts = remembered({ choice, performances: shelf.lasting });
    expect(texts.length).toBeGreaterThan(1);
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(32_767);
    const opened = new Shelf();
    opened.restore(recalled(texts)?.performances ?? []);
    expect(opened.find(2, many)?.performance.base).toEqual(rows);
  });

  test("what a new device is given is no memory, and what is damaged says so", () => {
    expect(recalled([])).toBeUndefined();
    expect(recalled([0])).toBeUndefined();
    expect(() => recalled([':{"form": 1, "choice'])).toThrow(SyntaxError);
    expect(() => recalled([':{"form": 9}'])).toThrow("not of form 3");
  });

  test("a clip that is not half of a performance is none", () => {
    const shelf = new Shelf();
    shelf.keep(5, PERFORMANCE, false);
    const others = notes([0.01, 7, 8, 9], 71.5);
    expect(shelf.find(6, others)).toBeUndefined();
  });

  test("turns of a dial leave few performances in the set, not eighty", () => {
    const shelf = new Shelf();
    for (let turn = 0; turn < 80; turn += 1) {
      const played = notes([0.01, 0.98, 2.03, 3.01], 20 + turn).map(rowOf);
      shelf.keep(5, { ...PERFORMANCE, played }, true);
    }
    expect(shelf.lasting).toHaveLength(17);
    // but Live's undo may bring back each of them
    const undone = shelf.find(5, notes([0.01, 0.98, 2.03, 3.01], 20 + 40));
    expect(undone?.count).toBe(4);
    expect(undone?.isPlayed).toBe(true);
  });

  test("what an undo brings back late takes nothing away", () => {
    const shelf = new Shelf();
    const saved = shelf.lasting;
    shelf.keep(5, PERFORMANCE, false);
    shelf.restore(saved);
    shelf.restore(shelf.lasting);
    expect(shelf.lasting).toHaveLength(1);
    expect(shelf.find(5, PLAYED)?.isPlayed).toBe(true);
  });

  test("a dial that turns for long does not push out what other clips were", () => {
    const shelf = new Shelf();
    shelf.keep(1, PERFORMANCE, false);
    for (let turn = 0; turn < 400; turn += 1) {
      const played = notes([7.01, 8.98, 9.03, 10.01], 20 + turn / 10).map(rowOf);
      shelf.keep(2, { ...PERFORMANCE, played }, turn > 0);
    }
    expect(shelf.lasting[0]?.played).toEqual(PERFORMANCE.played);
    expect(shelf.find(9, PLAYED)?.count).toBe(4);
  });

  test("presses on one clip do not push out the only take of another", () => {
    const shelf = new Shelf();
    shelf.keep(1, PERFORMANCE, false);
    for (let press = 0; press < 200; press += 1) {
      const played = notes([7.01, 8.98, 9.03, 10.01], 20 + press / 10).map(rowOf);
      shelf.keep(2, { ...PERFORMANCE, played }, false);
    }
    expect(shelf.lasting[0]?.played).toEqual(PERFORMANCE.played);
  });

  test("a take that a press made is saved, though a dial has turned on from it", () => {
    const shelf = new Shelf();
    shelf.keep(1, PERFORMANCE, false);
    for (let turn = 0; turn < 40; turn += 1) {
      const played = notes([7.01, 8.98, 9.03, 10.01], 20 + turn).map(rowOf);
      shelf.keep(1, { ...PERFORMANCE, played }, true);
    }
    expect(shelf.lasting).toContain(PERFORMANCE);
  });

  test("an undo of a take of some notes brings back the take before, whole", () => {
    const shelf = new Shelf();
    shelf.keep(5, PERFORMANCE, false);
    const part = [...PLAYED.slice(0, 3), ...notes([3.2], 40).map((one) => ({ ...one, pitch: 63 }))];
    shelf.keep(5, { ...PERFORMANCE, played: part.map(rowOf) }, false);
    const match = shelf.find(5, PLAYED);
    expect(match?.count).toBe(4);
    expect(originals(PLAYED, match).map(({ velocity }) => velocity)).toEqual([100, 100, 100, 100]);
  });

  test("the oldest performances are given up when there are too many", () => {
    const shelf = new Shelf();
    for (let clip = 0; clip < 150; clip += 1) {
      shelf.keep(clip, { ...PERFORMANCE, played: notes([clip], 50).map(rowOf) }, false);
    }
    expect(shelf.lasting).toHaveLength(128);
    expect(shelf.find(149, notes([149], 50))?.count).toBe(1);
  });
});
