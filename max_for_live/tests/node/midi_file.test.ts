import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { exportFolders, fileName } from "../../node/file_name.ts";
import { midiBytes } from "../../node/midi_bytes.ts";
import { writeMidiFile } from "../../node/midi_file.ts";
import { openingOf } from "../../node/reveal.ts";
import type { Clip } from "../../wire/note.ts";
import { programPath } from "../server.ts";
import { clipOf } from "./clips.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "yuragi-midi-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Read a file by mido, which knows nothing of us: its events with their ticks. */
const READER = `
import json, sys, mido
file = mido.MidiFile(sys.argv[1])
tick, events = 0, []
for message in file.tracks[0]:
    tick += message.time
    events.append({**message.dict(), "time": tick})
print(json.dumps({"type": file.type, "tracks": len(file.tracks), "ticks": file.ticks_per_beat, "events": events}))
`;

interface Event {
  readonly type: string;
  readonly time: number;
  readonly note?: number;
  readonly velocity?: number;
  readonly value?: number;
}

interface File {
  readonly type: number;
  readonly tracks: number;
  readonly ticks: number;
  readonly events: readonly Event[];
}

function read(clip: Clip): File {
  const path = writeMidiFile(clip, "Klavier ♪", [folder]);
  const options = { encoding: "utf8", maxBuffer: 2 ** 26 } as const;
  const ran = spawnSync(programPath("python"), ["-c", READER, path], options);
  expect(ran.stderr).toBe("");
  return JSON.parse(ran.stdout) as File;
}

function strikes(clip: Clip): (string | number)[][] {
  const { events } = read(clip);
  const notes = events.filter(({ type }) => type.startsWith("note") || type === "control_change");
  return notes.map(({ type, time, note, velocity, value }) => {
    return [type, time, note ?? value ?? -1, velocity ?? -1];
  });
}

describe("what the file says", () => {
  test("it is of type 0, with 960 ticks a beat, name, tempo, metre, notes and pedal", () => {
    const file = read({
      notes: { pitch: [60], onset: [0.5], duration: [0.25], velocity: [99.6] },
      length: 4,
      controllers: { number: [64, 64], time: [0.5, 2], value: [127, 0] },
      tempo: { time: [0, 2], bpm: [120, 90] },
      metre: [{ time: 0, numerator: 7, denominator: 8 }],
    });
    expect([file.type, file.tracks, file.ticks]).toEqual([0, 1, 960]);
    expect(file.events).toEqual([
      { type: "track_name", name: Buffer.from("Klavier ♪").toString("latin1"), time: 0 },
      { type: "set_tempo", tempo: 500_000, time: 0 },
      {
        type: "time_signature",
        numerator: 7,
        denominator: 8,
        clocks_per_click: 12, // an eighth note is half of 24
        notated_32nd_notes_per_beat: 8,
        time: 0,
      },
      { type: "control_change", channel: 0, control: 64, value: 127, time: 480 },
      { type: "note_on", channel: 0, note: 60, velocity: 100, time: 480 },
      { type: "note_off", channel: 0, note: 60, velocity: 64, time: 720 },
      { type: "set_tempo", tempo: 666_667, time: 1920 }, // 60e6 / 90 microseconds
      { type: "control_change", channel: 0, control: 64, value: 0, time: 1920 },
      { type: "end_of_track", time: 3840 },
    ]);
  });

  test("without tempo and metre it says 120 and 4/4", () => {
    const { events } = read({ notes: { pitch: [], onset: [], duration: [] }, length: 1 });
    expect(events).toMatchObject([
      { type: "track_name" },
      { type: "set_tempo", tempo: 500_000 },
      { type: "time_signature", numerator: 4, denominator: 4 },
      { type: "end_of_track", time: 960 },
    ]);
  });

  test("in a tick, notes end before others begin", () => {
    const notes = { pitch: [60, 60, 62], onset: [1, 0, 1], duration: [1, 1, 1] };
    expect(strikes({ notes, length: 2 })).toEqual([
      ["note_on", 0, 60, 100],
      ["note_off", 960, 60, 64],
      ["note_on", 960, 60, 100],
      ["note_on", 960, 62, 100],
      ["note_off", 1920, 60, 64],
      ["note_off", 1920, 62, 64],
    ]);
  });

  test("of notes that overlap on a pitch, the earlier ends where the later begins", () => {
    const notes = { pitch: [60, 60], onset: [0, 1], duration: [3, 1], velocity: [10, 20] };
    expect(strikes({ notes, length: 4 })).toEqual([
      ["note_on", 0, 60, 10],
      ["note_off", 960, 60, 64],
      ["note_on", 960, 60, 20],
      ["note_off", 1920, 60, 64],
    ]);
  });

  test("of notes that begin together on a pitch, the longer is written", () => {
    const notes = { pitch: [60, 60], onset: [0, 0], duration: [2, 1], velocity: [10, 20] };
    expect(strikes({ notes, length: 4 })).toEqual([
      ["note_on", 0, 60, 10],
      ["note_off", 1920, 60, 64],
    ]);
  });

  test("a note without length sounds for a tick, and a muted one not at all", () => {
    const notes = { pitch: [60, 62], onset: [0, 0], duration: [0, 1], mute: [0, 1] };
    expect(strikes({ notes, length: 4 })).toEqual([
      ["note_on", 0, 60, 100],
      ["note_off", 1, 60, 64],
    ]);
  });

  test("velocities are those of MIDI", () => {
    const columns = { velocity: [0.2, 127.4], release_velocity: [-3, 200] };
    const notes = { pitch: [60, 62], onset: [0, 0], duration: [1, 1], ...columns };
    expect(strikes({ notes, length: 4 }).map(([, , , velocity]) => velocity)).toEqual([
      1, 127, 0, 127,
    ]);
  });

  test("20,000 notes are all there, and each that begins ends", () => {
    const types = read(clipOf(20_000)).events.map(({ type }) => type);
    expect(types.filter((type) => type === "note_on")).toHaveLength(20_000);
    expect(types.filter((type) => type === "note_off")).toHaveLength(20_000);
  });

  test("a silence that a file cannot say is refused", () => {
    const notes = { pitch: [60], onset: [300_000], duration: [1] };
    const sentence = "nothing happens for 300000 beats, allowed are 279620";
    expect(() => midiBytes({ notes, length: 1e6 }, "x")).toThrow(sentence);
  });
});

