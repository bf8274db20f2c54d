/**
 * Be the MIDI Generator: write new notes where Live wants them.
 *
 * What a generator returns takes the place of what lies there, so that an answer of no notes, or one
 * that only passes the time, would delete the user's own.
 */

import type { Controls } from "../live/controls.ts";
import { EVERY, notesOf } from "../live/generate.ts";
import { GAP } from "../live/plan.ts";
import { contextOf } from "../live/request.ts";
import { Refusal, SAY } from "../live/say.ts";
import type { Clip } from "../wire/note.ts";
import type { Handout, Maker, Question } from "./cycle.ts";
import { pulse } from "./pulse.ts";
import { shownFrame, shownNotes, shownSurroundings } from "./shown.ts";
import { keyOfScale, type Snapshot, type ToolNote } from "./snapshot.ts";
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

  key(handout: Handout, seed: number): string {
    const { source } = this.#controls.order;
    const { numerator, denominator } = shownFrame(handout.context);
    const { scale } = handout.context;
    return JSON.stringify([source, seed, beatsOf(handout), numerator, denominator, scale]);
  }

  question(handout: Handout, seed: number): Question {
    const beats = beatsOf(handout);
    const { source } = this.#controls.order;
    const around = shownSurroundings(handout.context, EVERY);
    const context = contextOf(shownFrame(handout.context), around);
    const clip: Clip = {
      ...context,
      notes: { pitch: [], onset: [], duration: [] },
      length: beats,
    };
    return {
      ask: { ask: "render", clip, ...source, seed, slot: `seed ${seed}` },
      notes: (result) => requireSome(endedBy(beats, notesOf(result))),
    };
  }

  placed(notes: readonly ToolNote[], { context }: Handout): readonly ToolNote[] {
    const { time_selection_start: start } = context.clip;
    return notes.map((note) => ({ ...note, start_time: note.start_time + start }));
  }

  untouched(handout: Handout): readonly ToolNote[] {
    const { time_selection_start: start } = handout.context.clip;
    const end = start + beatsOf(handout);
    return shownNotes().filter(({ start_time: at }) => start <= at && at < end);
  }

  filler(handout: Handout): readonly ToolNote[] {
    return this.placed(pulse(beatsOf(handout), keyOfScale(handout.context.scale)), handout);
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
function endedBy(end: number, notes: readonly ToolNote[]): ToolNote[] {
  return notes
    .filter((note) => note.start_time < end - GAP)
    .map((note) => ({ ...note, duration: Math.min(note.duration, end - note.start_time) }));
}

function requireSome(notes: readonly ToolNote[]): readonly ToolNote[] {
  if (notes.length === 0) {
    throw new Refusal(SAY.silent);
  }
  return notes;
}

/** Return the length of the selection. */
function beatsOf(snapshot: Snapshot): number {
  const { time_selection_start: start, time_selection_end: end } = snapshot.context.clip;
  return end > start ? end - start : USUAL_BEATS;
}
