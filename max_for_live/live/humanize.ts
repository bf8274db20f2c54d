/** Give a clip a performance: ask for one, and write it if the clip is still what was read. */

import type { Clip, Note } from "../wire/note.ts";
import type { Answer, RenderAsk } from "../wire/talk.ts";
import { rowOf } from "./base.ts";
import { folded, laneOf, NO_PEDAL, type Lane } from "./lane.ts";
import type { Line } from "./link.ts";
import type { Shape } from "./plan.ts";
import { requestFor, rowsOf } from "./request.ts";
import { Refusal, SAY } from "./say.ts";
import type { Scene } from "./scene.ts";
import type { Shelf } from "./shelf.ts";
import { write, type Written } from "./write.ts";

/** What is done with the sustain pedal: nothing, played by the device, or folded into lengths. */
export type PedalMode = "off" | "play" | "fold";

/** Which performance is wanted. */
export interface Wish {
  readonly preset: string;
  /** Factors 0 to 2 by kind of engine, such as velocity. */
  readonly amounts: Readonly<Record<string, number>>;
  /** Values for options, in every stage that has them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly pedal: PedalMode;
  readonly seed: number;
}

/** What is to be done when an answer has come: it returns what to say, or throws a Refusal. */
export type Finish = () => string;

/** Ask for a performance of a clip from its base; to finish is to write and to keep it. */
export function humanize(
  scene: Scene,
  wish: Wish,
  { shelf, line }: { readonly shelf: Shelf; readonly line: Line },
  then: (finish: Finish) => void,
): void {
  const { ask, origin } = askFor(scene, wish);
  line.ask(ask, (answer) => {
    then(() => take(shelf, scene, wish.pedal, { clip: renderedClip(answer), origin }));
  });
}

/**
 * Return the clip of an answer.
 *
 * @throws {Refusal} It is a failure.
 */
export function renderedClip(answer: Answer): Clip {
  if (answer.answer !== "rendered") {
    throw new Refusal(answer.answer === "failure" ? answer.message : SAY.notReady);
  }
  return answer.clip;
}

/** Ask from the base; but notes that are not selected stay as they are now. */
function askFor(scene: Scene, wish: Wish): { ask: RenderAsk; origin: number } {
  const { base } = scene;
  const { notes, selected } = scene.read;
  const isMeant = (note: Note): boolean => selected.size === 0 || selected.has(note.note_id);
  const asked = notes.map((note, row) => (isMeant(note) ? { ...note, ...base[row] } : note));
  const { clip, origin } = requestFor(scene.read, asked, scene.surroundings);
  const rows = rowsOf(scene.read);
  const { preset, amounts, options, seed } = wish;
  const ask: RenderAsk = { ask: "render", clip, preset, amounts, options, seed, slot: "clip" };
  return { origin, ask: { ...ask, ...(rows && { note_ids: rows }) } };
}

function take(
  shelf: Shelf,
  scene: Scene,
  mode: PedalMode,
  rendered: { readonly clip: Clip; readonly origin: number },
): string {
  const lane = laneOf(rendered.clip.controllers, rendered.origin);
  const shapes = shapesOf(rendered.clip, rendered.origin, scene.read.notes.length);
  const end = scene.read.loopEnd;
  const written = write(
    scene.clip,
    scene.read,
    mode === "fold" ? folded(shapes, lane, end) : shapes,
  );
  // while the pedal is off its movements are kept, so that they are there when it is on
  const pedal = mode === "fold" ? NO_PEDAL : pedalOf(scene, lane);
  keep(shelf, scene, written, pedal);
  return sentenceOf(written, scene.read.selected.size, mode === "play" && pedal.time.length > 0);
}

/** Return the pedal that a clip has from now on; a few selected notes do not change it. */
function pedalOf(scene: Scene, lane: Lane): Lane {
  const before = scene.match?.performance.pedal;
  return scene.read.selected.size > 0 && before ? before : lane;
}

function keep(shelf: Shelf, scene: Scene, written: Written, pedal: Lane): void {
  const notes = scene.read.notes;
  const base = scene.base.map((shape, row) => rowOf({ ...shape, pitch: notes[row]?.pitch ?? 0 }));
  shelf.keep(scene.read.id, { base, played: written.rows, pedal, isOriginal: false });
}

/**
 * Return the shapes of a clip's notes whose times count from an origin.
 *
 * @throws {Refusal} There are not as many as there were.
 */
export function shapesOf(clip: Clip, origin: number, count: number): Shape[] {
  const { onset, duration, velocity } = clip.notes;
  if (onset.length !== count || !velocity) {
    throw new Refusal(SAY.torn(count, onset.length));
  }
  return onset.map((start, row) => ({
    start_time: start + origin,
    duration: duration[row] ?? 0,
    velocity: velocity[row] ?? 0,
  }));
}

function sentenceOf(written: Written, selected: number, hasPedal: boolean): string {
  if (written.refused > 0) {
    return SAY.refused(written.refused);
  }
  const { changed, rows } = written;
  const played =
    selected > 0 ? SAY.writtenSelected(changed, selected) : SAY.written(changed, rows.length);
  const sentence = changed === 0 ? SAY.same : played;
  return hasPedal ? SAY.withPedal(sentence) : sentence;
}
