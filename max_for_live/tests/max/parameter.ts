/**
 * Hold a parameter of Live: its value, its range or its items, and how it is stored.
 *
 * Source: Max for Live, "Parameters": a float has 32 bits, an int 256 values, an enum its items.
 */

import type { Atom, Message } from "./atom.ts";
import { type Box, PatchError } from "./patcher.ts";
import type { Saved } from "./surroundings.ts";

const TYPES = ["float", "int", "enum", "blob"] as const;

/** How many values an int takes, wherever its range begins. */
const INT_VALUES = 256;

/** Hidden parameters are not stored; 0 is automated and stored, 1 stored. */
const HIDDEN = 2;

interface Settings {
  readonly parameter_longname: string;
  readonly parameter_shortname: string;
  readonly parameter_type: number;
  readonly parameter_invisible: number;
  readonly parameter_mmin: number;
  readonly parameter_mmax: number;
  readonly parameter_enum: readonly string[];
  readonly parameter_initial: readonly Atom[];
  readonly parameter_initial_enable: number;
  readonly parameter_order: number;
}

interface Enabled {
  readonly parameter_enable?: number;
}

/** A box, as far as it speaks of its parameter. */
interface ParameterBox extends Enabled {
  readonly saved_attribute_attributes?: { readonly valueof?: Partial<Settings> };
  readonly saved_object_attributes?: Enabled;
}

/** What a box leaves out. */
const DEFAULTS = {
  parameter_type: 0,
  parameter_invisible: 0,
  parameter_mmin: 0,
  parameter_mmax: 127,
  parameter_enum: [],
  parameter_initial: [0],
  parameter_initial_enable: 0,
  parameter_order: 0,
} as const;

/**
 * Return what the inspector says of a box's parameter.
 *
 * @throws {PatchError} The box has none, or none with a long name.
 */
export function settingsOf(box: Box): Settings {
  const json = box.json as ParameterBox;
  const valueof = json.saved_attribute_attributes?.valueof;
  const longname = valueof?.parameter_longname;
  // what is not seen keeps its switch among what the object saves
  const enabled = json.parameter_enable ?? json.saved_object_attributes?.parameter_enable;
  if (enabled !== 1 || longname === undefined) {
    throw new PatchError(`the ${box.kind} ${box.name} has no parameter with a long name`);
  }
  return {
    ...DEFAULTS,
    parameter_longname: longname,
    parameter_shortname: longname,
    ...valueof,
  };
}

/** The parameter of a control. */
export class Parameter {
  readonly longname: string;
  readonly type: (typeof TYPES)[number];
  readonly isStored: boolean;
  /** Whether loading sets it, and so sends it. */
  readonly isRestored: boolean;
  readonly order: number;
  shortname: string;
  #range: readonly [min: number, max: number];
  #items: readonly string[];
  #value: number;

  constructor(box: Box, saved: Saved | undefined) {
    const settings = settingsOf(box);
    this.longname = settings.parameter_longname;
    this.shortname = settings.parameter_shortname;
    this.type = TYPES[settings.parameter_type] ?? "float";
    this.order = settings.parameter_order;
    this.isStored = settings.parameter_invisible < HIDDEN;
    this.#items = settings.parameter_enum;
    this.#range = [settings.parameter_mmin, settings.parameter_mmax];
    this.#check(this.#items, this.#range);
    const stored = this.isStored ? saved?.parameters[this.longname] : undefined;
    const initial = settings.parameter_initial_enable === 1 ? settings.parameter_initial : [];
    this.isRestored = stored !== undefined || initial.length > 0;
    this.#value = this.#fit(stored ?? Number(initial[0] ?? this.range[0]));
  }

  get value(): number {
    return this.#value;
  }

  set value(value: number) {
    this.#value = this.#fit(value);
  }

  get items(): readonly string[] {
    return this.#items;
  }

  get item(): string {
    return this.#items[this.#value] ?? "";
  }

  get range(): readonly [min: number, max: number] {
    return this.type === "enum" ? [0, Math.max(0, this.#items.length - 1)] : this.#range;
  }

  /** The place of the value in its range, from 0 to 1. */
  get raw(): number {
    const [min, max] = this.range;
    return max > min ? (this.#value - min) / (max - min) : 0;
  }

  /**
   * Take a new range, or new items; the value stays in it.
   *
   * @throws {PatchError} It is no range, and nothing changes.
   */
  setRange(atoms: Message): void {
    const items = atoms.map(String);
    const range = [Number(atoms[0]), Number(atoms[1])] as const;
    this.#check(items, range);
    if (this.type === "enum") {
      this.#items = items;
    } else {
      this.#range = range;
    }
    this.#value = this.#fit(this.#value);
  }

  #check(items: readonly string[], [min, max]: readonly [min: number, max: number]): void {
    const isEmpty = this.type === "enum" ? items.length === 0 : !(min < max);
    const isWide = this.type === "int" && max - min >= INT_VALUES;
    if (isEmpty || isWide) {
      const allowed = isWide ? `${INT_VALUES} values` : "more than one value, or an item";
      throw new PatchError(`${this.longname} goes from ${min} to ${max}, allowed is ${allowed}`);
    }
  }

  #fit(value: number): number {
    const [min, max] = this.range;
    const inside = Math.min(max, Math.max(min, value));
    return this.type === "float" ? Math.fround(inside) : Math.trunc(inside);
  }
}
