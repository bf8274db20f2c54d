/** Be the MIDI Transformation: play the notes that are selected in the clip that is shown. */

import type { Controls } from "../live/controls.ts";
import { shapesOf } from "../live/humanize.ts";
import { folded, laneOf } from "../live/lane.ts";
import { shaped } from "../live/plan.ts";
import { requestFor } from "../live/request.ts";
import type { Clip, Note } from "../wire/note.ts";
import type { Maker, Order } from "./cycle.ts";
import { roomed } from "./room.ts";
import { shownFrame, shownNotes, shownSurroundings } from "./shown.ts";
import type { Snapshot, ToolNote } from "./snapshot.ts";
import { Tool } from "./tool.ts";

class Player implements Maker {
  readonly isAhead = false;
  readonly rescue = undefined;
  readonly #controls: Controls;
  /** The notes beside those of a snapshot: read while the clip is as it was. */
  #beside: { readonly text: string; readonly notes: readonly Note[] } | undefined;

  constructor(controls: Controls) {
    this.#controls = controls;
  }

  key(snapshot: Snapshot, seed: number): string {
    const { preset, amounts, options } = this.#controls.wish;
    const settings = [preset, amounts, options, this.#controls.isOn("fold"), seed];
    return `${JSON.stringify(settings)} ${snapshot.text}`;
  }

  order(snapshot: Snapshot, seed: number): Order {
    const { preset, amounts, options } = this.#controls.wish;
    const isFolded = this.#controls.isOn("fold");
    const pedal: Record<string, number> = isFolded ? {} : { pedal: 0 };
    const beside = this.#notesBeside(snapshot);
    const notes = inTime([...snapshot.notes, ...beside]);
    const rows = snapshot.notes.map((note) => notes.indexOf(note));
    const frame = shownFrame(snapshot.context);
    const read = { ...frame, notes, selected: new Set<number>(), text: "" };
    const { clip, origin } = requestFor(read, notes, shownSurroundings(snapshot.context));
    const all = { ...amounts, ...pedal };
    const ask = { ask: "render", clip, preset, amounts: all, options, seed, slot: "clip" } as const;
    const heard = { start: frame.loopStart, end: frame.loopEnd };
    return {
      ask: { ...ask, ...(beside.length > 0 && { note_ids: rows }) },
      notes: (result: Clip) => {
        const shapes = shapesOf(result, origin, notes.length);
        const lane = laneOf(result.controllers, origin);
        const played = isFolded ? folded(shapes, lane, frame.loopEnd) : shapes;
        const own = rows.flatMap((row) => played[row] ?? []);
        return roomed(shaped(snapshot.notes, own, heard), snapshot.notes, beside);
      },
    };
  }

  placed(notes: readonly ToolNote[]): readonly ToolNote[] {
    return notes;
  }

  meanwhile(snapshot: Snapshot): readonly ToolNote[] {
    return snapshot.notes;
  }

  untouched(snapshot: Snapshot): readonly ToolNote[] {
    return snapshot.notes;
  }

  /** Return the notes of the clip that Live has not handed out, which are not to change. */
  #notesBeside({ text, notes }: Snapshot): readonly Note[] {
    if (this.#beside?.text !== text) {
      const ids = new Set(notes.map((note) => note.note_id));
      const places = new Set(notes.map(placeOf));
      const isOwn = (note: Note): boolean => ids.has(note.note_id) || places.has(placeOf(note));
      const others = shownNotes().filter((note) => !isOwn(note));
      this.#beside = { text, notes: others };
    }
    return this.#beside.notes;
  }
}

const tool = new Tool((controls) => new Player(controls));

/** Take a message from the patch. */
export function receive(message: string, atoms: readonly unknown[]): void {
  tool.receive(message, atoms);
}

/** Leave nothing behind when the tool is closed. */
export function close(): void {
  tool.close();
}

/** Tell a note by where it is, for Live may count the notes anew that a tool gives back. */
function placeOf({ pitch, start_time }: Note): string {
  return `${pitch} ${start_time.toFixed(6)}`;
}

function inTime(notes: readonly Note[]): Note[] {
  return [...notes].sort((a, b) => a.start_time - b.start_time || a.pitch - b.pitch);
}
