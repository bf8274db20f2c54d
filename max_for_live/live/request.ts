/** Make of a clip of Live the clip that a server is asked about, and find its notes again. */

import type { Clip, Key, Note, Pad } from "../wire/note.ts";
import type { ReadClip } from "./clip.ts";

/** What is known of a clip's surroundings. */
export interface Surroundings {
  readonly bpm: number;
  readonly key: Key | null;
  /** One of the protocol's roles; "auto" lets the server find out by the name. */
  readonly role: string;
  /** Names of the track, its devices and the clip. */
  readonly name: string;
  /** What the pads of the track's drum rack are called; none without one. */
  readonly pads: readonly Pad[];
}

/** What is sent, and the beat of Live's clip that its beat 0 stands for. */
export interface Request {
  readonly clip: Clip;
  readonly origin: number;
}

/** Names on the wire are no longer. */
const LONGEST_NAME = 256;

/** Return the request for a clip whose notes are as given, in their order. */
export function requestFor(
  read: ReadClip,
  notes: readonly Note[],
  surroundings: Surroundings,
): Request {
  const origin = originOf(read, notes);
  return {
    origin,
    clip: {
      ...contextOf(read, surroundings),
      notes: {
        pitch: notes.map((note) => note.pitch),
        onset: notes.map((note) => note.start_time - origin),
        duration: notes.map((note) => note.duration),
        velocity: notes.map((note) => Math.min(127, Math.max(1, note.velocity))),
        mute: notes.map((note) => note.mute),
      },
      length: endOf(read, notes) - origin,
      loop: read.looping ? { start: read.loopStart - origin, end: read.loopEnd - origin } : null,
    },
  };
}

/** Return what a clip says beside its notes. */
export function contextOf(
  metre: { readonly numerator: number; readonly denominator: number },
  surroundings: Surroundings,
): Pick<Clip, "tempo" | "metre" | "key" | "role" | "name" | "pads"> {
  return {
    tempo: { time: [0], bpm: [surroundings.bpm] },
    metre: [{ time: 0, numerator: metre.numerator, denominator: metre.denominator }],
    key: surroundings.key,
    role: surroundings.role,
    name: surroundings.name.slice(0, LONGEST_NAME),
    pads: surroundings.pads,
  };
}

/** Return the rows of the notes that are selected; nothing if none is, which means all of them. */
export function rowsOf(read: ReadClip): number[] | undefined {
  if (read.selected.size === 0) {
    return undefined;
  }
  return read.notes.flatMap((note, row) => (read.selected.has(note.note_id) ? [row] : []));
}

/** Return how many beats a bar has. */
export function barOf(metre: { readonly numerator: number; readonly denominator: number }): number {
  return (metre.numerator * 4) / metre.denominator;
}

/** Begin at the bar line before the first of the notes and markers, so that bars stay bars. */
function originOf(read: ReadClip, notes: readonly Note[]): number {
  const bar = barOf(read);
  const first = notes.reduce(
    (least, note) => Math.min(least, note.start_time),
    Math.min(read.startMarker, read.loopStart),
  );
  return Math.floor(first / bar) * bar;
}

function endOf(read: ReadClip, notes: readonly Note[]): number {
  return notes.reduce(
    (most, note) => Math.max(most, note.start_time + note.duration),
    Math.max(read.endMarker, read.loopEnd),
  );
}
