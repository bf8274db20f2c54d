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
const SHORTEST = 1 / 480;

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

/** A note on its way: where it may begin, and whether it may be touched at all. */
interface Placed {
  readonly note: Note;
  readonly isFixed: boolean;
  /** Where it stood among the notes of its pitch, which keep their order. */
  readonly order: number;
  readonly latest: number;
}

/** Return the notes that change, as they shall be. Shapes are in the order of the notes. */
export function planned(notes: readonly Note[], wanted: Wanted): readonly Note[] {
  return shaped(notes, wanted).filter((note, row) => !isEqual(note, notes[row]));
}

/** Return all notes as they shall be, in their order. */
export function shaped(notes: readonly Note[], wanted: Wanted): Note[] {
  const result = notes.map((note, row) => place(note, row, wanted));
  for (const rows of rowsByPitch(notes).values()) {
    const placed = rows.flatMap((row) => result[row] ?? []);
    rows.sort((one, other) => orderOf(result, one) - orderOf(result, other));
    placed.sort((one, other) => one.order - other.order);
    apart(placed).forEach((note, index) => {
      const row = rows[index] ?? -1;
      const before = result[row];
      if (before) {
        result[row] = { ...before, note };
      }
    });
  }
  return result.map(({ note }) => note);
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
  const order = before.start_time;
  if (isThere(shape, note)) {
    return { note: { ...note, velocity }, isFixed: true, order, latest: note.start_time };
  }
  const latest = latestOf(before, heard);
  if (isThere(shape, before)) {
    const { start_time, duration } = before;
    return { note: { ...note, start_time, duration, velocity }, isFixed: false, order, latest };
  }
  const earliest = isHeard(before, heard) ? heard.start : -Infinity;
  const start_time = Math.min(Math.max(shape.start_time, earliest), latest);
  const duration = Math.max(Math.min(SHORTEST, before.duration), shape.duration);
  return { note: { ...note, start_time, duration, velocity }, isFixed: false, order, latest };
}

function isHeard(shape: Shape, heard: Span): boolean {
  return heard.start <= shape.start_time && shape.start_time < heard.end;
}

/** Return where a note may begin at the latest, so that it is heard if it was. */
function latestOf(before: Shape, heard: Span): number {
  return isHeard(before, heard) ? Math.max(before.start_time, heard.end - SHORTEST) : Infinity;
}

/**
 * Return notes of one pitch, in their order, so that none runs into the next.
 *
 * First each is pushed off what is before it, then pulled back from what is after it; what is fixed is
 * not touched. At last they are shortened to what room is left.
 */
function apart(placed: readonly Placed[]): Note[] {
  const notes = placed.map(({ note }) => note);
  placed.forEach(({ isFixed }, index) => {
    const [before, note] = [notes[index - 1], notes[index]];
    if (before && note && !isFixed) {
      const wasFixed = placed[index - 1]?.isFixed === true;
      const start = before.start_time + (wasFixed ? before.duration : least(before));
      notes[index] = note.start_time < start - NOTHING ? begunAt(note, start + GAP) : note;
    }
  });
  for (let index = placed.length - 1; index >= 0; index -= 1) {
    pullBack(notes, placed, index);
  }
  return notes.map((note, index) => {
    const end = notes[index + 1]?.start_time ?? Infinity;
    const isFixed = placed[index]?.isFixed === true;
    const isApart = endOf(note) <= end + NOTHING;
    return isApart || isFixed ? note : lasting(note, Math.max(GAP, end - GAP - note.start_time));
  });
}

function pullBack(notes: Note[], placed: readonly Placed[], index: number): void {
  const [note, next, own] = [notes[index], notes[index + 1], placed[index]];
  if (!note || !own || own.isFixed) {
    return;
  }
  const end = next ? next.start_time - least(note) : Infinity;
  const latest = Math.min(own.latest, end);
  if (note.start_time > latest + NOTHING) {
    notes[index] = begunAt(note, latest === end ? end - GAP : latest);
  }
}

/** Return the least that a note may last, in beats. */
function least(note: Note): number {
  return Math.min(SHORTEST, note.duration);
}

function begunAt(note: Note, start_time: number): Note {
  return { ...note, start_time };
}

function lasting(note: Note, duration: number): Note {
  return { ...note, duration };
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

function orderOf(placed: readonly Placed[], row: number): number {
  return placed[row]?.order ?? 0;
}
