/** Name the tracks of the simulated set. */

import type { SimClip } from "./clip.ts";
import type { ClipOptions, DeviceOptions } from "./contract.ts";

export declare class SimTrack {
  readonly id: string;
  readonly devices: readonly SimDevice[];
  addDevice(options?: DeviceOptions): SimDevice;
  /** Put a clip into a slot of the Session, by default into the first empty one. */
  addClip(options?: ClipOptions, slot?: number): SimClip;
  addArrangementClip(start: number, options?: ClipOptions): SimClip;
  remove(clip: SimClip): void;
}

export declare class SimDevice {
  readonly id: string;
  readonly track: SimTrack;
}
