/** Write notes into a clip in one step, and read back what Live made of them. */

import type { Note } from "../wire/note.ts";
import { rowOf, type Row } from "./performance.ts";
import type { LiveClip, ReadClip } from "./clip.ts";
import { planned, sameShape, type Shape } from "./plan.ts";
import { Refusal, SAY } from "./say.ts";

/** What came of it: the notes row by row as Live has them now, how many changed, and were refused. */
export interface Written {
  readonly rows: readonly Row[];
  readonly changed: number;
  readonly refused: number;
}

/**
 * Write shapes into the notes that were read; shapes are in their order.
 *
 * @param known Shapes that the notes once had together in Live.
 * @throws {Refusal} The clip is gone, or not what was read any more; nothing was written.
 */
export function write(
  clip: LiveClip,
  read: ReadClip,
  shapes: readonly Shape[],
  known: readonly Shape[],
): Written {
  if (!clip.isThere) {
    throw new Refusal(SAY.gone);
  }
  if (clip.notesText() !== read.text) {
    throw new Refusal(SAY.changed);
  }
  const heard = { start: read.loopStart, end: read.loopEnd };
  const changes = planned(read.notes, { shapes, known, heard });
  if (changes.length > 0) {
    clip.modify(changes);
  }
  return verified(read.notes, changes, changes.length > 0 ? clip.readNotes() : read.notes);
}

function verified(
  before: readonly Note[],
  changes: readonly Note[],
  after: readonly Note[],
): Written {
  const now = new Map(after.map((note) => [note.note_id, note]));
  const isLost = (note: Note): boolean => !now.has(note.note_id);
  const wrong = changes.filter((note) => !sameShape(note, now.get(note.note_id)));
  const refused = new Set([...wrong, ...before.filter(isLost)].map(({ note_id }) => note_id)).size;
  return {
    rows: before.map((note) => rowOf(now.get(note.note_id) ?? note)),
    changed: changes.length - wrong.length,
    refused,
  };
}
