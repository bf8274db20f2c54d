import { createContext, runInContext } from "node:vm";
import { beforeAll, expect, test } from "vitest";
import { YURAGI } from "../../devices/yuragi.ts";
import type { Device } from "../../patch/amxd.ts";
import { fileText, smallDevice } from "./scripts.ts";

/** Keeps what it hears, as a text in ASCII. */
const ECHO = `
const heard: unknown[] = [];
export function receive(message: string, atoms: readonly unknown[]): void {
  heard.push([message, ...atoms, "揺"]);
}
export function close(): void {
  heard.push("closed");
}
export { heard };
`;

let device: Device;

beforeAll(async () => {
  device = await smallDevice(YURAGI, ECHO);
});

/** Run a script as v8 does: in a world of its own, with Max's words for the message at hand. */
function run(call: string): unknown {
  const world = createContext({ inlets: 0, outlets: 0, messagename: "seed", arrayfromargs });
  runInContext(fileText(device, "yuragi_live.js"), world);
  runInContext(call, world);
  return JSON.parse(String(runInContext("JSON.stringify([inlets, outlets, yuragi.heard])", world)));
}

function arrayfromargs(args: ArrayLike<unknown>): unknown[] {
  return Array.from(args);
}

test("a script says in its first line how many in- and outlets it has", () => {
  expect(run("")).toEqual([1, 4, []]);
});

test("a bang reaches the script", () => {
  expect(run("bang()")).toEqual([1, 4, [["bang", "揺"]]]);
});

test("any other message reaches the script with its atoms", () => {
  expect(run("anything(7, 'a')")).toEqual([1, 4, [["seed", 7, "a", "揺"]]]);
});

test("the script is told when its object goes", () => {
  expect(run("notifydeleted()")).toEqual([1, 4, ["closed"]]);
});

test("a script holds no letter beyond ASCII", () => {
  expect(fileText(device, "yuragi_live.js")).toMatch(/^[\x00-\x7f]*$/);
});

test("the script for Node names the licence of what it contains", () => {
  expect(fileText(device, "yuragi_node.js")).toMatch(/^\/\*\nWith @msgpack\/msgpack:\n\nCopyright/);
});
