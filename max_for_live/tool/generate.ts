/** Be the MIDI Generator: write new notes where Live wants them, and never none. */

import type { Controls } from "../live/controls.ts";
import { notesOf } from "../live/generate.ts";
import { GAP } from "../live/plan.ts";
import { contextOf } from "../live/request.ts";
import { Refusal, SAY } from "../live/say.ts";
import type { Clip } from "../wire/note.ts";
import type { Maker, Order } from "./cycle.ts";
import { pulse } from "./pulse.ts";
import { shownFrame, shownNotes, shownSurroundings } from "./shown.ts";
import { keyOf, type Snapshot, type ToolNote } from "./snapshot.ts";
import { Tool } from "./tool.ts";

/** The length of what is written where Live does not say it: a bar. */
const USUAL_BEATS = 4;

class Generator implements Maker {
  /** A result depends on the length, the metre and the scale, so the next one can be there before. */
  readonly isAhead = true;
  readonly rescue = pulse(USUAL_BEATS, null);
  readonly #controls: Controls;

  constructor(controls: Controls) {
    this.#controls = controls;
  }

  key(snapshot: Snapshot, seed: number): string {
    const { source } = this.#controls.order;
    const { numerator, denominator } = shownFrame(snapshot.context);
    const { scale } = snapshot.context;
    return JSON.stringify([source, seed, beatsOf(snapshot), numerator, denominator, scale]);
  }

  order(snapshot: Snapshot, seed: number): Order {
    const beats = beatsOf(snapshot);
    const { source } = this.#controls.order;
    const around = shownSurroundings(snapshot.context);
    const context = contextOf(shownFrame(snapshot.context), around);
    const clip: Clip = {
      ...context,
      notes: { pitch: [], onset: [], duration: [] },
      length: beats,
    };
    return {
      ask: { ask: "render", clip, ...source, seed, slot: `seed ${seed}` },
      notes: (result) => requireSome(cut(notesOf(result), beats)),
    };
  }

  placed(notes: readonly ToolNote[], snapshot: Snapshot): readonly ToolNote[] {
    const { time_selection_start: start } = snapshot.context.clip;
    return notes.map((note) => ({ ...note, start_time: note.start_time + start }));
  }

  meanwhile(snapshot: Snapshot): readonly ToolNote[] {
    return this.placed(pulse(beatsOf(snapshot), keyOf(snapshot.context)), snapshot);
  }

  /** Give back what lies there, for what a generator returns takes its place. */
  untouched(snapshot: Snapshot): readonly ToolNote[] {
    const { time_selection_start: start } = snapshot.context.clip;
    const end = start + beatsOf(snapshot);
    const there = shownNotes().filter(({ start_time: at }) => start <= at && at < end);
    return there.length > 0 ? there : this.meanwhile(snapshot);
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

/** Return the notes that begin before an end, none longer than to there. */
function cut(notes: readonly ToolNote[], end: number): ToolNote[] {
  return notes
    .filter((note) => note.start_time < end - GAP)
    .map((note) => ({ ...note, duration: Math.min(note.duration, end - note.start_time) }));
}

function requireSome(notes: readonly ToolNote[]): readonly ToolNote[] {
  if (notes.length === 0) {
    throw new Refusal(SAY.pulse);
  }
  return notes;
}

/** Return the length of the selection. */
function beatsOf(snapshot: Snapshot): number {
  const { time_selection_start: start, time_selection_end: end } = snapshot.context.clip;
  return end > start ? end - start : USUAL_BEATS;
}
