/** Be the MIDI Generator: write new notes where Live wants them, and never none. */

import type { Controls } from "../live/controls.ts";
import { notesOf } from "../live/generate.ts";
import { contextOf } from "../live/request.ts";
import { surroundingsOf } from "../live/scene.ts";
import { Song } from "../live/song.ts";
import { OwnTrack } from "../live/track.ts";
import type { Clip } from "../wire/note.ts";
import type { RenderAsk } from "../wire/talk.ts";
import type { Maker } from "./cycle.ts";
import { pulse } from "./pulse.ts";
import { keyOf, type Snapshot, type ToolNote } from "./snapshot.ts";
import { Tool } from "./tool.ts";

const SHOWN = "live_set view detail_clip";

class Generator implements Maker {
  /** A result depends on the length and the scale alone, so the next one can be there before. */
  readonly isAhead = true;
  readonly #controls: Controls;

  constructor(controls: Controls) {
    this.#controls = controls;
  }

  key(snapshot: Snapshot, seed: number): string {
    const { source } = this.#controls.order;
    return JSON.stringify([source, seed, beatsOf(snapshot), snapshot.context.scale]);
  }

  ask(snapshot: Snapshot, seed: number): RenderAsk {
    const song = new Song();
    const around = surroundingsOf(song, new OwnTrack(SHOWN), "");
    const context = contextOf(song.metre, { ...around, key: keyOf(snapshot.context) });
    const notes = { pitch: [], onset: [], duration: [] };
    const clip: Clip = { ...context, notes, length: beatsOf(snapshot) };
    return { ask: "render", clip, ...this.#controls.order.source, seed, slot: `seed ${seed}` };
  }

  notes(result: Clip, snapshot: Snapshot): readonly ToolNote[] {
    const notes = placed(notesOf(result), snapshot);
    return notes.length > 0 ? notes : this.meanwhile(snapshot);
  }

  meanwhile(snapshot: Snapshot): readonly ToolNote[] {
    return placed(pulse(beatsOf(snapshot), keyOf(snapshot.context)), snapshot);
  }
}

const tool = new Tool((controls) => new Generator(controls));

/** Take a message from the patch. */
export function receive(message: string, atoms: readonly unknown[]): void {
  tool.receive(message, atoms);
}

/** Leave nothing behind when the tool is closed. */
export function close(): void {
  tool.close();
}

/** Move notes to where the selection begins, and cut them where it ends. */
function placed(notes: readonly ToolNote[], snapshot: Snapshot): ToolNote[] {
  const { time_selection_start: start } = snapshot.context.clip;
  const end = start + beatsOf(snapshot);
  return notes
    .map((note) => ({ ...note, start_time: note.start_time + start }))
    .filter((note) => note.start_time < end)
    .map((note) => ({ ...note, duration: Math.min(note.duration, end - note.start_time) }));
}

/** Return the length of the selection; a bar if Live tells of none. */
function beatsOf(snapshot: Snapshot): number {
  const { time_selection_start: start, time_selection_end: end } = snapshot.context.clip;
  return end > start ? end - start : 4;
}
