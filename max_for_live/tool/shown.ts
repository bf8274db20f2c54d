/** Look at the clip that is shown, which is the one that Live applies MIDI Tools to. */

import { LiveClip, type Frame } from "../live/clip.ts";
import { LiveObject } from "../live/live_api.ts";
import type { Surroundings } from "../live/request.ts";
import { surroundingsOf } from "../live/scene.ts";
import { Song } from "../live/song.ts";
import { OwnTrack } from "../live/track.ts";
import type { Note } from "../wire/note.ts";
import { keyOfScale, type Context, type ToolNote } from "./snapshot.ts";

const SHOWN = "live_set view detail_clip";

/** Return what the clip says beside its notes; where none is shown, what the tool's context says. */
export function shownFrame(context: Context): Frame {
  const { time_selection_start: start, time_selection_end: end } = context.clip;
  const span = { loopStart: start, loopEnd: end, startMarker: start, endMarker: end };
  return shown()?.frame() ?? { id: 0, name: "", looping: false, ...new Song().metre, ...span };
}

/** Return what is around the clip with some notes, in the key that the tool's context names. */
export function shownSurroundings(
  context: Context,
  notes: readonly Pick<Note, "pitch">[],
): Surroundings {
  const song = new Song();
  const key = keyOfScale(context.scale);
  const clip = shown();
  if (!clip) {
    return { bpm: song.bpm, key, role: "auto", name: "", pads: [] };
  }
  const { name } = clip.frame();
  return { ...surroundingsOf(song, new OwnTrack(SHOWN), { name, notes }), key };
}

/** Return all notes of the clip, in Live's order. */
export function shownNotes(): readonly Note[] {
  return shown()?.readNotes() ?? [];
}

/** Return the notes of the clip that are none of some, be they there with their ids or anew. */
export function notesBeside(notes: readonly ToolNote[]): readonly Note[] {
  const ids = new Set(notes.map((note) => note.note_id));
  const places = new Set(notes.map(placeOf));
  return shownNotes().filter((note) => !ids.has(note.note_id) && !places.has(placeOf(note)));
}

/** Return a text that is another one as soon as one of the notes is. */
export function fingerprintOf(notes: readonly Note[]): string {
  // Live may count the notes anew that a tool gives back, so their numbers say nothing
  return JSON.stringify(notes.map((note) => ({ ...note, note_id: 0 })));
}

/** Return a text that is another one as soon as the clip is, or its notes are. */
export function traceOf(): string {
  const clip = shown();
  return `${clip?.id ?? 0} ${fingerprintOf(clip?.readNotes() ?? [])}`;
}

function shown(): LiveClip | undefined {
  const clip = LiveObject.at(SHOWN);
  return clip && new LiveClip(clip);
}

/** Tell a note by where it is, as closely as Live keeps it. */
function placeOf({ pitch, start_time }: ToolNote): string {
  return `${pitch} ${start_time.toFixed(6)}`;
}
