import { expect, test } from "vitest";

import { withWarning } from "../../live/humanize.ts";
import type { Answer } from "../../wire/talk.ts";

const CLIP = { notes: { pitch: [], onset: [], duration: [] }, length: 4, name: "Kit Verse" };

function answer(...warnings: string[]): Answer {
  const timings = { queued_ms: 0, engine_ms: 0, total_ms: 0 };
  return { answer: "rendered", clip: CLIP, seed: 1, timings, warnings };
}

test("a sentence without a warning stays as it is", () => {
  expect(withWarning("4 notes.", answer(), CLIP)).toBe("4 notes.");
});

test("the first warning is said, neither with the track that it is of nor with the cure", () => {
  const warning = "track Kit Verse: 2 notes of 90 (F#6) pass untouched; name their pads";
  const said = withWarning("4 notes.", answer(warning, "It is late."), CLIP);
  expect(said).toBe("4 notes. 2 notes of 90 (F#6) pass untouched.");
});

test("a warning of another sort is said whole", () => {
  expect(withWarning("4 notes.", answer("it is late"), CLIP)).toBe("4 notes. it is late");
});
