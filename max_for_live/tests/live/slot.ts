/** Simulate a slot of the Session. */

import type { Home } from "./clip.ts";
import { SimClip } from "./clip.ts";
import type { ClipOptions } from "./contract.ts";
import type { Members } from "./lom.ts";
import { LiveError, acts, asNumber, child, fixed, observed, step } from "./lom.ts";
import type { SimTrack } from "./track.ts";
import type { World } from "./world.ts";

export class SimSlot implements Home {
  readonly type = "ClipSlot";
  readonly id: string;
  readonly parent: SimTrack;
  readonly members: Members;
  readonly #world: World;
  #clip: SimClip | undefined;

  constructor(world: World, track: SimTrack) {
    this.id = world.register(this);
    this.parent = track;
    this.#world = world;
    this.members = this.#members();
    world.history.keep(() => {
      const clip = this.#clip;
      return () => {
        this.#clip = clip;
      };
    });
  }

  get clip(): SimClip | undefined {
    return this.#clip;
  }

  /** Put a new clip in; the slot must be empty. */
  fill(options: ClipOptions): SimClip {
    if (this.#clip !== undefined) {
      throw new LiveError("The clip slot already has a clip");
    }
    this.#clip = new SimClip(this.#world, this, options);
    return this.#clip;
  }

  empty(): void {
    if (this.#clip === undefined) {
      throw new LiveError("The clip slot has no clip");
    }
    this.#clip = undefined;
  }

  placeOf(clip: SimClip): string | undefined {
    return this.#clip === clip ? "clip" : undefined;
  }

  elapsed(clip: SimClip): number | undefined {
    return this.parent.playback.elapsed(clip);
  }

  isTriggered(clip: SimClip): boolean {
    return this.parent.playback.fired === clip;
  }

  isFrozen(): boolean {
    return this.parent.isFrozen();
  }

  launch(clip: SimClip): void {
    this.parent.playback.launch(clip);
  }

  stopPlaying(): void {
    this.parent.playback.stop();
  }

  place(): string {
    return `clip_slots ${this.parent.slots.indexOf(this)}`;
  }

  exists(): boolean {
    return this.parent.exists();
  }

  #members(): Members {
    return {
      canonical_parent: child(() => this.parent),
      clip: child(() => this.#clip, true),
      has_clip: observed(() => Number(this.#clip !== undefined)),
      has_stop_button: observed(() => 1),
      is_group_slot: fixed(() => 0),
      is_playing: fixed(() => Number(this.#clip?.isPlaying ?? false)),
      is_triggered: observed(() =>
        Number(this.#clip !== undefined && this.isTriggered(this.#clip)),
      ),
      is_recording: fixed(() => Number(this.#clip?.isRecording ?? false)),
      playing_status: observed(() => Number(this.#clip?.isPlaying ?? false)),
      create_clip: step((args) => this.#create(args)),
      delete_clip: step(() => {
        this.empty();
        return undefined;
      }),
      fire: acts(() => {
        // the button of an empty slot stops the track
        if (this.#clip === undefined) {
          this.stopPlaying();
        } else {
          this.launch(this.#clip);
        }
        return undefined;
      }),
      stop: acts(() => {
        this.stopPlaying();
        return undefined;
      }),
    };
  }

  /** Create an empty clip, which loops. Source: Live Object Model, ClipSlot.create_clip. */
  #create(args: readonly unknown[]): SimClip {
    const length = asNumber(args[0]);
    this.parent.requireMidi();
    if (length <= 0) {
      throw new LiveError("The length of a clip must be greater than 0");
    }
    return this.fill({ length });
  }
}
