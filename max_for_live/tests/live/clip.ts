/** Name the clips of the simulated set. */

import type { Note } from "../../wire/note.ts";
import type { NewNote } from "./contract.ts";

/** What a user does inside a clip. */
export interface Edit {
  add(notes: readonly NewNote[]): number[];
  change(notes: readonly (Pick<Note, "note_id"> & Partial<Note>)[]): void;
  remove(ids: readonly number[]): void;
  /** Set a property such as loop_end. */
  set(property: string, value: unknown): void;
}

export declare class SimClip {
  readonly id: string;
  notes(): Note[];
  /** Do what a user does: a step to undo that is not the device's. */
  edit(action: (edit: Edit) => void): void;
  selectNotes(ids: readonly number[]): void;
  launch(): void;
  get playingPosition(): number;
}
