/**
 * Read the arguments of the note functions of a clip, and write what they give back.
 *
 * Source: _object_*_handler in _MxDCore/MxDCore.py and _MxDCore/NotesAPIUtils.py of Live 12.0, whose
 * words the errors are.
 */

import type { Note } from "../../wire/note.ts";
import type { NewNote } from "./contract.ts";
import { LiveError } from "./lom.ts";
import type { Modification, Region } from "./notes.ts";

const REQUIRED = ["pitch", "start_time", "duration"] as const;

const OPTIONAL = [
  "velocity",
  "mute",
  "probability",
  "velocity_deviation",
  "release_velocity",
] as const;

/** In the order in which Live writes them. */
const KEYS = ["note_id", ...REQUIRED, ...OPTIONAL] as const;

type Entries = Readonly<Record<string, unknown>>;

/** Return the notes that add_new_notes got; `note_id` or any unknown key is an error. */
export function newNotes(args: readonly unknown[]): readonly NewNote[] {
  return noteEntries(args).map((entries) => {
    const missing = REQUIRED.filter((key) => !(key in entries));
    if (missing.length > 0) {
      throw new LiveError(`Missing required keys: ${missing.join(", ")}`);
    }
    requireNumbers(entries, [...REQUIRED, ...OPTIONAL]);
    return entries;
  });
}

/** Return the changes that apply_note_modifications got; a missing id is an error. */
export function modifications(args: readonly unknown[]): readonly Modification[] {
  return noteEntries(args).map((entries) => {
    if (!("note_id" in entries)) {
      throw new LiveError("Required key 'note_id' is missing");
    }
    // what Live does with an unknown key here is not known; the simulator refuses it
    requireNumbers(entries, KEYS);
    return entries;
  });
}

/** Return ids that came as separate arguments. */
export function noteIds(args: readonly unknown[]): readonly number[] {
  return args.map((id) => {
    if (typeof id !== "number" || !Number.isInteger(id)) {
      throw new LiveError("Provide a list of valid note IDs");
    }
    return id;
  });
}

/** A question for notes: what it asks, and the keys it wants of each note. */
export interface Query {
  readonly entries: Entries;
  readonly keys: readonly string[] | undefined;
}

/** Read a dictionary with `return`, or arguments under the names in their order. */
export function query(args: readonly unknown[], names: readonly string[]): Query {
  const dictionary = parsed(args[0]);
  if (dictionary === undefined) {
    return { entries: Object.fromEntries(names.map((n, i) => [n, args[i]])), keys: undefined };
  }
  const { return: keys, ...entries } = dictionary;
  return { entries, keys: Array.isArray(keys) ? keys.map(String) : undefined };
}

/** Return the region of a query, or refuse one that lacks a number. */
export function region(entries: Entries): Region {
  const number = (name: keyof Region): number => {
    const value = entries[name];
    if (typeof value !== "number") {
      throw new LiveError("Invalid arguments");
    }
    return value;
  };
  return {
    from_pitch: number("from_pitch"),
    pitch_span: number("pitch_span"),
    from_time: number("from_time"),
    time_span: number("time_span"),
  };
}

/** Return notes as Live hands them out: one JSON string, mute as 0 or 1. */
export function written(notes: readonly Note[], keys?: readonly string[]): string {
  const wanted = KEYS.filter((key) => keys?.includes(key) ?? true);
  return JSON.stringify({ notes }, ["notes", ...wanted]);
}

/** Return the entries of `{notes: [...]}`, given as an object or as JSON. */
function noteEntries(args: readonly unknown[]): readonly Entries[] {
  const dictionary = parsed(args[0]);
  if (dictionary === undefined) {
    throw new LiveError("Malformatted dictionary argument");
  }
  const entries = dictionary["notes"];
  if (!Array.isArray(entries) || !entries.every(isEntries)) {
    throw new LiveError("Expecting 'notes' as the main dictionary's key");
  }
  return entries.map(unmuted);
}

function parsed(argument: unknown): Entries | undefined {
  try {
    // what is an object goes through JSON on its way into Live, too
    const text = typeof argument === "string" ? argument : JSON.stringify(argument);
    const value: unknown = JSON.parse(text);
    return isEntries(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEntries(value: unknown): value is Entries {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Demand numbers under allowed keys; `unmuted` made one of mute. */
function requireNumbers(
  entries: Entries,
  allowed: readonly string[],
): asserts entries is Entries & Note {
  const isFine = Object.entries(entries).every(([key, value]) => {
    return allowed.includes(key) && typeof value === "number";
  });
  if (!isFine) {
    throw new LiveError("Invalid entry in the dictionary");
  }
}

/** Return the entries with 0 or 1 for mute, which may come as true or false. */
function unmuted(entries: Entries): Entries {
  const mute = entries["mute"];
  return typeof mute === "boolean" ? { ...entries, mute: Number(mute) } : entries;
}
