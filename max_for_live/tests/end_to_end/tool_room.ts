/** Put a MIDI Tool beside a clip of a simulated set, and use it as a musician does. */

import { onTestFinished } from "vitest";

import { buildDevice } from "../../patch/make.ts";
import type { Note } from "../../wire/note.ts";
import type { RenderAsk } from "../../wire/talk.ts";
import type { SimClip } from "../live/clip.ts";
import type { ClipOptions, SetOptions } from "../live/contract.ts";
import { LiveSet } from "../live/set.ts";
import { MidiTool, type ToolOptions } from "../live/tool.ts";
import { MaxDevice, type OpenOptions } from "../max/max_device.ts";
import { phrase } from "./stage.ts";

/** Asking a real server and writing what it answers may take so long on a busy machine. */
export const APPLIED_MS = 15_000;

/** What Live says of a tool that does not answer as it must. Source: Max reference, live.miditool.out. */
const LATE = /live\.miditool|dictionary/i;

/** What the user wrote, with what Live keeps beside pitch and time. */
export const OWN = [0, 2.5, 7].map((start_time) => {
  return { pitch: 90, start_time, duration: 0.5, velocity: 33, probability: 0.5, mute: 1 } as const;
});

/** What the local pulse plays: C3 and nothing else, where there is no scale. */
const PULSE_PITCH = 48;

export interface RoomOptions {
  readonly kind: ToolOptions["kind"];
  readonly clip: ClipOptions;
  readonly set?: SetOptions;
  readonly tool?: Pick<ToolOptions, "timeSelection" | "insertMarker">;
  /** Whether Live ignores what asks it to apply the tool, but for its own button. */
  readonly isDeaf?: boolean;
  readonly open?: Partial<OpenOptions>;
}

/** A set with one clip, which is shown, and what a tool needs to be opened there. */
export interface Room {
  readonly live: LiveSet;
  readonly clip: SimClip;
  readonly options: OpenOptions;
  /** Press Live's own Apply button, which works in a room where Live is deaf too. */
  readonly press: () => void;
}

/** Return a room in which each reply of the tool is counted. */
export function roomFor({ kind, clip: layout, set, tool, isDeaf, open }: RoomOptions): Room {
  const live = new LiveSet(set);
  const track = live.addTrack({ name: "Piano" });
  const clip = track.addClip({ name: "Verse", ...layout });
  live.select(clip);
  const made: MidiTool[] = [];
  const cycle = (emit: ToolOptions["emit"]): MidiTool => {
    const whole = new MidiTool({ kind, clip, emit, ...tool });
    made.push(whole);
    return isDeaf === true ? deaf(whole) : whole;
  };
  const press = (): void => {
    made.at(-1)?.bang();
  };
  // a MIDI Tool is on no track, but the simulated set needs a place for it
  return { live, clip, options: { live, track, tool: cycle, ...open }, press };
}

function deaf(tool: MidiTool): MidiTool {
  return {
    bang: () => undefined,
    reply: (dictionary) => {
      tool.reply(dictionary);
    },
    userEdits: () => {
      tool.userEdits();
    },
  };
}

/** Return a room for a transformation, whose clip has two bars of chords unless it says otherwise. */
export function verse(clip: ClipOptions = {}, more: Partial<RoomOptions> = {}): Room {
  const layout = { length: 8, notes: phrase(64), ...clip };
  return roomFor({ ...more, kind: "transformation", clip: layout });
}

/** Return a room for a generator, whose clip has two bars and no notes unless it says otherwise. */
export function empty(more: Partial<RoomOptions> = {}): Room {
  return roomFor({ clip: { length: 8 }, ...more, kind: "generator" });
}

/** Whether notes are what the generator plays where there is nothing else. */
export function isPulse(notes: readonly Note[]): boolean {
  return notes.length > 0 && notes.every(({ pitch }) => pitch === PULSE_PITCH);
}

/** Build a tool and open it with an environment of its own, whether a server is there or not. */
export async function openWith(
  name: string,
  options: OpenOptions,
  env: Readonly<Record<string, string>>,
): Promise<MaxDevice> {
  const max = await MaxDevice.open(await buildDevice(name), { ...options, env });
  onTestFinished(() => max.close());
  return max;
}

/** Press Live's own Apply button. */
export function apply(max: MaxDevice): void {
  if (!max.tool) {
    throw new Error("the device is opened without a MIDI Tool");
  }
  max.tool.bang();
}

/** Press Live's Apply button, and wait until the server's answer is in the clip. */
export async function applied(max: MaxDevice): Promise<void> {
  apply(max);
  await due();
  await settled(max);
}

/** Let happen what the tool does right after its answer to Live: a timer that is set later comes later. */
export function due(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Wait until the status line tells how many notes were written. */
export function settled(max: MaxDevice): Promise<void> {
  return said(max, /^\d+ notes\.$/);
}

/** Wait until the status line says something. */
export function said(max: MaxDevice, sentence: RegExp): Promise<void> {
  return max.until(() => sentence.test(max.text("status")), APPLIED_MS, String(sentence));
}

/** Return what Live complains of, and errors of Max. */
export function complaints(max: MaxDevice, live: LiveSet): readonly string[] {
  return [...live.console.filter((line) => LATE.test(line)), ...max.errors];
}

/** Return what was asked for, in its order. */
export function renders(max: MaxDevice): RenderAsk[] {
  return max.asks.flatMap((ask) => (ask.ask === "render" ? [ask] : []));
}

/** Wait until so many performances were asked for, and the last of them is in the clip. */
export async function asked(max: MaxDevice, count: number): Promise<void> {
  await max.until(() => renders(max).length === count, APPLIED_MS, `${count} asks`);
  await settled(max);
}

/** Return what no performance may change. */
export function kept(notes: readonly Note[]): readonly object[] {
  return [...notes]
    .sort((a, b) => a.note_id - b.note_id)
    .map(({ note_id, pitch, mute, probability, velocity_deviation, release_velocity }) => {
      return { note_id, pitch, mute, probability, velocity_deviation, release_velocity };
    });
}

/** Return when, how long and how loud each note is. */
export function playing(notes: readonly Note[]): readonly object[] {
  return [...notes]
    .sort((a, b) => a.note_id - b.note_id)
    .map(({ note_id, start_time, duration, velocity }) => {
      return { note_id, start_time, duration, velocity };
    });
}

/** Whether two of what `playing` returns are the same. */
export function isSame(one: readonly object[], other: readonly object[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** At most one ask in so many ms, and one more at the end. */
const PACE_MS = 120;

/**
 * Return how many asks a drag may make: ten in the second that it takes in Live, and more where a busy
 * machine draws it out.
 */
export function mostAsks(elapsedMs: number): number {
  return Math.max(10, Math.ceil(elapsedMs / PACE_MS) + 2);
}
