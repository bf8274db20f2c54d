/** Read what a server says of itself: its version, engines, presets and warnings. */

import type { Engine, Option, Preset, Schema, Welcome } from "../wire/talk.ts";
import {
  present,
  readEach,
  readIfAny,
  readMap,
  readNumber,
  readText,
  readTexts,
  type Fields,
} from "./check.ts";

/** @throws {CheckError} The reply is no welcome. */
export function readWelcome(fields: Fields): Welcome {
  return {
    version: readText(fields["version"], "version"),
    presets: readEach(fields["presets"], "presets", readPreset),
    engines: readEach(fields["engines"], "engines", readEngine),
    warnings: readIfAny(fields["warnings"], "warnings", readTexts) ?? [],
  };
}

function readPreset(value: unknown, path: string): Preset {
  const fields = readMap(value, path);
  return {
    name: readText(fields["name"], `${path}.name`),
    role: readText(fields["role"], `${path}.role`),
    summary: readText(fields["summary"], `${path}.summary`),
    kind: readIfAny(fields["kind"], `${path}.kind`, readText) ?? "humanizer",
    engines: readIfAny(fields["engines"], `${path}.engines`, readTexts) ?? [],
  };
}

function readEngine(value: unknown, path: string): Engine {
  const fields = readMap(value, path);
  const reads = readIfAny(fields["reads"] ?? undefined, `${path}.reads`, readText);
  return {
    name: readText(fields["name"], `${path}.name`),
    kind: readText(fields["kind"], `${path}.kind`),
    summary: readText(fields["summary"], `${path}.summary`),
    options: readSchema(fields["options"], `${path}.options`),
    ...(reads !== undefined && { reads }),
  };
}

function readSchema(value: unknown, path: string): Schema {
  const properties = readIfAny(readMap(value, path)["properties"], `${path}.properties`, readMap);
  const options = Object.entries(properties ?? {}).map(([name, option]) => {
    return [name, readOption(option, `${path}.properties.${name}`)] as const;
  });
  return { properties: Object.fromEntries(options) };
}

/** Return what a dial needs to know; all else of JSON Schema is left out. */
function readOption(value: unknown, path: string): Option {
  const fields = readMap(value, path);
  const items = fields["items"];
  return present({
    type: readIfAny(fields["type"], `${path}.type`, readText),
    description: readIfAny(fields["description"], `${path}.description`, readText),
    unit: readIfAny(fields["unit"], `${path}.unit`, readText),
    minimum: readIfAny(fields["minimum"], `${path}.minimum`, readNumber),
    maximum: readIfAny(fields["maximum"], `${path}.maximum`, readNumber),
    default: fields["default"],
    enum: readIfAny(fields["enum"], `${path}.enum`, readTexts),
    items: items === undefined ? undefined : readOption(items, `${path}.items`),
  });
}
