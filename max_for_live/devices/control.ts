/** Make the controls of a device: what they look like, and what they tell the script. */

import type { Box, Rect } from "../patch/box.ts";
import type { Parameter } from "../patch/parameter.ts";

/** A box that is seen in Live; where it lies in the patch is found when it is wired. */
export type Look = Omit<Box, "at"> & { readonly rect: Rect };

/** Something on the screen. */
export interface Control {
  readonly look: Look;
  /** What the script hears: the name and the value, or the name alone, or nothing. */
  readonly tells: "value" | "name" | "nothing";
  /** Whether the script changes it. */
  readonly shown: boolean;
}

/** What a button or switch says: in Live's list of parameters, on itself, and in the info view. */
export interface Words {
  readonly longName: string;
  readonly text: string;
  readonly info: string;
  /** Of the type, in px. */
  readonly size?: number;
}

/** The size of the type in Live's controls, in px. */
const SIZE = 9.5;

/** Make a knob. */
export function dial(name: string, rect: Rect, parameter: Parameter, shown = false): Control {
  return { look: { name, object: "live.dial", rect, parameter }, tells: "value", shown };
}

/** Make a menu. */
export function menu(name: string, rect: Rect, parameter: Parameter, shown = false): Control {
  return { look: { name, object: "live.menu", rect, parameter }, tells: "value", shown };
}

/** Make a field with a number. */
export function number(name: string, rect: Rect, parameter: Parameter, shown = false): Control {
  // the look "LCD", which Ableton's guidelines ask for
  const attributes = { appearance: 4 };
  const look = { name, object: "live.numbox", rect, parameter, attributes };
  return { look, tells: "value", shown };
}

/** Make a button, which tells its name when it is let go. */
export function button(name: string, rect: Rect, words: Words): Control {
  const { longName, info } = words;
  const hidden = { visible: "hidden", items: ["Off", "On"] } as const;
  const parameter = { type: "enum", longName, info, ...hidden } as const;
  const fontsize = words.size ?? SIZE;
  const attributes = { fontsize, mode: 0, outputmode: 1, texton: words.text };
  const look = { name, object: "live.text", rect, text: words.text, parameter, attributes };
  return { look, tells: "name", shown: false };
}

/** Make a button that stays down; its items name it up and down for automation. */
export function toggle(name: string, rect: Rect, words: Words & Switch): Control {
  const { longName, info, visible, items } = words;
  const parameter = { type: "enum", longName, info, visible, items, initial: 0 } as const;
  const attributes = { mode: 1, outputmode: 1, texton: words.text };
  const look = { name, object: "live.text", rect, text: words.text, parameter, attributes };
  return { look, tells: "value", shown: words.shown ?? false };
}

interface Switch {
  readonly visible: "automated" | "stored" | "hidden";
  readonly items: readonly [up: string, down: string];
  readonly shown?: boolean;
}

/** Make a text that stays as it is. */
export function label(text: string, rect: Rect): Control {
  const name = `label ${text.toLowerCase()}`;
  const attributes = { textjustification: 0 };
  const look = { name, object: "live.comment", rect, text, attributes };
  return { look, tells: "nothing", shown: false };
}

/** Make a text that the script changes, set to the left or right. */
export function message(name: string, rect: Rect, side: "left" | "right", text = ""): Control {
  const attributes = { textjustification: side === "left" ? 0 : 2 };
  const look = { name, object: "live.comment", rect, text, attributes };
  return { look, tells: "nothing", shown: true };
}

/** Make a thin line, along the longer side of the rectangle and in its middle. */
export function line(name: string, rect: Rect): Control {
  const colours = { linecolor: "live_contrast_frame" };
  const attributes = { justification: 1 };
  const look = { name, object: "live.line", rect, colours, attributes };
  return { look, tells: "nothing", shown: false };
}
