/** List what Max can read of the song, set and call. Source: Live Object Model, Song. */

import type { Scale } from "./contract.ts";
import type { Members, Property } from "./lom.ts";
import { LiveError, acts, asNumber, asText, asWhole, child, children, observed } from "./lom.ts";
import type { SimSong } from "./song.ts";

export function songMembers(song: SimSong): Members {
  return {
    ...transport(song),
    ...scale(song),
    tracks: children(() => song.tracks),
    visible_tracks: children(() => song.tracks),
    view: child(() => song.view),
    signature_numerator: signature(song, 0),
    signature_denominator: signature(song, 1),
    clip_trigger_quantization: observed(
      () => song.quantization,
      (value) => {
        song.quantize(asWhole(value));
      },
    ),
  };
}

/** Times are in beats; nothing of it but the tempo is a step to undo. */
function transport(song: SimSong): Members {
  const { world } = song;
  const act = (action: () => void) => {
    return acts(() => {
      action();
      return undefined;
    });
  };
  return {
    tempo: observed(
      () => world.transport.tempo,
      (value) => {
        world.setTempo(asTempo(value));
      },
    ),
    is_playing: observed(
      () => Number(world.transport.isPlaying),
      (value) => {
        if (asWhole(value) === 0) {
          world.stop();
        } else {
          world.resume();
        }
      },
      "acts",
    ),
    current_song_time: observed(
      () => world.transport.beat(),
      (value) => {
        world.jump(asNumber(value));
      },
      "acts",
    ),
    start_playing: act(() => {
      world.play();
    }),
    continue_playing: act(() => {
      world.resume();
    }),
    stop_playing: act(() => {
      world.stop();
    }),
    undo: act(() => {
      world.history.undo();
    }),
  };
}

function scale(song: SimSong): Members {
  const put = (changes: Partial<Scale>): void => {
    song.scale = { ...song.scale, ...changes };
  };
  return {
    root_note: observed(
      () => song.scale.root_note,
      (value) => {
        put({ root_note: asWhole(value) });
      },
    ),
    scale_name: observed(
      () => song.scale.scale_name,
      (value) => {
        put({ scale_name: asText(value) });
      },
    ),
    scale_intervals: observed(() => song.scale.scale_intervals),
    scale_mode: observed(
      () => Number(song.scale.scale_mode),
      (value) => {
        put({ scale_mode: asWhole(value) !== 0 });
      },
    ),
  };
}

function signature(song: SimSong, index: 0 | 1): Property {
  return observed(
    () => song.signature[index],
    (value) => {
      const [numerator, denominator] = song.signature.with(index, asWhole(value));
      song.setSignature([numerator ?? 4, denominator ?? 4]);
    },
  );
}

/** Source: Live Object Model, Song.tempo: 20 to 999. */
function asTempo(value: unknown): number {
  const bpm = asNumber(value);
  if (bpm < 20 || bpm > 999) {
    throw new LiveError("set: invalid value");
  }
  return bpm;
}
