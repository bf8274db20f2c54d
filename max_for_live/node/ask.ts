/** Read what v8 asks, so that a mistake there is told where it is and never ends this process. */

import type { Ask, RenderAsk, Stage } from "../wire/talk.ts";
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
import { readClip } from "./clip.ts";

/**
 * Return the ask in what JSON gave.
 *
 * @throws {CheckError} It is none.
 */
export function readAsk(value: unknown): Ask {
  const fields = readMap(value, "an ask");
  switch (fields["ask"]) {
    case "state":
      return { ask: "state" };
    case "render":
      return readRender(fields);
    case "midi_file":
      return {
        ask: "midi_file",
        clip: readClip(fields["clip"], "clip"),
        name: readText(fields["name"], "name"),
      };
    default:
      throw new CheckError("ask", fields["ask"], "one of state, render, midi_file");
  }
}

function readRender(fields: Fields): RenderAsk {
  const optional = {
    preset: readIfAny(fields["preset"], "preset", readText),
    stages: readIfAny(fields["stages"], "stages", readStages),
    amounts: readIfAny(fields["amounts"], "amounts", readAmounts),
    options: readIfAny(fields["options"], "options", readMap),
    note_ids: readIfAny(fields["note_ids"], "note_ids", readIds),
    slot: readIfAny(fields["slot"], "slot", readText),
  };
  return {
    ask: "render",
    clip: readClip(fields["clip"], "clip"),
    seed: readCount(fields["seed"], "seed"),
    ...present(optional),
  };
}

function readStages(value: unknown, path: string): Stage[] {
  return readEach(value, path, (item, at) => {
    const fields = readMap(item, at);
    return {
      engine: readText(fields["engine"], `${at}.engine`),
      options: readMap(fields["options"], `${at}.options`),
    };
  });
}

function readAmounts(value: unknown, path: string): Record<string, number> {
  const amounts = Object.entries(readMap(value, path)).map(([name, amount]) => {
    return [name, readNumber(amount, `${path}.${name}`)] as const;
  });
  return Object.fromEntries(amounts);
}

function readIds(value: unknown, path: string): number[] {
  return readEach(value, path, readCount);
}
