/** Give a generator's options to four dials: the first that are numbers, whatever the engine. */

import type { Engine, Option } from "../wire/talk.ts";

export const DIALS = ["dial1", "dial2", "dial3", "dial4"] as const;

/** A dial and the option that it turns. */
export interface Dial {
  readonly option: string;
  readonly label: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly value: number;
  /** For a list, its default: the dial turns the first of it, which is the first voice. */
  readonly list: readonly number[] | undefined;
  readonly isWhole: boolean;
}

/** A dial's name has room for so many letters. */
const LONGEST_LABEL = 9;

/** The clip's length has a control of its own. */
const ELSEWHERE = ["bars"];

/** Return the dials of an engine, at most four. */
export function dialsOf(engine: Engine): Dial[] {
  return Object.entries(engine.options.properties ?? {})
    .flatMap(([name, option]) => (ELSEWHERE.includes(name) ? [] : dialOf(name, option)))
    .slice(0, DIALS.length);
}

/** Return the options that dials are turned to. */
export function optionsOf(
  dials: readonly Dial[],
  values: readonly number[],
): Record<string, unknown> {
  return Object.fromEntries(
    dials.map((dial, place) => {
      const turned = Math.min(Math.max(values[place] ?? dial.value, dial.minimum), dial.maximum);
      const value = dial.isWhole ? Math.round(turned) : turned;
      return [dial.option, dial.list ? [value, ...dial.list.slice(1)] : value];
    }),
  );
}

function dialOf(name: string, option: Option): Dial[] {
  const list = option.type === "array" && isNumbers(option.default) ? option.default : undefined;
  const range = rangeOf((list ? option.items : option) ?? {});
  const value = list ? list[0] : option.default;
  if (!range || typeof value !== "number") {
    return [];
  }
  return [{ option: name, label: labelOf(name), value, list, ...range }];
}

/** Return a number's range, if the option is a number and says one. */
function rangeOf(rule: Option): Pick<Dial, "minimum" | "maximum" | "isWhole"> | undefined {
  const { type, minimum, maximum } = rule;
  const isNumber = type === "integer" || type === "number";
  if (!isNumber || minimum === undefined || maximum === undefined) {
    return undefined;
  }
  return { minimum, maximum, isWhole: type === "integer" };
}

function labelOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return (words.charAt(0).toUpperCase() + words.slice(1)).slice(0, LONGEST_LABEL);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}
