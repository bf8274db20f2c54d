import { describe, expect, onTestFinished, test } from "vitest";

import { readAmxd, writeAmxd } from "../../patch/amxd.ts";
import { buildDevice } from "../../patch/make.ts";
import { VirtualClock } from "../live/clock.ts";
import { LiveSet } from "../live/set.ts";
import { MidiTool, type Dictionary, type ToolOptions } from "../live/tool.ts";
import { type Emit, MaxDevice } from "../max/max_device.ts";

const TOOLS = ["yuragi Humanize", "yuragi Generate"] as const;

interface Opened {
  readonly max: MaxDevice;
  readonly clock: VirtualClock;
}

/** Open a tool where Node cannot be started, as its script is missing. */
async function withoutNode(
  name: string,
  live: LiveSet,
  tool: (emit: Emit) => MidiTool,
): Promise<Opened> {
  const device = readAmxd(await buildDevice(name));
  const files = device.files.filter((file) => file.name !== "yuragi_node.js");
  const clock = new VirtualClock();
  const bytes = writeAmxd({ ...device, files });
  const max = await MaxDevice.open(bytes, { live, track: live.addTrack(), clock, tool });
  onTestFinished(() => max.close());
  clock.advance(1);
  return { max, clock };
}

describe("A tool whose Node does not start", () => {
  async function opened(kind: ToolOptions["kind"]): Promise<Opened & { live: LiveSet }> {
    const live = new LiveSet();
    const clip = live.addTrack().addClip({ notes: [{ pitch: 60, start_time: 0, duration: 1 }] });
    live.select(clip);
    const name = kind === "transformation" ? TOOLS[0] : TOOLS[1];
    const tool = (emit: Emit): MidiTool => new MidiTool({ kind, clip, emit });
    return { ...(await withoutNode(name, live, tool)), live };
  }

  test.each(["transformation", "generator"] as const)("answers Live: a %s", async (kind) => {
    const { live, max, clock } = await opened(kind);
    max.tool?.bang();
    clock.advance(10);
    expect(live.console).toEqual([]);
    // Node for Max has 20 s to start
    clock.advance(20_000);
    expect(max.text("status")).toMatch(/Node for Max did not start/);
  });

  test("says so again at each Apply", async () => {
    const { max, clock } = await opened("transformation");
    clock.advance(20_000);
    max.tool?.bang();
    clock.advance(10);
    expect(max.text("status")).toMatch(/Node for Max did not start/);
  });
});

describe("A tool that is handed what it cannot read", () => {
  interface Answered {
    readonly replies: readonly Dictionary[];
    readonly status: string;
  }

  /** Hand something out, and return what the tool answers at once and what it says then. */
  async function answered(name: string, notes: Dictionary): Promise<Answered> {
    const replies: Dictionary[] = [];
    const tool = (emit: Emit): MidiTool => ({
      bang: () => {
        emit("context", {});
        emit("notes", notes);
      },
      reply: (dictionary) => {
        replies.push(dictionary);
      },
      userEdits: () => undefined,
    });
    const { max, clock } = await withoutNode(name, new LiveSet(), tool);
    max.tool?.bang();
    const atOnce = [...replies];
    clock.advance(10);
    return { replies: atOnce, status: max.text("status") };
  }

  test("hands the same notes back, if it is the transformation", async () => {
    const odd = { notes: "none of ours" };
    const { replies, status } = await answered("yuragi Humanize", odd);
    expect(replies).toEqual([odd]);
    expect(status).toMatch(/^Something went wrong/);
  });

  test("writes a pulse, if it is the generator", async () => {
    const { replies, status } = await answered("yuragi Generate", { notes: "none of ours" });
    // a bar of the tresillo
    expect(replies[0]?.["notes"]).toHaveLength(3);
    expect(status).toMatch(/^Only a pulse\. Something went wrong/);
  });

  test("writes a pulse also if Live hands out nothing at all", async () => {
    const { replies } = await answered("yuragi Generate", {});
    expect(replies[0]?.["notes"]).toHaveLength(3);
  });
});
