/**
 * Turn a patch, which is plain data, into the text that Max opens.
 *
 * Boxes name each other; ids, inlets and outlets come from here and from the table of objects. The
 * same patch gives the same bytes on every machine: nothing of the time or the place goes in.
 *
 * Source: patches of devices that Max 9 saved; Ableton's production guidelines for Max for Live.
 */

import { type Kind, KINDS, MADE } from "./amxd.ts";
import { type Box, boxJson, FONT, type Script } from "./box.ts";

/** A device's patch. */
export interface Patch {
  /** The file's name without its ending; Live shows it. */
  readonly name: string;
  readonly kind: Kind;
  /** Of what is seen in Live, in px. */
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly wires: readonly Wire[];
  /** Up to eight parameters each, by long names, as Push shows them. */
  readonly banks: readonly Bank[];
}

export type Wire = readonly [from: string, outlet: number, to: string, inlet: number];

export interface Bank {
  readonly name: string;
  readonly parameters: readonly string[];
}

/** Every bank has eight places; "-" is an empty one. */
const PLACES = 8;

/** Return the text of a patch. */
export function patchText(patch: Patch): string {
  // devices that Max froze end so
  return `${JSON.stringify({ patcher: patcherOf(patch) }, undefined, "\t")}\n\0`;
}

/** Return the scripts of a patch, each file once. */
export function scriptsOf(patch: Patch): Script[] {
  return patch.boxes.flatMap((box) => box.script ?? []);
}

function patcherOf(patch: Patch): Record<string, unknown> {
  const ids = new Map(patch.boxes.map((box, index) => [box.name, `obj-${index + 1}`]));
  return {
    ...frameOf(patch),
    boxes: patch.boxes.map((box) => ({ box: boxJson(box, idOf(ids, box.name)) })),
    lines: patch.wires.map((wire) => ({ patchline: lineOf(wire, ids) })),
    parameters: parametersOf(patch, ids),
    dependency_cache: scriptsOf(patch).map(dependencyOf),
    latency: 0,
    // channels pass as they come, so that notes keep their own bends
    is_mpe: patch.kind === KINDS.midiEffect ? 1 : 0,
    external_mpe_tuning_enabled: 0,
    // the first Live that comes with Max 9, and so with v8
    minimum_live_version: "12.2",
    minimum_max_version: "9",
    platform_compatibility: 0,
    project: projectOf(patch.kind),
    autosave: 0,
  };
}

function frameOf(patch: Patch): Record<string, unknown> {
  return {
    fileversion: 1,
    appversion: { major: 9, minor: 0, revision: 7, architecture: "x64", modernui: 1 },
    classnamespace: "box",
    rect: [100, 100, 1200, 800],
    openrect: [0, 0, patch.width, patch.height],
    openinpresentation: 1,
    default_fontsize: 10,
    default_fontname: FONT,
    gridsize: [8, 8],
    // Live gives MIDI Tools their width; Ableton's templates say 0
    devicewidth: patch.kind === KINDS.midiEffect ? patch.width : 0,
  };
}

function lineOf(wire: Wire, ids: ReadonlyMap<string, string>): Record<string, unknown> {
  const [from, outlet, to, inlet] = wire;
  return { source: [idOf(ids, from), outlet], destination: [idOf(ids, to), inlet] };
}

function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) {
    throw new Error(`a wire names the box ${name}, which is not in the patch`);
  }
  return id;
}

function parametersOf(patch: Patch, ids: ReadonlyMap<string, string>): Record<string, unknown> {
  const named = patch.boxes.flatMap(({ name, parameter }) => {
    return parameter
      ? [[idOf(ids, name), [parameter.longName, parameter.shortName ?? parameter.longName, 0]]]
      : [];
  });
  return {
    ...(Object.fromEntries(named) as Record<string, unknown>),
    parameterbanks: Object.fromEntries(
      patch.banks.map((bank, index) => [index, bankOf(bank, index)]),
    ),
    inherited_shortname: 1,
  };
}

function bankOf(bank: Bank, index: number): Record<string, unknown> {
  const empty = Array<string>(PLACES).fill("-");
  return {
    index,
    name: bank.name,
    parameters: [...bank.parameters, ...empty].slice(0, PLACES),
    buttons: empty,
  };
}

function dependencyOf(script: Script): Record<string, unknown> {
  return { name: script.file, bootpath: ".", type: "TEXT", implicit: 1 };
}

/** Return the block without which Max does not open a device. */
function projectOf(kind: Kind): Record<string, unknown> {
  return {
    version: 1,
    creationdate: MADE,
    modificationdate: MADE,
    viewrect: [0, 0, 300, 500],
    // 1 would move the scripts away from where their boxes look for them
    autoorganize: 0,
    hideprojectwindow: 1,
    showdependencies: 1,
    autolocalize: 0,
    contents: { patchers: {}, code: {} },
    layout: {},
    searchpath: {},
    detailsvisible: 0,
    amxdtype: Buffer.from(kind, "ascii").readUInt32BE(),
    readonly: 0,
    devpathtype: 0,
    devpath: ".",
    sortmode: 0,
    viewmode: 0,
    includepackages: 0,
  };
}
