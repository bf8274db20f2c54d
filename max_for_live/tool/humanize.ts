/** Be the MIDI Transformation: play the notes that are selected in the clip that is shown. */

import type { Controls } from "../live/controls.ts";
import { shapesOf } from "../live/humanize.ts";
import { folded, laneOf } from "../live/lane.ts";
import { LiveObject } from "../live/live_api.ts";
import { LiveClip, type ReadClip } from "../live/clip.ts";
import { shaped } from "../live/plan.ts";
import { requestFor, type Request } from "../live/request.ts";
import { surroundingsOf } from "../live/scene.ts";
import { Song } from "../live/song.ts";
import { OwnTrack } from "../live/track.ts";
import type { Clip } from "../wire/note.ts";
import type { RenderAsk } from "../wire/talk.ts";
import type { Maker } from "./cycle.ts";
import { keyOf, type Snapshot, type ToolNote } from "./snapshot.ts";
import { Tool } from "./tool.ts";

/** The clip whose notes are shown, which is the one that Live applies tools to. */
const SHOWN = "live_set view detail_clip";

class Player implements Maker {
  readonly isAhead = false;
  readonly #controls: Controls;

  constructor(controls: Controls) {
    this.#controls = controls;
  }

  key(snapshot: Snapshot, seed: number): string {
    const { preset, amounts } = this.#controls.wish;
    const settings = [preset, amounts, this.#controls.isOn("fold"), seed];
    return `${JSON.stringify(settings)} ${snapshot.text}`;
  }

  ask(snapshot: Snapshot, seed: number): RenderAsk {
    const { preset, amounts } = this.#controls.wish;
    const { clip } = requestOf(snapshot);
    const pedal: Record<string, number> = this.#controls.isOn("fold") ? {} : { pedal: 0 };
    return { ask: "render", clip, preset, amounts: { ...amounts, ...pedal }, seed, slot: "clip" };
  }

  notes(result: Clip, snapshot: Snapshot): readonly ToolNote[] {
    const { notes } = snapshot;
    const { origin } = requestOf(snapshot);
    const read = frameOf(snapshot);
    const shapes = shapesOf(result, origin, notes.length);
    const lane = laneOf(result.controllers, origin);
    const isFolded = this.#controls.isOn("fold");
    const heard = { start: read.loopStart, end: read.loopEnd };
    return shaped(notes, isFolded ? folded(shapes, lane, read.loopEnd) : shapes, heard);
  }

  meanwhile(snapshot: Snapshot): readonly ToolNote[] {
    return snapshot.notes;
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

function requestOf(snapshot: Snapshot): Request {
  const song = new Song();
  const names = surroundingsOf(song, new OwnTrack(SHOWN), frameOf(snapshot).name);
  return requestFor(frameOf(snapshot), snapshot.notes, { ...names, key: keyOf(snapshot.context) });
}

/** Return the clip that is shown, with the notes that Live has handed out. */
function frameOf(snapshot: Snapshot): ReadClip {
  const shown = LiveObject.at(SHOWN);
  const { time_selection_start: start, time_selection_end: end } = snapshot.context.clip;
  const usual = { id: 0, name: "", looping: false, numerator: 4, denominator: 4 };
  const span = { loopStart: start, loopEnd: end, startMarker: start, endMarker: end };
  const read = shown ? new LiveClip(shown).frame() : { ...usual, ...span };
  return { ...read, notes: snapshot.notes, selected: new Set(), text: "" };
}
