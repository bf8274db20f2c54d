/** Bundle the scripts of a device, each to one file that needs no other. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, type BuildOptions } from "esbuild";
import type { Script } from "./box.ts";

/** The folder of the modules; paths in a bundle begin there, so that it is the same everywhere. */
export const ROOM = fileURLToPath(new URL("..", import.meta.url));

/**
 * Return the bundle of a script.
 *
 * @throws An error of esbuild's that says which import or line is wrong.
 */
export async function bundle(script: Script, room = ROOM): Promise<Buffer> {
  const made = await build({
    entryPoints: [script.entry],
    absWorkingDir: room,
    bundle: true,
    write: false,
    // errors are thrown with all that esbuild would print
    logLevel: "silent",
    charset: "ascii",
    ...(script.shape ? forV8(script.shape) : forNode()),
  });
  return Buffer.from(made.outputFiles?.[0]?.contents ?? []);
}

/**
 * Return what a v8 object runs: a script whose handlers are functions at its top.
 *
 * Source: Max 9 user guide, "JavaScript in Max".
 */
function forV8([inlets, outlets]: readonly [number, number]): BuildOptions {
  return {
    format: "iife",
    globalName: "yuragi",
    platform: "neutral",
    target: "es2020",
    banner: { js: `inlets = ${inlets}; outlets = ${outlets};` },
    footer: { js: HANDLERS },
  };
}

const HANDLERS = `\
function bang() { yuragi.receive("bang", []); }
function anything() { yuragi.receive(messagename, arrayfromargs(arguments)); }
function notifydeleted() { yuragi.close(); }`;

/** Return what node.script runs; Node 16 came with Max 8, and Max itself gives "max-api". */
function forNode(): BuildOptions {
  return {
    format: "cjs",
    platform: "node",
    target: "node16",
    external: ["max-api"],
    banner: { js: `/*\n${licence()}*/` },
  };
}

/** Return the licence of the one package that goes into the bundle, as it asks for. */
function licence(): string {
  const text = readFileSync(`${ROOM}node_modules/@msgpack/msgpack/LICENSE`, "utf-8");
  return `With @msgpack/msgpack:\n\n${text.trimEnd()}\n`;
}
