/** Measure the round trip of the main device: a built device, a simulated Live, the real server. */

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { buildDevice } from "../patch/make.ts";
import type { SimClip } from "../tests/live/clip.ts";
import type { NewNote } from "../tests/live/contract.ts";
import { MaxDevice } from "../tests/max/max_device.ts";
import { startServer } from "../tests/server.ts";
import { type Figure, Samples } from "./figure.ts";
import { type Floor, openFloor } from "./floor.ts";
import { press } from "./press.ts";
import { TimedSet } from "./timed_set.ts";

export const SIZES = [64, 512, 5_000] as const;

/** Velocity, rubato, groove and articulation, and a pedal that the device plays. */
const PRESET = "piano/played";

const WARM_UP = 5;

/** A press begins when the last one is done with, what the set remembers of it included. */
const REST_MS = 450;

/** Trips to the bare socket beside each press. */
const TRIPS = 5;

/** A hand turns a dial for so many messages, each so many milliseconds after the one before. */
const DRAG = 85;
const DRAG_EVERY_MS = 10;

const READY_MS = 30_000;

/** What was measured in one run. */
export interface Run {
  readonly results: readonly Figure[];
  /** The memory of the device's Node process at the end and at its highest, in MB of 10^6 bytes. */
  readonly node_mb: number;
  readonly node_peak_mb: number;
  /** What a drag of a dial on the clip of 512 notes asked for. */
  readonly drag: { readonly messages: number; readonly ms: number; readonly asks: number };
}

interface Room {
  readonly live: TimedSet;
  readonly max: MaxDevice;
  readonly floor: Floor;
  readonly clips: ReadonlyMap<number, SimClip>;
}

/** Return all figures; `say` is told what is being measured. */
export async function measure(rounds: number, say: (text: string) => void): Promise<Run> {
  say("start of the server and the device");
  const server = await startServer();
  const floor = await openFloor();
  const room = await openRoom(server.port, floor);
  try {
    const samples = new Samples();
    for (let round = -WARM_UP; round < rounds; round += 1) {
      say(round < 0 ? "warm-up" : `round ${round + 1} of ${rounds}`);
      for (const size of SIZES) {
        await take(room, size, round < 0 ? new Samples() : samples);
      }
    }
    say("a drag of a dial");
    const drag = await dragged(room);
    return { results: samples.figures(), ...memory(room.max), drag };
  } finally {
    await room.max.close();
    floor.close();
    await server.stop();
  }
}

async function openRoom(port: number, floor: Floor): Promise<Room> {
  const live = new TimedSet();
  const track = live.addTrack({ name: "Piano" });
  const clips = SIZES.map((size) => {
    const length = Math.ceil(size / 24) * 4;
    return [size, track.addClip({ name: `Verse ${size}`, length, notes: stiff(size) })] as const;
  });
  const home = mkdtempSync(join(tmpdir(), "yuragi-bench-"));
  const env = { YURAGI_PORT: String(port), XDG_CONFIG_HOME: home };
  const max = await MaxDevice.open(await buildDevice("yuragi"), { live, track, env });
  await max.until(() => max.text("status").includes(" is ready"), READY_MS, "ready");
  max.turn("preset", PRESET);
  return { live, max, floor, clips: new Map(clips) };
}

/** Press Humanize on a clip of a size, and take some trips to the bare socket with the same ask. */
async function take(
  { live, max, floor, clips }: Room,
  size: number,
  samples: Samples,
): Promise<void> {
  live.select(clips.get(size));
  const { parts, ask } = await press(max, live);
  for (const [part, ms] of Object.entries<number>({ ...parts })) {
    samples.add(`${part}/${size}`, ms);
  }
  await pause(REST_MS);
  for (let trip = 0; trip < TRIPS; trip += 1) {
    samples.add(`socket/${size}`, await floor.trip(ask));
  }
}

async function dragged({ live, max, clips }: Room): Promise<Run["drag"]> {
  live.select(clips.get(512));
  await press(max, live);
  await pause(REST_MS);
  const asked = asksOf(max);
  const begunMs = performance.now();
  for (let message = 1; message <= DRAG; message += 1) {
    // a hand does not wait for a busy machine
    await pause(begunMs + message * DRAG_EVERY_MS - performance.now());
    max.turn("velocity", 100 + message);
  }
  const ms = Math.round(performance.now() - begunMs);
  await pause(2 * REST_MS);
  return { messages: DRAG, ms, asks: asksOf(max) - asked };
}

/** Return how often v8 has asked: by the first pieces, of index 0. */
function asksOf(max: MaxDevice): number {
  return max.sent.filter(([selector, , index]) => selector === "ask" && index === 0).length;
}

/** Source: proc(5), status: VmHWM is the highest resident memory, in units of 1024 bytes. */
function memory(max: MaxDevice): Pick<Run, "node_mb" | "node_peak_mb"> {
  const status = readFileSync(`/proc/${max.nodePid ?? 0}/status`, "utf-8");
  const [, peak] = /^VmHWM:\s+(\d+)/m.exec(status) ?? [];
  const inMb = (bytes: number): number => Math.round(bytes / 1e5) / 10;
  return { node_mb: inMb(max.nodeMemory()), node_peak_mb: inMb(Number(peak) * 1024) };
}

/** Return a stiff melody over two-note chords in eighths, the texture that `yuragi bench` plays. */
function stiff(count: number): NewNote[] {
  return Array.from({ length: count }, (_, row) => {
    const step = Math.floor(row / 3);
    const chord = 48 + 4 * (row % 3) + (Math.floor(step / 4) % 5);
    const pitch = row % 3 > 0 ? chord : 67 + ((step * 5) % 12);
    return { pitch, start_time: step / 2, duration: 0.5, velocity: 80 };
  });
}