describe("where the file lies", () => {
  test("it never takes another's place", () => {
    const paths = [1, 2, 3].map((count) => writeMidiFile(clipOf(count), "Take", [folder]));
    expect(paths.map((path) => basename(path))).toEqual(["Take.mid", "Take 2.mid", "Take 3.mid"]);
    expect(paths.map((path) => readFileSync(path))).toEqual(
      [1, 2, 3].map((count) => midiBytes(clipOf(count), "Take")),
    );
  });

  test("nothing but the file is left behind", () => {
    writeMidiFile(clipOf(1), "Take", [join(folder, "new", "folder")]);
    expect(readdirSync(join(folder, "new", "folder"))).toEqual(["Take.mid"]);
  });

  test("a folder that takes no file is passed over", () => {
    const occupied = join(folder, "occupied");
    writeFileSync(occupied, "");
    const path = writeMidiFile(clipOf(1), "Take", [occupied, join(folder, "second")]);
    expect(path).toBe(join(folder, "second", "Take.mid"));
  });

  test("if no folder takes it, the reasons are said", () => {
    const occupied = join(folder, "occupied");
    writeFileSync(occupied, "");
    expect(() => writeMidiFile(clipOf(1), "Take", [occupied])).toThrow(
      /^the MIDI file cannot be written: .*occupied/,
    );
  });

  test.each([
    ["Klavier ♪", "Klavier ♪"],
    ["", "yuragi"],
    ["   ", "yuragi"],
    ["...", "yuragi"],
    ["../../etc/passwd", "etc passwd"],
    ['a<b>c:d"e/f\\g|h?i*j', "a b c d e f g h i j"],
    ["line\nbreak\u0000\u202e", "line break"],
    ["ends. ", "ends"],
    [".hidden", "hidden"],
    ["CON", "CON_"],
    ["com1.verse", "com_1.verse"],
    ["Concert", "Concert"],
    ["x".repeat(300), "x".repeat(200)],
    ["揺".repeat(100), "揺".repeat(66)], // 3 bytes each, at most 200
  ])("a clip named %j is a file named %j", (name, expected) => {
    expect(fileName(name)).toBe(expected);
  });

  test("it goes to the music, or to the home folder, or to where YURAGI_EXPORT says", () => {
    expect(exportFolders({}, folder)).toEqual([join(folder, "yuragi")]);
    mkdirSync(join(folder, "Music"));
    expect(exportFolders({}, folder)).toEqual([
      join(folder, "Music", "yuragi"),
      join(folder, "yuragi"),
    ]);
    expect(exportFolders({ YURAGI_EXPORT: "/there" }, folder)).toEqual(["/there"]);
  });

  test("each system shows a file in its own way", () => {
    const path = join("music", "a, b.mid");
    expect(["darwin", "win32", "linux"].map((system) => openingOf(path, system, {}).args)).toEqual([
      ["-R", path],
      [`/select,"${path}"`],
      ["music"],
    ]);
  });
});
