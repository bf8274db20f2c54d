import { expect, test } from "vitest";
import { VirtualClock } from "../live/clock.ts";
import { LiveSet } from "../live/set.ts";
import { opened, Sketch } from "./hand_made.ts";
import { MaxDevice } from "./max_device.ts";

/** A device whose script names the track it is on, at load if it is told to. */
function asking(global: string): Sketch {
  const sketch = new Sketch();
  const text = `
    function name() { return new LiveAPI(() => {}, "this_device canonical_parent").get("name")?.[0]; }
    function bang() { post(name()); }
    ${global}`;
  sketch.box({ text: "live.thisdevice", outlets: 3, name: "loaded" });
  sketch.script("script", text);
  return sketch.wire("loaded", "script");
}

test("A script finds the set around its device", async () => {
  const clock = new VirtualClock();
  const live = new LiveSet({ clock });
  const track = live.addTrack({ name: "Piano" });
  const { max } = await opened(asking(""), { live, track, clock });
  expect(max.console).toEqual(["Piano"]);
  expect(max.device.id).toBe(track.devices[0]?.id);
});

test("A script that asks Live while it is compiled finds nothing, and Live says so", async () => {
  const clock = new VirtualClock();
  const live = new LiveSet({ clock });
  const { max } = await opened(asking("post(name() === undefined);"), {
    ...{ live, clock },
    track: live.addTrack(),
  });
  expect(max.console[0]).toBe("true");
  expect(live.console.join()).toContain("not initialized");
});

test("What is saved opens the device as it was", async () => {
  const sketch = new Sketch();
  sketch.box({ kind: "live.dial", outlets: 2, name: "dial", parameter: {} });
  sketch.box({ text: "pattr kept", outlets: 3, name: "kept", parameter: BLOB });
  sketch.box({ kind: "message", text: ":a 1", inlets: 2, name: "go" });
  sketch.wire("go", "kept");
  const { max } = await opened(sketch);
  max.turn("dial", 12);
  max.press("go");
  const saved = max.save();
  const { max: again } = await opened(sketch, { saved });
  expect(again.value("dial")).toBe(12);
  expect(again.save()).toEqual(saved);
});

const BLOB = { parameter_type: 3, parameter_invisible: 1 };

test("A wait ends with the event that makes it so", async () => {
  const sketch = new Sketch();
  sketch.box({ kind: "message", text: "go", inlets: 2, name: "go" });
  const defer = sketch.box({ text: "deferlow" });
  sketch.wire("go", defer).wire(defer, sketch.probe("out"));
  const { max, clock } = await opened(sketch);
  max.press("go");
  const wait = max.until(() => max.console.length > 0, 1000, "the message came");
  clock.advance(0);
  await wait;
  expect(max.console).toEqual(["out: go"]);
});

test("A device without a place in the set is refused", async () => {
  const live = new LiveSet();
  const sketch = new Sketch();
  await expect(MaxDevice.open(sketch.bytes(), { live })).rejects.toThrow("needs a track");
});
