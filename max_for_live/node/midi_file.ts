/**
 * Write a clip as a Standard MIDI File of type 0, which a DAW opens with its pedal.
 *
 * Source: Standard MIDI Files 1.0 (RP-001); MIDI 1.0, table 2.
 */

import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";

import type { Clip } from "../wire/note.ts";
import { messageOf } from "./check.ts";
import { fileName } from "./file_name.ts";
import { midiBytes } from "./midi_bytes.ts";

/** Try so many names before giving up. */
const MOST_NAMES = 10_000;

/**
 * Write a clip into the first of the folders that takes it; return the file's path.
 *
 * The file has a name that was free, and is there as a whole or not at all.
 *
 * @throws {Error} No folder takes it, or a MIDI file cannot say what the clip holds.
 */
export function writeMidiFile(clip: Clip, name: string, folders: readonly string[]): string {
  const bytes = midiBytes(clip, name);
  const reasons: string[] = [];
  for (const folder of folders) {
    try {
      return writeInto(folder, fileName(name), bytes);
    } catch (error) {
      reasons.push(messageOf(error));
    }
  }
  throw new Error(`the MIDI file cannot be written: ${reasons.join("; ")}`);
}

function writeInto(folder: string, name: string, bytes: Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  const path = reserve(folder, name);
  const draft = join(folder, `.${randomUUID()}.part`);
  try {
    writeFileSync(draft, bytes, { flag: "wx" });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    rmSync(path, { force: true });
    throw error;
  }
  return path;
}

/** Make an empty file of a name that nobody has, so that nobody else takes it. */
function reserve(folder: string, name: string): string {
  for (let count = 1; count <= MOST_NAMES; count += 1) {
    const path = join(folder, count === 1 ? `${name}.mid` : `${name} ${count}.mid`);
    if (isNew(path)) {
      return path;
    }
  }
  throw new Error(`${folder} has ${MOST_NAMES} files named ${name}, allowed are fewer`);
}

function isNew(path: string): boolean {
  try {
    writeFileSync(path, "", { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      return false;
    }
    throw error;
  }
}
