/** Simulate the song. */

import type { Scale, SetOptions, TrackOptions } from "./contract.ts";
import type { LomObject, Members } from "./lom.ts";
import { songMembers } from "./song_member.ts";
import { SimTrack } from "./track.ts";
import { SimView } from "./view.ts";
import type { World } from "./world.ts";

const MAJOR = [0, 2, 4, 5, 7, 9, 11] as const;

export class SimSong implements LomObject {
  readonly type = "Song";
  readonly id: string;
  readonly parent = undefined;
  readonly members: Members;
  readonly view: SimView;
  readonly world: World;
  signature: readonly [number, number];
  scale: Scale;
  /** Live's number of a launch quantization: 0 none, 4 one bar. */
  quantization = 4;
  #tracks: readonly SimTrack[] = [];

  constructor(world: World, options: SetOptions) {
    this.id = world.register(this);
    this.world = world;
    this.signature = options.signature ?? [4, 4];
    this.scale = { ...DEFAULT_SCALE, ...options.scale };
    this.view = new SimView(world, this);
    this.members = songMembers(this);
    this.quantize(options.launch_quantization === "none" ? 0 : 4);
    world.history.keep(() => this.#keep());
  }

  get tracks(): readonly SimTrack[] {
    return this.#tracks;
  }

  addTrack(options: TrackOptions): SimTrack {
    const track = new SimTrack(this.world, this, options);
    this.#tracks = [...this.#tracks, track];
    return track;
  }

  removeTrack(track: SimTrack): void {
    this.#tracks = this.#tracks.filter((other) => other !== track);
  }

  /** Set Live's number of a launch quantization; only none and one bar are simulated. */
  quantize(quantization: number): void {
    const [numerator, denominator] = this.signature;
    this.quantization = quantization;
    this.world.quantum = quantization === 0 ? 0 : (numerator * 4) / denominator;
  }

  /** Set the metre, and with it how long a bar is. */
  setSignature(signature: readonly [number, number]): void {
    this.signature = signature;
    this.quantize(this.quantization);
  }

  place(): string {
    return "live_set";
  }

  exists(): boolean {
    return true;
  }

  #keep(): () => void {
    const { signature, scale, quantization } = this;
    const tracks = this.#tracks;
    const { tempo } = this.world.transport;
    return () => {
      this.#tracks = tracks;
      this.scale = scale;
      this.quantization = quantization;
      this.setSignature(signature);
      this.world.setTempo(tempo);
    };
  }
}

const DEFAULT_SCALE: Scale = {
  root_note: 0,
  scale_name: "Major",
  scale_intervals: MAJOR,
  scale_mode: false,
};
