/**
 * Say to a MIDI Tool what is selected, and in which scale and grid.
 *
 * Source: Max reference, live.miditool.in; h1data/M4L-MIDI-tool-examples, memo/README.md.
 */

import type { Note } from "../../wire/note.ts";
import type { LomObject } from "./lom.ts";
import { SimSong } from "./song.ts";
import type { ToolOptions } from "./tool.ts";
import { compareVersions } from "./whitelist.ts";

export interface ToolContext {
  readonly clip: {
    readonly time_selection_start: number;
    readonly time_selection_end: number;
    readonly insert_marker_time?: number;
    readonly first_note_start?: number;
    readonly last_note_end?: number;
    readonly lowest_pitch?: number;
    readonly highest_pitch?: number;
  };
  readonly scale: {
    readonly scale_mode: number;
    readonly root_note: number;
    readonly scale_intervals: readonly number[];
    /** From Live 12.0.5. */
    readonly scale_name?: string;
  };
  readonly grid: { readonly interval: number; readonly enabled: number };
}

const SIXTEENTHS = { interval: 0.25, enabled: 1 } as const;

export function contextOf(options: ToolOptions): ToolContext {
  const { loop_start, loop_end } = options.clip.state;
  const [time_selection_start, time_selection_end] = options.timeSelection ?? [
    loop_start,
    loop_end,
  ];
  const marker = options.insertMarker;
  return {
    clip: {
      time_selection_start,
      time_selection_end,
      ...(marker === undefined ? {} : { insert_marker_time: marker }),
      ...extent(options.clip.notes()),
    },
    scale: scaleOf(options),
    grid: options.grid ?? SIXTEENTHS,
  };
}

function scaleOf({ clip }: ToolOptions): ToolContext["scale"] {
  const { scale_mode, root_note, scale_intervals, scale_name } = songOf(clip).scale;
  const isNamed = compareVersions(clip.world.version, "12.0.5") >= 0;
  return {
    scale_mode: Number(scale_mode),
    root_note,
    scale_intervals: [...scale_intervals],
    ...(isNamed ? { scale_name } : {}),
  };
}

function songOf(object: LomObject): SimSong {
  if (object instanceof SimSong) {
    return object;
  }
  if (object.parent === undefined) {
    throw new Error(`the ${object.type} ${object.id} is in no song`);
  }
  return songOf(object.parent);
}

/** A clip without notes has none of these keys. */
function extent(notes: readonly Note[]): Partial<ToolContext["clip"]> {
  if (notes.length === 0) {
    return {};
  }
  return {
    first_note_start: Math.min(...notes.map((note) => note.start_time)),
    last_note_end: Math.max(...notes.map((note) => note.start_time + note.duration)),
    lowest_pitch: Math.min(...notes.map((note) => note.pitch)),
    highest_pitch: Math.max(...notes.map((note) => note.pitch)),
  };
}
