import { describe, expect, test } from "vitest";

import { dialsOf, optionsOf } from "../../live/dials.ts";
import type { Engine } from "../../wire/talk.ts";

const ENGINE: Engine = {
  name: "made_up",
  kind: "generator",
  summary: "",
  options: {
    properties: {
      bars: { type: "integer", minimum: 0, maximum: 64, default: 4 },
      steps: { type: "integer", minimum: 1, maximum: 32, default: 16 },
      division: { enum: ["1/8", "1/16"], default: "1/16" },
      pulses: {
        type: "array",
        items: { type: "integer", minimum: 0, maximum: 32 },
        default: [4, 2, 7],
      },
      keep: { type: "boolean", default: true },
      first_note_chance: { type: "number", minimum: 0, maximum: 1, default: 0.5 },
      endless: { type: "number", default: 3 },
      gate: { type: "number", minimum: 0.05, maximum: 4, default: 0.5 },
      swing: { type: "number", minimum: 0, maximum: 1, default: 0 },
    },
  },
};

describe("the dials of a generator", () => {
  test("are its first four numbers with a range; bars have a control of their own", () => {
    const options = dialsOf(ENGINE).map(({ option }) => option);
    expect(options).toEqual(["steps", "pulses", "first_note_chance", "gate"]);
  });

  test("have names that a dial has room for", () => {
    const labels = dialsOf(ENGINE).map(({ label }) => label);
    expect(labels).toEqual(["Steps", "Pulses", "First not", "Gate"]);
  });

  test("turn the first voice of a list, and leave the others", () => {
    const options = optionsOf(dialsOf(ENGINE), [12.4, 5, 0.25, 1.5]);
    expect(options).toEqual({
      steps: 12,
      pulses: [5, 2, 7],
      first_note_chance: 0.25,
      gate: 1.5,
    });
  });

  test("keep within what the engine allows", () => {
    expect(optionsOf(dialsOf(ENGINE), [99, -1, 2, 0])).toEqual({
      steps: 32,
      pulses: [0, 2, 7],
      first_note_chance: 1,
      gate: 0.05,
    });
  });
});
