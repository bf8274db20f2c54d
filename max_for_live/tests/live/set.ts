/** Simulate a set of Live, as far as Max's LiveAPI shows it. */

import type { SimClip } from "./clip.ts";
import type { LiveContext, SetOptions, TrackOptions } from "./contract.ts";
import type { SimDevice, SimTrack } from "./track.ts";

export declare class LiveSet {
  constructor(options?: SetOptions);
  /** What the Max console would show: what was wrong with a call. */
  readonly console: readonly string[];
  /** The modifying calls of devices, by name; undone ones are gone. */
  readonly undoSteps: readonly string[];
  /** Take back the last step, of a device or of the user. */
  undo(): void;
  addTrack(options?: TrackOptions): SimTrack;
  /** Show a clip in the detail view, or none. */
  select(clip: SimClip | undefined): void;
  play(): void;
  stop(): void;
  jump(beats: number): void;
  tempo: number;
  context(device: SimDevice): LiveContext;
  closeContexts(): void;
}
