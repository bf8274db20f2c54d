/**
 * Write the requests of the protocol and read its replies: one msgpack map a frame.
 *
 * Source: docs/protocol.md.
 */

import { Encoder, decode, decodeMulti, encode } from "@msgpack/msgpack";

import type { Clip } from "../wire/note.ts";
import type { RenderAsk, Timings, Welcome } from "../wire/talk.ts";
import {
  CheckError,
  messageOf,
  readCount,
  readIfAny,
  readList,
  readMap,
  readNumber,
  readText,
  readTexts,
  type Fields,
} from "./check.ts";
import { clipMap, readClip } from "./clip.ts";
import { readWelcome } from "./welcome.ts";

/** The version of the protocol that this side speaks. */
export const PROTOCOL = 1;

/** Who says hello. */
const CLIENT = "yuragi for Ableton Live";

/** A note has so many bytes on the wire with all of its columns; docs/protocol.md, "A clip". */
const ROW_BYTES = 58;

/** All else in a request has seldom more bytes than this. */
const OTHER_BYTES = 4096;

export type Reply =
  | { readonly op: "welcome"; readonly protocol: number; readonly welcome: Welcome }
  | {
      readonly op: "rendered";
      readonly clip: Clip;
      readonly seed: number;
      readonly timings: Timings;
      readonly warnings: readonly string[];
    }
  | { readonly op: "failure"; readonly code: string; readonly message: string }
  | { readonly op: "pong" | "cancelled" | "progress" };

/** A reply with the id of its request, null where the server could not read that. */
export type Received = Reply & { readonly id: number | null };

/** Return the frame that asks who is there. */
export function helloFrame(id: number): Uint8Array {
  return encode({ op: "hello", id, v: PROTOCOL, client: CLIENT });
}

/** Return the frame that asks whether the server is alive. */
export function pingFrame(id: number): Uint8Array {
  return encode({ op: "ping", id, v: PROTOCOL });
}

/** Return the frame that asks for a take of a clip, of which the server shall answer in time. */
export function renderFrame(id: number, ask: RenderAsk, deadlineMs: number): Uint8Array {
  const { ask: op, clip, note_ids, ...wishes } = ask;
  const target = note_ids && { target: { note_ids } };
  const clips = [clipMap(clip)];
  const map = { op, id, v: PROTOCOL, clips, ...wishes, ...target, deadline_ms: deadlineMs };
  // a buffer that is too small is copied into one of twice the size, and in the end once more
  const initialBufferSize = ROW_BYTES * clip.notes.pitch.length + OTHER_BYTES;
  return new Encoder({ initialBufferSize }).encodeSharedRef(map);
}

/**
 * Return the reply in a frame.
 *
 * @throws {CheckError} It is no reply of this protocol, or cut short.
 */
export function readReply(frame: Uint8Array): Received {
  const fields = readMap(decoded(frame), "the reply");
  const id = fields["id"] === null ? null : readCount(fields["id"], "id");
  const op = readText(fields["op"], "op");
  const read = Object.hasOwn(READ, op) ? READ[op] : undefined;
  if (!read) {
    throw new CheckError("op", op, `one of ${Object.keys(READ).join(", ")}`);
  }
  return { ...read(fields), id };
}

/** Return the id in the frame of a reply that cannot be read, if it can be found. */
export function idIn(frame: Uint8Array): number | undefined {
  let key: unknown;
  try {
    for (const value of decodeMulti(frame.subarray(headBytes(frame)))) {
      if (key === "id" && typeof value === "number") {
        return value;
      }
      key = value;
    }
  } catch {
    // here it is cut short
  }
  return undefined;
}

const READ: Readonly<Record<string, (fields: Fields) => Reply>> = {
  welcome: (fields) => {
    const protocol = readCount(fields["protocol"], "protocol");
    return { op: "welcome", protocol, welcome: welcomeOf(protocol, fields) };
  },
  rendered: (fields) => ({
    op: "rendered",
    clip: readTakes(fields["takes"]),
    seed: readCount(fields["seed"], "seed"),
    timings: readTimings(fields["timings"]),
    warnings: readIfAny(fields["warnings"], "warnings", readTexts) ?? [],
  }),
  failure: (fields) => ({
    op: "failure",
    code: readText(fields["code"], "code"),
    message: readText(fields["message"], "message"),
  }),
  pong: () => ({ op: "pong" }),
  cancelled: () => ({ op: "cancelled" }),
  progress: () => ({ op: "progress" }),
};

function decoded(frame: Uint8Array): unknown {
  try {
    return decode(frame);
  } catch (error) {
    throw new CheckError("the reply", frame, `one msgpack map (${messageOf(error)})`);
  }
}

/** Of another protocol than ours, only the version can be read. */
function welcomeOf(protocol: number, fields: Fields): Welcome {
  const version = readText(fields["version"], "version");
  const unread = { version, presets: [], engines: [], warnings: [] };
  return protocol === PROTOCOL ? readWelcome(fields) : unread;
}

/** Return the only clip of the only take. */
function readTakes(value: unknown): Clip {
  const [take] = readList(value, "takes");
  const [clip] = readList(take, "takes[0]");
  return readClip(clip, "takes[0][0]");
}

function readTimings(value: unknown): Timings {
  const fields = readMap(value, "timings");
  return {
    queued_ms: readNumber(fields["queued_ms"], "timings.queued_ms"),
    engine_ms: readNumber(fields["engine_ms"], "timings.engine_ms"),
    total_ms: readNumber(fields["total_ms"], "timings.total_ms"),
  };
}

/** Return how many bytes say that a frame is a map. Source: the msgpack specification, map format. */
function headBytes(frame: Uint8Array): number {
  return { 0xde: 3, 0xdf: 5 }[frame[0] ?? 0] ?? 1;
}
