/** Simulate a track with its slots, its Arrangement and its devices. */

import { Arrangement } from "./arrangement.ts";
import type { Home, SimClip } from "./clip.ts";
import type { ClipOptions, DeviceOptions, TrackOptions } from "./contract.ts";
import type { Rack } from "./device.ts";
import { SimDevice } from "./device.ts";
import type { LomObject, Members } from "./lom.ts";
import { LiveError } from "./lom.ts";
import { Playback } from "./playback.ts";
import { SimSlot } from "./slot.ts";
import { trackMembers } from "./track_member.ts";
import type { World } from "./world.ts";

export type { SimDevice };

/** The set, as a track sees it. */
export interface TrackList extends LomObject {
  readonly tracks: readonly SimTrack[];
}

const SLOTS = 8;

export class SimTrack implements Home, Rack {
  readonly type = "Track";
  readonly id: string;
  readonly parent: TrackList;
  readonly members: Members;
  readonly isMidi: boolean;
  readonly playback: Playback;
  readonly slots: readonly SimSlot[];
  readonly arrangement: Arrangement;
  readonly #world: World;
  #name: string;
  #devices: readonly SimDevice[];
  #isFrozen: boolean;

  constructor(world: World, parent: TrackList, options: TrackOptions) {
    this.id = world.register(this);
    this.#world = world;
    this.parent = parent;
    this.isMidi = options.kind !== "audio";
    this.#name = options.name ?? `${parent.tracks.length + 1}-${this.isMidi ? "MIDI" : "Audio"}`;
    this.#isFrozen = options.is_frozen ?? false;
    this.playback = new Playback(world);
    this.slots = Array.from({ length: options.slots ?? SLOTS }, () => new SimSlot(world, this));
    this.arrangement = new Arrangement(world, this);
    this.#devices = (options.devices ?? []).map((device) => new SimDevice(world, this, device));
    this.members = trackMembers(this);
    world.history.keep(() => this.#keep());
  }

  get devices(): readonly SimDevice[] {
    return this.#devices;
  }

  get name(): string {
    return this.#name;
  }

  rename(name: string): void {
    this.#name = name;
  }

  addDevice(options: DeviceOptions = {}): SimDevice {
    return this.#world.change("user", "add a device", () => {
      const device = new SimDevice(this.#world, this, options);
      this.#devices = [...this.#devices, device];
      return device;
    });
  }

  removeDevice(device: SimDevice): void {
    this.#world.change("user", "delete a device", () => {
      this.#devices = this.#devices.filter((other) => other !== device);
    });
  }

  /** Put a clip into a slot of the Session, by default into the first empty one. */
  addClip(options: ClipOptions = {}, slot?: number): SimClip {
    const free = this.slots.findIndex((other) => other.clip === undefined);
    const target = this.slots[slot ?? free];
    if (target === undefined) {
      throw new Error(`the track has ${this.slots.length} slots, and none is at ${slot ?? free}`);
    }
    const kind = { is_midi_clip: this.isMidi };
    return this.#world.change("user", "add a clip", () => target.fill({ ...kind, ...options }));
  }

  /** Put a clip into the Arrangement; without an end it is as long as it plays once through. */
  addArrangementClip(start: number, options: ClipOptions = {}, end?: number): SimClip {
    const layout = { is_midi_clip: this.isMidi, ...options, start };
    return this.#world.change("user", "add a clip", () => {
      return this.arrangement.add(end === undefined ? layout : { ...layout, end });
    });
  }

  /** Delete a clip of this track. */
  remove(clip: SimClip): void {
    this.#world.change("user", "delete a clip", () => {
      this.delete(clip);
    });
  }

  /** Freeze the track, or unfreeze it. */
  freeze(isFrozen: boolean): void {
    this.#world.change("user", "freeze the track", () => {
      this.#isFrozen = isFrozen;
    });
  }

  delete(clip: SimClip): void {
    const slot = this.slots.find((other) => other.clip === clip);
    if (slot === undefined) {
      this.arrangement.remove(clip);
    } else {
      slot.empty();
    }
  }

  requireMidi(): void {
    if (!this.isMidi) {
      throw new LiveError("MIDI clips can only be created on MIDI tracks");
    }
    if (this.#isFrozen) {
      throw new LiveError("The track is frozen");
    }
  }

  isFrozen(): boolean {
    return this.#isFrozen;
  }

  placeOf(clip: SimClip): string | undefined {
    const index = this.arrangement.clips.indexOf(clip);
    return index < 0 ? undefined : `arrangement_clips ${index}`;
  }

  elapsed(clip: SimClip): number | undefined {
    return this.playback.isOverriding ? undefined : this.arrangement.elapsed(clip);
  }

  isTriggered(): boolean {
    return false;
  }

  launch(): void {
    throw new LiveError("Only clips of the Session can be launched");
  }

  stopPlaying(): void {
    this.playback.stop();
  }

  place(): string {
    return `tracks ${this.parent.tracks.indexOf(this)}`;
  }

  exists(): boolean {
    return this.parent.tracks.includes(this);
  }

  #keep(): () => void {
    const [name, devices, isFrozen] = [this.#name, this.#devices, this.#isFrozen];
    return () => {
      [this.#name, this.#devices, this.#isFrozen] = [name, devices, isFrozen];
    };
  }
}
