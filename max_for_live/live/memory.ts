/** Write down what a set shall remember, in texts that Max can hold, and read it again. */

import { cut, toText } from "../wire/piece.ts";
import type { Choice } from "./controls.ts";
import type { SavedPerformance } from "./shelf.ts";

/** What a set remembers of a device beside its parameters. */
export interface Memory {
  readonly choice: Choice;
  readonly performances: readonly SavedPerformance[];
}

/** The form of what is written down. */
const FORM = 1;

/** Return the texts of a memory. */
export function remembered(memory: Memory): string[] {
  return cut(0, toText({ form: FORM, ...memory })).map(([, , , text]) => text);
}

/**
 * Return the memory in some texts; nothing if they are none of ours, as in a new device.
 *
 * @throws {SyntaxError} They are damaged, or of another form.
 */
export function recalled(texts: readonly unknown[]): Memory | undefined {
  if (!texts.every((text): text is string => typeof text === "string" && text.startsWith(":"))) {
    return undefined;
  }
  if (texts.length === 0) {
    return undefined;
  }
  const memory = JSON.parse(texts.map((text) => text.slice(1)).join("")) as Memory & {
    form: number;
  };
  if (memory.form !== FORM) {
    throw new SyntaxError(`the form is ${memory.form}, allowed is ${FORM}`);
  }
  return memory;
}
