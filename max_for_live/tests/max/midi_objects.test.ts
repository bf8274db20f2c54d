import { expect, test } from "vitest";
import { opened, Sketch } from "./hand_made.ts";

/** A device that passes MIDI, with a message box into an inlet of midiformat. */
function sketched(message: string, inlet: number, words = ""): Sketch {
  const sketch = new Sketch();
  sketch.box({ text: "midiin", name: "in" });
  sketch.box({ text: "midiout", outlets: 0, name: "out" });
  sketch.box({ text: `midiformat ${words}`, inlets: 7, outlets: 2, name: "format" });
  sketch.box({ kind: "message", text: message, inlets: 2, name: "go" });
  return sketch.wire("in", "out").wire("format", "out").wire("go", "format", 0, inlet);
}

test("MIDI passes from midiin to midiout, message by message", async () => {
  const { max, clock } = await opened(sketched("x", 0));
  max.midiIn(0x90, 60, 100);
  clock.advance(10);
  max.midiIn(0x80, 60, 0, 0xc0, 5);
  expect(max.midiOut).toEqual([
    { timeMs: 0, bytes: [0x90, 60, 100] },
    { timeMs: 10, bytes: [0x80, 60, 0] },
    { timeMs: 10, bytes: [0xc0, 5] },
  ]);
});

test("MIDI passes although the script beside it is broken", async () => {
  const sketch = sketched("x", 0);
  sketch.wire("in", sketch.script("broken", "throw new Error('no');"));
  const { max } = await opened(sketch);
  max.midiIn(0x90, 60, 100);
  expect(max.midiOut).toEqual([{ timeMs: 0, bytes: [0x90, 60, 100] }]);
  expect(max.errors[0]).toBe("v8 broken: Error: no (broken.js, line 1)");
});

test("System exclusive and clock messages pass whole", async () => {
  const { max } = await opened(sketched("x", 0));
  max.midiIn(0xf0, 1, 2, 3, 0xf7, 0xf8);
  expect(max.midiOut.map(({ bytes }) => bytes)).toEqual([[0xf0, 1, 2, 3, 0xf7], [0xf8]]);
});

test("The third inlet of midiformat takes a value and the number of its controller", async () => {
  const { max } = await opened(sketched("127 64", 2));
  max.press("go");
  expect(max.midiOut.map(({ bytes }) => bytes)).toEqual([[0xb0, 64, 127]]);
});

test("midiformat takes its channel from its word", async () => {
  const { max } = await opened(sketched("60 100", 0, "3"));
  max.press("go");
  expect(max.midiOut.map(({ bytes }) => bytes)).toEqual([[0x92, 60, 100]]);
});

test("midiformat takes no lone number where it needs two", async () => {
  const { max } = await opened(sketched("127", 2));
  max.press("go");
  expect(max.midiOut).toEqual([]);
  expect(max.errors).toEqual(['midiformat format: "127" in inlet 2 is not what belongs there']);
});

test("midiout takes bytes only", async () => {
  const sketch = sketched("300", 0);
  sketch.wire("go", "out");
  const { max } = await opened(sketch);
  max.press("go");
  expect(max.errors).toContain("midiout out: 300 is no byte, allowed is 0 to 255");
});
