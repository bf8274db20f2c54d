import { expect, test } from "vitest";
import type { VirtualClock } from "../live/clock.ts";
import { opened, Sketch } from "./hand_made.ts";
import type { MaxDevice } from "./max_device.ts";

/** Send messages through an object; what leaves its outlets is written as "out0: ...". */
async function through(
  text: string,
  messages: readonly string[],
  [inlets, outlets]: readonly [number, number] = [1, 1],
): Promise<{ max: MaxDevice; clock: VirtualClock }> {
  const sketch = new Sketch();
  sketch.box({ text, inlets, outlets, name: "object" });
  for (let outlet = 0; outlet < outlets; outlet++) {
    sketch.wire("object", sketch.probe(`out${outlet}`), outlet);
  }
  for (const message of new Set(messages)) {
    sketch.box({ kind: "message", text: message, inlets: 2, name: message });
    sketch.wire(message, "object");
  }
  const made = await opened(sketch);
  for (const message of messages) {
    made.max.press(message);
  }
  return made;
}

test("deferlow sends later, in the order that it got", async () => {
  const { max, clock } = await through("deferlow", ["a", "b"]);
  expect(max.console).toEqual([]);
  clock.advance(0);
  expect(max.console).toEqual(["out0: a", "out0: b"]);
});

test("What is deferred while the queue is served comes after all that waits there", async () => {
  const sketch = new Sketch();
  sketch.box({ kind: "message", text: "go", inlets: 2, name: "go" });
  const first = sketch.box({ text: "deferlow", at: [200, 0] });
  const again = sketch.box({ text: "deferlow" });
  const second = sketch.box({ text: "deferlow", at: [100, 0] });
  sketch.wire("go", first).wire("go", second);
  sketch.wire(first, again).wire(again, sketch.probe("again"));
  sketch.wire(second, sketch.probe("once"));
  const { max, clock } = await opened(sketch);
  max.press("go");
  clock.advance(0);
  expect(max.console).toEqual(["once: go", "again: go"]);
});

test("prepend puts its words before numbers, messages and bang", async () => {
  const { max } = await through("prepend the seed", ["5", "set", "is 7", "bang"]);
  expect(max.console).toEqual(["out0: the seed 5", "out0: is 7", "out0: bang"]);
});

test("prepend sends a bang as the word", async () => {
  const { max } = await through("prepend dice", ["bang"]);
  expect(max.console).toEqual(["out0: dice bang"]);
});

test("prepend takes new words with set", async () => {
  const { max } = await through("prepend a", ["set b c", "1"]);
  expect(max.console).toEqual(["out0: b c 1"]);
});

test("prepend cuts a message of more than 256 items", async () => {
  const long = Array.from({ length: 256 }, (_, index) => index).join(" ");
  const { max } = await through("prepend a", [long]);
  expect(max.errors).toEqual(["prepend object: a message of 257 items is cut, allowed are 256"]);
});

test("route sends the rest by the first word, and bang where there is no rest", async () => {
  const { max } = await through("route a 5", ["a set x y", "5 6", "a"], [1, 3]);
  expect(max.console).toEqual(["out0: set x y", "out1: 6", "out0: bang"]);
});

test("route sends what it does not know whole out of its last outlet", async () => {
  const { max } = await through("route a 5", ["b c", "7"], [1, 3]);
  expect(max.console).toEqual(["out2: b c", "out2: 7"]);
});

test("t sends from the right to the left, each time as its letter says", async () => {
  const { max } = await through("t b i l", ["3.5 4"], [1, 3]);
  expect(max.console).toEqual(["out2: 3.5 4", "out1: 3", "out0: bang"]);
});

test("pipe sends the numbers of a list from its outlets after the time that ends the list", async () => {
  const { max, clock } = await through("pipe 0 0 0", ["127 64 250"], [3, 2]);
  clock.advance(249);
  expect(max.console).toEqual([]);
  clock.advance(1);
  expect(max.console).toEqual(["out1: 64", "out0: 127"]);
});

test("pipe forgets what it holds when it gets clear", async () => {
  const { max, clock } = await through("pipe 0 0", ["127 250", "clear", "0 300"], [2, 1]);
  clock.advance(1000);
  expect(max.console).toEqual(["out0: 0"]);
});

test("pipe keeps the time of the list before", async () => {
  const { max, clock } = await through("pipe 0 0", ["1 250", "2"], [2, 1]);
  clock.advance(250);
  expect(max.console).toEqual(["out0: 1", "out0: 2"]);
});

test("A pipe whose box says other inlets than its words make is refused", async () => {
  await expect(through("pipe 0 0 0", [], [3, 1])).rejects.toThrow("3 inlets and 2 outlets");
});

test("pack joins the numbers of its inlets when the left one gets its own", async () => {
  const sketch = new Sketch();
  sketch.box({ kind: "message", text: "127 64 0", inlets: 2, name: "go" });
  const pipe = sketch.box({ text: "pipe 0 0 0", inlets: 3, outlets: 2 });
  const pack = sketch.box({ text: "pack 0 0", inlets: 2 });
  sketch.wire("go", pipe).wire(pipe, pack, 0, 0).wire(pipe, pack, 1, 1);
  sketch.wire(pack, sketch.probe("out"));
  const { max, clock } = await opened(sketch);
  max.press("go");
  clock.advance(0);
  expect(max.console).toEqual(["out: 127 64"]);
});

test("A message box fills in what it gets", async () => {
  const sketch = new Sketch();
  sketch.box({ kind: "message", text: "8 9", inlets: 2, name: "go" });
  const box = sketch.box({ kind: "message", text: "set $2 of $1", inlets: 2 });
  sketch.wire("go", box).wire(box, sketch.probe("out"));
  const { max } = await opened(sketch);
  max.press("go");
  expect(max.console).toEqual(["out: set 9 of 8"]);
});

test("A message box takes a new text with set and does not send it", async () => {
  const sketch = new Sketch();
  sketch.box({ kind: "message", text: "set new words", inlets: 2, name: "go" });
  sketch.box({ kind: "message", text: "old", inlets: 2, name: "box" });
  sketch.wire("go", "box").wire("box", sketch.probe("out"));
  const { max } = await opened(sketch);
  max.press("go");
  expect(max.console).toEqual([]);
  expect(max.text("box")).toBe("new words");
});
