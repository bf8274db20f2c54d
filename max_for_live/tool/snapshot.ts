/** Read what Live hands to a MIDI Tool, and hand notes back. Source: Max 9 user guide, "MIDI Tools". */

import type { Key, Note } from "../wire/note.ts";

/** A note for Live; what is left out takes Live's usual value. */
export type ToolNote = Pick<Note, "pitch" | "start_time" | "duration"> & Partial<Note>;

/** Where in the clip the tool is applied, in beats, and in which scale. */
export interface Context {
  readonly clip: { readonly time_selection_start: number; readonly time_selection_end: number };
  readonly scale: {
    readonly scale_mode: number;
    readonly root_note: number;
    readonly scale_intervals: readonly number[];
    readonly scale_name?: string;
  };
}

/** What Live hands out in one go. */
export interface Snapshot {
  readonly notes: readonly Note[];
  readonly context: Context;
  /** Equal texts are equal snapshots. */
  readonly text: string;
}

/** Return the text of a dictionary by its name. */
export function textOf(name: string): string {
  return new Dict(name).stringify();
}

/**
 * Return a snapshot from the texts of its two dictionaries.
 *
 * @throws {TypeError} They are not what Live hands out.
 */
export function snapshotOf(notes: string, context: string): Snapshot {
  const said = contextOf(context);
  const { time_selection_start: start, time_selection_end: end } = said.clip;
  return {
    notes: notesIn(notes),
    context: said,
    // the context also tells where notes lie and how the grid is, which changes nothing here
    text: `${notes} ${JSON.stringify([start, end, said.scale])}`,
  };
}

function notesIn(text: string): readonly Note[] {
  const { notes = [] } = JSON.parse(text) as { notes?: unknown };
  if (!Array.isArray(notes)) {
    throw new TypeError(`notes are ${typeof notes}, allowed is a list`);
  }
  return notes as Note[];
}

/** What holds where Live says nothing: a bar, and no scale. */
const USUAL: Context = {
  clip: { time_selection_start: 0, time_selection_end: 4 },
  scale: { scale_mode: 0, root_note: 0, scale_intervals: [] },
};

function contextOf(text: string): Context {
  const { clip, scale } = JSON.parse(text === "" ? "{}" : text) as Partial<Context>;
  return { clip: { ...USUAL.clip, ...clip }, scale: { ...USUAL.scale, ...scale } };
}

/** Return the key of a scale, unless it is off. */
export function keyOf({ scale }: Context): Key | null {
  if (!scale.scale_mode) {
    return null;
  }
  return {
    tonic: scale.root_note,
    intervals: scale.scale_intervals,
    name: scale.scale_name ?? "",
  };
}

/** Put notes into a dictionary and return its name. */
export function dictionaryOf(dictionary: Dict, notes: readonly ToolNote[]): string {
  dictionary.parse(JSON.stringify({ notes }));
  return dictionary.name;
}
