import { describe, expect, test } from "vitest";

import { planned, shaped, type Shape, type Wanted } from "../../live/plan.ts";
import type { Note } from "../../wire/note.ts";

const HEARD = { start: 0, end: 4 };

function note(id: number, pitch: number, start: number, duration: number): Note {
  return {
    note_id: id,
    pitch,
    start_time: start,
    duration,
    velocity: 100,
    mute: 0,
    probability: 0.5,
    velocity_deviation: -3,
    release_velocity: 20,
  };
}

function shape(start: number, duration: number, velocity = 90): Shape {
  return { start_time: start, duration, velocity };
}

/** The notes are as they were written. */
function wanted(notes: readonly Note[], shapes: readonly Shape[], heard = HEARD): Wanted {
  return { shapes, known: notes, heard };
}

describe("what is written into a clip", () => {
  test("notes that stay as they are are not written", () => {
    const notes = [note(1, 60, 0, 1), note(2, 62, 1, 1)];
    const shapes = [shape(0, 1, 100), shape(1.02, 0.9)];
    expect(planned(notes, wanted(notes, shapes)).map(({ note_id }) => note_id)).toEqual([2]);
  });

  test("probability, deviation, release velocity and mute stay with their note", () => {
    const [written] = planned(
      [note(7, 60, 1, 1)],
      wanted([note(7, 60, 1, 1)], [shape(1.1, 0.5, 64)]),
    );
    expect(written).toEqual({
      ...note(7, 60, 1, 1),
      start_time: 1.1,
      duration: 0.5,
      velocity: 64,
    });
  });

  test("a note ends before the next of its pitch begins, or Live would cut it", () => {
    const notes = [note(1, 60, 0, 1), note(2, 60, 1, 1)];
    const [first, second] = shaped(notes, wanted(notes, [shape(0, 1.5), shape(0.95, 1)]));
    expect((first?.start_time ?? 0) + (first?.duration ?? 0)).toBeLessThan(0.95);
    expect(first?.duration).toBeCloseTo(0.95, 4);
    expect(second?.start_time).toBe(0.95);
  });

  test("notes of one pitch that would begin together are parted, none is lost", () => {
    const notes = [note(1, 60, 0, 0.2), note(2, 60, 0.25, 0.2), note(3, 60, 0.5, 0.2)];
    const after = shaped(notes, wanted(notes, [shape(0.3, 0.2), shape(0.3, 0.2), shape(0.3, 0.2)]));
    const starts = after.map(({ start_time }) => start_time).sort((one, other) => one - other);
    expect(new Set(starts).size).toBe(3);
    for (const [place, start] of starts.slice(1).entries()) {
      const before = after.find(({ start_time }) => start_time === starts[place]);
      expect(start).toBeGreaterThan((before?.start_time ?? 0) + (before?.duration ?? 0));
    }
  });

  test("other pitches may sound together", () => {
    const notes = [note(1, 60, 0, 1), note(2, 64, 0, 1)];
    const shapes = [shape(0, 2), shape(0, 2)];
    expect(shaped(notes, wanted(notes, shapes)).map(({ duration }) => duration)).toEqual([2, 2]);
  });

  test("a note of the loop stays in the loop, or it would not be heard", () => {
    const notes = [note(1, 60, 1, 0.5), note(2, 62, 3.9, 0.1)];
    const heard = { start: 1, end: 4 };
    const [first, last] = shaped(notes, wanted(notes, [shape(0.97, 0.5), shape(4.01, 0.1)], heard));
    expect(first?.start_time).toBe(1);
    expect(last?.start_time).toBeLessThan(4);
  });

  test("a note before the loop may go where it likes", () => {
    const [moved] = shaped(
      [note(1, 60, -1, 0.5)],
      wanted([note(1, 60, -1, 0.5)], [shape(-1.1, 0.5)]),
    );
    expect(moved?.start_time).toBe(-1.1);
  });

  test("velocities stay between 1 and 127", () => {
    const notes = [note(1, 60, 0, 1), note(2, 62, 0, 1)];
    const after = shaped(notes, wanted(notes, [shape(0, 1, 140), shape(0, 1, -4)]));
    expect(after.map(({ velocity }) => velocity)).toEqual([127, 1]);
  });

  test("a note that was shorter than any is not made longer by being left alone", () => {
    expect(
      planned([note(1, 60, 0, 1e-4)], wanted([note(1, 60, 0, 1e-4)], [shape(0, 1e-4, 100)])),
    ).toEqual([]);
  });

  test("notes that touched stay touching where neither is moved", () => {
    const notes = [note(1, 60, 0, 1), note(2, 60, 1, 1), note(3, 60, 2, 1)];
    const shapes = [shape(0, 1, 100), shape(1, 1, 100), shape(2.1, 0.5)];
    expect(planned(notes, wanted(notes, shapes)).map(({ note_id }) => note_id)).toEqual([3]);
  });

  test("what goes back goes back to the last digit, also over the edge of a loop moved since", () => {
    const base = [note(1, 60, 0, 1), note(2, 60, 1, 1), note(3, 62, 1.999, 0.0015)];
    const now = [note(1, 60, 0.02, 0.9), note(2, 60, 0.98, 0.7), note(3, 62, 1.99, 0.0015)];
    const narrow = { start: 0, end: 1 };
    const written = planned(now, { shapes: base, known: base, heard: narrow });
    const places = written.map(({ start_time, duration }) => [start_time, duration]);
    expect(places).toEqual([
      [0, 1],
      [1, 1],
      [1.999, 0.0015],
    ]);
  });

  test("a note that the user put into the way is not touched; what goes back gives way", () => {
    const now = [note(1, 60, 0.5, 0.4), note(2, 60, 0.25, 0.2)];
    const base = [shape(0, 1, 100), shape(0.25, 0.2, 100)];
    const written = planned(now, { shapes: base, known: base, heard: HEARD });
    expect(written.map(({ note_id }) => note_id)).toEqual([1]);
    expect(written[0]?.duration).toBeLessThan(0.25);
  });

  test("a note that was outside of the loop may go back out of it", () => {
    const [back] = planned([note(1, 60, 1.02, 0.5)], {
      shapes: [shape(0.99, 0.5)],
      known: [shape(0.99, 0.5)],
      heard: { start: 1, end: 4 },
    });
    expect(back?.start_time).toBe(0.99);
  });
});

