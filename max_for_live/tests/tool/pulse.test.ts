import { describe, expect, test } from "vitest";

import { pulse } from "../../tool/pulse.ts";

describe("A pulse", () => {
  test("of a bar is a tresillo", () => {
    // three pulses as even as eight eighths allow: after 3, 3 and 2 of them
    expect(pulse(4, null).map(({ start_time }) => start_time)).toEqual([0, 1.5, 3]);
  });

  test.each([1e-3, 0.25, 0.5, 3.3, 7, 512])(
    "of %d beats has notes, all of them inside",
    (beats) => {
      const notes = pulse(beats, null);
      expect(notes.length).toBeGreaterThan(0);
      for (const { start_time, duration } of notes) {
        expect(duration).toBeGreaterThan(0);
        expect(start_time + duration).toBeLessThanOrEqual(beats);
      }
    },
  );

  test("plays the keynote, and C where there is no scale", () => {
    expect(pulse(4, { tonic: 9, intervals: [0], name: "" })[0]?.pitch).toBe(57);
    expect(pulse(4, null)[0]?.pitch).toBe(48);
  });
});
