/** Look up which clip is meant and what is around it, and refuse what cannot be done. */

import type { Note } from "../wire/note.ts";
import { originals, picked, type Match } from "./performance.ts";
import type { LiveClip, ReadClip } from "./clip.ts";
import type { Shape } from "./plan.ts";
import type { Surroundings } from "./request.ts";
import { Refusal, SAY } from "./say.ts";
import type { Shelf } from "./shelf.ts";
import { Song } from "./song.ts";
import { OwnTrack } from "./track.ts";

/**
 * A clip as it was found, what it was before if that is known, and what is around it.
 *
 * Its notes are in the order in which they were written, however they are played now: the same notes
 * and the same seed are the same performance.
 */
export interface Scene {
  readonly clip: LiveClip;
  readonly read: ReadClip;
  readonly match: Match | undefined;
  /** What each note was before it was played. */
  readonly base: readonly Shape[];
  readonly surroundings: Surroundings;
}

/**
 * Return the clip that the user means.
 *
 * @throws {Refusal} There is none, or nothing can be written into it now.
 */
export function sceneOf(shelf: Shelf): Scene {
  const [song, track] = [new Song(), new OwnTrack()];
  const clip = track.meantClip(song.time);
  if (!clip) {
    throw new Refusal(SAY.noClip);
  }
  const read = clip.read();
  refuse(track, clip, read);
  const match = shelf.find(read.id, read.notes);
  const base = originals(read.notes, match);
  const order = orderOf(read.notes, base);
  return {
    clip,
    read: { ...read, notes: picked(read.notes, order) },
    match: match && { ...match, rows: picked(match.rows, order) },
    base: picked(base, order),
    surroundings: surroundingsOf(song, track, read),
  };
}

/** Return which performance the meant clip is, if there is a clip and it is one. */
export function shownMatch(shelf: Shelf): Match | undefined {
  const clip = shelf.isEmpty ? undefined : new OwnTrack().meantClip(new Song().time);
  return clip && shelf.find(clip.id, clip.readNotes());
}

/** Return the places of notes by when they begin in some shapes, then by pitch. */
function orderOf(notes: readonly Note[], shapes: readonly Shape[]): number[] {
  const start = (row: number): number => shapes[row]?.start_time ?? 0;
  const pitch = (row: number): number => notes[row]?.pitch ?? 0;
  return notes
    .map((_, row) => row)
    .sort((one, other) => start(one) - start(other) || pitch(one) - pitch(other));
}

/** Return what is around a clip with a name and notes. */
export function surroundingsOf(
  song: Song,
  track: OwnTrack,
  { name: clip, notes }: { readonly name: string; readonly notes: readonly Pick<Note, "pitch">[] },
): Surroundings {
  return {
    bpm: song.bpm,
    key: song.key,
    role: track.hasDrums ? "drums" : "auto",
    name: [...track.names, clip].filter((name) => name !== "").join(" "),
    pads: track.pads(notes.map(({ pitch }) => pitch)),
  };
}

function refuse(track: OwnTrack, clip: LiveClip, read: ReadClip): void {
  if (track.isFrozen) {
    throw new Refusal(SAY.frozen);
  }
  if (clip.isRecording) {
    throw new Refusal(SAY.recording(read.name));
  }
  if (read.notes.length === 0) {
    throw new Refusal(SAY.empty(read.name));
  }
}
