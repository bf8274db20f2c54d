/** Check a finished device for what Max would refuse, drop in silence, or show wrongly. */

import { type Device, KINDS, USES } from "./amxd.ts";
import { hasClass, isControl, shapeOf } from "./box_table.ts";
import {
  type Document,
  type DocumentBox,
  documentOf,
  type ParameterValue,
  textOf,
  wordsOf,
} from "./document.ts";

/** The size of what Live shows, in px. Source: Ableton's production guidelines and templates. */
const HEIGHT = 169;
const TOOL = [152, 147] as const;

/** Places in a bank. */
const PLACES = 8;

const ENUM = 2;

/** Return a sentence for everything that is wrong with a device; none if all is well. */
export function lint(device: Device): string[] {
  const document = documentOf(device);
  return RULES.flatMap((rule) => rule(document, device));
}

type Rule = (document: Document, device: Device) => string[];

const RULES: readonly Rule[] = [
  idsAreUnique,
  boxesAreKnown,
  wiresHaveEnds,
  shownBoxesHangAtTheirNames,
  frameIsLives,
  boxesAreInside,
  controlsAreApart,
  longNamesAreUnique,
  menusHaveItems,
  banksNameParameters,
  scriptsAreInside,
  projectIsThere,
  midiPasses,
  namesAreOfTheDevice,
];

function idsAreUnique(document: Document): string[] {
  const ids = document.boxes.map(({ box }) => box.id);
  return twice(ids).map((id) => `two boxes have the id ${id}, allowed is one`);
}

function boxesAreKnown(document: Document, device: Device): string[] {
  return document.boxes.flatMap(({ box }) => {
    const [name, ...words] = wordsOf(box);
    const shape = name === "v8" ? bannerOf(device, words[0]) : shapeOf(name, words);
    if (!shape || hasClass(name) !== (box.maxclass !== "newobj")) {
      return [`the box ${nameOf(box)} is a ${name}, which is not in the table of objects`];
    }
    const found = `${box.numinlets} inlets and ${box.numoutlets} outlets`;
    const allowed = `${shape.inlets} and ${shape.outlets.length}`;
    const same = box.numinlets === shape.inlets && box.numoutlets === shape.outlets.length;
    const typed = (box.outlettype ?? []).join() === shape.outlets.join();
    return same && typed ? [] : [`the box ${nameOf(box)} has ${found}, a ${name} has ${allowed}`];
  });
}

/** Return the shape that a script of v8 gives itself in its first line. */
function bannerOf(device: Device, file: string | undefined): ReturnType<typeof shapeOf> {
  const bytes = device.files.find((other) => other.name === file)?.bytes ?? [];
  const found = /^inlets = (\d+); outlets = (\d+);/.exec(Buffer.from(bytes).toString("utf-8"));
  return found
    ? { inlets: Number(found[1]), outlets: Array<string>(Number(found[2])).fill("") }
    : undefined;
}

function wiresHaveEnds(document: Document): string[] {
  const boxes = new Map(document.boxes.map(({ box }) => [box.id, box]));
  return document.lines.flatMap(({ patchline }) => {
    const [from, outlet] = patchline.source;
    const [to, inlet] = patchline.destination;
    const wire = `the wire from ${from}, outlet ${outlet}, to ${to}, inlet ${inlet},`;
    const starts = outlet < (boxes.get(from)?.numoutlets ?? 0);
    const ends = inlet < (boxes.get(to)?.numinlets ?? 0);
    return [
      ...(starts ? [] : [`${wire} begins at an outlet that is not there`]),
      ...(ends ? [] : [`${wire} ends at an inlet that is not there`]),
    ];
  });
}

/** The script writes to a box by its name, which "route" looks for. */
function shownBoxesHangAtTheirNames(document: Document): string[] {
  const names = new Map(document.boxes.map(({ box }) => [box.id, box.varname]));
  return document.boxes.flatMap(({ box }) => {
    const [name, ...keys] = wordsOf(box);
    return (name === "route" ? keys : []).flatMap((key, index) => {
      const ends = document.lines
        .filter(({ patchline: { source } }) => source[0] === box.id && source[1] === index)
        .map(({ patchline }) => names.get(patchline.destination[0]) ?? "a box without a name");
      const found = ends.join(", ") || "nothing";
      return found === key ? [] : [`the messages for ${key} go to ${found}, allowed is ${key}`];
    });
  });
}

function frameIsLives(document: Document, device: Device): string[] {
  const [, , width = 0, height = 0] = document.openrect;
  const effect = device.kind === KINDS.midiEffect;
  const [allowedWidth, allowedHeight] = effect ? [document.devicewidth, HEIGHT] : TOOL;
  const found = `the device is ${width} x ${height} px`;
  const fits = width === allowedWidth && height === allowedHeight;
  const deviceWidth = effect || document.devicewidth === 0;
  return [
    ...(fits ? [] : [`${found}, allowed are ${allowedWidth} x ${allowedHeight}`]),
    ...(deviceWidth ? [] : [`a MIDI Tool has the width ${document.devicewidth}, allowed is 0`]),
  ];
}

