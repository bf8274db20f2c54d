/** Write small scripts in place of the devices' own, to build a device from in the blink of an eye. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Device, File } from "../../patch/amxd.ts";
import { assemble } from "../../patch/make.ts";
import { type Patch, scriptsOf } from "../../patch/patch.ts";

/** What an entry has to have, and a letter beyond ASCII. */
const MODULE = `
export function receive(message: string, atoms: readonly unknown[]): void {
  void [message, atoms, "揺らぎ"];
}
export function close(): void {}
`;

/** Return a device with small scripts inside, all of one text. */
export async function smallDevice(patch: Patch, module = MODULE): Promise<Device> {
  const room = mkdtempSync(join(tmpdir(), "yuragi-room-"));
  try {
    for (const { entry } of scriptsOf(patch)) {
      mkdirSync(join(room, dirname(entry)), { recursive: true });
      writeFileSync(join(room, entry), module);
    }
    return await assemble(patch, room);
  } finally {
    rmSync(room, { recursive: true });
  }
}

/** Return the text of a device's file. */
export function fileText(device: Device, name: string): string {
  const file = device.files.find((other) => other.name === name);
  return Buffer.from(file?.bytes ?? []).toString("utf-8");
}

/** Return a device whose patch has another text; fails if the text is not in it. */
export function withText(device: Device, from: string | RegExp, to: string): Device {
  const [patch, ...scripts] = device.files;
  const before = Buffer.from(patch?.bytes ?? []).toString("utf-8");
  const after = before.replace(from, to);
  if (patch === undefined || after === before) {
    throw new Error(`the patch has no ${String(from)} to replace`);
  }
  const changed: File = { ...patch, bytes: Buffer.from(after, "utf-8") };
  return { ...device, files: [changed, ...scripts] };
}
