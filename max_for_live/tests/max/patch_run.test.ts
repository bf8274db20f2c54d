import { expect, test } from "vitest";
import { opened, Sketch } from "./hand_made.ts";

test("A message goes to the right first, then to the bottom, and down each branch to its end", async () => {
  const sketch = new Sketch();
  const from = sketch.box({ kind: "message", text: "go", inlets: 2, name: "from" });
  const middle = sketch.box({ text: "prepend way", at: [50, 100] });
  sketch.probe("left", [0, 100]);
  sketch.probe("below", [50, 200]);
  sketch.probe("right", [90, 100]);
  sketch.probe("end", [500, 300]);
  for (const to of ["left", middle, "below", "right"]) {
    sketch.wire(from, to);
  }
  sketch.wire(middle, "end");
  const { max } = await opened(sketch);
  max.press("from");
  expect(max.console).toEqual(["right: go", "below: go", "end: way go", "left: go"]);
});

test("An object that is not simulated is refused", async () => {
  const sketch = new Sketch();
  sketch.box({ text: "metro 100", inlets: 2 });
  await expect(opened(sketch)).rejects.toThrow("metro is not simulated, only midiin");
});

test("A cord to an inlet that is not there is refused", async () => {
  const sketch = new Sketch();
  sketch.wire(sketch.box({ text: "midiin" }), sketch.box({ text: "midiout", outlets: 0 }), 0, 1);
  await expect(opened(sketch)).rejects.toThrow("inlet 1 of 1 of midiout");
});

test("A loop of cords ends with a line in the console", async () => {
  const sketch = new Sketch();
  sketch.box({ kind: "message", text: "round", inlets: 2, name: "a" });
  sketch.wire("a", "a");
  const { max } = await opened(sketch);
  max.press("a");
  expect(max.errors).toEqual(['stack overflow at message with "round"']);
});

test("Loading restores first and bangs then", async () => {
  const sketch = new Sketch();
  sketch.box({ text: "live.thisdevice", outlets: 3, name: "device" });
  sketch.box({
    kind: "live.dial",
    outlets: 2,
    name: "dial",
    parameter: { parameter_initial_enable: 1, parameter_initial: [7] },
  });
  sketch.probe("probe");
  sketch.wire("device", "probe").wire("dial", "probe");
  const { max } = await opened(sketch);
  expect(max.console).toEqual(["probe: 7", "probe: bang"]);
});

test("The device bangs again when the set is saved", async () => {
  const sketch = new Sketch();
  sketch.box({ text: "live.thisdevice", outlets: 3, name: "device" });
  sketch.wire("device", sketch.probe("probe"));
  const { max } = await opened(sketch);
  max.bangAgain();
  expect(max.console).toEqual(["probe: bang", "probe: bang"]);
});
