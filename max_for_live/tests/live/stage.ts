/** Set up a small set with one device on one MIDI track, for tests of the simulator itself. */

import type { SimClip } from "./clip.ts";
import { VirtualClock } from "./clock.ts";
import type { Api, ApiClass, ClipOptions, LiveContext, NewNote, SetOptions } from "./contract.ts";
import { LiveSet } from "./set.ts";
import type { SimTrack } from "./track.ts";

export class Stage {
  readonly clock = new VirtualClock();
  readonly live: LiveSet;
  readonly track: SimTrack;
  readonly context: LiveContext;

  constructor(options: SetOptions = {}) {
    this.live = new LiveSet({ clock: this.clock, ...options });
    this.track = this.live.addTrack();
    this.context = this.live.context(this.track.addDevice({ name: "yuragi" }));
    this.context.loaded();
  }

  get LiveAPI(): ApiClass {
    return this.context.LiveAPI;
  }

  at(path: string): Api {
    return new this.LiveAPI(path);
  }

  /** Refer to a new clip in the first empty slot. */
  clip(options: ClipOptions = {}): { readonly clip: SimClip; readonly api: Api } {
    const clip = this.track.addClip(options);
    return { clip, api: this.at(`id ${clip.id}`) };
  }

  /** Watch a property of the object at a path; what the callback got is in the list. */
  watch(path: string, property: string): unknown[][] {
    const told: unknown[][] = [];
    const api = new this.LiveAPI((args) => told.push([...args]), path);
    told.length = 0;
    api.property = property;
    return told;
  }
}

/** Return a note of a beat's length, or of another. */
export function note(pitch: number, start_time: number, duration = 1): NewNote {
  return { pitch, start_time, duration };
}

/** Return pitch, start and duration of each note: what overlaps are about. */
export function spans(clip: SimClip): number[][] {
  return clip.notes().map((each) => [each.pitch, each.start_time, each.duration]);
}
