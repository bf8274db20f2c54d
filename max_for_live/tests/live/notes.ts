/**
 * Change the notes of a clip as Live does it.
 *
 * Functions return the notes afterwards, in the order of time; those that were given stay as they are.
 */

import type { Note } from "../../wire/note.ts";
import type { NewNote } from "./contract.ts";
import { LiveError } from "./lom.ts";

/** Some values of a note that there is. */
export type Modification = Pick<Note, "note_id"> & Partial<Note>;

/** What Live gives a note that says no more than pitch, start and duration. */
const DEFAULTS = {
  velocity: 100,
  mute: 0,
  probability: 1,
  velocity_deviation: 0,
  release_velocity: 64,
} as const;

/**
 * Lowest and highest allowed value. Source: Live Object Model, get_notes_extended.
 * What Live does outside of them is not known; the simulator refuses the whole call.
 */
const RANGES = {
  pitch: [0, 127],
  velocity: [0, 127],
  mute: [0, 1],
  probability: [0, 1],
  velocity_deviation: [-127, 127],
  release_velocity: [0, 127],
} as const satisfies Partial<Record<keyof Note, readonly [number, number]>>;

/** Starts as near as this are the same start; far below Live's own resolution of time. */
const SAME = 1e-9;

/** Add notes under new ids. */
export function addNotes(
  notes: readonly Note[],
  fresh: readonly NewNote[],
  newId: () => number,
): { readonly notes: readonly Note[]; readonly ids: readonly number[] } {
  const added = fresh.map((note) => complete({ ...DEFAULTS, ...note, note_id: 0 }));
  const named = added.map((note) => ({ ...note, note_id: newId() }));
  const ids = named.map((note) => note.note_id);
  return { notes: trim([...notes, ...named], new Set(ids)), ids };
}

/** Change notes by id: all, or none if an id is unknown. Source: MxDCore.py of Live 12.0. */
export function modifyNotes(
  notes: readonly Note[],
  changes: readonly Modification[],
): readonly Note[] {
  requireIds(
    notes,
    changes.map((change) => change.note_id),
  );
  const byId = new Map(changes.map((change) => [change.note_id, change]));
  const changed = notes.map((note) => {
    const change = byId.get(note.note_id);
    return change === undefined ? note : complete({ ...note, ...change });
  });
  return trim(changed, new Set(byId.keys()));
}

/** Remove notes by id: all, or none if an id is unknown. */
export function removeNotes(notes: readonly Note[], ids: readonly number[]): readonly Note[] {
  requireIds(notes, ids);
  return notes.filter((note) => !ids.includes(note.note_id));
}

/** Return the notes of the ids, in the order of the ids. */
export function notesById(notes: readonly Note[], ids: readonly number[]): readonly Note[] {
  requireIds(notes, ids);
  const found = new Map(notes.map((note) => [note.note_id, note]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** A part of the piano roll; a note lies in it when it starts there. Source: Live Object Model. */
export interface Region {
  readonly from_pitch: number;
  readonly pitch_span: number;
  readonly from_time: number;
  readonly time_span: number;
}

export function notesInRegion(notes: readonly Note[], region: Region): readonly Note[] {
  const { from_pitch, pitch_span, from_time, time_span } = region;
  return notes
    .filter((note) => note.pitch >= from_pitch && note.pitch < from_pitch + pitch_span)
    .filter((note) => note.start_time >= from_time && note.start_time < from_time + time_span);
}

/**
 * Let no two notes of a pitch overlap: the earlier one is shortened, and of two that start together
 * the changed one stays, or the later one in the list if both are. Source:
 * adamjmurray/ableton-midi-sculptor, Clip.js. Notes that nobody touched are left alone.
 */
function trim(notes: readonly Note[], changed: ReadonlySet<number>): readonly Note[] {
  const pitches = new Set(notes.filter((n) => changed.has(n.note_id)).map((n) => n.pitch));
  const rest = notes.filter((note) => !pitches.has(note.pitch));
  const trimmed = [...pitches].flatMap((pitch) => {
    return trimPitch(
      notes.filter((note) => note.pitch === pitch),
      changed,
    );
  });
  return [...rest, ...trimmed].sort((a, b) => a.start_time - b.start_time || a.pitch - b.pitch);
}

/** Trim notes that are all of one pitch. */
function trimPitch(notes: readonly Note[], changed: ReadonlySet<number>): readonly Note[] {
  const isChanged = (note: Note): number => Number(changed.has(note.note_id));
  const sorted = [...notes].sort((a, b) => {
    return isSame(a, b) ? isChanged(a) - isChanged(b) : a.start_time - b.start_time;
  });
  return sorted.flatMap((note, index) => {
    const next = sorted[index + 1];
    if (next !== undefined && isSame(note, next)) {
      return [];
    }
    const room = next === undefined ? Infinity : next.start_time - note.start_time;
    return [{ ...note, duration: Math.min(note.duration, room) }];
  });
}

function isSame(a: Note, b: Note): boolean {
  return Math.abs(a.start_time - b.start_time) < SAME;
}

/** Return the note as Live keeps it, or refuse it. */
function complete(note: Note): Note {
  for (const [name, [lowest, highest]] of Object.entries(RANGES)) {
    const value = note[name as keyof typeof RANGES];
    if (!(value >= lowest && value <= highest)) {
      throw new LiveError(`Invalid arguments: ${name} is ${String(value)}`);
    }
  }
  if (!Number.isInteger(note.pitch) || !Number.isFinite(note.start_time)) {
    throw new LiveError(`Invalid arguments: pitch ${note.pitch}, start_time ${note.start_time}`);
  }
  if (!(note.duration > 0 && Number.isFinite(note.duration))) {
    throw new LiveError(`Invalid arguments: duration is ${note.duration}`);
  }
  // a note on of velocity 0 would be a note off: Live's softest note has 1
  return { ...note, velocity: Math.max(1, note.velocity) };
}

function requireIds(notes: readonly Note[], ids: readonly number[]): void {
  const known = new Set(notes.map((note) => note.note_id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw new LiveError(`Invalid syntax: no note has the id ${unknown.join(", ")}`);
  }
}
