/**
 * Say what the two halves of a device say to each other: v8 asks, Node answers.
 *
 * An ask has an id of v8's choosing, 1 and above, and gets one answer with the same id. What Node
 * says unasked has the id 0. Each travels as JSON in the pieces of `piece.ts`: from v8 as messages
 * "ask", from Node as messages "answer".
 */

import type { Clip } from "./note.ts";
import type { State } from "./state.ts";

export type Ask =
  | { readonly ask: "state" }
  | RenderAsk
  | { readonly ask: "midi_file"; readonly clip: Clip; readonly name: string };

/** Ask for one performance, or for new notes; docs/protocol.md, "render". */
export interface RenderAsk {
  readonly ask: "render";
  readonly clip: Clip;
  readonly preset?: string;
  readonly stages?: readonly Stage[];
  /** Multiply the amount of the engines of a kind, such as velocity: 0 none, 1 as it is, 2 twice. */
  readonly amounts?: Readonly<Record<string, number>>;
  /** Values for options of these names, in every stage that has them. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly note_ids?: readonly number[];
  readonly slot?: string;
}

export interface Stage {
  readonly engine: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export type Answer =
  | {
      readonly answer: "rendered";
      readonly clip: Clip;
      readonly seed: number;
      readonly timings: Timings;
      /** Sentences about what engines could not do. */
      readonly warnings: readonly string[];
    }
  | { readonly answer: "written"; readonly path: string }
  | { readonly answer: "failure"; readonly code: string; readonly message: string }
  | StateAnswer;

/** How it stands with the server; sent with the id 0 whenever that changes. */
export interface StateAnswer {
  readonly answer: "state";
  readonly state: State;
  /** What the sentence of the state needs to know: a version, a port, a path, an error. */
  readonly detail: string;
  /** Only in the state "ready". */
  readonly welcome?: Welcome;
}

/** What a server can do, from its answer to hello. */
export interface Welcome {
  readonly version: string;
  readonly presets: readonly Preset[];
  readonly engines: readonly Engine[];
  /** Sentences about what is missing, such as the weights of the learned engines. */
  readonly warnings: readonly string[];
}

export interface Preset {
  readonly name: string;
  readonly role: string;
  readonly summary: string;
  readonly kind: string;
  readonly engines: readonly string[];
}

export interface Engine {
  readonly name: string;
  readonly kind: string;
  readonly summary: string;
  /** JSON Schema of an object, with `unit` beside the ranges. */
  readonly options: Schema;
  /** The role of clips whose notes a generator goes by, "auto" for any; none if it goes by none. */
  readonly reads?: string;
}

export interface Schema {
  readonly properties?: Readonly<Record<string, Option>>;
}

export interface Option {
  readonly type?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly items?: Option;
}

export interface Timings {
  readonly queued_ms: number;
  readonly engine_ms: number;
  readonly total_ms: number;
}
