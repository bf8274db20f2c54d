/**
 * Describe a box of a patch, and write it as Max does.
 *
 * Source: patches of devices that Max 9 saved; Ableton's production guidelines for Max for Live.
 */

import { hasClass, type Shape, shapeOf } from "./box_table.ts";
import { type Parameter, valueOf } from "./parameter.ts";

export type Rect = readonly [x: number, y: number, width: number, height: number];

export interface Box {
  /** Unique in the patch; of a control it is the scripting name, too. */
  readonly name: string;
  /** The object with its arguments, such as "prepend seed", or "live.dial". */
  readonly object: string;
  /** Where it lies for somebody who opens the patch in Max. */
  readonly at: readonly [x: number, y: number];
  /** Where it lies in Live; what has none is not seen there. */
  readonly rect?: Rect;
  /** What it shows, or of a message box what it sends. */
  readonly text?: string;
  readonly parameter?: Parameter;
  readonly script?: Script;
  /** Colours of Live's theme by attribute; all others follow the theme by themselves. */
  readonly colours?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** A script that an object runs. */
export interface Script {
  /** The bare name of the file in the device. */
  readonly file: string;
  /** The module it is bundled from, as a path below this room. */
  readonly entry: string;
  /** In- and outlets of a v8 object; Node's have one and two. */
  readonly shape?: readonly [inlets: number, outlets: number];
}

/** The typeface of Live's own devices. */
export const FONT = "Ableton Sans Medium";

/** Return a box as Max saves it, keys sorted. */
export function boxJson(box: Box, id: string): Record<string, unknown> {
  const [name = "", ...words] = box.object.split(" ");
  const shape = shapeFor(box, name, words);
  return sorted({
    id,
    varname: box.name,
    numinlets: shape.inlets,
    numoutlets: shape.outlets.length,
    ...(shape.outlets.length > 0 && { outlettype: shape.outlets }),
    patching_rect: [...box.at, ...sizeOf(box)],
    ...(box.rect && { presentation: 1, presentation_rect: box.rect }),
    ...(hasClass(name) ? { maxclass: name } : { maxclass: "newobj", text: box.object }),
    ...(box.rect && { fontname: FONT, fontsize: 9.5 }),
    ...(box.text !== undefined && { text: box.text }),
    ...coloursOf(box),
    ...(box.parameter && enabled(box, box.parameter, name)),
    ...(box.script && fileOf(box.script, name)),
    ...box.attributes,
  });
}

function shapeFor(box: Box, name: string, words: readonly string[]): Shape {
  if (box.script?.shape) {
    const [inlets, outlets] = box.script.shape;
    return { inlets, outlets: Array<string>(outlets).fill("") };
  }
  const shape = shapeOf(name, words);
  if (!shape) {
    throw new Error(`the box ${box.name} is ${box.object}, which no object of the table is`);
  }
  return shape;
}

/** Return the size for somebody who opens the patch: as in Live, or as long as the text. */
function sizeOf(box: Box): readonly [number, number] {
  const length = 7 * ((box.text ?? box.object).length + 2);
  return box.rect ? [box.rect[2], box.rect[3]] : [length, 22];
}

/** Write the colours so that they follow the theme: an expression, and a grey until it is known. */
function coloursOf(box: Box): Record<string, unknown> {
  const colours = Object.entries(box.colours ?? {});
  const greys = colours.map(([attribute]) => [attribute, [0.5, 0.5, 0.5, 1]] as const);
  const themed = colours.map(([attribute, name]) => {
    return [attribute, { expression: `themecolor.${name}` }] as const;
  });
  return colours.length > 0
    ? { ...Object.fromEntries(greys), saved_attribute_attributes: Object.fromEntries(themed) }
    : {};
}

function enabled(box: Box, parameter: Parameter, name: string): Record<string, unknown> {
  const switches = hasClass(name)
    ? { parameter_enable: 1 }
    : { saved_object_attributes: { parameter_enable: 1, parameter_mappable: 0 } };
  return {
    ...switches,
    annotation: parameter.info,
    annotation_name: parameter.longName,
    saved_attribute_attributes: {
      ...(coloursOf(box)["saved_attribute_attributes"] ?? {}),
      valueof: valueOf(parameter),
    },
  };
}

function fileOf(script: Script, name: string): Record<string, unknown> {
  const textfile = { filename: script.file, flags: 0, embed: 0, autowatch: 0 };
  return name === "node.script"
    ? { saved_object_attributes: NODE, textfile }
    : { filename: script.file, saved_object_attributes: { parameter_enable: 0 }, textfile };
}

/** The v8 script starts Node once the device is loaded. */
const NODE = { autostart: 0, defer: 0, node_bin_path: "", npm_bin_path: "", watch: 0 };

/** Sort keys, as Max does when it saves. */
function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
