/** List what Max can read of a track and call. Source: Live Object Model, Track. */

import { layoutOf } from "./arrangement.ts";
import { SimClip } from "./clip.ts";
import type { Members } from "./lom.ts";
import {
  LiveError,
  acts,
  asNumber,
  asText,
  child,
  children,
  fixed,
  observed,
  step,
} from "./lom.ts";
import type { SimTrack } from "./track.ts";

export function trackMembers(track: SimTrack): Members {
  return { ...traits(track), ...playing(track), ...clipFunctions(track) };
}

function traits(track: SimTrack): Members {
  return {
    canonical_parent: child(() => track.parent),
    name: observed(
      () => track.name,
      (value) => {
        track.rename(asText(value));
      },
    ),
    has_midi_input: observed(() => Number(track.isMidi)),
    has_audio_input: observed(() => Number(!track.isMidi)),
    has_midi_output: observed(() => Number(track.isMidi)),
    is_frozen: observed(() => Number(track.isFrozen())),
    is_foldable: fixed(() => 0),
    clip_slots: children(() => track.slots),
    arrangement_clips: children(() => track.arrangement.clips),
    devices: children(() => track.devices),
  };
}

/** Slots by their number; -2 is the stop button, -1 none. */
function playing(track: SimTrack): Members {
  const { playback } = track;
  const indexOf = (clip: SimClip): number => track.slots.findIndex((slot) => slot.clip === clip);
  return {
    playing_slot_index: observed(() => {
      const none = playback.isOverriding ? -2 : -1;
      return playback.playing === undefined ? none : indexOf(playback.playing);
    }),
    fired_slot_index: observed(() => {
      const none = playback.isStopFired ? -2 : -1;
      return playback.fired === undefined ? none : indexOf(playback.fired);
    }),
    stop_all_clips: acts(() => {
      playback.stop();
      return undefined;
    }),
  };
}

function clipFunctions(track: SimTrack): Members {
  return {
    create_midi_clip: step((args) => {
      const [start, length] = [asNumber(args[0]), asNumber(args[1])];
      track.requireMidi();
      if (length <= 0) {
        throw new LiveError("The length of a clip must be greater than 0");
      }
      return track.arrangement.add({ start, length });
    }),
    delete_clip: step((args) => {
      track.delete(clipOf(args[0]));
      return undefined;
    }),
    duplicate_clip_to_arrangement: step((args) => {
      return duplicate(track, clipOf(args[0]), asNumber(args[1]));
    }),
  };
}

function duplicate(track: SimTrack, clip: SimClip, start: number): SimClip {
  track.requireMidi();
  const { looping, loop_start, loop_end, start_marker, end_marker } = clip.state;
  const once = looping ? loop_end - loop_start : end_marker - start_marker;
  const end = start + (clip.isArrangement ? clip.state.end - clip.state.start : once);
  if (clip.isArrangement && !track.arrangement.isFree(start, end)) {
    // no device may do this. Source: adamjmurray/producer-pal, dev/Arrangement-Operations.md
    throw new LiveError("Duplicating a clip of the Arrangement onto others has crashed Live");
  }
  return track.arrangement.add({ ...layoutOf(clip.state), is_midi_clip: clip.isMidi, start, end });
}

/** Return the clip of an argument such as "id 12", which arrives here as the object. */
function clipOf(argument: unknown): SimClip {
  if (argument instanceof SimClip) {
    return argument;
  }
  throw new LiveError("Invalid arguments: expected the id of a clip");
}
