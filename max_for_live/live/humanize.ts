/** Give a clip a performance: ask for one, and write it if the clip is still what was read. */

import type { Clip, Note } from "../wire/note.ts";
import type { Answer, RenderAsk } from "../wire/talk.ts";
import { countPlayed, picked, rowOf, type Performance } from "./performance.ts";
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
  /** Whether it was a dial that asks, not a press. */
  readonly isTurn: boolean;
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
    then(() => {
      const sentence = take(shelf, scene, wish, { clip: renderedClip(answer), origin });
      return withWarning(sentence, answer, ask.clip);
    });
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

/** Return a sentence, and behind it what an engine could not do with a clip that was asked about. */
export function withWarning(sentence: string, answer: Answer, asked: Clip): string {
  const warning = answer.answer === "rendered" ? answer.warnings[0] : undefined;
  // of which track it is, is plain on the track itself
  const said = warning?.replace(`track ${asked.name ?? ""}: `, "");
  return said === undefined ? sentence : SAY.warned(sentence, said);
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
  wish: Wish,
  rendered: { readonly clip: Clip; readonly origin: number },
): string {
  const lane = laneOf(rendered.clip.controllers, rendered.origin);
  const shapes = shapesOf(rendered.clip, rendered.origin, scene.read.notes.length);
  const isFolded = wish.pedal === "fold";
  const wanted = isFolded ? folded(shapes, lane, scene.read.loopEnd) : shapes;
  const written = write(scene.clip, scene.read, wanted, scene.base);
  const performance = performanceOf(scene, written, isFolded ? NO_PEDAL : lane);
  shelf.keep(scene.read.id, performance, wish.isTurn);
  return sentenceOf(scene, written, performance, wish.pedal === "play");
}

/** Return what is kept. The pedal is kept while it is off, and a few selected notes leave it as it was. */
function performanceOf(scene: Scene, written: Written, lane: Lane): Performance {
  const { base, match, read } = scene;
  const before = match?.performance;
  const isPart = read.selected.size > 0 && before !== undefined;
  return {
    base: base.map((shape, row) => rowOf({ ...shape, pitch: read.notes[row]?.pitch ?? 0 })),
    played: written.rows,
    pedal: isPart ? before.pedal : lane,
    basePedal: before?.basePedal ?? NO_PEDAL,
    isOriginal: false,
  };
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

function sentenceOf(
  { read }: Scene,
  written: Written,
  { base, played, pedal }: Performance,
  isPedalOn: boolean,
): string {
  if (written.refused > 0) {
    return SAY.refused(written.refused);
  }
  const isMeant = (row: number): boolean =>
    read.selected.size === 0 || read.selected.has(read.notes[row]?.note_id ?? -1);
  const meant = base.flatMap((_, row) => (isMeant(row) ? [row] : []));
  const count = countPlayed(picked(base, meant), picked(played, meant));
  const said = read.selected.size > 0 ? SAY.writtenSelected : SAY.written;
  const sentence = count === 0 ? SAY.same : said(count, meant.length);
  return isPedalOn && pedal.time.length > 0 ? SAY.withPedal(sentence) : sentence;
}
