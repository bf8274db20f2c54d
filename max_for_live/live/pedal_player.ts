/**
 * Decide when a clip's pedal moves while it plays.
 *
 * Live tells where a clip plays only when asked, some thirty times a second and not to the
 * millisecond. So movements are handed out a little ahead, each with its delay, and where the clip
 * is heard is guessed on from the last answers. A jump, a stop or another clip takes back what was
 * handed out and sets the pedal as it is there.
 */

import { eventsUntil, positionAt, type Lane } from "./lane.ts";
import type { Span } from "./plan.ts";

/** Where a clip plays at a moment. */
export interface Moment {
  readonly lane: Lane;
  /** Beats in the clip. */
  readonly position: number;
  readonly loop: Span | undefined;
  readonly bpm: number;
  readonly nowMs: number;
}

/** Something for the pedal's outlet: forget all that waits, or a position after a delay. */
export type Movement = "clear" | { readonly value: number; readonly delayMs: number };

/** So far ahead movements are handed out: three times what lies between two questions. */
const AHEAD_MS = 100;

/** Beats that are no time at all. */
const NOTHING = 1e-9;

/** An answer that is further from the guess than this is a jump. */
const JUMP_MS = 60;

/** How much of its distance from an answer a guess is corrected by. */
const CORRECTION = 0.15;

export class PedalPlayer {
  #last: Moment | undefined;
  /** Up to here in the clip movements are handed out. */
  #horizon = 0;
  /** So many beats from now the horizon is heard. */
  #aheadBeats = 0;
  /** Whether the horizon is the end of the loop, so that the loop's start comes next. */
  #isAround = false;
  /** The position that the pedal has when all that was handed out is done. */
  #value = 0;

  /** Return what is to be sent, given where the clip plays; nothing plays if that is left out. */
  update(moment: Moment | undefined): Movement[] {
    if (!moment) {
      return this.#stop();
    }
    const elapsed = this.#elapsed(moment);
    return elapsed === undefined ? this.#begin(moment) : this.#goOn(moment, elapsed);
  }

  /** Lift the pedal and forget what waits, if anything was played. */
  #stop(): Movement[] {
    if (!this.#last) {
      return [];
    }
    this.#last = undefined;
    this.#value = 0;
    return ["clear", { value: 0, delayMs: 0 }];
  }

  /** Set the pedal as it is where the clip is now. */
  #begin(moment: Moment): Movement[] {
    const before: Movement[] = this.#last ? ["clear"] : [];
    this.#last = moment;
    this.#horizon = moment.position;
    this.#aheadBeats = 0;
    this.#isAround = false;
    this.#value = positionAt(moment.lane, moment.position);
    return [...before, { value: this.#value, delayMs: 0 }, ...this.#handOut(moment)];
  }

  #goOn(moment: Moment, elapsedBeats: number): Movement[] {
    this.#aheadBeats -= elapsedBeats;
    const position = wrapped((this.#last?.position ?? 0) + elapsedBeats, moment.loop);
    this.#last = { ...moment, position };
    return this.#handOut(moment);
  }

  /** Hand out what is heard until a little from now, around the loop's end if need be. */
  #handOut(moment: Moment): Movement[] {
    const until = beats(AHEAD_MS, moment);
    const movements: Movement[] = [];
    while (until - this.#aheadBeats > NOTHING) {
      if (this.#isAround && moment.loop) {
        this.#horizon = moment.loop.start;
        movements.push(...this.#set(positionAt(moment.lane, this.#horizon), moment));
      }
      movements.push(...this.#span(moment, this.#horizon + until - this.#aheadBeats));
    }
    return movements;
  }

  /** Move the horizon on to a place in the clip, or to the end of the loop that it is in. */
  #span(moment: Moment, place: number): Movement[] {
    const { lane, loop } = moment;
    const loopEnd = loop && this.#horizon < loop.end ? loop.end : Infinity;
    this.#isAround = place >= loopEnd;
    const end = Math.min(place, loopEnd);
    const movements: Movement[] = [];
    for (let event = eventsUntil(lane, this.#horizon); event < lane.time.length; event += 1) {
      const time = lane.time[event] ?? Infinity;
      if (time > end || time === loopEnd) {
        break;
      }
      this.#reach(time);
      movements.push(...this.#set(lane.value[event] ?? 0, moment));
    }
    this.#reach(end);
    return movements;
  }

  #reach(place: number): void {
    this.#aheadBeats += place - this.#horizon;
    this.#horizon = place;
  }

  /** Move the pedal when the horizon is heard, if it is not there already. */
  #set(value: number, moment: Moment): Movement[] {
    const isNew = value !== this.#value;
    this.#value = value;
    const delayMs = Math.max(0, (this.#aheadBeats * 60_000) / moment.bpm);
    return isNew ? [{ value, delayMs }] : [];
  }

  /** Return how many beats went by; nothing if the clip is not where it should be, or another one. */
  #elapsed(moment: Moment): number | undefined {
    const last = this.#last;
    if (last?.lane !== moment.lane || !sameSpan(last.loop, moment.loop)) {
      return undefined;
    }
    const elapsed = beats(moment.nowMs - last.nowMs, last);
    const off = distance(moment, wrapped(last.position + elapsed, moment.loop));
    return Math.abs(off) > beats(JUMP_MS, moment) ? undefined : elapsed + CORRECTION * off;
  }
}

/** Return how far an answer is from a guess, the short way around the loop. */
function distance(moment: Moment, guess: number): number {
  const straight = moment.position - guess;
  const length = moment.loop ? moment.loop.end - moment.loop.start : Infinity;
  return Math.abs(straight) <= length / 2 ? straight : straight - Math.sign(straight) * length;
}

function wrapped(position: number, loop: Span | undefined): number {
  return loop && position >= loop.end ? position - (loop.end - loop.start) : position;
}

function beats(ms: number, moment: Moment): number {
  return (ms * moment.bpm) / 60_000;
}

function sameSpan(one: Span | undefined, other: Span | undefined): boolean {
  return one?.start === other?.start && one?.end === other?.end;
}
