/** Set the stage of an end-to-end test: the real server, a set of Live, and a built device in it. */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

import { buildDevice } from "../../patch/make.ts";
import type { NewNote } from "../live/contract.ts";
import { MaxDevice, type OpenOptions } from "../max/max_device.ts";
import { startServer, type Server } from "../server.ts";

/** Starting Node and the server may take so long on a busy machine. */
export const PATIENCE_MS = 20_000;

/** What all tests of a file share. */
export interface Stage {
  /** The address of the server's port for a device. */
  readonly env: Readonly<Record<string, string>>;
  readonly server: Server;
  /** Open a device and wait until the server is found. */
  open(options: OpenOptions): Promise<MaxDevice>;
  close(): Promise<void>;
}

/** Start a server and build a device for all tests of a file. */
export function staged(device: string): { readonly current: Stage } {
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await setUp(device);
  }, 3 * PATIENCE_MS);
  afterAll(async () => {
    await stage?.close();
  });
  return {
    get current(): Stage {
      if (!stage) {
        throw new Error("the stage is set before each test, not before");
      }
      return stage;
    },
  };
}

async function setUp(device: string): Promise<Stage> {
  const [bytes, server] = await Promise.all([buildDevice(device), startServer()]);
  const home = mkdtempSync(join(tmpdir(), "yuragi-stage-"));
  const env = {
    YURAGI_PORT: String(server.port),
    YURAGI_EXPORT: home,
    YURAGI_REVEAL: "0",
    XDG_CONFIG_HOME: home,
  };
  const opened: MaxDevice[] = [];
  return {
    env,
    server,
    open: async (options) => {
      const max = await MaxDevice.open(bytes, { env, random: dealt(), ...options });
      opened.push(max);
      await max.until(() => max.text("status").includes(" is ready"), PATIENCE_MS, "ready");
      return max;
    },
    close: async () => {
      await Promise.all(opened.map((max) => max.close()));
      await server.stop();
    },
  };
}

/** Return numbers as Math.random does, the same ones each time. Source: Park and Miller, 1988. */
function dealt(): () => number {
  let last = 1;
  return () => {
    last = (last * 16_807) % 2_147_483_647;
    return last / 2_147_483_647;
  };
}

/** Press a button or turn a dial, and wait until the line says something new that is like this. */
export async function answered(max: MaxDevice, act: () => void, says: RegExp): Promise<void> {
  const before = max.times("status");
  act();
  await max.until(
    () => max.times("status") > before && says.test(max.text("status")),
    PATIENCE_MS,
    `says ${String(says)}`,
  );
}

/** Press a button, and wait until the line says something new that is like this. */
export function pressed(max: MaxDevice, name: string, says: RegExp): Promise<void> {
  return answered(
    max,
    () => {
      max.press(name);
    },
    says,
  );
}

/**
 * Chords on a plain grid, four notes to half a beat.
 *
 * Each note touches the next chord, and the bass is one pitch throughout, so that notes of one pitch
 * touch, as they do in most programmed music.
 */
export function phrase(count: number): NewNote[] {
  const chord = [48, 60, 64, 67];
  return Array.from({ length: count }, (_, row) => ({
    pitch: (chord[row % 4] ?? 60) + (row % 4 === 0 ? 0 : (Math.floor(row / 4) * 5) % 7),
    start_time: Math.floor(row / 4) * 0.5,
    duration: 0.5,
    velocity: 100,
    probability: 0.75,
    velocity_deviation: 5,
    release_velocity: 33,
  }));
}
