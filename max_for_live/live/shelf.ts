/** Keep the performances of a set's clips, so that the set can save them. */

import type { Note } from "../wire/note.ts";
import { keyOf, matched, rowOf, type Match, type Performance, type Row } from "./base.ts";
import type { Lane } from "./lane.ts";

/** What is kept at most: the oldest is given up first. A set grows by some 60 bytes a note. */
const MOST_PERFORMANCES = 64;
const MOST_NOTES = 50_000;

/** So many notes of a clip are looked at to guess which performance it is. */
const SAMPLE = 32;

/** A copy of a clip keeps its own performance, unless it was made within so short a time. */
const MOMENT_MS = 5_000;

/** A performance as a set saves it: four numbers a note, one after the other. */
export interface SavedPerformance {
  readonly base: readonly number[];
  readonly played: readonly number[];
  readonly pedal: Lane;
  readonly isOriginal: boolean;
}

export class Shelf {
  /** The oldest first. */
  #performances: Performance[] = [];
  readonly #ofClip = new Map<number, { performance: Performance; keptMs: number }>();
  readonly #keys = new WeakMap<Performance, ReadonlySet<string>>();

  /** Whether any clip has a pedal to be played. */
  get hasPedal(): boolean {
    return this.#performances.some((performance) => performance.pedal.time.length > 0);
  }

  /** Keep a clip's performance; one that it had a moment ago is replaced, as when a dial turns. */
  keep(clip: number, performance: Performance): void {
    const now = Date.now();
    const before = this.#ofClip.get(clip);
    if (before && now - before.keptMs < MOMENT_MS) {
      this.#performances = this.#performances.filter((kept) => kept !== before.performance);
    }
    this.#performances.push(performance);
    this.#ofClip.set(clip, { performance, keptMs: now });
    this.#giveUp();
  }

  /** Return which performance a clip's notes are, if it is the clip's or has half of the notes. */
  find(clip: number, notes: readonly Note[]): Match | undefined {
    const known = this.#known(clip);
    const match = known && matched(notes, known);
    if (match && match.count > 0) {
      return match;
    }
    const likeliest = this.#likeliest(notes);
    const guess = likeliest && matched(notes, likeliest);
    return guess && 2 * guess.count >= notes.length ? guess : undefined;
  }

  /** Note which side of a performance is shown now. */
  show(performance: Performance, isOriginal: boolean): void {
    const shown = { ...performance, isOriginal };
    this.#performances = this.#performances.map((kept) => (kept === performance ? shown : kept));
    for (const [clip, kept] of this.#ofClip) {
      if (kept.performance === performance) {
        this.#ofClip.set(clip, { ...kept, performance: shown });
      }
    }
  }

  /** Return all of it for the set to save. */
  saved(): SavedPerformance[] {
    return this.#performances.map(({ base, played, ...rest }) => {
      return { base: base.flat(), played: played.flat(), ...rest };
    });
  }

  /** Take up what a set has saved, as older than what is there: an undo may bring it back late. */
  restore(saved: readonly SavedPerformance[]): void {
    const texts = new Set(this.saved().map((performance) => JSON.stringify(performance)));
    const older = saved
      .filter((performance) => !texts.has(JSON.stringify(performance)))
      .map(({ base, played, ...rest }) => ({ base: rows(base), played: rows(played), ...rest }));
    this.#performances = [...older, ...this.#performances];
    this.#giveUp();
  }

  #known(clip: number): Performance | undefined {
    const performance = this.#ofClip.get(clip)?.performance;
    return performance && this.#performances.includes(performance) ? performance : undefined;
  }

  #likeliest(notes: readonly Note[]): Performance | undefined {
    const step = Math.max(1, Math.floor(notes.length / SAMPLE));
    const sample = notes.filter((_, row) => row % step === 0).map((note) => keyOf(rowOf(note)));
    let [best, most]: [Performance | undefined, number] = [undefined, 0];
    for (const performance of this.#performances) {
      const keys = this.#keysOf(performance);
      const count = sample.filter((key) => keys.has(key)).length;
      if (count >= Math.max(1, most)) {
        [best, most] = [performance, count];
      }
    }
    return best;
  }

  #keysOf(performance: Performance): ReadonlySet<string> {
    const known = this.#keys.get(performance);
    const keys = known ?? new Set([...performance.base, ...performance.played].map(keyOf));
    this.#keys.set(performance, keys);
    return keys;
  }

  #giveUp(): void {
    let notes = 0;
    const kept = [...this.#performances].reverse().filter((performance, age) => {
      notes += performance.base.length;
      return age === 0 || (age < MOST_PERFORMANCES && notes <= MOST_NOTES);
    });
    this.#performances = kept.reverse();
  }
}

function rows(flat: readonly number[]): Row[] {
  return Array.from({ length: flat.length / 4 }, (_, row): Row => {
    const [pitch = 0, start = 0, duration = 0, velocity = 0] = flat.slice(4 * row, 4 * row + 4);
    return [pitch, start, duration, velocity];
  });
}
