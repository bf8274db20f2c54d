import { expect, test } from "vitest";
import { GENERATE } from "../../devices/generate.ts";
import { HUMANIZE } from "../../devices/humanize.ts";
import { YURAGI } from "../../devices/yuragi.ts";
import { AMOUNTS } from "../../live/controls.ts";
import { DIALS } from "../../live/dials.ts";
import type { Box } from "../../patch/box.ts";
import { DEVICES } from "../../patch/make.ts";
import type { Patch } from "../../patch/patch.ts";

/** What the main script hears with a value, and what without. */
const TURNED = [
  "preset",
  ...AMOUNTS,
  "pedal",
  "seed",
  "lock",
  "compare",
  "engine",
  "bars",
  ...DIALS,
];
const PRESSED = ["dice", "humanize", "revert", "commit", "generate", "export"];

/** Return where the messages of a box arrive, following the first cord of each box. */
function end(patch: Patch, name: string): string[] {
  const next = patch.wires.find(([from, outlet]) => from === name && outlet === 0)?.[2];
  return next === undefined || name === "v8" ? [name] : [name, ...end(patch, next)];
}

function box(patch: Patch, name: string): Box | undefined {
  return patch.boxes.find((other) => other.name === name);
}

function parameters(patch: Patch): Record<string, string> {
  const named = patch.boxes.flatMap(({ parameter }) => {
    return parameter ? [[parameter.longName, parameter.visible] as const] : [];
  });
  return Object.fromEntries(named);
}

test.each(TURNED)("the control %s tells its name and value, deferred", (name) => {
  expect(end(YURAGI, name)).toEqual([name, `tell ${name}`, "defer", "v8"]);
  expect(box(YURAGI, `tell ${name}`)?.object).toBe(`prepend ${name}`);
});

test.each(PRESSED)("the button %s tells its name alone, deferred", (name) => {
  expect(end(YURAGI, name)).toEqual([name, `bang ${name}`, `tell ${name}`, "defer", "v8"]);
  expect(box(YURAGI, `tell ${name}`)).toMatchObject({ object: "message", text: name });
});

test("what is automated, stored and hidden is as musicians expect", () => {
  expect(parameters(YURAGI)).toEqual({
    Preset: "hidden",
    Humanize: "hidden",
    Revert: "hidden",
    Commit: "hidden",
    Compare: "hidden",
    Velocity: "automated",
    Groove: "automated",
    Articulation: "automated",
    Rubato: "automated",
    Pedal: "automated",
    Dice: "hidden",
    Seed: "hidden",
    "Lock Seed": "automated",
    Engine: "hidden",
    Generate: "hidden",
    Bars: "automated",
    "Dial 1": "automated",
    "Dial 2": "automated",
    "Dial 3": "automated",
    "Dial 4": "automated",
    Export: "hidden",
    Memory: "stored",
  });
});

test.each(DEVICES)(
  "what $name hides from Live's undo history is pressed, or set by the script",
  (patch) => {
    const hidden = patch.boxes.filter(({ parameter }) => parameter?.visible === "hidden");
    const isPressed = (name: string): boolean => {
      return patch.wires.some(([from, , to]) => from === name && to === `bang ${name}`);
    };
    const isSet = (name: string): boolean => {
      return patch.wires.some(([from, , to]) => from === "route" && to === name);
    };
    for (const { name } of hidden) {
      expect([name, isPressed(name) || isSet(name)]).toEqual([name, true]);
    }
  },
);

test.each([HUMANIZE, GENERATE])(
  "nothing of $name is automated, as MIDI Tools cannot be",
  (patch) => {
    expect(Object.values(parameters(patch))).not.toContain("automated");
  },
);

test.each(DEVICES)("every control of $name says in Live's info view what it does", (patch) => {
  for (const info of patch.boxes.flatMap(({ parameter }) => parameter?.info ?? [])) {
    expect(info).toMatch(/^[A-Z].{20,}\.$/);
  }
});

test.each([HUMANIZE, GENERATE])(
  "the notes that Live hands $name reach the script at once",
  (patch) => {
    expect(end(patch, "tell notes")).toEqual(["tell notes", "v8"]);
    expect(end(patch, "tell context")).toEqual(["tell context", "v8"]);
    expect(patch.wires).toContainEqual(["tool in", 0, "tell notes", 0]);
    expect(patch.wires).toContainEqual(["tool in", 1, "tell context", 0]);
    expect(patch.wires).toContainEqual(["v8", 0, "tool out", 0]);
  },
);

test.each(DEVICES)("no button of $name presses itself as the device is loaded", (patch) => {
  const buttons = patch.boxes.filter(({ attributes }) => attributes?.["mode"] === 0);
  for (const { parameter } of buttons) {
    expect(parameter).not.toHaveProperty("initial");
  }
});

test("a seed has room for four digits, which Live's int has not", () => {
  expect(box(YURAGI, "seed")?.parameter).toMatchObject({ type: "float", maximum: 9999 });
});
