/** Keep the performances of a set's clips, so that each can go back to what it was. */

import type { Note } from "../wire/note.ts";
import { textOf } from "./memory.ts";
import { keyOf, matched, rowOf, type Match, type Performance } from "./performance.ts";

/** How much is kept at most; `passed` are those that a dial has turned on from. */
interface Room {
  readonly performances: number;
  readonly passed: number;
  /** In notes. */
  readonly size: number;
}

/** What is kept while the set is open, for Live's undo may bring any of it back, and what it saves. */
const KEPT: Room = { performances: 300, passed: 300, size: 150_000 };
const SAVED: Room = { performances: 128, passed: 16, size: 50_000 };

/** So many notes of a clip are looked at to guess which performances it may be. */
const SAMPLE = 32;

/** So many guesses are looked at note by note. */
const GUESSES = 4;

export class Shelf {
  /** The oldest first. */
  #performances: Performance[] = [];
  readonly #ofClip = new Map<number, Performance>();
  /** Those that a dial made, and those that another one took the place of in their clip. */
  readonly #turned = new WeakSet<Performance>();
  readonly #replaced = new WeakSet<Performance>();
  readonly #keys = new WeakMap<Performance, ReadonlySet<string>>();

  /** Whether any clip has a pedal to be played. */
  get hasPedal(): boolean {
    return this.#performances.some(
      ({ pedal, basePedal }) => pedal.time.length > 0 || basePedal.time.length > 0,
    );
  }

  get isEmpty(): boolean {
    return this.#performances.length === 0;
  }

  /** The performances that the set is to save, the oldest first. */
  get lasting(): readonly Performance[] {
    return this.#within(SAVED);
  }

  /** Keep a clip's performance; those that a dial made and turned on from are given up first. */
  keep(clip: number, performance: Performance, isTurn: boolean): void {
    const before = this.#ofClip.get(clip);
    this.#performances.push(performance);
    this.#ofClip.set(clip, performance);
    if (isTurn) {
      this.#turned.add(performance);
    }
    if (before && ![...this.#ofClip.values()].includes(before)) {
      this.#replaced.add(before);
    }
    this.#giveUp();
  }

  /**
   * Return which performance a clip's notes are: its own, or one that has half of its notes.
   *
   * What is found is the clip's own from now on, as when an undo has brought it back.
   */
  find(clip: number, notes: readonly Note[]): Match | undefined {
    const own = this.#ofClip.get(clip);
    const match = own && matched(notes, own);
    if (match?.count === notes.length) {
      return this.#recognised(clip, match);
    }
    const others = this.#likeliest(notes).map((performance) => matched(notes, performance));
    const best = others
      .filter(({ count }) => 2 * count >= notes.length && count > (match?.count ?? 0))
      .reduce<Match | undefined>(
        (most, one) => (one.count > (most?.count ?? 0) ? one : most),
        undefined,
      );
    if (best) {
      return this.#recognised(clip, best);
    }
    return match?.count ? match : undefined;
  }

  /** Note which side of a performance is shown now. */
  show(performance: Performance, isOriginal: boolean): void {
    const shown = { ...performance, isOriginal };
    for (const marks of [this.#turned, this.#replaced]) {
      if (marks.has(performance)) {
        marks.add(shown);
      }
    }
    this.#performances = this.#performances.map((kept) => (kept === performance ? shown : kept));
    for (const [clip, kept] of this.#ofClip) {
      if (kept === performance) {
        this.#ofClip.set(clip, shown);
      }
    }
  }

  /** Take up what a set has saved, as older than what is there: an undo may bring it back late. */
  restore(saved: readonly Performance[]): void {
    const known = new Set(this.#performances.map(textOf));
    const older = saved.filter((performance) => !known.has(textOf(performance)));
    this.#performances = [...older, ...this.#performances];
    this.#giveUp();
  }

  /** Note that a clip is a performance again, as when an undo has brought it back. */
  #recognised(clip: number, match: Match): Match {
    this.#replaced.delete(match.performance);
    this.#ofClip.set(clip, match.performance);
    return match;
  }

  /** Return the performances that a clip may be, the likeliest and then the newest first. */
  #likeliest(notes: readonly Note[]): Performance[] {
    const step = Math.max(1, Math.floor(notes.length / SAMPLE));
    const sample = notes.filter((_, row) => row % step === 0).map((note) => keyOf(rowOf(note)));
    return [...this.#performances]
      .reverse()
      .map((performance) => {
        const keys = this.#keysOf(performance);
        return { performance, count: sample.filter((key) => keys.has(key)).length };
      })
      .filter(({ count }) => count > 0)
      .sort((one, other) => other.count - one.count)
      .slice(0, GUESSES)
      .map(({ performance }) => performance);
  }

  #keysOf(performance: Performance): ReadonlySet<string> {
    const known = this.#keys.get(performance);
    const keys = known ?? new Set([...performance.base, ...performance.played].map(keyOf));
    this.#keys.set(performance, keys);
    return keys;
  }

  #giveUp(): void {
    this.#performances = this.#within(KEPT);
    const kept = new Set(this.#performances);
    for (const [clip, performance] of this.#ofClip) {
      if (!kept.has(performance)) {
        this.#ofClip.delete(clip);
      }
    }
  }

  /** Return as many as there is room for: what clips are now, then what they were, the newest first. */
  #within(room: Room): Performance[] {
    const newest = [...this.#performances].reverse();
    const replaced = newest.filter((performance) => this.#replaced.has(performance));
    const wanted = [
      ...newest.filter((performance) => !this.#replaced.has(performance)),
      ...replaced.filter((performance) => !this.#turned.has(performance)),
      ...replaced.filter((performance) => this.#turned.has(performance)).slice(0, room.passed),
    ];
    const kept = new Set<Performance>();
    let size = 0;
    for (const performance of wanted) {
      const isSmall = size + sizeOf(performance) <= room.size;
      if (kept.size === 0 || (kept.size < room.performances && isSmall)) {
        kept.add(performance);
        size += sizeOf(performance);
      }
    }
    return this.#performances.filter((performance) => kept.has(performance));
  }
}

/** Return how long a performance is, written down: an event of the pedal is half a note. */
function sizeOf({ base, pedal, basePedal }: Performance): number {
  return base.length + (pedal.time.length + basePedal.time.length) / 2;
}
