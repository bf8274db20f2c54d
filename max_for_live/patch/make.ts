/** Build the devices into dist/, and check them. */

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GENERATE } from "../devices/generate.ts";
import { HUMANIZE } from "../devices/humanize.ts";
import { YURAGI } from "../devices/yuragi.ts";
import { type Device, type File, USES, writeAmxd } from "./amxd.ts";
import type { Script } from "./box.ts";
import { bundle, ROOM } from "./bundle.ts";
import { lint } from "./lint.ts";
import { type Patch, patchText, scriptsOf } from "./patch.ts";

/** Every device. */
export const DEVICES: readonly Patch[] = [YURAGI, HUMANIZE, GENERATE];

/**
 * Return the bytes of the device of a name, such as "yuragi Humanize".
 *
 * @throws {BuildError} There is none, it has faults, or a script cannot be bundled.
 */
export async function buildDevice(name: string): Promise<Buffer> {
  const patch = DEVICES.find((device) => device.name === name);
  if (!patch) {
    const names = DEVICES.map((device) => device.name).join(", ");
    throw new BuildError(`no device is called ${name}, there are ${names}`);
  }
  return writeAmxd(checked(name, await assemble(patch)));
}

/** A device that cannot be built, and why. */
export class BuildError extends Error {}

/** Return a device with its scripts inside, unchecked. */
export async function assemble(patch: Patch, room = ROOM): Promise<Device> {
  const text: File = {
    name: `${patch.name}.amxd`,
    type: "JSON",
    use: USES.device,
    bytes: Buffer.from(patchText(patch), "utf-8"),
  };
  const scripts = scriptsOf(patch).map((script) => fileOf(script, room));
  return { kind: patch.kind, files: [text, ...(await Promise.all(scripts))] };
}

async function fileOf(script: Script, room: string): Promise<File> {
  // Node is another process, which opens what is on disk
  const use = script.shape ? USES.plain : USES.onDisk;
  try {
    return { name: script.file, type: "TEXT", use, bytes: await bundle(script, room) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BuildError(`${script.file} cannot be made of ${script.entry}: ${why}`);
  }
}

function checked(name: string, device: Device): Device {
  const faults = lint(device);
  if (faults.length > 0) {
    throw new BuildError(`${name} has faults:\n${faults.join("\n")}`);
  }
  return device;
}

async function make(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { name } of DEVICES) {
    const bytes = await buildDevice(name);
    writeFileSync(join(folder, `${name}.amxd`), bytes);
    const sum = createHash("sha256").update(bytes).digest("hex");
    console.log(`${name}.amxd: ${bytes.length} bytes, sha256 ${sum}`);
  }
}

if (import.meta.main) {
  try {
    await make(join(ROOM, "dist"));
  } catch (error) {
    console.error(error instanceof BuildError ? error.message : error);
    process.exitCode = 1;
  }
}
