/**
 * Describe what Live knows of a control: its names, its range, and whether it is automated.
 *
 * Source: Max 8 reference, "Live Parameters"; numbers as in patches that Max saved.
 */

/** Who sees a parameter: automation and the set, the set alone, or nobody. */
export const VISIBILITY = { automated: 0, stored: 1, hidden: 2 } as const;

const TYPES = { float: 0, enum: 2, blob: 3 } as const;

const UNITS = { int: 0, percent: 5 } as const;

interface Named {
  /** Live finds automation by it: unique in a device, never changed after a release. */
  readonly longName: string;
  /** What a dial shows above itself; the long name, if left out. */
  readonly shortName?: string;
  readonly visible: keyof typeof VISIBILITY;
  /** What Live's info view says about it. */
  readonly info: string;
}

/** A number; always of the type float, because Live's int ends at 255. */
export interface NumberParameter extends Named {
  readonly type: "float";
  readonly minimum: number;
  readonly maximum: number;
  readonly initial: number;
  readonly unit: keyof typeof UNITS;
}

/** One of some items, told by its index. */
export interface EnumParameter extends Named {
  readonly type: "enum";
  readonly items: readonly string[];
  /** Sent as the device is loaded; a button has none, or it would press itself. */
  readonly initial?: number;
}

/** Data that the script stores with the set. */
export interface BlobParameter extends Named {
  readonly type: "blob";
}

export type Parameter = NumberParameter | EnumParameter | BlobParameter;

/** Return a parameter as a patch stores it, under "valueof". */
export function valueOf(parameter: Parameter): Record<string, unknown> {
  return {
    parameter_annotation_name: parameter.longName,
    parameter_info: parameter.info,
    parameter_invisible: VISIBILITY[parameter.visible],
    parameter_longname: parameter.longName,
    parameter_modmode: 0,
    parameter_shortname: parameter.shortName ?? parameter.longName,
    parameter_type: TYPES[parameter.type],
    ...rangeOf(parameter),
  };
}

function rangeOf(parameter: Parameter): Record<string, unknown> {
  switch (parameter.type) {
    case "float":
      return {
        parameter_mmin: parameter.minimum,
        parameter_mmax: parameter.maximum,
        parameter_unitstyle: UNITS[parameter.unit],
        ...initially(parameter.initial),
      };
    case "enum":
      return {
        parameter_enum: parameter.items,
        parameter_mmax: parameter.items.length - 1,
        ...(parameter.initial !== undefined && initially(parameter.initial)),
      };
    case "blob":
      return {};
  }
}

function initially(value: number): Record<string, unknown> {
  return { parameter_initial: [value], parameter_initial_enable: 1 };
}
