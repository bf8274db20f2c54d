/** A piano's track with a clip and the main device on it, and what a musician does there. */

import type { Note } from "../../wire/note.ts";
import type { SimClip } from "../live/clip.ts";
import type { ClipOptions, SetOptions, TrackOptions } from "../live/contract.ts";
import { LiveSet } from "../live/set.ts";
import type { SimTrack } from "../live/track.ts";
import type { MaxDevice } from "../max/max_device.ts";
import { answered, phrase, type Stage } from "./stage.ts";

export interface Piano {
  readonly live: LiveSet;
  readonly track: SimTrack;
  readonly clip: SimClip;
  readonly max: MaxDevice;
}

interface Options {
  readonly set?: SetOptions;
  readonly track?: TrackOptions;
  readonly clip?: ClipOptions;
}

/** Open a set with a track of the name Piano, whose selected clip has 64 notes, and the device on it. */
export async function piano(stage: Stage, options: Options = {}): Promise<Piano> {
  const live = new LiveSet(options.set);
  const track = live.addTrack({ name: "Piano", ...options.track });
  const clip = track.addClip({ name: "Verse", length: 8, notes: phrase(64), ...options.clip });
  live.select(clip);
  const max = await stage.open({ live, track });
  return { live, track, clip, max };
}

/** Press Humanize, or do something else that plays, and wait until it is written. */
export function played(
  max: MaxDevice,
  act = (): void => {
    max.press("humanize");
  },
): Promise<void> {
  return answered(max, act, /notes played|clip as it is/);
}

export function sorted(notes: readonly Note[]): Note[] {
  return [...notes].sort((one, other) => one.note_id - other.note_id);
}

export function starts(notes: readonly Note[]): number[] {
  return sorted(notes).map(({ start_time }) => start_time);
}

export function pitches(notes: readonly Note[]): [number, number][] {
  return sorted(notes).map(({ note_id, pitch }) => [note_id, pitch]);
}
