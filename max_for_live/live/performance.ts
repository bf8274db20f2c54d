/**
 * Remember what a clip was before it was played, so that a dial starts there again and nothing is lost.
 *
 * A performance is known by its notes, not by its place: wherever a clip is moved or copied, and after
 * the set is loaded again, its notes tell which performance it is. A note that the user has changed
 * since is the user's, and becomes its own base.
 */

import type { Note } from "../wire/note.ts";
import type { Lane } from "./lane.ts";
import type { Shape } from "./plan.ts";

/** A note's pitch, start, duration and velocity. */
export type Row = readonly [pitch: number, start: number, duration: number, velocity: number];

/** Notes as they were and as they were played, row by row, and the pedals that go with them. */
export interface Performance {
  readonly base: readonly Row[];
  readonly played: readonly Row[];
  /** The pedal of what was played. */
  readonly pedal: Lane;
  /** The pedal of what was there before, where that is a performance that was committed. */
  readonly basePedal: Lane;
  /** Which side was shown last; it tells where both sides have the same notes. */
  readonly isOriginal: boolean;
}

/** Which rows of a performance a clip's notes are: played, or as they were. */
export interface Match {
  readonly performance: Performance;
  /** For each note its row, or -1 if it is the user's own. */
  readonly rows: readonly number[];
  /** How many notes are not the user's own. */
  readonly count: number;
  /** Whether the clip is as it was played, rather than as it was before. */
  readonly isPlayed: boolean;
}

/** Return the row of a note. */
export function rowOf(note: Pick<Note, "pitch"> & Shape): Row {
  return [note.pitch, note.start_time, note.duration, note.velocity];
}

/** Find the rows of a performance among a clip's notes. */
export function matched(notes: readonly Note[], performance: Performance): Match {
  const taken = new Set<number>();
  const played = finderOf(performance.played, taken);
  const base = finderOf(performance.base, taken);
  const asPlayed = notes.map((note) => played(rowOf(note)));
  const rows = notes.map((note, index) => {
    const row = asPlayed[index] ?? -1;
    return row < 0 ? base(rowOf(note)) : row;
  });
  const count = rows.filter((row) => row >= 0).length;
  return { performance, rows, count, isPlayed: isAsPlayed(performance, rows, asPlayed) };
}

/** Count the notes that tell the two sides apart; if there are none, the side shown last counts. */
function isAsPlayed(
  performance: Performance,
  rows: readonly number[],
  asPlayed: readonly number[],
): boolean {
  let [telling, played] = [0, 0];
  rows.forEach((row, index) => {
    const [one, other] = [performance.base[row], performance.played[row]];
    if (one && other && !isSame(one, other)) {
      telling += 1;
      played += asPlayed[index] === row ? 1 : 0;
    }
  });
  return telling === 0 ? !performance.isOriginal : 2 * played > telling;
}

/** Return the pedal of what is heard. */
export function pedalOf({ performance, isPlayed }: Match): Lane {
  return isPlayed ? performance.pedal : performance.basePedal;
}

/** Return the notes as they were before they were played; those of the user as they are. */
export function originals(notes: readonly Note[], match: Match | undefined): Shape[] {
  return notes.map((note, index) =>
    shapeOf(match?.performance.base[match.rows[index] ?? -1], note),
  );
}

/** Return the notes as they were played; those of the user as they are. */
export function performed(notes: readonly Note[], match: Match): Shape[] {
  return notes.map((note, index) =>
    shapeOf(match.performance.played[match.rows[index] ?? -1], note),
  );
}

function shapeOf(row: Row | undefined, note: Note): Shape {
  return row ? { start_time: row[1], duration: row[2], velocity: row[3] } : note;
}

/** Return how many notes were played otherwise than they were written. */
export function countPlayed(base: readonly Row[], played: readonly Row[]): number {
  return base.filter((row, index) => !isSame(row, played[index] ?? row)).length;
}

/** Return the items at some places. */
export function picked<Item>(items: readonly Item[], order: readonly number[]): Item[] {
  const result: Item[] = [];
  for (const place of order) {
    const item = items[place];
    if (item !== undefined) {
      result.push(item);
    }
  }
  return result;
}

/** Return what finds a row by its value and takes it, or -1; no row is taken twice. */
function finderOf(rows: readonly Row[], taken: Set<number>): (row: Row) => number {
  const byPlace = new Map<number, number[]>();
  rows.forEach((row, index) => {
    const same = byPlace.get(placeOf(row));
    if (same) {
      same.push(index);
    } else {
      byPlace.set(placeOf(row), [index]);
    }
  });
  return (wanted) => {
    const isWanted = (index: number): boolean => {
      const row = rows[index];
      return row !== undefined && !taken.has(index) && isSame(row, wanted);
    };
    const found = byPlace.get(placeOf(wanted))?.find(isWanted) ?? -1;
    taken.add(found);
    return found;
  };
}

/** Steps of a beat and of velocity within which Live's numbers are the same. */
export const FINE = { beat: 1e4, velocity: 100 } as const;

/** Return what rows of one pitch and start share. */
function placeOf([pitch, start]: Row): number {
  return Math.round(start * FINE.beat) * 128 + pitch;
}

function isSame(one: Row, other: Row): boolean {
  return (
    placeOf(one) === placeOf(other) &&
    Math.round(one[2] * FINE.beat) === Math.round(other[2] * FINE.beat) &&
    Math.round(one[3] * FINE.velocity) === Math.round(other[3] * FINE.velocity)
  );
}

/** Return a text that rows share which are the same. */
export function keyOf(row: Row): string {
  const [, , duration, velocity] = row;
  return [
    placeOf(row),
    Math.round(duration * FINE.beat),
    Math.round(velocity * FINE.velocity),
  ].join(" ");
}
