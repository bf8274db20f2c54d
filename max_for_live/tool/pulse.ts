/** Write a plain rhythm without a server, so that a generator never leaves a clip empty. */

import type { Key } from "../wire/note.ts";
import type { ToolNote } from "./snapshot.ts";

/** Three pulses over eight steps of an eighth, as even as they can be: the tresillo. */
const PULSES = 3;
const STEPS = 8;
const STEP_BEATS = 0.5;

/** The keynote above the C below middle C, and C where there is no scale. */
const LOWEST = 48;

/** Return notes for so many beats from 0 on, at least one. Source: Toussaint, Bridges 2005. */
export function pulse(beats: number, key: Key | null): ToolNote[] {
  const steps = Math.max(1, Math.ceil(beats / STEP_BEATS));
  const hits = Array.from({ length: steps }, (_, step) => step).filter(
    (step) => (step * PULSES) % STEPS < PULSES,
  );
  return hits.map((step) => ({
    pitch: LOWEST + (key?.tonic ?? 0),
    start_time: step * STEP_BEATS,
    duration: Math.min(STEP_BEATS, beats - step * STEP_BEATS),
    velocity: step % STEPS === 0 ? 100 : 84,
  }));
}
