import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import type { Note } from "../../wire/note.ts";
import { buildDevice } from "../../patch/make.ts";
import type { ClipOptions } from "../live/contract.ts";
import type { SimClip } from "../live/clip.ts";
import { LiveSet } from "../live/set.ts";
import type { SimTrack } from "../live/track.ts";
import { MaxDevice } from "../max/max_device.ts";
import { startServer } from "../server.ts";
import { PATIENCE_MS, phrase, pressed, staged } from "./stage.ts";

const stage = staged("yuragi");

interface Room {
  readonly live: LiveSet;
  readonly track: SimTrack;
  readonly clip: SimClip;
}

function room(clip: ClipOptions = {}): Room {
  const live = new LiveSet();
  const track = live.addTrack({ name: "Piano" });
  const made = track.addClip({ name: "Verse", length: 8, notes: phrase(64), ...clip });
  live.select(made);
  return { live, track, clip: made };
}

/** Wait until the status line says something. */
async function says(max: MaxDevice, what: RegExp): Promise<void> {
  await max.until(() => what.test(max.text("status")), PATIENCE_MS, `says ${String(what)}`);
}

function sorted(notes: readonly Note[]): Note[] {
  return [...notes].sort((one, other) => one.note_id - other.note_id);
}

/** Press Humanize and go on as soon as the question has reached Node. */
async function asked(max: MaxDevice): Promise<void> {
  const before = max.asks.length;
  max.press("humanize");
  await max.until(() => max.asks.length > before, PATIENCE_MS, "asked");
}

describe("a clip that is not what it was when the answer comes", () => {
  test("is left alone if it was edited meanwhile", async () => {
    const { live, track, clip } = room();
    const max = await stage.current.open({ live, track });
    await asked(max);
    clip.edit((edit) => {
      edit.change([{ note_id: sorted(clip.notes())[0]?.note_id ?? 0, pitch: 72 }]);
    });
    const mine = sorted(clip.notes());
    await says(max, /edited meanwhile; nothing was written/);
    expect(sorted(clip.notes())).toEqual(mine);
    expect(live.undoSteps).toEqual([]);
  });

  test("is not missed if it was deleted meanwhile", async () => {
    const { live, track, clip } = room();
    const max = await stage.current.open({ live, track });
    await asked(max);
    track.remove(clip);
    await says(max, /deleted meanwhile; nothing was written/);
    expect(live.undoSteps).toEqual([]);
    expect(max.errors).toEqual([]);
  });

  test("is written if only its loop was moved, and another clip selected", async () => {
    const { live, track, clip } = room();
    const other = track.addClip({ length: 4, notes: phrase(8) });
    const untouched = other.notes();
    const max = await stage.current.open({ live, track });
    await asked(max);
    live.select(other);
    await says(max, /of 64 notes played/);
    expect(other.notes()).toEqual(untouched);
    expect(clip.notes()).toHaveLength(64);
  });
});

describe("two devices on one clip", () => {
  test("each refuses what the other has changed meanwhile, and no note is lost", async () => {
    const { live, track, clip } = room();
    const before = sorted(clip.notes());
    const [one, other] = [
      await stage.current.open({ live, track }),
      await stage.current.open({ live, track }),
    ];
    one.press("humanize");
    other.press("humanize");
    const answered = /notes played|edited meanwhile/;
    await says(one, answered);
    await says(other, answered);
    expect(sorted(clip.notes()).map(({ note_id, pitch }) => [note_id, pitch])).toEqual(
      before.map(({ note_id, pitch }) => [note_id, pitch]),
    );
    const texts = [one.text("status"), other.text("status")];
    expect(texts.some((text) => text.includes("notes played"))).toBe(true);
  });

  test("Revert of the first leaves what the second has played", async () => {
    const { live, track, clip } = room();
    const one = await stage.current.open({ live, track });
    const other = await stage.current.open({ live, track });
    one.press("humanize");
    await says(one, /notes played/);
    other.press("humanize");
    await says(other, /notes played/);
    const now = sorted(clip.notes());
    await pressed(one, "revert", /Nothing here was played|that you edited are kept/);
    const changed = sorted(clip.notes()).filter(
      (note, row) => JSON.stringify(note) !== JSON.stringify(now[row]),
    );
    expect(changed).toEqual([]);
  });
});

describe("a set that is closed in the middle", () => {
  test("is not written into by the answer, and opens again as it was", async () => {
    const { live, track, clip } = room();
    const before = sorted(clip.notes());
    const max = await stage.current.open({ live, track });
    await asked(max);
    const saved = max.save();
    await max.close();
    const again = await stage.current.open({ live, track, saved });
    expect(sorted(clip.notes())).toEqual(before);
    again.press("humanize");
    await says(again, /of 64 notes played/);
  });

  test("says when what it remembers is damaged, and works on", async () => {
    const { live, track } = room();
    const saved = { parameters: {}, pattrs: { memory: [':{"form":1,"perf'] } };
    const max = await MaxDevice.open(await buildDevice("yuragi"), {
      live,
      track,
      saved,
      env: stage.current.env,
    });
    await says(max, /earlier performances could not be read/);
    expect(max.errors.join()).toContain("JSON");
    await max.until(() => max.items("preset").length > 1, PATIENCE_MS, "ready");
    await says(max, /earlier performances could not be read/);
    max.press("humanize");
    await says(max, /of 64 notes played/);
    await max.close();
  });
});

