/** Name what a test says when it builds a set, and what a device in it gets. Times are in beats. */

import type { Note } from "../../wire/note.ts";
import type { Clock } from "./clock.ts";

/** A note as a test writes it: what is left out takes Live's default. */
export type NewNote = Pick<Note, "pitch" | "start_time" | "duration"> & Partial<Note>;

export interface Scale {
  /** 0 is C. */
  readonly root_note: number;
  readonly scale_name: string;
  readonly scale_intervals: readonly number[];
  readonly scale_mode: boolean;
}

export interface SetOptions {
  /** Such as "12.3.0", the default; decides what Max may call. */
  readonly version?: string;
  readonly tempo?: number;
  readonly clock?: Clock;
  readonly signature?: readonly [number, number];
  readonly scale?: Partial<Scale>;
  /** When launched clips start; "bar" by default. */
  readonly launch_quantization?: "none" | "bar";
}

export interface ClipOptions {
  readonly name?: string;
  readonly notes?: readonly NewNote[];
  /** Of the loop and the markers, where those are left out; 4 by default. */
  readonly length?: number;
  readonly looping?: boolean;
  readonly loop_start?: number;
  readonly loop_end?: number;
  readonly start_marker?: number;
  readonly end_marker?: number;
  readonly signature?: readonly [number, number];
  readonly muted?: boolean;
  /** False for an audio clip. */
  readonly is_midi_clip?: boolean;
}

export interface DrumPadOptions {
  readonly note: number;
  readonly name: string;
  /** How many chains it plays; 1 by default, 0 is an empty pad. */
  readonly chains?: number;
}

export interface ChainOptions {
  readonly name: string;
  readonly devices?: readonly DeviceOptions[];
}

export interface DeviceOptions {
  /** Of Live's own, such as "DrumGroupDevice"; "MxDeviceMidiEffect" by default. */
  readonly class_name?: string;
  readonly class_display_name?: string;
  readonly name?: string;
  readonly can_have_drum_pads?: boolean;
  readonly can_have_chains?: boolean;
  readonly drum_pads?: readonly DrumPadOptions[];
  readonly chains?: readonly ChainOptions[];
}

export interface TrackOptions {
  readonly name?: string;
  /** "midi" by default. */
  readonly kind?: "midi" | "audio";
  readonly is_frozen?: boolean;
  readonly devices?: readonly DeviceOptions[];
  /** Scenes of the set, at least; 8 by default. */
  readonly slots?: number;
}

/** What a script of a device finds as the global LiveAPI; live/max.d.ts declares it. */
export interface Api {
  readonly id: string;
  readonly type: string;
  readonly path: string;
  readonly unquotedpath: string;
  property: string;
  get(property: string): unknown[] | undefined;
  set(property: string, value: unknown): void;
  call(method: string, ...args: unknown[]): unknown;
  getcount(child: string): number;
}

type Callback = (args: unknown[]) => void;

/** Made with a path, or with a callback and a path. */
export type ApiClass = new (first: Callback | string | null, path?: string) => Api;

/** A device in the set, seen from its scripts. */
export interface LiveContext {
  /** Put it into the script's globals. */
  readonly LiveAPI: ApiClass;
  /** Say that live.thisdevice sent its first bang: LiveAPI works from here on. */
  loaded(): void;
  /** Forget every observer, as when the device is deleted or its script is compiled again. */
  close(): void;
}
