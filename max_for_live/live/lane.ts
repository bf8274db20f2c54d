/** Hold a clip's sustain pedal: when it goes down and up, in beats of the clip. */

import type { Controllers } from "../wire/note.ts";
import type { Shape } from "./plan.ts";

/** Pedal positions 0 to 127 from their times on; times rise. */
export interface Lane {
  readonly time: readonly number[];
  readonly value: readonly number[];
}

export const NO_PEDAL: Lane = { time: [], value: [] };

/** From here on a pedal is down. Source: MIDI 1.0, controller 64. */
const DOWN = 64;

/** The number of the sustain pedal among MIDI's controllers. */
export const SUSTAIN = 64;

/** Return the pedal among controllers whose times count from an origin in the clip. */
export function laneOf(controllers: Controllers | undefined, origin: number): Lane {
  const time: number[] = [];
  const value: number[] = [];
  controllers?.number.forEach((number, row) => {
    if (number === SUSTAIN) {
      time.push((controllers.time[row] ?? 0) + origin);
      value.push(controllers.value[row] ?? 0);
    }
  });
  return { time, value };
}

/** Return a lane as controllers whose times count from an origin. */
export function controllersOf(lane: Lane, origin: number): Controllers {
  return {
    number: lane.time.map(() => SUSTAIN),
    time: lane.time.map((time) => time - origin),
    value: lane.value,
  };
}

/** Return how many events are no later than a time. */
export function eventsUntil(lane: Lane, time: number): number {
  let [low, high] = [0, lane.time.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    [low, high] = (lane.time[middle] ?? 0) <= time ? [middle + 1, high] : [low, middle];
  }
  return low;
}

/** Return the pedal's position at a time; it is up before the first event. */
export function positionAt(lane: Lane, time: number): number {
  return lane.value[eventsUntil(lane, time) - 1] ?? 0;
}

/** Return notes that last until the pedal that holds them is lifted, or the end of the clip. */
export function folded(shapes: readonly Shape[], lane: Lane, end: number): Shape[] {
  return shapes.map((shape) => {
    const released = liftAfter(lane, shape.start_time + shape.duration, end);
    return { ...shape, duration: released - shape.start_time };
  });
}

function liftAfter(lane: Lane, release: number, end: number): number {
  if (positionAt(lane, release) < DOWN) {
    return release;
  }
  const first = eventsUntil(lane, release);
  const lift = lane.value.findIndex((value, event) => event >= first && value < DOWN);
  return Math.max(release, lane.time[lift] ?? end);
}
