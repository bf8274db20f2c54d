/** Keep the song time: beats on a clock, at a tempo that may change on the way. */

import type { Clock } from "./clock.ts";

const MS_PER_MINUTE = 60_000;

export class Transport {
  readonly #clock: Clock;
  #tempo: number;
  #isPlaying = false;
  /** The last moment at which something changed, in beats and in milliseconds. */
  #beat = 0;
  #sinceMs = 0;
  /** Where the next play begins; Live plays again from where it last began, not where it stopped. */
  #start = 0;

  constructor(clock: Clock, tempo: number) {
    this.#clock = clock;
    this.#tempo = tempo;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  get tempo(): number {
    return this.#tempo;
  }

  set tempo(bpm: number) {
    this.#hold();
    this.#tempo = bpm;
  }

  /** Beats from the start of the song; they stand still while it does not play. */
  beat(): number {
    const elapsedMs = this.#isPlaying ? this.#clock.nowMs() - this.#sinceMs : 0;
    return this.#beat + (elapsedMs * this.#tempo) / MS_PER_MINUTE;
  }

  play(): void {
    this.#beat = this.#start;
    this.resume();
  }

  /** Play on from where it stands. */
  resume(): void {
    this.#sinceMs = this.#clock.nowMs();
    this.#isPlaying = true;
  }

  stop(): void {
    this.#hold();
    this.#isPlaying = false;
  }

  jump(beat: number): void {
    this.#hold();
    this.#beat = Math.max(0, beat);
    this.#start = this.#isPlaying ? this.#start : this.#beat;
  }

  #hold(): void {
    this.#beat = this.beat();
    this.#sinceMs = this.#clock.nowMs();
  }
}
