/** Read clips that come from v8 or from the server, and write those that go there. */

import type { Clip, Columns, Controllers, Key, Metre, Pad, Tempo } from "../wire/note.ts";
import {
  CheckError,
  present,
  readCount,
  readEach,
  readIfAny,
  readMap,
  readNumber,
  readText,
  type Fields,
} from "./check.ts";
import { columnBytes, readColumn, type Kind } from "./column.ts";

/** The types of all columns; docs/protocol.md, "A clip". */
const KINDS: Readonly<Record<string, Kind>> = {
  pitch: "u1",
  onset: "f8",
  duration: "f8",
  velocity: "f8",
  note_id: "i8",
  release_velocity: "f8",
  mute: "u1",
  probability: "f8",
  velocity_deviation: "f8",
  number: "u1",
  time: "f8",
  value: "u1",
  bpm: "f8",
};

const NEEDED = ["pitch", "onset", "duration"] as const;

const OPTIONAL = [
  "velocity",
  "note_id",
  "release_velocity",
  "mute",
  "probability",
  "velocity_deviation",
] as const;

/** What notes usually have; v8 is told of these columns only where a note has something else. */
const USUAL = { release_velocity: 64, mute: 0, probability: 1, velocity_deviation: 0 } as const;

type Numbers<Name extends string> = Record<Name, readonly number[]>;

/**
 * Return a clip from what JSON or msgpack gave, with columns as numbers.
 *
 * @throws {CheckError} It is none; ranges are left to the server.
 */
export function readClip(value: unknown, path: string): Clip {
  const fields = readMap(value, path);
  const optional = {
    controllers: readIfAny(fields["controllers"], `${path}.controllers`, readControllers),
    tempo: readIfAny(fields["tempo"], `${path}.tempo`, readTempo),
    metre: readIfAny(fields["metre"], `${path}.metre`, readMetres),
    key: readIfAny(fields["key"], `${path}.key`, readKey),
    role: readIfAny(fields["role"], `${path}.role`, readText),
    loop: readIfAny(fields["loop"], `${path}.loop`, readLoop),
    name: readIfAny(fields["name"], `${path}.name`, readText),
    pads: readIfAny(fields["pads"], `${path}.pads`, readPads),
  };
  return {
    notes: readNotes(fields["notes"], `${path}.notes`),
    length: readNumber(fields["length"], `${path}.length`),
    ...present(optional),
  };
}

/** Return what a request holds of a clip: all of it, with the columns as bytes. */
export function clipMap(clip: Clip): Record<string, unknown> {
  return {
    ...clip,
    notes: tableMap({ ...clip.notes }),
    ...(clip.controllers && { controllers: tableMap({ ...clip.controllers }) }),
    ...(clip.tempo && { tempo: tableMap({ ...clip.tempo }) }),
  };
}

/** Return what v8 has to know of a clip that was rendered. */
export function essence(clip: Clip): Clip {
  const { notes, length, controllers, tempo } = clip;
  const { pitch, onset, duration, velocity, note_id } = notes;
  return {
    notes: { pitch, onset, duration, ...present({ velocity, note_id }), ...unusual(notes) },
    length,
    ...(controllers?.number.length ? { controllers } : {}),
    // a tempo that does not change is the one that was asked with
    ...(tempo && tempo.time.length > 1 ? { tempo } : {}),
  };
}

function unusual(notes: Columns): Partial<Columns> {
  const names = Object.keys(USUAL) as (keyof typeof USUAL)[];
  const told = names.filter((name) => notes[name]?.some((value) => value !== USUAL[name]));
  return Object.fromEntries(told.map((name) => [name, notes[name]]));
}

function readNotes(value: unknown, path: string): Columns {
  const fields = readMap(value, path);
  const given = OPTIONAL.filter((name) => fields[name] !== undefined);
  return readTable([...NEEDED, ...given], fields, path);
}

function readControllers(value: unknown, path: string): Controllers {
  return readTable(["number", "time", "value"] as const, readMap(value, path), path);
}

function readTempo(value: unknown, path: string): Tempo {
  return readTable(["time", "bpm"] as const, readMap(value, path), path);
}

/** Return columns by name, all of one length. */
function readTable<Name extends string>(
  names: readonly Name[],
  fields: Fields,
  path: string,
): Numbers<Name> {
  const columns = names.map((name) => {
    return [name, readColumn(fields[name], `${path}.${name}`, KINDS[name] ?? "f8")] as const;
  });
  const rows = columns[0]?.[1].length ?? 0;
  for (const [name, { length }] of columns) {
    if (length !== rows) {
      throw new CheckError(`the length of ${path}.${name}`, length, `${rows} as of the others`);
    }
  }
  return Object.fromEntries<readonly number[]>(columns) as Numbers<Name>;
}

function tableMap(
  columns: Readonly<Record<string, readonly number[] | undefined>>,
): Record<string, Uint8Array> {
  const there = Object.entries(columns).flatMap(([name, numbers]) => {
    return numbers ? [[name, columnBytes(KINDS[name] ?? "f8", numbers)] as const] : [];
  });
  return Object.fromEntries(there);
}

function readMetres(value: unknown, path: string): Metre[] {
  return readEach(value, path, (item, at) => {
    const fields = readMap(item, at);
    return {
      time: readNumber(fields["time"], `${at}.time`),
      numerator: readCount(fields["numerator"], `${at}.numerator`),
      denominator: readCount(fields["denominator"], `${at}.denominator`),
    };
  });
}

function readPads(value: unknown, path: string): Pad[] {
  return readEach(value, path, (item, at) => {
    const fields = readMap(item, at);
    return {
      pitch: readCount(fields["pitch"], `${at}.pitch`),
      name: readText(fields["name"], `${at}.name`),
    };
  });
}

function readKey(value: unknown, path: string): Key | null {
  if (value === null) {
    return null;
  }
  const fields = readMap(value, path);
  return {
    tonic: readCount(fields["tonic"], `${path}.tonic`),
    intervals: readEach(fields["intervals"], `${path}.intervals`, readCount),
    name: readText(fields["name"], `${path}.name`),
  };
}

function readLoop(value: unknown, path: string): { start: number; end: number } | null {
  if (value === null) {
    return null;
  }
  const fields = readMap(value, path);
  return {
    start: readNumber(fields["start"], `${path}.start`),
    end: readNumber(fields["end"], `${path}.end`),
  };
}
