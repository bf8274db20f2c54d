import { readFileSync } from "node:fs";
import { join } from "node:path";

import { decode } from "@msgpack/msgpack";
import { describe, expect, test } from "vitest";

import { readMap, type Fields } from "../node/check.ts";
import { clipMap, readClip } from "../node/clip.ts";
import { helloFrame, pingFrame, readReply, renderFrame } from "../node/message.ts";
import { PROJECT } from "./server.ts";

interface Vector {
  readonly name: string;
  readonly from: string;
  readonly op: string;
  readonly hex: string;
}

/** A clip as numbers, and as the server writes it. */
interface ClipVector {
  readonly name: string;
  readonly clip: Fields;
  readonly hex: string;
}

const vectors = read("messages.json") as Vector[];
const clips = read("notes.json") as ClipVector[];

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(PROJECT, "tests", "vectors", name), "utf8"));
}

/** What of a clip a device does not say: Live has none of it. */
const UNSAID = ["chords", "channel", "program"];

/** What the server answers only to what a device never asks. */
const UNASKED = ["standing", "block", "bounced", "catalogue"];

function frame(op: string): Buffer {
  return Buffer.from(vectors.find((vector) => vector.op === op)?.hex ?? "", "hex");
}

/** Return what is in a frame; its columns are plain bytes, as those that a device writes. */
function mapOf(bytes: Uint8Array): Fields {
  return readMap(decode(Uint8Array.from(bytes)), "the frame");
}

function firstClip(map: Fields): Fields {
  return readMap((map["clips"] as unknown[])[0], "clips[0]");
}

describe("what the server says", () => {
  const said = vectors.filter(({ from, op }) => from === "server" && !UNASKED.includes(op));

  test.each(said)("$name is read", (vector) => {
    const reply = readReply(Buffer.from(vector.hex, "hex"));
    const expected = mapOf(Buffer.from(vector.hex, "hex"));
    expect([reply.op, reply.id]).toEqual([vector.op, expected["id"]]);
  });

  test("a rendered clip has the numbers that make_vectors.py wrote", () => {
    const reply = readReply(frame("rendered"));
    expect(reply).toMatchObject({
      op: "rendered",
      seed: 5,
      clip: {
        length: 4,
        notes: { pitch: [60, 64], onset: [0, 0.5], duration: [0.5, 1], note_id: [0, 1] },
        controllers: { number: [64], time: [0.25], value: [127] },
        tempo: { time: [0], bpm: [96] },
        name: "Klavier ♪",
      },
      timings: { queued_ms: 0.1, engine_ms: 1.5, total_ms: 1.75 },
      warnings: [],
    });
  });

  test("a rendered clip comes with what engines could not do", () => {
    const vector = vectors.find(({ name }) => name === "server rendered with warnings");
    const reply = readReply(Buffer.from(vector?.hex ?? "", "hex"));
    expect(reply).toMatchObject({ warnings: ["track drums: 2 notes of 60 (C4) ..."] });
  });

  test("a failure has code and message", () => {
    expect(readReply(frame("failure"))).toEqual({
      op: "failure",
      id: null,
      code: "invalid",
      message: "amount is 3, ...",
    });
  });

  test.each(vectors.filter((vector) => vector.from === "server"))(
    "$name cut short anywhere is refused with a sentence",
    (vector) => {
      const whole = Buffer.from(vector.hex, "hex");
      for (let end = 0; end < whole.length; end += 1) {
        expect(() => readReply(whole.subarray(0, end))).toThrow(/, allowed is /);
      }
    },
  );
});

describe("what a device says", () => {
  test("a clip goes out as it came in, its columns byte for byte", () => {
    const sent = firstClip(mapOf(frame("render")));
    const expected = Object.entries(sent).filter(([name]) => !UNSAID.includes(name));
    expect(clipMap(readClip(sent, "clip"))).toEqual(Object.fromEntries(expected));
  });

  test("a render request says what the vector says", () => {
    const vector = mapOf(frame("render"));
    const clip = readClip(firstClip(vector), "clip");
    const asked = { ask: "render", clip, preset: "band/natural", seed: 5, slot: "clip 1" } as const;
    const said = mapOf(renderFrame(4, asked, 60_000));
    const names = ["op", "id", "v", "preset", "seed", "slot"];
    for (const name of names) {
      expect([name, said[name]]).toEqual([name, vector[name]]);
    }
    expect(firstClip(said)["notes"]).toEqual(firstClip(vector)["notes"]);
  });

  test("hello and ping say what the vectors say", () => {
    expect(mapOf(helloFrame(1))).toEqual({
      ...mapOf(frame("hello")),
      client: "yuragi for Ableton Live",
    });
    expect(mapOf(pingFrame(2))).toEqual(mapOf(frame("ping")));
  });
});

describe("clips", () => {
  const said = (fields: Fields): Fields => {
    return Object.fromEntries(Object.entries(fields).filter(([name]) => !UNSAID.includes(name)));
  };

  test.each(clips)("$name: the server's bytes are read as its numbers", ({ clip, hex }) => {
    expect(readClip(mapOf(Buffer.from(hex, "hex")), "clip")).toEqual(said(clip));
  });

  test.each(clips)("$name: its numbers are written as the server's bytes", ({ clip, hex }) => {
    expect(clipMap(readClip(clip, "clip"))).toEqual(said(mapOf(Buffer.from(hex, "hex"))));
  });
});
