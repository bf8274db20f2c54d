import { expect, test } from "vitest";
import { GENERATE } from "../../devices/generate.ts";
import { YURAGI } from "../../devices/yuragi.ts";
import { type Device, type Use, USES } from "../../patch/amxd.ts";
import type { Box } from "../../patch/box.ts";
import { lint } from "../../patch/lint.ts";
import { type Patch, type Wire } from "../../patch/patch.ts";
import { smallDevice, withText } from "./scripts.ts";

const DIAL: Box = {
  name: "velocity",
  object: "live.dial",
  at: [0, 0],
  rect: [0, 0, 44, 48],
  parameter: {
    type: "float",
    longName: "Velocity",
    visible: "automated",
    info: "Loudness.",
    minimum: 0,
    maximum: 200,
    initial: 100,
    unit: "percent",
  },
};

const BOXES: readonly Box[] = [
  { name: "midi in", object: "midiin", at: [0, 0] },
  { name: "midi out", object: "midiout", at: [0, 0] },
  {
    name: "v8",
    object: "v8 small.js",
    at: [0, 0],
    script: { file: "small.js", entry: "small.ts", shape: [1, 4] },
  },
  {
    name: "node",
    object: "node.script node.js",
    at: [0, 0],
    script: { file: "node.js", entry: "node.ts" },
  },
  { name: "route", object: "route velocity", at: [0, 0] },
  DIAL,
];

const WIRES: readonly Wire[] = [
  ["midi in", 0, "midi out", 0],
  ["v8", 1, "route", 0],
  ["route", 0, "velocity", 0],
];

/** A MIDI effect that has everything the rules look at. */
const SMALL: Patch = {
  name: "small",
  kind: "mmmm",
  width: 100,
  height: 169,
  boxes: BOXES,
  wires: WIRES,
  banks: [{ name: "Main", parameters: ["Velocity"] }],
};

async function faultsOf(change: Partial<Patch>): Promise<string[]> {
  return lint(await smallDevice({ ...SMALL, ...change }));
}

function withBox(box: Box): Partial<Patch> {
  return { boxes: [...BOXES, box] };
}

function withParameter(change: Partial<NonNullable<Box["parameter"]>>): Partial<Patch> {
  const parameter = { ...DIAL.parameter, ...change } as NonNullable<Box["parameter"]>;
  return withBox({ ...DIAL, name: "other", rect: [50, 0, 44, 48], parameter });
}

function withUse(device: Device, name: string, use: Use | undefined): Device {
  const files = device.files.flatMap((file) => {
    return file.name !== name ? [file] : use === undefined ? [] : [{ ...file, use }];
  });
  return { ...device, files };
}

test("a device without faults has no sentence", async () => {
  expect(await faultsOf({})).toEqual([]);
});

test("a menu without items is a fault", async () => {
  const menu = { type: "enum", items: [], longName: "Menu" } as const;
  expect(await faultsOf(withParameter(menu))).toEqual(["Menu has 0 items and ends at -1"]);
});

test("two parameters of one long name are a fault", async () => {
  expect(await faultsOf(withParameter({}))).toEqual([
    "two parameters have the long name Velocity, allowed is one",
  ]);
});

test("a box outside of what Live shows is a fault", async () => {
  const rect = [60, 100, 44, 48] as const;
  const found = await faultsOf({ boxes: [...BOXES.slice(0, -1), { ...DIAL, rect }] });
  expect(found).toEqual(["the box velocity lies at 60, 100, 44, 48, outside of 100 x 169 px"]);
});

test("a box at half a pixel is a fault", async () => {
  const rect = [0.5, 0, 44, 48] as const;
  const found = await faultsOf({ boxes: [...BOXES.slice(0, -1), { ...DIAL, rect }] });
  expect(found).toEqual(["the box velocity lies at 0.5, 0, 44, 48, allowed are whole px"]);
});

test("a control under another box is a fault", async () => {
  const label: Box = { name: "label", object: "live.comment", at: [0, 0], rect: [40, 40, 20, 18] };
  expect(await faultsOf(withBox(label))).toEqual(["the box label lies over velocity"]);
});

test("a device of another height is a fault", async () => {
  expect(await faultsOf({ height: 180 })).toEqual([
    "the device is 100 x 180 px, allowed are 100 x 169",
  ]);
});

test("a MIDI Tool of another size is a fault", async () => {
  const device = await smallDevice({ ...GENERATE, width: 160 });
  expect(lint(device)).toEqual(["the device is 160 x 147 px, allowed are 152 x 147"]);
});

test("a MIDI Tool that says how wide it is is a fault", async () => {
  const device = withText(await smallDevice(GENERATE), '"devicewidth": 0', '"devicewidth": 152');
  expect(lint(device)).toEqual(["a MIDI Tool has the width 152, allowed is 0"]);
});

test("a bank that names no parameter is a fault", async () => {
  expect(await faultsOf({ banks: [{ name: "Main", parameters: ["Loudness"] }] })).toEqual([
    "the bank Main names Loudness, which no parameter is called",
  ]);
});

