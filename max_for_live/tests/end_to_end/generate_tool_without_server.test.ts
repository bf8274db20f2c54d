import { encode } from "@msgpack/msgpack";
import { describe, expect, test } from "vitest";

import type { Fields } from "../../node/check.ts";
import { answer, listen, welcome } from "../node/peer.ts";
import { startServer } from "../server.ts";
import { staged } from "./stage.ts";
import {
  APPLIED_MS,
  applied,
  apply,
  complaints,
  due,
  empty,
  isPulse,
  openWith,
  OWN,
  renders,
  said,
} from "./tool_room.ts";

const TOOL = "yuragi Generate";
const stage = staged(TOOL);

describe("A result without notes", () => {
  test("leaves the pulse in the clip, and the status line says so", async () => {
    const peer = await listen(answer(silence));
    try {
      const { live, clip, options } = empty();
      const env = { ...stage.current.env, YURAGI_PORT: String(peer.port) };
      const max = await openWith(TOOL, options, env);
      await said(max, / is ready/);
      apply(max);
      await said(max, /^Only a pulse\. The generator wrote no notes/);
      expect(isPulse(clip.notes())).toBe(true);
      expect(complaints(max, live)).toEqual([]);
    } finally {
      await peer.close();
    }
  });

  test("leaves the notes that are there, and the status line tells of no pulse", async () => {
    const peer = await listen(answer(silence));
    try {
      const { live, clip, options } = empty({ clip: { length: 8, notes: OWN } });
      const before = clip.notes();
      const env = { ...stage.current.env, YURAGI_PORT: String(peer.port) };
      const max = await openWith(TOOL, options, env);
      await said(max, / is ready/);
      apply(max);
      await said(max, /^The generator wrote no notes/);
      expect(clip.notes()).toEqual(before);
      expect(complaints(max, live)).toEqual([]);
    } finally {
      await peer.close();
    }
  });
});

describe("Without a server", () => {
  test("the notes that are there stay, again and again, and the status line says why", async () => {
    const gone = await startServer();
    await gone.stop();
    const { live, clip, options } = empty({ clip: { length: 8, notes: OWN } });
    const before = clip.notes();
    const env = { ...stage.current.env, YURAGI_PORT: String(gone.port) };
    const max = await openWith(TOOL, options, env);
    await said(max, /No yuragi server/);
    apply(max);
    await due();
    apply(max);
    await due();
    expect(clip.notes()).toEqual(before);
    expect(max.text("status")).toMatch(/^No yuragi server/);
    expect(complaints(max, live)).toEqual([]);
  });

  test("a pulse is written and the status line says why; later the real take comes", async () => {
    const gone = await startServer();
    await gone.stop();
    const there = empty();
    const env = { ...stage.current.env, YURAGI_PORT: String(gone.port) };
    const max = await openWith(TOOL, there.options, env);
    await said(max, /No yuragi server/);
    apply(max);
    await due();
    expect(max.text("status")).toMatch(/^Only a pulse\. No yuragi server .* once\.$/);
    expect(isPulse(there.clip.notes())).toBe(true);
    const server = await startServer(gone.port);
    try {
      await applied(max);
      expect(isPulse(there.clip.notes())).toBe(false);
      expect(there.clip.notes().length).toBeGreaterThan(0);
      expect(complaints(max, there.live)).toEqual([]);
    } finally {
      await server.stop();
    }
  });

  test("of this version a pulse is written, again and again, in the scale of the clip", async () => {
    const peer = await listen(answer(({ id }) => [welcome(id, 99, "9.9.9")]));
    try {
      const there = empty({ set: { scale: { root_note: 2, scale_mode: true } } });
      const env = { ...stage.current.env, YURAGI_PORT: String(peer.port) };
      const max = await openWith(TOOL, there.options, env);
      await said(max, /version 9\.9\.9/);
      apply(max);
      await max.until(() => renders(max).length === 1, APPLIED_MS, "asked");
      await said(max, /version 9\.9\.9/);
      apply(max);
      expect(new Set(there.clip.notes().map(({ pitch }) => pitch))).toEqual(new Set([50]));
      expect(complaints(max, there.live)).toEqual([]);
    } finally {
      await peer.close();
    }
  });
});

/** Be a server that answers each request with a take that has no notes. */
function silence({ op, id }: Fields): Uint8Array[] {
  if (op !== "render") {
    return [op === "hello" ? welcome(id) : encode({ op: "pong", id })];
  }
  const clip = { notes: { pitch: [], onset: [], duration: [] }, length: 8 };
  const timings = { queued_ms: 0, engine_ms: 0, total_ms: 0 };
  return [encode({ op: "rendered", id, takes: [[clip]], seed: 1, timings })];
}
