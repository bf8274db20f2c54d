/** Simulate what the user sees of the song: the clip in the detail view, the slot and track chosen. */

import { SimClip } from "./clip.ts";
import type { LomObject, Members } from "./lom.ts";
import { LiveError, child } from "./lom.ts";
import { SimSlot } from "./slot.ts";
import type { TrackList } from "./track.ts";
import { SimTrack } from "./track.ts";
import type { World } from "./world.ts";

export class SimView implements LomObject {
  readonly type = "Song.View";
  readonly id: string;
  readonly parent: TrackList;
  readonly members: Members;
  #clip: SimClip | undefined;
  #slot: SimSlot | undefined;
  #track: SimTrack | undefined;

  constructor(world: World, song: TrackList) {
    this.id = world.register(this);
    this.parent = song;
    this.members = {
      canonical_parent: child(() => song),
      detail_clip: child(
        () => existing(this.#clip),
        true,
        (object) => {
          this.show(expect(object, SimClip));
        },
      ),
      highlighted_clip_slot: child(
        () => existing(this.#slot),
        false,
        (object) => {
          this.#slot = expect(object, SimSlot);
        },
      ),
      selected_track: child(
        () => existing(this.#track) ?? song.tracks[0],
        true,
        (object) => {
          this.#track = expect(object, SimTrack);
        },
      ),
    };
  }

  /** Show a clip, or none; its slot and its track are chosen with it. */
  show(clip: SimClip | undefined): void {
    this.#clip = clip;
    const home = clip?.parent;
    this.#slot = home instanceof SimSlot ? home : this.#slot;
    const track = home instanceof SimSlot ? home.parent : home;
    this.#track = track instanceof SimTrack ? track : this.#track;
  }

  /** Choose a slot, as a click does; a clip in it is shown. */
  highlight(slot: SimSlot): void {
    this.#slot = slot;
    this.#track = slot.parent;
    this.#clip = slot.clip ?? this.#clip;
  }

  place(): string {
    return "view";
  }

  exists(): boolean {
    return true;
  }
}

function existing<T extends LomObject>(object: T | undefined): T | undefined {
  return object?.exists() === true ? object : undefined;
}

function expect<T>(object: LomObject, type: new (...args: never[]) => T): T {
  if (object instanceof type) {
    return object;
  }
  throw new LiveError("set: type mismatch");
}
