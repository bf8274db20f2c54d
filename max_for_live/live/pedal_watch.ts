/** Play the pedal of the clip that plays on the device's track. */

import { Pulse } from "./clock.ts";
import type { LiveClip } from "./clip.ts";
import { SUSTAIN, type Lane } from "./lane.ts";
import { pedalOf } from "./performance.ts";
import { PedalPlayer, type Moment, type Movement } from "./pedal_player.ts";
import type { Shelf } from "./shelf.ts";
import { Song } from "./song.ts";
import { OwnTrack } from "./track.ts";

/** Live is asked so often where it plays, and less often whether it plays at all. */
const ASK_EVERY_MS = 30;
const IDLE_MS = 60;

/** So often the notes of the clip that plays are compared, in case they were edited or undone. */
const LOOK_EVERY_MS = 500;

/** The clip that plays, if one does, and the pedal that its notes are known to have. */
interface Known {
  readonly clip: LiveClip | undefined;
  readonly slot: number;
  readonly text: string;
  readonly lane: Lane | undefined;
  readonly lookedMs: number;
}

export class PedalWatch {
  readonly #shelf: Shelf;
  readonly #outlet: number;
  readonly #isWanted: () => boolean;
  readonly #player = new PedalPlayer();
  readonly #pulse: Pulse;
  #isRunning = false;
  #isHeard = false;
  #song: Song | undefined;
  #track: OwnTrack | undefined;
  #known: Known | undefined;

  /**
   * @param outlet The script's outlet to what sends controllers.
   * @param isWanted Whether the pedal is to be played now.
   * @param guard Sees to what goes wrong.
   */
  constructor(
    shelf: Shelf,
    outlet: number,
    isWanted: () => boolean,
    guard: (action: () => void) => void,
  ) {
    this.#shelf = shelf;
    this.#outlet = outlet;
    this.#isWanted = isWanted;
    this.#pulse = new Pulse(() => {
      guard(() => {
        this.#turn();
      });
    });
  }

  /** Look at the clips anew: a performance has come, gone or changed, or the pedal is wanted or not. */
  refresh(): void {
    this.#known = undefined;
    if (!this.#isRunning) {
      this.#turn();
    }
  }

  /** Lift the pedal and watch no more. */
  close(): void {
    this.#pulse.stop();
    this.#send(this.#player.update(undefined));
  }

  #turn(): void {
    this.#isRunning = this.#isWanted() && this.#shelf.hasPedal;
    if (this.#isRunning) {
      this.#pulse.next(this.#isHeard ? ASK_EVERY_MS : IDLE_MS);
    }
    const moment = this.#isRunning ? this.#moment() : undefined;
    this.#isHeard = moment !== undefined;
    this.#send(this.#player.update(moment));
  }

  #moment(): Moment | undefined {
    const song = (this.#song ??= new Song());
    const known = song.isPlaying ? this.#current(song.time) : undefined;
    if (!known?.lane || !known.clip) {
      return undefined;
    }
    const { clip, lane } = known;
    return { lane, position: clip.position, loop: clip.loop, bpm: song.bpm, nowMs: Date.now() };
  }

  /** Return what plays at a time of the song, looked up only if it may have changed. */
  #current(time: number): Known | undefined {
    const track = (this.#track ??= new OwnTrack());
    const slot = track.playingSlot;
    const known = this.#known;
    const isFresh = known?.slot === slot && Date.now() - known.lookedMs < LOOK_EVERY_MS;
    if (isFresh && (slot >= 0 || known.clip?.covers(time) !== false)) {
      return known;
    }
    this.#track = undefined;
    this.#known = this.#look(track.playingClip(time), slot);
    return this.#known;
  }

  #look(clip: LiveClip | undefined, slot: number): Known {
    if (!clip) {
      return { clip, slot, text: "", lane: undefined, lookedMs: Date.now() };
    }
    const text = clip.notesText();
    const known = this.#known;
    const isSame = known?.clip?.id === clip.id && known.text === text;
    const lane = isSame ? known.lane : this.#find(clip);
    return { clip, slot, text, lane, lookedMs: Date.now() };
  }

  #find(clip: LiveClip): Lane | undefined {
    const notes = clip.readNotes();
    const match = this.#shelf.find(clip.id, notes);
    const isMost = match !== undefined && 2 * match.count >= notes.length;
    return isMost && pedalOf(match).time.length > 0 ? pedalOf(match) : undefined;
  }

  #send(movements: readonly Movement[]): void {
    for (const movement of movements) {
      outlet(this.#outlet, atomsOf(movement));
    }
  }
}

/** Return a movement as the patch takes it: what is due now goes straight on. */
function atomsOf(movement: Movement): unknown[] {
  if (movement === "clear") {
    return ["clear"];
  }
  const { value, delayMs } = movement;
  return delayMs > 0 ? [value, SUSTAIN, delayMs] : ["now", value, SUSTAIN];
}