describe("notes beside those that are played", () => {
  /** Play the first note, beside others that stay. */
  function beside(played: Shape, was: Note, others: readonly Note[]): Note | undefined {
    const known = [was, ...others];
    return shaped(known, { shapes: [played, ...others], known, heard: { start: 0, end: 16 } })[0];
  }

  test("a note that is played late ends before the note after it begins", () => {
    const played = beside(shape(1.2, 1), note(1, 60, 1, 1), [note(2, 60, 2, 1)]);
    expect(played?.start_time).toBe(1.2);
    expect(played?.duration).toBeCloseTo(0.8, 4);
  });

  test("a note that is played early begins where the note before it ends", () => {
    const played = beside(shape(0.8, 1), note(1, 60, 1, 1), [note(2, 60, 0, 1)]);
    expect(played?.start_time).toBeCloseTo(1, 4);
  });

  test("a note does not pass the note after it", () => {
    const played = beside(shape(2.5, 1), note(1, 60, 1, 1), [note(2, 60, 2, 1)]);
    expect(played?.start_time).toBeLessThan(2);
    expect(played?.duration).toBeGreaterThan(0);
  });

  test("two notes that are pushed to one place are parted on this side of what stays", () => {
    const known = [note(1, 60, 1, 0.2), note(2, 60, 1.25, 0.2), note(3, 60, 1.5, 0.2)];
    const [stays] = known.slice(2);
    const shapes = [shape(1.55, 0.2), shape(1.8, 0.2), ...(stays ? [stays] : [])];
    const after = shaped(known, { shapes, known, heard: HEARD });
    expect(after[2]).toEqual(stays);
    expect(overlaps(after)).toEqual([]);
  });

  test("repeats at the end of a loop stay in it", () => {
    const known = [note(1, 60, 3.5, 0.25), note(2, 60, 3.75, 0.25)];
    const after = shaped(known, {
      shapes: [shape(4.05, 0.2), shape(4.3, 0.2)],
      known,
      heard: HEARD,
    });
    expect(after.every(({ start_time }) => start_time < 4)).toBe(true);
    expect(overlaps(after)).toEqual([]);
  });

  test("what was written before and what was added since do not run into each other", () => {
    // the user's short note was put before one that was played late and goes back now
    const now = [note(1, 60, 1.05, 0.4), note(2, 60, 1, 0.04)];
    const base = [shape(1, 0.5), shape(1, 0.04, 100)];
    const after = shaped(now, { shapes: base, known: base, heard: HEARD });
    expect(after[1]).toEqual(now[1]);
    expect(overlaps(after)).toEqual([]);
  });

  test("whatever is asked for, no two notes of a pitch overlap, and what stays is not touched", () => {
    let last = 1;
    const chance = (): number => {
      last = (last * 16_807) % 2_147_483_647;
      return last / 2_147_483_647;
    };
    for (let round = 0; round < 500; round += 1) {
      const known = Array.from({ length: 12 }, (_, row) =>
        note(row, 60 + (row % 2), row / 4, 0.25),
      );
      const isMoved = known.map(() => chance() < 0.6);
      const shapes = known.map((one, row) =>
        isMoved[row] ? shape(one.start_time + 1.5 * (chance() - 0.5), 0.6 * chance()) : one,
      );
      const after = shaped(known, { shapes, known, heard: { start: 0, end: 3 } });
      expect(overlaps(after)).toEqual([]);
      expect(after.every(({ start_time }) => start_time >= 0 && start_time < 3)).toBe(true);
      expect(after.filter((_, row) => !isMoved[row])).toEqual(
        known.filter((_, row) => !isMoved[row]),
      );
    }
  });
});

/** Return the notes that run into the next of their pitch, or begin with it. */
function overlaps(notes: readonly Note[]): Note[] {
  return notes.filter((one) =>
    notes.some(
      (other) =>
        other !== one &&
        other.pitch === one.pitch &&
        other.start_time >= one.start_time &&
        one.start_time + one.duration > other.start_time + 1e-9,
    ),
  );
}
