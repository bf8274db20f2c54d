import { describe, expect, test } from "vitest";

import { answer, listen, welcome } from "../node/peer.ts";
import { startServer } from "../server.ts";
import { staged } from "./stage.ts";
import {
  APPLIED_MS,
  applied,
  apply,
  complaints,
  kept,
  openWith,
  playing,
  renders,
  said,
  settled,
  verse,
} from "./tool_room.ts";

const TOOL = "yuragi Humanize";
const stage = staged(TOOL);

describe("Without a server", () => {
  test("the notes stay as they are and the status line says why; later it works", async () => {
    const gone = await startServer();
    await gone.stop();
    const there = verse();
    const env = { ...stage.current.env, YURAGI_PORT: String(gone.port) };
    const max = await openWith(TOOL, there.options, env);
    await said(max, /No yuragi server/);
    const before = there.clip.notes();
    apply(max);
    await said(max, /No yuragi server/);
    expect(there.clip.notes()).toEqual(before);
    const server = await startServer(gone.port);
    try {
      await applied(max);
      expect(kept(there.clip.notes())).toEqual(kept(before));
      expect(playing(there.clip.notes())).not.toEqual(playing(before));
      expect(complaints(max, there.live)).toEqual([]);
    } finally {
      await server.stop();
    }
  });

  test("that is lost after a performance, the performance stays", async () => {
    const server = await startServer();
    const there = verse();
    const env = { ...stage.current.env, YURAGI_PORT: String(server.port) };
    const max = await openWith(TOOL, there.options, env);
    await said(max, / is ready/);
    await applied(max);
    const played = there.clip.notes();
    await server.kill();
    await said(max, /is gone|No yuragi server/);
    apply(max);
    await said(max, /is gone|No yuragi server/);
    expect(there.clip.notes()).toEqual(played);
    expect(complaints(max, there.live)).toEqual([]);
  });

  test("of this version, the notes stay as they are and the status line says so", async () => {
    const peer = await listen(answer(({ id }) => [welcome(id, 99, "9.9.9")]));
    try {
      const there = verse();
      const before = there.clip.notes();
      const env = { ...stage.current.env, YURAGI_PORT: String(peer.port) };
      const max = await openWith(TOOL, there.options, env);
      await said(max, /version 9\.9\.9/);
      apply(max);
      await max.until(() => renders(max).length === 1, APPLIED_MS, "asked");
      await said(max, /version 9\.9\.9/);
      expect(there.clip.notes()).toEqual(before);
      expect(complaints(max, there.live)).toEqual([]);
    } finally {
      await peer.close();
    }
  });

  test("found yet, Apply waits for it and is done by itself", async () => {
    const there = verse();
    const before = there.clip.notes();
    const max = await openWith(TOOL, there.options, stage.current.env);
    apply(max);
    expect(there.clip.notes()).toEqual(before);
    await settled(max);
    expect(playing(there.clip.notes())).not.toEqual(playing(before));
    expect(there.live.undoSteps).toHaveLength(1);
    expect(complaints(max, there.live)).toEqual([]);
  });
});
