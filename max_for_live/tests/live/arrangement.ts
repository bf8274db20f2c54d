/** Keep the clips of a track's Arrangement, which never overlap. */

import type { ClipState, Home, Layout } from "./clip.ts";
import { SimClip } from "./clip.ts";
import { LiveError } from "./lom.ts";
import { positionAfter } from "./position.ts";
import type { World } from "./world.ts";

export class Arrangement {
  readonly #world: World;
  readonly #home: Home;
  #clips: readonly SimClip[] = [];

  constructor(world: World, home: Home) {
    this.#world = world;
    this.#home = home;
    world.history.keep(() => {
      const clips = this.#clips;
      return () => {
        this.#clips = clips;
      };
    });
  }

  /** In the order of time. */
  get clips(): readonly SimClip[] {
    return this.#clips;
  }

  /**
   * Put a clip in; what lay there gives way.
   *
   * A clip that loses a part is another object afterwards. Source: adamjmurray/producer-pal,
   * dev/Arrangement-Operations.md: references go stale after edits of the Arrangement.
   */
  add(layout: Layout): SimClip {
    const clip = new SimClip(this.#world, this.#home, layout);
    const { start, end } = clip.state;
    if (start < 0 || end <= start) {
      throw new LiveError("A clip must start at 0 or later, and end after its start");
    }
    const others = this.#clips.flatMap((other) => this.#without(other, start, end));
    this.#clips = [...others, clip].sort((a, b) => a.state.start - b.state.start);
    return clip;
  }

  remove(clip: SimClip): void {
    if (!this.#clips.includes(clip)) {
      throw new LiveError("The clip is not on this track");
    }
    this.#clips = this.#clips.filter((other) => other !== clip);
  }

  isFree(start: number, end: number): boolean {
    return this.#clips.every(({ state }) => state.end <= start || state.start >= end);
  }

  /** Beats since the clip came by; nothing while the song is elsewhere or stands still. */
  elapsed(clip: SimClip): number | undefined {
    const beat = this.#world.transport.beat();
    const { start, end } = clip.state;
    const isThere = this.#clips.includes(clip) && beat >= start && beat < end;
    return this.#world.transport.isPlaying && isThere ? beat - start : undefined;
  }

  /** Return what is left of a clip outside of a stretch of time. */
  #without(clip: SimClip, from: number, to: number): readonly SimClip[] {
    const { state } = clip;
    if (state.end <= from || state.start >= to) {
      return [clip];
    }
    const before = state.start < from ? [this.#piece(clip, state.start, from)] : [];
    const after = state.end > to ? [this.#piece(clip, to, state.end)] : [];
    return [...before, ...after];
  }

  #piece(clip: SimClip, start: number, end: number): SimClip {
    const { state } = clip;
    const start_marker = positionAfter(state, start - state.start);
    const layout = { ...layoutOf(state), is_midi_clip: clip.isMidi, start, end, start_marker };
    const end_marker = state.looping ? state.end_marker : start_marker + end - start;
    return new SimClip(this.#world, this.#home, { ...layout, end_marker });
  }
}

/** Say how to make another clip like this one. */
export function layoutOf(state: ClipState): Layout {
  const { notes, ...rest } = state;
  return { ...rest, notes: notes.map((note) => ({ ...note })) };
}
