import { afterEach, expect, test } from "vitest";
import { USES } from "../../patch/amxd.ts";
import { RealClock } from "../live/clock.ts";
import { Sketch } from "./hand_made.ts";
import type { MaxDevice, OpenOptions } from "./max_device.ts";

const SOON_MS = 10_000;

/** The half in Node: answers each number with its double, and says what it is told to. */
const NODE = `
  const max = require("max-api");
  max.addHandler("ask", (id, number) => max.outlet("answer", id, number * 2));
  max.addHandler("say", () => max.outlet("says", process.env.YURAGI_PORT, process.cwd()));
  max.addHandler("die", () => process.exit(3));
  max.addHandler("long", () => max.outlet("x".repeat(40000)));
  max.outlet("ready");
`;

/** The half in v8: starts Node, asks when Node is ready, and writes what it hears. */
const V8 = `
  function start() { outlet(0, ["script", "start"]); }
  function stop() { outlet(0, ["script", "stop"]); }
  function ready() { outlet(0, ["ask", 1, 21]); }
  function anything() { post(messagename, ...arrayfromargs(arguments)); }
`;

const MESSAGES = ["start", "stop", "ask 9 9", "say", "die", "long"];

const open = new Set<MaxDevice>();

afterEach(async () => {
  await Promise.all([...open].map((max) => max.close()));
  open.clear();
});

async function pair(
  use: (typeof USES)[keyof typeof USES] = USES.onDisk,
  options: Partial<OpenOptions> = {},
): Promise<MaxDevice> {
  const sketch = new Sketch();
  sketch.script("engine", V8);
  sketch.node("bridge", NODE, use);
  sketch.wire("engine", "bridge").wire("bridge", "engine");
  for (const message of MESSAGES) {
    sketch.box({ kind: "message", text: message, inlets: 2, name: message });
    sketch.wire(message, ["start", "stop"].includes(message) ? "engine" : "bridge");
  }
  const max = await sketch.open({ clock: new RealClock(), ...options });
  open.add(max);
  return max;
}

async function heard(max: MaxDevice, line: string): Promise<void> {
  await max.until(() => max.console.includes(line), SOON_MS, `the console says "${line}"`);
}

test("v8 starts Node, asks, and hears the answer", async () => {
  const max = await pair();
  max.press("start");
  await heard(max, "answer 1 42");
  expect(max.sent).toEqual([["ask", 1, 21]]);
  expect(max.errors).toEqual([]);
});

test("What is sent before the script runs is lost, and the console says so", async () => {
  const max = await pair();
  max.press("ask 9 9");
  max.press("start");
  max.press("ask 9 9");
  const complaint = "node.script bridge: Node script not ready can't handle message ask";
  expect(max.errors).toEqual([complaint, complaint]);
});

test("A script whose file is not written to disk is not found", async () => {
  const max = await pair(USES.plain);
  max.press("start");
  expect(max.errors).toEqual(["node.script bridge: can't find file bridge.js"]);
});

test("The process has the environment of the test, and a folder of its own", async () => {
  const max = await pair(USES.onDisk, { env: { YURAGI_PORT: "1234" } });
  max.press("start");
  await heard(max, "answer 1 42");
  max.press("say");
  const said = (): string | undefined => max.console.find((line) => line.startsWith("says"));
  await max.until(() => said() !== undefined, SOON_MS, "the script says its port");
  expect(said()).toMatch(/^says 1234 .*max-node-/);
});

test("The death of the process is seen, and a new one can start", async () => {
  const max = await pair();
  max.press("start");
  await heard(max, "answer 1 42");
  max.press("die");
  await heard(max, "node.script bridge: the Node process ended with 3");
  expect(max.nodePid).toBeUndefined();
  max.press("start");
  const answers = (): number => max.console.filter((line) => line === "answer 1 42").length;
  await max.until(() => answers() === 2, SOON_MS, "the second process answers");
});

test("A script that runs is not started again", async () => {
  const max = await pair();
  max.press("start");
  max.press("start");
  expect(max.errors).toEqual([
    'node.script bridge: can\'t do "script start", the script is running',
  ]);
});

test("A symbol of Node's that is too long is cut", async () => {
  const max = await pair();
  max.press("start");
  await heard(max, "answer 1 42");
  max.press("long");
  await heard(max, "node.script bridge: a symbol of 40000 characters is cut, allowed are 32767");
});

test("Closing the device ends the process", async () => {
  const max = await pair();
  max.press("start");
  await heard(max, "answer 1 42");
  const pid = max.nodePid ?? 0;
  expect(max.nodeMemory()).toBeGreaterThan(1e6);
  await max.close();
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test("A wait that ends in vain shows the console", async () => {
  const max = await pair();
  max.press("ask 9 9");
  const wait = max.until(() => false, 10, "nothing");
  await expect(wait).rejects.toThrow(/nothing: not so within 10 ms.*\n.*not ready/);
});
