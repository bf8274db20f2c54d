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
  const said = contextIn(context);
  const { time_selection_start: start, time_selection_end: end } = said.clip;
  return {
    notes: notesIn(notes),
    context: said,
    // the context also tells where notes lie and how the grid is, which changes nothing here
    text: `${notes} ${JSON.stringify([start, end, said.scale])}`,
  };
}

/** Return the key of a scale, unless it is off. */
export function keyOfScale(scale: Context["scale"]): Key | null {
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

/** What each note must hold; what else it holds is given back as it came. */
const NUMBERS = ["note_id", "pitch", "start_time", "duration", "velocity", "mute"] as const;

function notesIn(text: string): readonly Note[] {
  const { notes = [] } = mapIn(JSON.parse(text), "what is handed out");
  return listOf(notes, "notes", isNote, `maps with the numbers ${NUMBERS.join(", ")}`);
}

function isNote(note: unknown): note is Note {
  const fields = { ...(note as Record<string, unknown> | null) };
  return NUMBERS.every((name) => isNumber(fields[name]));
}

/** Where Live says nothing, it is a bar, and no scale. */
function contextIn(text: string): Context {
  const { clip = {}, scale = {} } = mapIn(JSON.parse(text === "" ? "{}" : text), "the context");
  const selection = mapIn(clip, "the context's clip");
  return {
    clip: {
      time_selection_start: numberIn(selection, "time_selection_start", 0),
      time_selection_end: numberIn(selection, "time_selection_end", 4),
    },
    scale: scaleIn(mapIn(scale, "the context's scale")),
  };
}

function scaleIn(scale: Fields): Context["scale"] {
  const { scale_intervals: intervals = [], scale_name: name } = scale;
  return {
    scale_mode: numberIn(scale, "scale_mode", 0),
    root_note: numberIn(scale, "root_note", 0),
    scale_intervals: listOf(intervals, "scale_intervals", isNumber, "numbers"),
    ...(typeof name === "string" && { scale_name: name }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function mapIn(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`${what} is ${shownAs(value)}, allowed is a map`);
  }
  return value as Fields;
}

function numberIn(fields: Fields, name: string, usual: number): number {
  const value = fields[name] ?? usual;
  if (!isNumber(value)) {
    throw new TypeError(`${name} is ${shownAs(value)}, allowed is a number`);
  }
  return value;
}

function listOf<T>(
  value: unknown,
  what: string,
  isOne: (item: unknown) => item is T,
  allowed: string,
): readonly T[] {
  if (!Array.isArray(value)) {
    throw new TypeError(`${what} are ${shownAs(value)}, allowed is a list`);
  }
  const items: readonly unknown[] = value;
  if (!items.every(isOne)) {
    const odd = items.find((item) => !isOne(item));
    throw new TypeError(`${what} hold ${shownAs(odd)}, allowed are ${allowed}`);
  }
  return items;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A value in an error is no longer, in characters. */
const LONGEST = 200;

function shownAs(value: unknown): string {
  return JSON.stringify(value).slice(0, LONGEST);
}
