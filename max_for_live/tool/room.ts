/** Keep the notes that a tool plays clear of the notes beside them, which it is not to change. */

import { GAP, SHORTEST, type Shape } from "../live/plan.ts";
import type { Note } from "../wire/note.ts";

/**
 * Return the notes with as much room as those beside them leave.
 *
 * @param notes As they shall be; in the order of `before`, as they were.
 * @param others Notes that stay as they are.
 */
export function roomed(
  notes: readonly Note[],
  before: readonly Shape[],
  others: readonly Note[],
): Note[] {
  return notes.map((note, row) => {
    const beside = others.filter((other) => other.pitch === note.pitch);
    const was = before[row]?.start_time ?? note.start_time;
    return beside.length > 0 ? between(note, was, beside) : note;
  });
}

/** Return a note between the one that was before it and the one that was after it. */
function between(note: Note, was: number, others: readonly Note[]): Note {
  const ends = others.filter((other) => other.start_time < was).map(endOf);
  const starts = others.filter((other) => other.start_time > was).map((other) => other.start_time);
  const from = Math.min(was, Math.max(...ends));
  const to = Math.max(was + SHORTEST + GAP, Math.min(...starts));
  const start = Math.min(Math.max(note.start_time, from), to - SHORTEST - GAP);
  return { ...note, start_time: start, duration: Math.min(note.duration, to - GAP - start) };
}

function endOf(note: Note): number {
  return note.start_time + note.duration;
}
