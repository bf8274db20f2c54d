/** Read the patch inside a device, as far as the checks look at it. */

import type { Device } from "./amxd.ts";

/** A finished patch. */
export interface Document {
  readonly boxes: readonly { readonly box: DocumentBox }[];
  readonly lines: readonly { readonly patchline: Line }[];
  readonly parameters: { readonly parameterbanks?: Readonly<Record<string, DocumentBank>> };
  readonly dependency_cache: readonly { readonly name: string }[];
  readonly openrect: readonly number[];
  readonly devicewidth: number;
  readonly project?: { readonly amxdtype?: number; readonly autoorganize?: number };
}

export interface DocumentBox {
  readonly id: string;
  readonly maxclass: string;
  readonly text?: string;
  readonly varname?: string;
  readonly numinlets: number;
  readonly numoutlets: number;
  readonly outlettype?: readonly string[];
  readonly presentation?: number;
  readonly presentation_rect?: readonly [number, number, number, number];
  readonly textfile?: { readonly filename: string };
  readonly saved_attribute_attributes?: { readonly valueof?: ParameterValue };
}

/** What a box says of its parameter. */
export interface ParameterValue {
  readonly parameter_longname: string;
  readonly parameter_type: number;
  readonly parameter_enum?: readonly string[];
  readonly parameter_mmax?: number;
}

interface DocumentBank {
  readonly name: string;
  readonly parameters: readonly string[];
}

export interface Line {
  readonly source: readonly [id: string, outlet: number];
  readonly destination: readonly [id: string, inlet: number];
}

/** Return the text of a device's patch. */
export function textOf(device: Device): string {
  return Buffer.from(device.files[0]?.bytes ?? [])
    .toString("utf-8")
    .replace(/\0$/, "");
}

/**
 * Return a device's patch.
 *
 * @throws {SyntaxError} It is no JSON.
 */
export function documentOf(device: Device): Document {
  return (JSON.parse(textOf(device)) as { readonly patcher: Document }).patcher;
}

/** Return the words of a box: the object's name, and its arguments. */
export function wordsOf(box: DocumentBox): readonly [name: string, ...words: string[]] {
  const [name = "", ...words] = (box.text ?? "").split(" ");
  return box.maxclass === "newobj" ? [name, ...words] : [box.maxclass];
}