function boxesAreInside(document: Document): string[] {
  const [, , width = 0, height = 0] = document.openrect;
  return seen(document).flatMap(({ box, rect }) => {
    const [x, y, w, h] = rect;
    const inside = x >= 0 && y >= 0 && x + w <= width && y + h <= height;
    const place = `the box ${nameOf(box)} lies at ${rect.join(", ")}`;
    return [
      ...(inside ? [] : [`${place}, outside of ${width} x ${height} px`]),
      ...(rect.every(Number.isInteger) ? [] : [`${place}, allowed are whole px`]),
    ];
  });
}

function controlsAreApart(document: Document): string[] {
  const all = seen(document);
  return all.flatMap((one, index) => {
    const over = all.slice(index + 1).filter((other) => {
      return (isControl(one.box.maxclass) || isControl(other.box.maxclass)) && overlap(one, other);
    });
    return over.map((other) => `the box ${nameOf(other.box)} lies over ${nameOf(one.box)}`);
  });
}

function longNamesAreUnique(document: Document): string[] {
  const names = parameters(document).map((parameter) => parameter.parameter_longname);
  return twice(names).map((name) => `two parameters have the long name ${name}, allowed is one`);
}

function menusHaveItems(document: Document): string[] {
  const enums = parameters(document).filter((parameter) => parameter.parameter_type === ENUM);
  return enums.flatMap(({ parameter_longname: name, parameter_enum, parameter_mmax }) => {
    const items = parameter_enum?.length ?? 0;
    return items > 0 && parameter_mmax === items - 1
      ? []
      : [`${name} has ${items} items and ends at ${parameter_mmax ?? "none"}`];
  });
}

function banksNameParameters(document: Document): string[] {
  const names = parameters(document).map((parameter) => parameter.parameter_longname);
  return Object.values(document.parameters.parameterbanks ?? {}).flatMap((bank) => {
    const strange = bank.parameters.filter((name) => name !== "-" && !names.includes(name));
    const places = bank.parameters.length;
    return [
      ...strange.map((name) => `the bank ${bank.name} names ${name}, which no parameter is called`),
      ...(places === PLACES ? [] : [`the bank ${bank.name} has ${places} places, allowed are 8`]),
    ];
  });
}

function scriptsAreInside(document: Document, device: Device): string[] {
  const cached = document.dependency_cache.map((dependency) => dependency.name);
  return document.boxes.flatMap(({ box }) => {
    const file = box.textfile?.filename;
    if (file === undefined) {
      return [];
    }
    const use = device.files.find((other) => other.name === file)?.use;
    const [name] = wordsOf(box);
    const allowed = name === "node.script" ? USES.onDisk : USES.plain;
    return [
      ...(cached.includes(file) ? [] : [`${file} is not in the list of dependencies`]),
      ...(use === undefined ? [`${file} is not in the device`] : []),
      ...(use === undefined || use === allowed
        ? []
        : [`${file} has the flag ${use}, a ${name} needs ${allowed}`]),
    ];
  });
}

function projectIsThere({ project }: Document, device: Device): string[] {
  if (!project) {
    return ["the patch has no project, without which Max does not open it"];
  }
  const { amxdtype = "none", autoorganize = "none" } = project;
  const kind = Buffer.from(device.kind, "ascii").readUInt32BE();
  const moves = `the project's autoorganize is ${autoorganize}, allowed is 0`;
  return [
    ...(amxdtype === kind ? [] : [`the project's amxdtype is ${amxdtype}, allowed is ${kind}`]),
    ...(autoorganize === 0 ? [] : [moves]),
  ];
}

function midiPasses(document: Document, device: Device): string[] {
  const named = (name: string): string[] => {
    return document.boxes.filter(({ box }) => wordsOf(box)[0] === name).map(({ box }) => box.id);
  };
  const passes = document.lines.some(({ patchline: { source, destination } }) => {
    return named("midiin").includes(source[0]) && named("midiout").includes(destination[0]);
  });
  return device.kind !== KINDS.midiEffect || passes
    ? []
    : ["no wire goes from midiin to midiout, so the device would swallow MIDI"];
}

function namesAreOfTheDevice(_: Document, device: Device): string[] {
  return textOf(device).includes("#0")
    ? ['the patch contains "#0", which devices do not replace, allowed is "---"']
    : [];
}

interface Seen {
  readonly box: DocumentBox;
  readonly rect: readonly [number, number, number, number];
}

function seen(document: Document): Seen[] {
  return document.boxes.flatMap(({ box }) => {
    return box.presentation && box.presentation_rect ? [{ box, rect: box.presentation_rect }] : [];
  });
}

function overlap(one: Seen, other: Seen): boolean {
  const [x, y, w, h] = one.rect;
  const [x2, y2, w2, h2] = other.rect;
  return x < x2 + w2 && x2 < x + w && y < y2 + h2 && y2 < y + h;
}

function parameters(document: Document): ParameterValue[] {
  return document.boxes.flatMap(({ box }) => box.saved_attribute_attributes?.valueof ?? []);
}

function nameOf(box: DocumentBox): string {
  return box.varname ?? box.id;
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
