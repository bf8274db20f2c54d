/** Read a clip of Live whole, and write notes into it. */

import type { Note } from "../wire/note.ts";
import { LiveObject } from "./live_api.ts";

/** What a clip says beside its notes. All times are in beats of the clip. */
export interface Frame {
  readonly id: number;
  readonly name: string;
  readonly looping: boolean;
  readonly loopStart: number;
  readonly loopEnd: number;
  readonly startMarker: number;
  readonly endMarker: number;
  readonly numerator: number;
  readonly denominator: number;
}

/** A clip as it was read at one moment. */
export interface ReadClip extends Frame {
  readonly notes: readonly Note[];
  /** The ids of the notes that are selected; empty if none is, or all are. */
  readonly selected: ReadonlySet<number>;
  /** The notes as Live wrote them down; equal texts are equal notes. */
  readonly text: string;
}

/** A note with what it shall become; all else in it stays as it is. */
export type NewNote = Omit<Note, "note_id">;

/** A clip of Live by its object. */
export class LiveClip {
  readonly #clip: LiveObject;

  constructor(clip: LiveObject) {
    this.#clip = clip;
  }

  get id(): number {
    return this.#clip.id;
  }

  get isThere(): boolean {
    return this.#clip.isThere;
  }

  get isRecording(): boolean {
    return this.#clip.flag("is_recording");
  }

  /** Whether the clip lies at a time of the Arrangement. */
  covers(time: number): boolean {
    return this.#clip.number("start_time") <= time && time < this.#clip.number("end_time");
  }

  /** Where the clip plays, in its own beats. */
  get position(): number {
    return this.#clip.number("playing_position");
  }

  /** The loop while it loops. */
  get loop(): { readonly start: number; readonly end: number } | undefined {
    if (!this.#clip.flag("looping")) {
      return undefined;
    }
    return { start: this.#clip.number("loop_start"), end: this.#clip.number("loop_end") };
  }

  /** Read all of a clip, notes outside its loop included. */
  read(): ReadClip {
    const text = this.notesText();
    const notes = parsed(text);
    const selected = this.#selected();
    const isPart = selected.size < notes.length;
    return { ...this.frame(), notes, selected: isPart ? selected : new Set(), text };
  }

  /** Read what the clip says beside its notes. */
  frame(): Frame {
    return {
      id: this.id,
      name: this.#clip.text("name"),
      looping: this.#clip.flag("looping"),
      loopStart: this.#clip.number("loop_start"),
      loopEnd: this.#clip.number("loop_end"),
      startMarker: this.#clip.number("start_marker"),
      endMarker: this.#clip.number("end_marker"),
      numerator: this.#clip.number("signature_numerator") || 4,
      denominator: this.#clip.number("signature_denominator") || 4,
    };
  }

  /** Return the notes as Live writes them down. */
  notesText(): string {
    return this.#clip.call("get_all_notes_extended");
  }

  readNotes(): Note[] {
    return parsed(this.notesText());
  }

  /** Change notes by their ids, in one step that one undo takes back. */
  modify(notes: readonly Note[]): void {
    this.#clip.call("apply_note_modifications", { notes });
  }

  add(notes: readonly NewNote[]): void {
    this.#clip.call("add_new_notes", { notes });
  }

  #selected(): ReadonlySet<number> {
    const text = this.#clip.call("get_selected_notes_extended", { return: ["note_id"] });
    return new Set(parsed(text).map((note) => note.note_id));
  }
}

function parsed(text: string): Note[] {
  return text === "" ? [] : (JSON.parse(text) as { notes: Note[] }).notes;
}
