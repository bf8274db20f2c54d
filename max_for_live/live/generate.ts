/** Ask a generator for notes, and put them into a new clip: never into or over one that is there. */

import type { Clip } from "../wire/note.ts";
import type { RenderAsk } from "../wire/talk.ts";
import type { LiveClip, NewNote } from "./clip.ts";
import { renderedClip, withWarning, type Finish } from "./humanize.ts";
import type { Line } from "./link.ts";
import { barOf, contextOf, requestFor } from "./request.ts";
import { Refusal, SAY } from "./say.ts";
import { surroundingsOf } from "./scene.ts";
import { Song, showsArrangement } from "./song.ts";
import { createSlotClip, OwnTrack } from "./track.ts";

/** What is to be written: by a preset or by one engine with its options. */
export interface Order {
  readonly source: Pick<RenderAsk, "preset" | "stages">;
  /** Whether it goes by the notes of the clip that is meant. */
  readonly reads: boolean;
  readonly bars: number;
  readonly seed: number;
}

/** What a generator could write: every pitch. */
export const EVERY = Array.from({ length: 128 }, (_, pitch) => ({ pitch }));

/** Ask for notes; to finish is to write them into a new clip. */
export function generate(order: Order, line: Line, then: (finish: Finish) => void): void {
  const [song, track] = [new Song(), new OwnTrack()];
  if (track.isFrozen) {
    throw new Refusal(SAY.frozen);
  }
  const given = order.reads ? givenClip(song, track) : undefined;
  const clip = given ?? emptyClip(song, track, order.bars);
  line.ask({ ask: "render", clip, ...order.source, seed: order.seed, slot: "new" }, (answer) => {
    then(() => {
      const { notes, beats } = heard(renderedClip(answer), clip);
      return withWarning(SAY.generated(place(song, track, notes, beats)), answer, clip);
    });
  });
}

/** Return the clip that the user means, to go by its notes; nothing if there is none with notes. */
function givenClip(song: Song, track: OwnTrack): Clip | undefined {
  const read = track.meantClip(song.time)?.read();
  if (!read || read.notes.length === 0) {
    return undefined;
  }
  const around = surroundingsOf(song, track, { name: read.name, notes: EVERY });
  return requestFor(read, read.notes, around).clip;
}

function emptyClip(song: Song, track: OwnTrack, bars: number): Clip {
  const context = contextOf(song.metre, surroundingsOf(song, track, { name: "", notes: EVERY }));
  const notes = { pitch: [], onset: [], duration: [] };
  return { ...context, notes, length: bars * barOf(song.metre) };
}

/** Return what plays of a result: what is in the loop of the clip asked about, or all; from beat 0 on. */
function heard(result: Clip, asked: Clip): { notes: NewNote[]; beats: number } {
  const { start, end } = asked.loop ?? { start: 0, end: asked.length };
  const inside = notesOf(result).filter(({ start_time: at }) => start <= at && at < end);
  const notes = inside.map((note) => ({ ...note, start_time: note.start_time - start }));
  return { notes, beats: end - start };
}

/** Return the notes of a clip as Live takes new ones. */
export function notesOf(clip: Clip): NewNote[] {
  const columns = clip.notes;
  return columns.pitch.map((pitch, row) => ({
    pitch,
    start_time: columns.onset[row] ?? 0,
    duration: columns.duration[row] ?? 0,
    velocity: at(columns.velocity, row, 100),
    mute: at(columns.mute, row, 0) === 1 ? 1 : 0,
    probability: at(columns.probability, row, 1),
    velocity_deviation: at(columns.velocity_deviation, row, 0),
    release_velocity: at(columns.release_velocity, row, 64),
  }));
}

/** Return a column's value, or the protocol's default where the column is left out. */
function at(column: readonly number[] | undefined, row: number, usual: number): number {
  return column?.[row] ?? usual;
}

/** Put notes into a new clip, and return how many Live has taken. */
function place(song: Song, track: OwnTrack, notes: readonly NewNote[], beats: number): number {
  if (notes.length === 0) {
    throw new Refusal(SAY.nothingGenerated);
  }
  const clip = showsArrangement() ? inArrangement(song, track, beats) : inSession(track, beats);
  if (!clip) {
    throw new Refusal(SAY.notMade);
  }
  clip.add(notes);
  return clip.readNotes().length;
}

function inSession(track: OwnTrack, beats: number): LiveClip | undefined {
  const slot = track.freeSlot();
  if (!slot) {
    throw new Refusal(SAY.noSlot);
  }
  return createSlotClip(slot, beats);
}

/** Begin at the bar that plays, or at the first time after it where there is room. */
function inArrangement(song: Song, track: OwnTrack, beats: number): LiveClip | undefined {
  const bar = barOf(song.metre);
  return track.createArrangementClip(
    track.freeTime(Math.floor(song.time / bar) * bar, beats),
    beats,
  );
}
