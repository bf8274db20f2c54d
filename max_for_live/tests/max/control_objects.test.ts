import { expect, test } from "vitest";
import { type BoxSketch, opened, Sketch } from "./hand_made.ts";
import type { MaxDevice } from "./max_device.ts";
import type { Saved } from "./surroundings.ts";

const MENU = { parameter_type: 2, parameter_enum: ["one", "two", "three"] };
const SWITCH = { parameter_type: 2, parameter_enum: ["off", "on"] };

/** Open a device with one control, its outlets heard, and message boxes into its inlet. */
async function withControl(
  box: BoxSketch,
  messages: readonly string[] = [],
  saved?: Saved,
): Promise<MaxDevice> {
  const sketch = new Sketch();
  sketch.box({ outlets: 2, ...box, name: "control" });
  for (let outlet = 0; outlet < (box.outlets ?? 2); outlet++) {
    sketch.wire("control", sketch.probe(`out${outlet}`), outlet);
  }
  for (const message of messages) {
    sketch.box({ kind: "message", text: message, inlets: 2, name: message });
    sketch.wire(message, "control");
  }
  const { max } = await opened(sketch, saved ? { saved } : {});
  for (const message of messages) {
    max.press(message);
  }
  return max;
}

const DIAL = { kind: "live.dial", parameter: { parameter_mmin: 0, parameter_mmax: 200 } };

test("A dial sends its place in the range, then its value", async () => {
  const max = await withControl(DIAL);
  max.turn("control", 50);
  expect(max.console).toEqual(["out1: 0.25", "out0: 50"]);
});

test("A dial keeps its value in its range", async () => {
  const max = await withControl(DIAL, ["900"]);
  expect(max.value("control")).toBe(200);
  expect(max.console).toEqual(["out1: 1", "out0: 200"]);
});

test("A dial that is set sends nothing", async () => {
  const max = await withControl(DIAL, ["set 20"]);
  expect(max.value("control")).toBe(20);
  expect(max.console).toEqual([]);
});

test("A float has 32 bits", async () => {
  const max = await withControl(DIAL, ["set 0.1"]);
  expect(max.value("control")).toBe(Math.fround(0.1));
});

test("A dial takes another range and another name", async () => {
  const max = await withControl(DIAL, [
    "set 150",
    "_parameter_range -1 1",
    "_parameter_shortname Steps up",
  ]);
  expect(max.range("control")).toEqual([-1, 1]);
  expect(max.value("control")).toBe(1);
  expect(max.shortname("control")).toBe("Steps up");
  expect(max.console).toEqual([]);
});

test("A range without width goes to the console, and the old one stays", async () => {
  const max = await withControl(DIAL, ["_parameter_range 5 5"]);
  expect(max.range("control")).toEqual([0, 200]);
  expect(max.errors[0]).toContain("goes from 5 to 5, allowed is more than one value");
});

test("An int cuts off fractions", async () => {
  const max = await withControl({
    kind: "live.numbox",
    parameter: { parameter_type: 1, parameter_mmin: 1, parameter_mmax: 32 },
  });
  max.turn("control", 8.9);
  expect(max.value("control")).toBe(8);
});

test("An int of more than 256 values is refused", async () => {
  const parameter = { parameter_type: 1, parameter_mmin: 0, parameter_mmax: 9999 };
  await expect(withControl({ kind: "live.numbox", parameter })).rejects.toThrow("256 values");
});

test("A menu sends its place in the range, its item, then its index", async () => {
  const max = await withControl({ kind: "live.menu", outlets: 3, parameter: MENU });
  max.turn("control", "two");
  expect(max.console).toEqual(["out2: 0.5", "out1: two", "out0: 1"]);
  expect(max.text("control")).toBe("two");
});

test("A menu takes other items and keeps its index where it can", async () => {
  const max = await withControl({ kind: "live.menu", outlets: 3, parameter: MENU }, [
    "set 2",
    '_parameter_range "band/natural" b',
  ]);
  expect(max.items("control")).toEqual(["band/natural", "b"]);
  expect(max.value("control")).toBe(1);
});

test("A toggle turns over with each press, and any number but 0 is on", async () => {
  const max = await withControl({ kind: "live.toggle", outlets: 1, parameter: SWITCH }, ["5"]);
  max.press("control");
  expect(max.console).toEqual(["out0: 1", "out0: 0"]);
});

test("A button sends its label, then a bang", async () => {
  const more = { mode: 0, text: "Dice" };
  const max = await withControl({ kind: "live.text", more, parameter: SWITCH });
  max.press("control");
  expect(max.console).toEqual(["out1: Dice", "out0: bang"]);
});

test("A button with an initial value is taken to bang when the device loads", async () => {
  const parameter = { ...SWITCH, parameter_initial_enable: 1 };
  const max = await withControl({ kind: "live.text", more: { mode: 0, text: "Dice" }, parameter });
  expect(max.console).toEqual(["out1: Dice", "out0: bang"]);
});

test("A live.text that is a switch shows the label of its state", async () => {
  const more = { mode: 1, text: "Result", texton: "Original" };
  const max = await withControl({ kind: "live.text", more, parameter: SWITCH });
  max.press("control");
  expect(max.console).toEqual(["out1: Original", "out0: 1"]);
  expect(max.text("control")).toBe("Original");
});

test("A control without a parameter is refused", async () => {
  await expect(withControl({ kind: "live.tab", outlets: 3 })).rejects.toThrow("no parameter");
});

test("A control takes its look and shows it", async () => {
  const max = await withControl(DIAL, ["hidden 1"]);
  expect(max.look("control", "hidden")).toEqual([1]);
});

test("A message that a control does not know goes to the console", async () => {
  const max = await withControl(DIAL, ["dance now"]);
  expect(max.errors).toEqual(['live.dial control: doesn\'t understand "dance now"']);
});

test("What was stored with the set comes back, and is sent", async () => {
  const max = await withControl(DIAL, [], { parameters: { control: 70 }, pattrs: {} });
  expect(max.console.at(-1)).toBe("out0: 70");
  expect(max.save().parameters).toEqual({ control: 70 });
});

test("A stored index beyond the items that the menu is built with is lost", async () => {
  const parameter = { ...MENU, parameter_enum: ["one"], parameter_invisible: 1 };
  const saved = { parameters: { control: 2 }, pattrs: {} };
  const max = await withControl({ kind: "live.menu", outlets: 3, parameter }, [], saved);
  expect(max.value("control")).toBe(0);
});

test("A hidden control is neither stored nor restored", async () => {
  const parameter = { ...DIAL.parameter, parameter_invisible: 2 };
  const saved = { parameters: { control: 70 }, pattrs: {} };
  const max = await withControl({ ...DIAL, parameter }, [], saved);
  expect(max.value("control")).toBe(0);
  expect(max.save().parameters).toEqual({});
});

test("Two controls of one long name are refused", async () => {
  const sketch = new Sketch();
  const parameter = { parameter_longname: "Seed" };
  sketch.box({ kind: "live.dial", outlets: 2, parameter });
  sketch.box({ kind: "live.dial", outlets: 2, parameter });
  await expect(opened(sketch)).rejects.toThrow("two parameters have the long name Seed");
});

test("A label shows what it is set to", async () => {
  const sketch = new Sketch();
  sketch.box({ kind: "live.comment", text: "", outlets: 0, name: "status" });
  sketch.box({ kind: "message", text: "set ready in 12 ms", inlets: 2, name: "go" });
  const { max } = await opened(sketch.wire("go", "status"));
  max.press("go");
  expect(max.text("status")).toBe("ready in 12 ms");
});
