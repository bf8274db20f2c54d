/** Judge what a MIDI Tool answers. Source: Max reference, live.miditool.out. */

import type { NewNote } from "./contract.ts";

const REQUIRED = ["pitch", "start_time", "duration"] as const;

export function isNewNotes(notes: unknown): notes is readonly NewNote[] {
  return Array.isArray(notes) && notes.every(isNewNote);
}

function isNewNote(note: unknown): note is NewNote {
  if (typeof note !== "object" || note === null) {
    return false;
  }
  const values = new Map(Object.entries(note));
  return REQUIRED.every((key) => typeof values.get(key) === "number");
}
