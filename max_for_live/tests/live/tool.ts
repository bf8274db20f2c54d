/** Simulate the apply cycle of Live's MIDI Tools, around live.miditool.in and live.miditool.out. */

import type { SimClip } from "./clip.ts";

export type Dictionary = Readonly<Record<string, unknown>>;

export interface ToolOptions {
  readonly kind: "transformation" | "generator";
  readonly clip: SimClip;
  /** Called with the context, then with the notes. */
  readonly emit: (what: "context" | "notes", dictionary: Dictionary) => void;
  readonly timeSelection?: readonly [number, number];
  readonly insertMarker?: number;
  readonly grid?: { readonly interval: number; readonly enabled: 0 | 1 };
}

export declare class MidiTool {
  constructor(options: ToolOptions);
  /** Apply or Generate is pressed, or live.miditool.in gets a bang. */
  bang(): void;
  /** Take what live.miditool.out got. */
  reply(dictionary: Dictionary): void;
  /** Say that the user did something outside the tool: the cycle ends. */
  userEdits(): void;
}
