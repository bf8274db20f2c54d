import { expect, test } from "vitest";
import { VirtualClock } from "../live/clock.ts";
import { LiveSet } from "../live/set.ts";
import { MidiTool } from "../live/tool.ts";
import { type BoxSketch, opened, Sketch } from "./hand_made.ts";

const STORED = { parameter_type: 3, parameter_invisible: 1 };

function withPattr(parameter: NonNullable<BoxSketch["parameter"]> = STORED): Sketch {
  const sketch = new Sketch();
  sketch.box({ text: "pattr kept", outlets: 3, name: "pattr", parameter });
  sketch.box({ kind: "message", text: ":a :b", inlets: 2, name: "go" });
  return sketch.wire("go", "pattr").wire("pattr", sketch.probe("out"));
}

test("A pattr sends what it gets, and Live stores it", async () => {
  const { max } = await opened(withPattr());
  max.press("go");
  expect(max.console).toEqual(["out: :a :b"]);
  expect(max.save().pattrs).toEqual({ kept: [":a", ":b"] });
});

test("A pattr sends what was stored when the device loads", async () => {
  const saved = { parameters: {}, pattrs: { kept: [":a", 5] } };
  const { max } = await opened(withPattr(), { saved });
  expect(max.console).toEqual(["out: :a 5"]);
});

test("A pattr with nothing stored sends nothing", async () => {
  const { max } = await opened(withPattr());
  expect(max.console).toEqual([]);
  expect(max.save().pattrs).toEqual({});
});

test("A pattr that Live would not store is refused", async () => {
  const parameter = { ...STORED, parameter_invisible: 0 };
  await expect(opened(withPattr(parameter))).rejects.toThrow("Live stores it only with 3 and 1");
});

/** A MIDI Tool that hands the notes back as they are, and asks Live to apply when it is told. */
function toolSketch(): Sketch {
  const sketch = new Sketch();
  sketch.box({ text: "live.miditool.in", outlets: 3, name: "in" });
  sketch.box({ text: "live.miditool.out", outlets: 0, name: "out" });
  sketch.box({ kind: "message", text: "bang", inlets: 2, name: "apply" });
  sketch.wire("apply", "in").wire("in", "out");
  sketch.wire("in", sketch.probe("notes"), 0).wire("in", sketch.probe("context"), 1);
  return sketch;
}

test("A MIDI Tool gets the context, then the notes, and hands notes back at once", async () => {
  const clock = new VirtualClock();
  const live = new LiveSet({ clock });
  const track = live.addTrack();
  const clip = track.addClip({ notes: [{ pitch: 60, start_time: 0, duration: 1 }] });
  const { max } = await opened(toolSketch(), {
    ...{ live, track, clock },
    tool: (emit) => new MidiTool({ kind: "transformation", clip, emit }),
  });
  max.press("apply");
  expect(max.console).toEqual([
    "context: dictionary live_miditool_context_1",
    "notes: dictionary live_miditool_notes_2",
  ]);
  expect(live.console).toEqual([]);
  expect(live.undoSteps).toEqual(["apply the transformation"]);
});

test("Live applies a MIDI Tool as well", async () => {
  const clock = new VirtualClock();
  const live = new LiveSet({ clock });
  const clip = live.addTrack().addClip();
  const { max } = await opened(toolSketch(), {
    ...{ live, clock },
    tool: (emit) => new MidiTool({ kind: "generator", clip, emit }),
  });
  max.tool?.bang();
  expect(max.console).toContain("notes: dictionary live_miditool_notes_2");
});

test("A MIDI Tool does nothing in another device", async () => {
  const { max } = await opened(toolSketch());
  max.press("apply");
  expect(max.errors).toEqual([
    'live.miditool.in in: doesn\'t understand "bang" outside of a MIDI Tool',
  ]);
});
