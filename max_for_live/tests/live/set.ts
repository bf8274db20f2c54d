/** Simulate a set of Live, as far as Max's LiveAPI shows it; the way in for tests. */

import type { Host } from "./api.ts";
import { apiFor } from "./api.ts";
import type { DocumentView } from "./application.ts";
import { SimApplication } from "./application.ts";
import type { SimClip } from "./clip.ts";
import type { Clock } from "./clock.ts";
import { VirtualClock } from "./clock.ts";
import type { LiveContext, Scale, SetOptions, TrackOptions } from "./contract.ts";
import type { SimDevice } from "./device.ts";
import type { SimSlot } from "./slot.ts";
import { SimSong } from "./song.ts";
import type { SimTrack } from "./track.ts";
import { World } from "./world.ts";

export class LiveSet {
  readonly clock: Clock;
  readonly song: SimSong;
  readonly #world: World;
  readonly #application: SimApplication;
  readonly #contexts: LiveContext[] = [];

  constructor(options: SetOptions = {}) {
    this.clock = options.clock ?? new VirtualClock();
    this.#world = new World(this.clock, options.version ?? "12.3.0", options.tempo ?? 120);
    this.song = new SimSong(this.#world, options);
    this.#application = new SimApplication(this.#world, this.song);
  }

  /** What the Max console would show: what was wrong with a call. */
  get console(): readonly string[] {
    return this.#world.console;
  }

  /** The modifying calls of devices, by name; those that were undone are gone. */
  get undoSteps(): readonly string[] {
    return this.#world.history.names("device");
  }

  /** Take back the last step, be it a device's or the user's. */
  undo(): void {
    this.#world.history.undo();
    this.#world.watch.check();
  }

  get tracks(): readonly SimTrack[] {
    return this.song.tracks;
  }

  addTrack(options: TrackOptions = {}): SimTrack {
    return this.#world.change("user", "add a track", () => this.song.addTrack(options));
  }

  removeTrack(track: SimTrack): void {
    this.#world.change("user", "delete a track", () => {
      this.song.removeTrack(track);
    });
  }

  /** Show a clip in the detail view, or none. */
  select(clip: SimClip | undefined): void {
    this.song.view.show(clip);
    this.#world.history.touch();
    this.#world.watch.check();
  }

  /** Click a slot of the Session. */
  highlight(slot: SimSlot): void {
    this.song.view.highlight(slot);
    this.#world.watch.check();
  }

  /** Bring the Session or the Arrangement to the front. */
  look(view: DocumentView): void {
    this.#application.view.focused = view;
    this.#world.watch.check();
  }

  get beat(): number {
    return this.#world.transport.beat();
  }

  get isPlaying(): boolean {
    return this.#world.transport.isPlaying;
  }

  get tempo(): number {
    return this.#world.transport.tempo;
  }

  set tempo(bpm: number) {
    this.#world.change("user", "set the tempo", () => {
      this.#world.setTempo(bpm);
    });
  }

  setSignature(numerator: number, denominator: number): void {
    this.#world.change("user", "set the metre", () => {
      this.song.setSignature([numerator, denominator]);
    });
  }

  setScale(scale: Partial<Scale>): void {
    this.#world.change("user", "set the scale", () => {
      this.song.scale = { ...this.song.scale, ...scale };
    });
  }

  /** Start from where the transport last started, or was put since. */
  play(): void {
    this.#world.play();
    this.#world.watch.check();
  }

  stop(): void {
    this.#world.stop();
    this.#world.watch.check();
  }

  jump(beat: number): void {
    this.#world.jump(beat);
    this.#world.watch.check();
  }

  /** Return what a script of the device finds. */
  context(device: SimDevice): LiveContext {
    const context = open(this.#world, {
      live_set: this.song,
      live_app: this.#application,
      this_device: device,
    });
    this.#contexts.push(context);
    return context;
  }

  /** End every observer, and stand still, so that no timer is left. */
  closeContexts(): void {
    this.stop();
    this.#contexts.forEach((context) => {
      context.close();
    });
  }
}

function open(world: World, roots: Host["roots"]): LiveContext {
  let isLoaded = false;
  const host: Host = {
    world,
    roots,
    get isLoaded() {
      return isLoaded;
    },
  };
  return {
    LiveAPI: apiFor(host),
    loaded: () => {
      isLoaded = true;
    },
    close: () => {
      isLoaded = false;
      world.watch.forget(host);
    },
  };
}
