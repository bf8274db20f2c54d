/**
 * Decide what to write into a clip so that no note is lost.
 *
 * Live cuts or deletes a note that another one of its pitch runs into, and a note that is moved out
 * of the loop is never heard; so notes of one pitch are kept apart and inside.
 */

import type { Note } from "../wire/note.ts";

/** When, how long and how loud a note shall be. */
export interface Shape {
  readonly start_time: number;
  readonly duration: number;
  readonly velocity: number;
}

/** The part of a clip that is heard, in its beats. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Notes of one pitch end so many beats before the next begins, or Live would cut them. */
export const GAP = 1e-5;

/** No note is made shorter than this, unless it was: a 1920th of a whole note, in beats. */
export const SHORTEST = 1 / 480;

/** Beats that are no distance: what is left when an origin was taken off and put back. */
const NOTHING = 1e-9;

/** What is to be written, and what is known to be right already. */
export interface Wanted {
  /** What each note shall be. */
  readonly shapes: readonly Shape[];
  /** Shapes that the notes once had together in Live, so that those among them need no room. */
  readonly known: readonly Shape[];
  readonly heard: Span;
}

/** How free a note is: not touched at all, back as it was, or new. */
type Freedom = "stays" | "known" | "new";

interface Placed {
  readonly note: Note;
  readonly freedom: Freedom;
}

/** Return the notes that change, as they shall be. Shapes are in the order of the notes. */
export function planned(notes: readonly Note[], wanted: Wanted): readonly Note[] {
  return shaped(notes, wanted).filter((note, row) => !isEqual(note, notes[row]));
}

/** Return all notes as they shall be, in their order. */
export function shaped(notes: readonly Note[], wanted: Wanted): Note[] {
  const placed = notes.map((note, row) => place(note, row, wanted));
  for (const rows of rowsByPitch(notes).values()) {
    rows.sort((one, other) => startOf(placed, one) - startOf(placed, other));
    rows.slice(1).forEach((row, before) => {
      part(placed, rows[before] ?? row, row);
    });
  }
  return placed.map(({ note }) => note);
}

/** Whether two notes begin, last and sound alike, as closely as Live keeps it. */
export function sameShape(one: Shape, other: Shape | undefined): boolean {
  return (
    other !== undefined &&
    Math.abs(one.start_time - other.start_time) < GAP / 2 &&
    Math.abs(one.duration - other.duration) < GAP / 2 &&
    Math.abs(one.velocity - other.velocity) < 0.01
  );
}

function place(note: Note, row: number, { shapes, known, heard }: Wanted): Placed {
  const shape = shapes[row] ?? note;
  const before = known[row] ?? note;
  const velocity = Math.min(127, Math.max(1, shape.velocity));
  if (isThere(shape, note)) {
    return { note: { ...note, velocity }, freedom: "stays" };
  }
  if (isThere(shape, before)) {
    const { start_time, duration } = before;
    return { note: { ...note, start_time, duration, velocity }, freedom: "known" };
  }
  return { note: { ...note, ...held(shape, before, heard), velocity }, freedom: "new" };
}

/** Return a new place, heard if the note was heard before. */
function held(shape: Shape, before: Shape, heard: Span): Omit<Shape, "velocity"> {
  const wasHeard = heard.start <= before.start_time && before.start_time < heard.end;
  const last = Math.max(before.start_time, heard.end - SHORTEST);
  const start_time = wasHeard
    ? Math.min(Math.max(shape.start_time, heard.start), last)
    : shape.start_time;
  return { start_time, duration: Math.max(Math.min(SHORTEST, before.duration), shape.duration) };
}

/** Make room between two notes of a pitch that run into each other; what stays is not touched. */
function part(placed: Placed[], before: number, row: number): void {
  const [earlier, later] = [placed[before], placed[row]];
  if (!earlier || !later || isApart(earlier, later)) {
    return;
  }
  if (earlier.freedom === "stays") {
    placed[row] = { ...later, note: begunAt(later.note, endOf(earlier.note) + GAP) };
    return;
  }
  const start = later.freedom === "stays" ? later.note.start_time : roomyStart(earlier, later);
  const room = Math.max(GAP, start - GAP - earlier.note.start_time);
  placed[row] = { ...later, note: { ...later.note, start_time: start } };
  const duration = Math.min(earlier.note.duration, room);
  placed[before] = { ...earlier, note: { ...earlier.note, duration } };
}

/** Whether two notes do not overlap, or lay just so in Live before. */
function isApart(earlier: Placed, later: Placed): boolean {
  const areAsBefore = earlier.freedom === later.freedom && earlier.freedom !== "new";
  return areAsBefore || endOf(earlier.note) <= later.note.start_time + NOTHING;
}

function roomyStart(earlier: Placed, later: Placed): number {
  return Math.max(later.note.start_time, earlier.note.start_time + SHORTEST + GAP);
}

function begunAt(note: Note, start: number): Note {
  return {
    ...note,
    start_time: start,
    duration: Math.max(SHORTEST, note.duration - (start - note.start_time)),
  };
}

function endOf(note: Note): number {
  return note.start_time + note.duration;
}

/** Whether a shape lies where another one lies, but for what rounding leaves. */
function isThere(one: Shape, other: Shape): boolean {
  return (
    Math.abs(one.start_time - other.start_time) < NOTHING &&
    Math.abs(one.duration - other.duration) < NOTHING
  );
}

function isEqual(one: Shape, other: Shape | undefined): boolean {
  return other !== undefined && isThere(one, other) && one.velocity === other.velocity;
}

function rowsByPitch(notes: readonly Note[]): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  notes.forEach((note, row) => {
    const same = rows.get(note.pitch);
    if (same) {
      same.push(row);
    } else {
      rows.set(note.pitch, [row]);
    }
  });
  return rows;
}

function startOf(placed: readonly Placed[], row: number): number {
  return placed[row]?.note.start_time ?? 0;
}
