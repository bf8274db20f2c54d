/** Make clips for tests. */

import type { Clip } from "../../wire/note.ts";

/** Return a clip of so many notes whose numbers have many digits. */
export function clipOf(count: number): Clip {
  const rows = Array.from({ length: count }, (_, row) => row);
  return {
    notes: {
      pitch: rows.map((row) => 36 + (row % 60)),
      onset: rows.map((row) => row / 3),
      duration: rows.map((row) => 0.2 + (row % 7) / 9),
      velocity: rows.map((row) => 40 + ((row * 17) % 80) / 1.1),
      note_id: rows.map((row) => 1000 + 2 * row),
      release_velocity: rows.map(() => 64),
      mute: rows.map(() => 0),
      probability: rows.map(() => 1),
      velocity_deviation: rows.map(() => 0),
    },
    length: count / 3 + 4,
    tempo: { time: [0], bpm: [100] },
    metre: [{ time: 0, numerator: 3, denominator: 4 }],
    key: { tonic: 9, intervals: [0, 2, 3, 5, 7, 8, 10], name: "Minor" },
    role: "piano",
    name: "Klavier ♪",
  };
}

/** Return the columns that v8 is told of a clip that came back as it was. */
export function toldOf({ notes }: Clip): object {
  const { pitch, onset, duration, velocity, note_id } = notes;
  return { pitch, onset, duration, velocity, note_id };
}
