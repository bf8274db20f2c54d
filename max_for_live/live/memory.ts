/** Write down what a set shall remember, in texts that Max can hold, and read it again. */

import { cut, toText } from "../wire/piece.ts";
import type { Lane } from "./lane.ts";
import { FINE, type Performance, type Row } from "./performance.ts";
import type { Choice } from "./controls.ts";

/** What a set remembers of a device beside its parameters. */
export interface Memory {
  readonly choice: Choice;
  readonly performances: readonly Performance[];
}

/** A performance as it is written down: four numbers a note, one after the other. */
interface Saved {
  readonly base: readonly number[];
  readonly played: readonly number[];
  readonly pedal: Lane;
  readonly basePedal: Lane;
  readonly isOriginal: boolean;
}

/** The form of what is written down. */
const FORM = 3;

/** A performance never changes, so its text is made once. */
const texts = new WeakMap<Performance, string>();

/** Return the texts of a memory. */
export function remembered(memory: Memory): string[] {
  const { choice, performances } = memory;
  // what changes most often comes last, so that Max meets as few new texts as can be
  const text = `{"form":${FORM},"performances":[${performances.map(textOf).join()}],"choice":${toText(choice)}}`;
  return cut(0, text).map(([, , , piece]) => piece);
}

/**
 * Return the memory in some texts; nothing if they are none of ours, as in a new device.
 *
 * @throws {SyntaxError} They are damaged, or of another form.
 */
export function recalled(atoms: readonly unknown[]): Memory | undefined {
  if (!atoms.every((text): text is string => typeof text === "string" && text.startsWith(":"))) {
    return undefined;
  }
  if (atoms.length === 0) {
    return undefined;
  }
  const memory: unknown = JSON.parse(atoms.map((text) => text.slice(1)).join(""));
  if (!isSaved(memory)) {
    throw new SyntaxError(`what is saved is not of form ${FORM}, which is allowed`);
  }
  return { choice: memory.choice, performances: memory.performances.map(performanceOf) };
}

interface SavedMemory {
  readonly form: number;
  readonly choice: Choice;
  readonly performances: readonly Saved[];
}

function isSaved(memory: unknown): memory is SavedMemory {
  const { form, choice, performances } = { ...(memory as Partial<SavedMemory> | null) };
  return (
    form === FORM &&
    typeof choice?.preset === "string" &&
    typeof choice.engine === "string" &&
    typeof choice.seed === "number" &&
    Array.isArray(performances) &&
    performances.every(isSavedPerformance)
  );
}

function isSavedPerformance(saved: unknown): boolean {
  const { base, played, pedal, basePedal } = { ...(saved as Partial<Saved> | null) };
  return isNumbers(base) && isNumbers(played) && isLane(pedal) && isLane(basePedal);
}

function isLane(lane: Lane | undefined): boolean {
  return isNumbers(lane?.time) && isNumbers(lane?.value);
}

function isNumbers(values: readonly number[] | undefined): boolean {
  return Array.isArray(values) && values.every((value) => typeof value === "number");
}

/** Write the base to the last digit; what was played, as closely as notes are told apart. */
export function textOf(performance: Performance): string {
  const known = texts.get(performance);
  if (known !== undefined) {
    return known;
  }
  const { base, played, pedal, basePedal, isOriginal } = performance;
  const text = toText({
    base: base.flat(),
    played: played.flatMap(rounded),
    pedal: roundedLane(pedal),
    basePedal: roundedLane(basePedal),
    isOriginal,
  } satisfies Saved);
  texts.set(performance, text);
  return text;
}

function performanceOf({ base, played, ...rest }: Saved): Performance {
  return { base: rowsOf(base), played: rowsOf(played), ...rest };
}

function rowsOf(flat: readonly number[]): Row[] {
  return Array.from({ length: flat.length / 4 }, (_, row): Row => {
    const [pitch = 0, start = 0, duration = 0, velocity = 0] = flat.slice(4 * row, 4 * row + 4);
    return [pitch, start, duration, velocity];
  });
}

function rounded([pitch, start, duration, velocity]: Row): Row {
  const fineVelocity = Math.round(velocity * FINE.velocity) / FINE.velocity;
  return [pitch, roundedBeat(start), roundedBeat(duration), fineVelocity];
}

function roundedLane({ time, value }: Lane): Lane {
  return { time: time.map(roundedBeat), value };
}

function roundedBeat(beats: number): number {
  return Math.round(beats * FINE.beat) / FINE.beat;
}
