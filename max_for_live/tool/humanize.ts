/** Be the MIDI Transformation: play the notes that are selected in the clip that is shown. */

import type { Controls } from "../live/controls.ts";
import { shapesOf } from "../live/humanize.ts";
import { folded, laneOf } from "../live/lane.ts";
import { shaped } from "../live/plan.ts";
import { requestFor } from "../live/request.ts";
import type { Clip, Note } from "../wire/note.ts";
import type { Handout, Maker, Question } from "./cycle.ts";
import { fingerprintOf, shownFrame, shownSurroundings } from "./shown.ts";
import type { ToolNote } from "./snapshot.ts";
import { Tool } from "./tool.ts";

class Player implements Maker {
  readonly isAhead = false;
  readonly rescue = undefined;
  readonly #controls: Controls;

  constructor(controls: Controls) {
    this.#controls = controls;
  }

  key({ text, beside }: Handout, seed: number): string {
    const { preset, amounts, options } = this.#controls.wish;
    const settings = [preset, amounts, options, this.#controls.isOn("fold"), seed];
    return `${JSON.stringify(settings)} ${fingerprintOf(beside)} ${text}`;
  }

  question({ notes: own, beside, context }: Handout, seed: number): Question {
    const { preset, amounts, options } = this.#controls.wish;
    const isFolded = this.#controls.isOn("fold");
    const pedal: Record<string, number> = isFolded ? {} : { pedal: 0 };
    const notes = inTime([...own, ...beside]);
    const places = new Map(notes.map((note, row) => [note, row]));
    const rows = own.map((note) => places.get(note) ?? -1);
    const frame = shownFrame(context);
    const read = { ...frame, notes, selected: new Set<number>(), text: "" };
    const { clip, origin } = requestFor(read, notes, shownSurroundings(context, notes));
    const all = { ...amounts, ...pedal };
    const ask = { ask: "render", clip, preset, amounts: all, options, seed, slot: "clip" } as const;
    const heard = { start: frame.loopStart, end: frame.loopEnd };
    return {
      ask: { ...ask, ...(beside.length > 0 && { note_ids: rows }) },
      notes: (result: Clip) => {
        const shapes = shapesOf(result, origin, notes.length);
        const lane = laneOf(result.controllers, origin);
        const played = isFolded ? folded(shapes, lane, frame.loopEnd) : shapes;
        const wanted = rows.flatMap((row) => played[row] ?? []);
        return shaped(own, { shapes: wanted, known: own, heard });
      },
    };
  }

  /** Keep clear of what is beside the notes now, which may be other notes than were asked with. */
  placed(notes: readonly Note[], { notes: own, beside, context }: Handout): readonly ToolNote[] {
    const { loopStart, loopEnd } = shownFrame(context);
    const known = [...own, ...beside];
    const shapes = [...notes, ...beside];
    const heard = { start: loopStart, end: loopEnd };
    return shaped(known, { shapes, known, heard }).slice(0, own.length);
  }

  untouched({ notes }: Handout): readonly ToolNote[] {
    return notes;
  }

  /** Live hands out notes, or does not apply a transformation. */
  filler(): readonly ToolNote[] {
    return [];
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

function inTime(notes: readonly Note[]): Note[] {
  return [...notes].sort((a, b) => a.start_time - b.start_time || a.pitch - b.pitch);
}
