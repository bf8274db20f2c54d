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

/** Return the notes that change, as they shall be. Shapes are in the order of the notes. */
export function planned(
  notes: readonly Note[],
  shapes: readonly Shape[],
  heard: Span,
): readonly Note[] {
  return shaped(notes, shapes, heard).filter((note, row) => !sameShape(note, notes[row]));
}

/** Return all notes as they shall be, in their order. */
export function shaped(notes: readonly Note[], shapes: readonly Shape[], heard: Span): Note[] {
  return apart(notes.map((note, row) => held(note, shapes[row] ?? note, heard)));
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

/** Return a note in its new shape, heard if it was heard before. */
function held(note: Note, shape: Shape, heard: Span): Note {
  const wasHeard = heard.start <= note.start_time && note.start_time < heard.end;
  const start = wasHeard
    ? Math.min(Math.max(shape.start_time, heard.start), heard.end - SHORTEST)
    : shape.start_time;
  return {
    ...note,
    start_time: start,
    duration: Math.max(Math.min(SHORTEST, note.duration), shape.duration),
    velocity: Math.min(127, Math.max(1, shape.velocity)),
  };
}

/** Shorten notes that reach into the next of their pitch, and part those that begin together. */
function apart(notes: readonly Note[]): Note[] {
  const result = [...notes];
  for (const rows of rowsByPitch(notes).values()) {
    rows.sort((one, other) => startOf(result, one) - startOf(result, other));
    rows.forEach((row, place) => {
      const before = rows[place - 1];
      if (before !== undefined) {
        part(result, before, row);
      }
    });
  }
  return result;
}

function part(notes: Note[], before: number, row: number): void {
  const earlier = notes[before];
  const later = notes[row];
  if (!earlier || !later) {
    return;
  }
  const start = Math.max(later.start_time, earlier.start_time + SHORTEST + GAP);
  const room = start - GAP - earlier.start_time;
  notes[row] = { ...later, start_time: start };
  notes[before] = { ...earlier, duration: Math.min(earlier.duration, room) };
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

function startOf(notes: readonly Note[], row: number): number {
  return notes[row]?.start_time ?? 0;
}
