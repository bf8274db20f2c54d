/** List what Max can read of a clip, set and call. Source: Live Object Model, Clip. */

import type { SimClip } from "./clip.ts";
import type { Members, Method, Property } from "./lom.ts";
import {
  LiveError,
  acts,
  asNumber,
  asText,
  asWhole,
  child,
  fixed,
  observed,
  reads,
  step,
} from "./lom.ts";
import { modifications, newNotes, noteIds, query, region, written } from "./note_call.ts";
import { notesById, notesInRegion } from "./notes.ts";

export function clipMembers(clip: SimClip): Members {
  return { ...names(clip), ...times(clip), ...playing(clip), ...noteFunctions(clip) };
}

function names(clip: SimClip): Members {
  return {
    canonical_parent: child(() => clip.parent),
    name: observed(
      () => clip.state.name,
      (value) => {
        clip.update({ name: asText(value) });
      },
    ),
    is_midi_clip: fixed(() => Number(clip.isMidi)),
    is_audio_clip: fixed(() => Number(!clip.isMidi)),
    is_arrangement_clip: fixed(() => Number(clip.isArrangement)),
    has_envelopes: observed(() => 0),
    muted: observed(
      () => Number(clip.state.muted),
      (value) => {
        clip.update({ muted: asWhole(value) !== 0 });
      },
    ),
    signature_numerator: signature(clip, 0),
    signature_denominator: signature(clip, 1),
  };
}

function signature(clip: SimClip, index: 0 | 1): Property {
  return observed(
    () => clip.state.signature[index],
    (value) => {
      const changed = clip.state.signature.with(index, asWhole(value));
      clip.update({ signature: [changed[0] ?? 4, changed[1] ?? 4] });
    },
  );
}

/** All in beats. Without a loop, loop_start and loop_end are the clip's start and end. */
function times(clip: SimClip): Members {
  const ends = () => {
    const { looping, loop_start, loop_end, start_marker, end_marker } = clip.state;
    return looping ? ([loop_start, loop_end] as const) : ([start_marker, end_marker] as const);
  };
  const length = (): number => ends()[1] - ends()[0];
  return {
    looping: observed(
      () => Number(clip.state.looping),
      (value) => {
        clip.update({ looping: asWhole(value) !== 0 });
      },
    ),
    length: fixed(length),
    loop_start: observed(
      () => ends()[0],
      (value) => {
        clip.update({ [clip.state.looping ? "loop_start" : "start_marker"]: asNumber(value) });
      },
    ),
    loop_end: observed(
      () => ends()[1],
      (value) => {
        clip.update({ [clip.state.looping ? "loop_end" : "end_marker"]: asNumber(value) });
      },
    ),
    start_marker: time(clip, "start_marker"),
    end_marker: time(clip, "end_marker"),
    // of a playing clip of the Session, it is the launch in beats of the song
    start_time: observed(() => (clip.isArrangement ? clip.state.start : launchOf(clip))),
    end_time: observed(() => (clip.isArrangement ? clip.state.end : ends()[1])),
  };
}

function time(clip: SimClip, name: "start_marker" | "end_marker"): Property {
  return observed(
    () => clip.state[name],
    (value) => {
      clip.update({ [name]: asNumber(value) });
    },
  );
}

function launchOf(clip: SimClip): number {
  const elapsed = clip.parent.elapsed(clip);
  return elapsed === undefined ? 0 : clip.world.transport.beat() - elapsed;
}

function playing(clip: SimClip): Members {
  return {
    is_playing: fixed(() => Number(clip.isPlaying)),
    is_triggered: fixed(() => Number(clip.parent.isTriggered(clip))),
    is_recording: observed(() => Number(clip.isRecording)),
    is_overdubbing: observed(() => 0),
    playing_position: observed(() => clip.playingPosition),
    fire: acts(() => {
      clip.parent.launch(clip);
      return undefined;
    }),
    stop: acts(() => {
      clip.parent.stopPlaying();
      return undefined;
    }),
  };
}

const REGION = ["from_pitch", "pitch_span", "from_time", "time_span"] as const;

function noteFunctions(clip: SimClip): Members {
  const functions = { ...readers(clip), ...writers(clip) };
  const checked = Object.entries(functions).map(([name, method]): [string, Method] => {
    return [name, ofMidi(clip, method)];
  });
  return {
    ...Object.fromEntries(checked),
    notes: { kind: "signal", get: () => clip.state.notes, observed: true },
  };
}

function readers(clip: SimClip): Record<string, Method> {
  return {
    get_notes_extended: reads((args) => {
      const { entries, keys } = query(args, REGION);
      return written(notesInRegion(clip.state.notes, region(entries)), keys);
    }),
    get_all_notes_extended: reads((args) => written(clip.notes(), query(args, []).keys)),
    get_selected_notes_extended: reads((args) => {
      return written(clip.selectedNotes(), query(args, []).keys);
    }),
    get_notes_by_id: reads((args) => {
      const { entries, keys } = query(args, []);
      const ids = entries["note_ids"] ?? args;
      return written(notesById(clip.state.notes, noteIds(Array.isArray(ids) ? ids : [ids])), keys);
    }),
  };
}

function writers(clip: SimClip): Record<string, Method> {
  return {
    add_new_notes: step((args) => clip.add(newNotes(args))),
    apply_note_modifications: step((args) => {
      clip.modify(modifications(args));
      return undefined;
    }),
    remove_notes_by_id: step((args) => {
      clip.remove(noteIds(args));
      return undefined;
    }),
    remove_notes_extended: step((args) => {
      const { entries } = query(args, REGION);
      clip.remove(notesInRegion(clip.state.notes, region(entries)).map((note) => note.note_id));
      return undefined;
    }),
    select_notes_by_id: acts((args) => {
      clip.selectNotes(noteIds(args));
      return undefined;
    }),
    select_all_notes: acts(() => {
      clip.selectNotes(clip.state.notes.map((note) => note.note_id));
      return undefined;
    }),
    deselect_all_notes: acts(() => {
      clip.selectNotes([]);
      return undefined;
    }),
  };
}

/** Refuse a function of notes in an audio clip, and changes where the track is frozen. */
function ofMidi(clip: SimClip, method: Method): Method {
  return {
    ...method,
    call: (args) => {
      if (!clip.isMidi) {
        throw new LiveError("Notes are only available in MIDI clips");
      }
      if (method.effect === "step" && clip.parent.isFrozen()) {
        throw new LiveError("The track is frozen");
      }
      return method.call(args);
    },
  };
}
