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

/** Notes as they were and as they were played, row by row, and the pedal that goes with them. */
export interface Performance {
  readonly base: readonly Row[];
  readonly played: readonly Row[];
  readonly pedal: Lane;
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
  const base = byKey(performance.base);
  const played = byKey(performance.played);
  const taken = new Set<number>();
  const take = (found: number[] | undefined): number => {
    const row = found?.find((index) => !taken.has(index)) ?? -1;
    taken.add(row);
    return row;
  };
  const keys = notes.map((note) => keyOf(rowOf(note)));
  const asPlayed = keys.map((key) => take(played.get(key)));
  const rows = asPlayed.map((row, index) => (row < 0 ? take(base.get(keys[index] ?? "")) : row));
  const count = rows.filter((row) => row >= 0).length;
  return { performance, rows, count, isPlayed: isAsPlayed(performance, rows, asPlayed) };
}

/** Count the notes that tell the two sides apart; if there are none, the side shown last counts. */
function isAsPlayed(
  performance: Performance,
  rows: readonly number[],
  asPlayed: readonly number[],
): boolean {
  const differs = (row: number): boolean => {
    const [base, played] = [performance.base[row], performance.played[row]];
    return base !== undefined && played !== undefined && keyOf(base) !== keyOf(played);
  };
  const telling = rows.flatMap((row, index) => (differs(row) ? [asPlayed[index] === row] : []));
  const played = telling.filter(Boolean).length;
  return telling.length === 0 ? !performance.isOriginal : 2 * played > telling.length;
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

function byKey(rows: readonly Row[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  rows.forEach((row, index) => {
    const key = keyOf(row);
    const same = found.get(key);
    if (same) {
      same.push(index);
    } else {
      found.set(key, [index]);
    }
  });
  return found;
}

/** Return what two rows share that Live would not tell apart. */
export function keyOf(row: Row): string {
  const [pitch, start, duration, velocity] = row;
  return `${pitch} ${Math.round(start * 1e4)} ${Math.round(duration * 1e4)} ${Math.round(velocity * 50)}`;
}
