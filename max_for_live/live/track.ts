/** Find the clips of the device's own track, room for new ones, and what plays there. */

import type { Pad } from "../wire/note.ts";
import { LiveClip } from "./clip.ts";
import { LiveObject } from "./live_api.ts";

/** Names of pads are no longer on the wire. */
const LONGEST_NAME = 64;

/** A track, which a device knows as its own. */
export class OwnTrack {
  readonly #track: LiveObject;

  /**
   * @param path Of something on the track: the device itself, unless it is on none.
   * @throws {Error} There is no track, which Live rules out.
   */
  constructor(path = "this_device") {
    const track = ownerOf(LiveObject.at(path), "Track");
    if (!track) {
      throw new Error(`${path} is on no track`);
    }
    this.#track = track;
  }

  get isFrozen(): boolean {
    return this.#track.flag("is_frozen");
  }

  /** The track's name and its devices' names, which tell what plays there. */
  get names(): readonly string[] {
    return [this.#track.text("name"), ...this.#devices().map((device) => device.text("name"))];
  }

  /** Whether a drum rack is on the track, also inside another rack. */
  get hasDrums(): boolean {
    return this.#drumRack() !== undefined;
  }

  /**
   * Return what the pads are called that some pitches play; an empty pad plays none.
   *
   * Each pad costs Live some questions, so it is asked only about those that matter.
   */
  pads(pitches: Iterable<number>): Pad[] {
    const rack = this.#drumRack();
    const played = rack ? [...new Set(pitches)].sort((one, other) => one - other) : [];
    return played.flatMap((pitch) => {
      const pad = rack?.below(`drum_pads ${pitch}`);
      return pad?.has("chains") ? [{ pitch, name: shortened(pad.text("name")) }] : [];
    });
  }

  /** Return the MIDI clip that the user means: the one shown, if it is on this track, else what plays. */
  meantClip(time: number): LiveClip | undefined {
    const shown = LiveObject.at("live_set view detail_clip");
    const own = shown && ownerOf(shown, "Track")?.id === this.#track.id ? shown : undefined;
    return midi(own) ?? this.playingClip(time);
  }

  /** Which clip slot plays; below 0 for none. */
  get playingSlot(): number {
    return this.#track.number("playing_slot_index");
  }

  /** Return the MIDI clip that plays on this track at a time of the song, in beats. */
  playingClip(time: number): LiveClip | undefined {
    const slot = this.playingSlot;
    if (slot >= 0) {
      return midi(this.#track.below(`clip_slots ${slot} clip`));
    }
    const plays = (clip: LiveObject): boolean =>
      clip.flag("is_playing") && new LiveClip(clip).covers(time);
    return midi(this.#arrangementClips().find(plays));
  }

  /** Return the first empty slot from the highlighted one on, or from the top. */
  freeSlot(): LiveObject | undefined {
    const slots = this.#slots();
    const highlighted = LiveObject.at("live_set view highlighted_clip_slot")?.id;
    const first = Math.max(
      0,
      slots.findIndex((slot) => slot.id === highlighted),
    );
    const isFree = (slot: LiveObject): boolean => !slot.flag("has_clip");
    return slots.slice(first).find(isFree) ?? slots.find(isFree);
  }

  /** Return the first time from a time on where so many beats of the Arrangement are empty. */
  freeTime(from: number, beats: number): number {
    const spans = this.#arrangementClips()
      .map((clip) => ({ start: clip.number("start_time"), end: clip.number("end_time") }))
      .sort((one, other) => one.start - other.start);
    return spans.reduce(
      (time, span) => (span.start < time + beats && span.end > time ? span.end : time),
      from,
    );
  }

  /** Make an empty clip in the Arrangement, and return it if Live did. */
  createArrangementClip(start: number, beats: number): LiveClip | undefined {
    this.#track.call("create_midi_clip", start, beats);
    const made = this.#arrangementClips().find((clip) => clip.number("start_time") === start);
    return midi(made);
  }

  /** The first drum rack, unless there is none. */
  #drumRack(): LiveObject | undefined {
    return this.#devices().find((device) => device.flag("can_have_drum_pads"));
  }

  #slots(): LiveObject[] {
    return this.#track.children("clip_slots");
  }

  #arrangementClips(): LiveObject[] {
    return this.#track.children("arrangement_clips");
  }

  /** Return the devices of the track and those in their racks' first chains. */
  #devices(): LiveObject[] {
    return this.#track.children("devices").flatMap((device) => [device, ...inside(device)]);
  }
}

/** Make an empty clip in a slot, and return it if Live did. */
export function createSlotClip(slot: LiveObject, beats: number): LiveClip | undefined {
  slot.call("create_clip", beats);
  return midi(slot.child("clip"));
}

/** Return as much of a name as the wire takes; letters beyond 16 bits stay whole. */
function shortened(name: string): string {
  return Array.from(name).slice(0, LONGEST_NAME).join("");
}

function inside(rack: LiveObject): LiveObject[] {
  if (!rack.flag("can_have_chains") || rack.flag("can_have_drum_pads")) {
    return [];
  }
  return rack.children("chains").flatMap((chain) => chain.children("devices"));
}

function midi(clip: LiveObject | undefined): LiveClip | undefined {
  return clip?.flag("is_midi_clip") ? new LiveClip(clip) : undefined;
}

/** Return the nearest owner of an object that is of a type. */
function ownerOf(object: LiveObject | undefined, type: string): LiveObject | undefined {
  let owner = object;
  while (owner && owner.type !== type && owner.type !== "Song") {
    owner = owner.child("canonical_parent");
  }
  return owner?.type === type ? owner : undefined;
}