describe("a server that is not there", () => {
  test("killed while it renders, and started again: the answer is written all the same", async () => {
    const { live, track, clip } = room({ length: 625, notes: phrase(5000) });
    const first = await startServer();
    const env = { ...stage.current.env, YURAGI_PORT: String(first.port) };
    const max = await MaxDevice.open(await buildDevice("yuragi"), { live, track, env });
    await says(max, /is ready/);
    await asked(max);
    await first.kill();
    await says(max, /looking for it again|^No yuragi server|^Looking/);
    expect(live.undoSteps).toEqual([]);
    const second = await startServer(first.port);
    await says(max, /of 5000 notes played/);
    await max.close();
    await second.stop();
    expect(clip.notes()).toHaveLength(5000);
    expect(live.undoSteps).toHaveLength(1);
  });

  test("that lacks something says what, and plays on", async () => {
    const { live, track } = room();
    const config = mkdtempSync(join(tmpdir(), "yuragi-lack-"));
    mkdirSync(join(config, "yuragi", "presets"), { recursive: true });
    writeFileSync(join(config, "yuragi", "presets", "torn.toml"), "summary = ");
    const server = await startServer(0, [], { XDG_CONFIG_HOME: config });
    const env = { ...stage.current.env, YURAGI_PORT: String(server.port) };
    const max = await MaxDevice.open(await buildDevice("yuragi"), { live, track, env });
    await says(max, /torn\.toml is left out/);
    max.press("humanize");
    await says(max, /of 64 notes played/);
    await max.close();
    await server.stop();
  });

  test("is said at once, and the clip stays as it is", async () => {
    const { live, track, clip } = room();
    const gone = await startServer();
    await gone.stop();
    const before = clip.notes();
    const env = { ...stage.current.env, YURAGI_PORT: String(gone.port) };
    const max = await MaxDevice.open(await buildDevice("yuragi"), { live, track, env });
    await says(max, /^No yuragi server on port \d+/);
    await pressed(max, "humanize", /^No yuragi server on port \d+/);
    await pressed(max, "generate", /^No yuragi server on port \d+/);
    expect(max.asks.filter(({ ask }) => ask === "render")).toEqual([]);
    expect(clip.notes()).toEqual(before);
    max.midiIn(0x90, 60, 100);
    expect(max.midiOut.map(({ bytes }) => [...bytes])).toEqual([[0x90, 60, 100]]);
    await max.close();
  });
});

describe("what cannot be played", () => {
  test.each([
    ["a clip without notes", { notes: [] }, /has no notes/],
    ["an audio clip", { is_midi_clip: false, notes: [] }, /Select a MIDI clip/],
  ] as const)("%s is refused with a sentence", async (_, options, sentence) => {
    const { live, track } = room(options);
    const max = await stage.current.open({ live, track });
    max.press("humanize");
    await says(max, sentence);
    expect(live.undoSteps).toEqual([]);
  });

  test.each(["humanize", "revert", "commit", "export"])("no clip at all: %s", async (name) => {
    const live = new LiveSet();
    const max = await stage.current.open({ live, track: live.addTrack() });
    await pressed(max, name, /Select a MIDI clip on this track/);
    expect(max.errors).toEqual([]);
    expect(live.undoSteps).toEqual([]);
  });

  test.each(["humanize", "generate"])("a frozen track: %s", async (name) => {
    const { live, track } = room();
    const max = await stage.current.open({ live, track });
    track.freeze(true);
    await pressed(max, name, /frozen/);
    expect(live.undoSteps).toEqual([]);
    expect(max.asks.filter(({ ask }) => ask === "render")).toEqual([]);
  });

  test("a clip that is being recorded", async () => {
    const { live, track, clip } = room();
    const max = await stage.current.open({ live, track });
    clip.isRecording = true;
    max.press("humanize");
    await says(max, /being recorded/);
    expect(live.undoSteps).toEqual([]);
  });

  test("a Live that is too old says so, and asks nothing", async () => {
    const live = new LiveSet({ version: "12.1.10" });
    const track = live.addTrack();
    const max = await MaxDevice.open(await buildDevice("yuragi"), {
      live,
      track,
      env: stage.current.env,
    });
    await says(max, /needs Live 12.2 or later, this is 12.1.10/);
    const pushed = new Promise((resolve) => setTimeout(resolve, 200));
    max.press("humanize");
    await pushed;
    expect(max.sent).toEqual([]);
    expect(max.text("status")).toMatch(/needs Live 12.2/);
    await max.close();
  });
});