test("a bank without eight places is a fault", async () => {
  const device = withText(await smallDevice(SMALL), /"Velocity",\s*"-",/, '"Velocity",');
  expect(lint(device)).toEqual(["the bank Main has 7 places, allowed are 8"]);
});

test("an effect that does not pass MIDI is a fault", async () => {
  expect(await faultsOf({ wires: WIRES.slice(1) })).toEqual([
    "no wire goes from midiin to midiout, so the device would swallow MIDI",
  ]);
});

test("a message that goes to a box of another name is a fault", async () => {
  const wires: Wire[] = [...WIRES.slice(0, 2), ["route", 0, "midi out", 0]];
  expect(await faultsOf({ wires })).toEqual([
    "the messages for velocity go to midi out, allowed is velocity",
  ]);
});

test("a message that goes nowhere is a fault", async () => {
  expect(await faultsOf({ wires: WIRES.slice(0, 2) })).toEqual([
    "the messages for velocity go to nothing, allowed is velocity",
  ]);
});

test("a wire from an outlet that is not there is a fault", async () => {
  expect(await faultsOf({ wires: [...WIRES, ["v8", 4, "velocity", 0]] })).toEqual([
    "the wire from obj-3, outlet 4, to obj-6, inlet 0, begins at an outlet that is not there",
  ]);
});

test("a wire to an inlet that is not there is a fault", async () => {
  expect(await faultsOf({ wires: [...WIRES, ["v8", 3, "velocity", 1]] })).toEqual([
    "the wire from obj-3, outlet 3, to obj-6, inlet 1, ends at an inlet that is not there",
  ]);
});

test("a project that moves files is a fault", async () => {
  const moving = withText(await smallDevice(SMALL), '"autoorganize": 0', '"autoorganize": 1');
  expect(lint(moving)).toEqual(["the project's autoorganize is 1, allowed is 0"]);
});

test("a project of another kind of device is a fault", async () => {
  const device: Device = { ...(await smallDevice(SMALL)), kind: "natt" };
  // "mmmm" and "natt" as big-endian numbers
  expect(lint(device)).toContain(`the project's amxdtype is 1835887981, allowed is 1851880564`);
});

test("a patch without a project is a fault", async () => {
  const device = withText(await smallDevice(SMALL), '"project"', '"nothing"');
  expect(lint(device)).toEqual(["the patch has no project, without which Max does not open it"]);
});

test("two boxes of one id are a fault", async () => {
  const device = withText(await smallDevice(SMALL), '"id": "obj-2"', '"id": "obj-1"');
  expect(lint(device)).toContain("two boxes have the id obj-1, allowed is one");
});

test("an object that nobody knows is a fault", async () => {
  const device = withText(await smallDevice(SMALL), "route velocity", "rout velocity");
  expect(lint(device)).toEqual(["the box route is a rout, which is not in the table of objects"]);
});

test("an object of a wrong class is a fault", async () => {
  const device = withText(
    await smallDevice(SMALL),
    '"maxclass": "live.dial"',
    '"maxclass": "dial"',
  );
  expect(lint(device)).toEqual([
    "the box velocity is a dial, which is not in the table of objects",
  ]);
});

test("a box with a wrong number of outlets is a fault", async () => {
  const device = withText(await smallDevice(SMALL), "route velocity", "route velocity groove");
  expect(lint(device)).toContain("the box route has 2 inlets and 2 outlets, a route has 3 and 3");
});

test("a script that says it has other outlets than its box is a fault", async () => {
  const device = await smallDevice(SMALL);
  const files = device.files.map((file) => {
    const text = Buffer.from(file.bytes).toString("utf-8").replace("outlets = 4;", "outlets = 3;");
    return file.name === "small.js" ? { ...file, bytes: Buffer.from(text) } : file;
  });
  expect(lint({ ...device, files })).toEqual([
    "the box v8 has 1 inlets and 4 outlets, a v8 has 1 and 3",
  ]);
});

test("a script that is not in the device is a fault", async () => {
  const device = withUse(await smallDevice(SMALL), "node.js", undefined);
  expect(lint(device)).toEqual(["node.js is not in the device"]);
});

test("a script for Node that would not be written to disk is a fault", async () => {
  const device = withUse(await smallDevice(SMALL), "node.js", USES.plain);
  expect(lint(device)).toEqual(["node.js has the flag 0, a node.script needs 8"]);
});

test("a script that the patch does not list is a fault", async () => {
  const device = withText(await smallDevice(SMALL), '"name": "node.js"', '"name": "other.js"');
  expect(lint(device)).toEqual(["node.js is not in the list of dependencies"]);
});

test("a name that devices do not replace is a fault", async () => {
  const device = withText(await smallDevice(SMALL), '"text": "midiin"', '"text": "midiin #0"');
  expect(lint(device)).toEqual([
    'the patch contains "#0", which devices do not replace, allowed is "---"',
  ]);
});

test("the main device swallows no MIDI even if its scripts fail", async () => {
  expect(lint(await smallDevice(YURAGI))).toEqual([]);
});
