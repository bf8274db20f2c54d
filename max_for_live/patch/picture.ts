/**
 * Draw a device as Live would show it, so that its layout can be judged by eye.
 *
 * Places and texts are the patch's own; colours are near those of Live's theme "Mid Light".
 */

import type { Box, Rect } from "./box.ts";
import type { NumberParameter } from "./parameter.ts";
import type { Patch } from "./patch.ts";
import { fitted, wrapped } from "./text_width.ts";

/** What the script would show in a box, in place of what the patch says. */
export interface Shown {
  readonly text?: string;
  readonly label?: string;
  readonly value?: number;
  /** The range, both ends of it. */
  readonly range?: readonly [minimum: number, maximum: number];
}

const COLOURS = {
  panel: "#a5a5a5",
  field: "#c3c3c3",
  edge: "#8a8a8a",
  ink: "#111111",
  track: "#6f6f6f",
  arc: "#0aa5b8",
  display: "#2c2c2c",
  number: "#ffb35c",
} as const;

/** The size of type, where a box names none. */
const SIZE = 9.5;

/** Space between a text and the edge of its box, in px. */
const MARGIN = 3;

/** A comment of one line is 18 px high, of two 29. Source: patches that Max saved. */
const COMMENT = { line: 11, around: 7 } as const;

/** A dial turns this far to either side, in degrees. */
const TURN = 135;

/** Return an SVG of a device. */
export function picture(patch: Patch, shown: Readonly<Record<string, Shown>> = {}): string {
  const seen = patch.boxes.flatMap((box) =>
    box.rect ? drawn(box, box.rect, shown[box.name]) : [],
  );
  const size = `width="${patch.width}" height="${patch.height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${patch.width} ${patch.height}">`,
    `<style>text{font:500 ${SIZE}px "Ableton Sans",Inter,sans-serif;fill:${COLOURS.ink}}</style>`,
    `<rect ${size} fill="${COLOURS.panel}"/>`,
    ...seen,
    "</svg>\n",
  ].join("\n");
}

function drawn(box: Box, rect: Rect, shown: Shown = {}): string[] {
  switch (box.object) {
    case "live.dial":
      return dial(box, rect, shown);
    case "live.menu":
      return menu(box, rect);
    case "live.numbox":
      return number(box, rect, shown);
    case "live.text":
      return button(box, rect);
    case "live.comment":
      return comment(box, rect, shown);
    case "live.line":
      return line(rect);
    default:
      throw new Error(`nobody has drawn a ${box.object} yet, the box ${box.name} is one`);
  }
}

function dial(box: Box, [x, y, width, height]: Rect, shown: Shown): string[] {
  const parameter = box.parameter;
  const range = rangeOf(box);
  const value = shown.value ?? range.initial;
  const [minimum, maximum] = shown.range ?? [range.minimum, range.maximum];
  const share = (value - minimum) / (maximum - minimum);
  const centre = [x + width / 2, y + height / 2 + 2] as const;
  const label = shown.label ?? parameter?.shortName ?? parameter?.longName ?? "";
  const [tipX, tipY] = around(centre, 11, share);
  return [
    text(label, [x, y, width, 12], "middle"),
    arc(centre, 1, COLOURS.track),
    arc(centre, share, COLOURS.arc),
    `<path d="M${centre.map(round).join(" ")}L${tipX} ${tipY}" stroke="${COLOURS.ink}" ` +
      `stroke-width="2" stroke-linecap="round"/>`,
    text(valueText(range, value), [x, y + height - 12, width, 12], "middle"),
  ];
}

function menu(box: Box, rect: Rect): string[] {
  const [x, y, width, height] = rect;
  const parameter = box.parameter?.type === "enum" ? box.parameter : undefined;
  const item = parameter?.items[parameter.initial ?? 0] ?? "";
  const tip = `M${x + width - 11} ${y + height / 2 - 2}h6l-3 4z`;
  return [
    field(rect, COLOURS.field),
    text(item, [x + MARGIN, y, width - 2 * MARGIN - 11, height], "start"),
    `<path d="${tip}" fill="${COLOURS.ink}"/>`,
  ];
}

function number(box: Box, rect: Rect, shown: Shown): string[] {
  const range = rangeOf(box);
  const value = valueText(range, shown.value ?? range.initial);
  return [field(rect, COLOURS.display), text(value, rect, "middle", { fill: COLOURS.number })];
}

function button(box: Box, rect: Rect): string[] {
  const size = Number(box.attributes?.["fontsize"] ?? SIZE);
  return [field(rect, COLOURS.field), text(box.text ?? "", rect, "middle", { size })];
}

function comment(box: Box, [x, y, width, height]: Rect, shown: Shown): string[] {
  const inner = width - 2 * MARGIN;
  const side = box.attributes?.["textjustification"] === 2 ? "end" : "start";
  const count = Math.floor((height - COMMENT.around) / COMMENT.line);
  const lines = wrapped(shown.text ?? box.text ?? "", inner, SIZE, count);
  return lines.map((words, index) => {
    const top = y + COMMENT.around / 2 + index * COMMENT.line;
    return text(words, [x + MARGIN, top, inner, COMMENT.line], side);
  });
}

function line([x, y, width, height]: Rect): string[] {
  const path =
    height > width ? `M${x + width / 2} ${y}v${height}` : `M${x} ${y + height / 2}h${width}`;
  return [`<path d="${path}" stroke="${COLOURS.edge}"/>`];
}

function field([x, y, width, height]: Rect, fill: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="1" fill="${fill}"/>`;
}

type Side = "start" | "middle" | "end";

function text(words: string, rect: Rect, side: Side, look: { size?: number; fill?: string } = {}) {
  const [x, y, width, height] = rect;
  const { size = SIZE, fill } = look;
  const at = { start: x, middle: x + width / 2, end: x + width }[side];
  // the middle of lower-case letters lies this far above the line they stand on
  const base = y + height / 2 + 0.35 * size;
  const style = [size === SIZE ? "" : `font-size:${size}px`, fill ? `fill:${fill}` : ""];
  const styled = style.some((part) => part) ? ` style="${style.filter(Boolean).join(";")}"` : "";
  const anchor = side === "start" ? "" : ` text-anchor="${side}"`;
  const place = `x="${round(at)}" y="${round(base)}"`;
  return `<text ${place}${anchor}${styled}>${escaped(fitted(words, width, size))}</text>`;
}

function arc(centre: readonly [number, number], share: number, stroke: string): string {
  const [fromX, fromY] = around(centre, 11, 0);
  const [toX, toY] = around(centre, 11, share);
  const large = share * 2 * TURN > 180 ? 1 : 0;
  const path = `M${fromX} ${fromY}A11 11 0 ${large} 1 ${toX} ${toY}`;
  return `<path d="${path}" fill="none" stroke="${stroke}" stroke-width="3"/>`;
}

/** Return the point on a circle that a dial points to at a share of its range. */
function around(
  [x, y]: readonly [number, number],
  radius: number,
  share: number,
): readonly [number, number] {
  const angle = ((2 * share - 1) * TURN * Math.PI) / 180;
  return [round(x + radius * Math.sin(angle)), round(y - radius * Math.cos(angle))];
}

function rangeOf(box: Box): NumberParameter {
  if (box.parameter?.type !== "float") {
    throw new Error(`the box ${box.name} shows a number, its parameter is no number`);
  }
  return box.parameter;
}

function valueText(parameter: NumberParameter, value: number): string {
  return parameter.unit === "percent" ? `${value} %` : String(value);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escaped(words: string): string {
  return words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
