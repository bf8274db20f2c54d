/** Play one clip of a track's Session at a time: launch at a bar, run, end, start again. */

import type { SimClip } from "./clip.ts";
import { isOver } from "./position.ts";
import type { Player, World } from "./world.ts";

/** A clip, or the stop button, that waits for its bar. */
interface Fired {
  readonly clip: SimClip | undefined;
  readonly at: number;
}

/** A bar that is this near has come; beats are sums of fractions. */
const NEAR = 1e-9;

export class Playback implements Player {
  readonly #world: World;
  #fired: Fired | undefined;
  #playing: { readonly clip: SimClip; readonly start: number } | undefined;
  #isOverriding = false;

  constructor(world: World) {
    this.#world = world;
    world.players.push(this);
  }

  /** The clip that waits for its bar. */
  get fired(): SimClip | undefined {
    this.settle();
    return this.#fired?.clip;
  }

  get isStopFired(): boolean {
    this.settle();
    return this.#fired !== undefined && this.#fired.clip === undefined;
  }

  get playing(): SimClip | undefined {
    this.settle();
    return this.#playing?.clip;
  }

  /** Whether the Session took the track from the Arrangement. */
  get isOverriding(): boolean {
    this.settle();
    return this.#isOverriding;
  }

  /** Beats since the clip was launched. */
  elapsed(clip: SimClip): number | undefined {
    this.settle();
    const playing = this.#playing;
    return playing?.clip === clip ? this.#world.transport.beat() - playing.start : undefined;
  }

  /** Launch a clip, at the next bar, or at once if the song stands still, which starts it. */
  launch(clip: SimClip): void {
    this.#fire(clip);
    this.#world.play();
  }

  stop(): void {
    this.#fire(undefined);
  }

  settle(): void {
    const beat = this.#world.transport.beat();
    this.#endPlaying(this.#fired === undefined ? beat : Math.min(beat, this.#fired.at));
    if (this.#fired !== undefined && beat + NEAR >= this.#fired.at) {
      this.#start(this.#fired);
      this.#endPlaying(beat);
    }
  }

  begin(): void {
    const start = this.#world.transport.beat();
    this.#playing = this.#playing && { clip: this.#playing.clip, start };
    this.#fired = this.#fired && { clip: this.#fired.clip, at: start };
    this.settle();
  }

  relocate(): void {
    this.#fired = this.#fired && { clip: this.#fired.clip, at: this.#nextStart() };
  }

  #fire(clip: SimClip | undefined): void {
    this.settle();
    this.#fired = { clip, at: this.#nextStart() };
    this.settle();
  }

  #start({ clip, at }: Fired): void {
    this.#isOverriding = true;
    this.#playing = clip && { clip, start: at };
    this.#fired = undefined;
  }

  #endPlaying(beat: number): void {
    const playing = this.#playing;
    if (playing === undefined) {
      return;
    }
    if (!playing.clip.exists() || isOver(playing.clip.state, beat - playing.start)) {
      this.#playing = undefined;
    }
  }

  #nextStart(): number {
    const beat = this.#world.transport.beat();
    const { quantum } = this.#world;
    return quantum === 0 ? beat : Math.ceil(beat / quantum - NEAR) * quantum;
  }
}
