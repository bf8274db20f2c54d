/** Measure text on the screen, near enough to see what does not fit. */

/**
 * Widths of the letters from space to tilde, in thousandths of the type's size.
 *
 * Source: Inter Regular 4, table hmtx; it is a little wider than Live's own typeface.
 */
const WIDTHS = [
  281, 278, 403, 631, 638, 812, 639, 222, 362, 362, 500, 659, 280, 460, 276, 357, 625, 464, 605,
  636, 642, 608, 624, 571, 616, 624, 276, 280, 659, 659, 659, 507, 936, 676, 651, 727, 719, 598,
  587, 743, 740, 264, 543, 652, 562, 889, 753, 761, 635, 761, 639, 638, 642, 741, 676, 949, 642,
  665, 625, 362, 357, 362, 469, 452, 497, 564, 621, 558, 621, 582, 361, 609, 591, 237, 237, 544,
  237, 869, 585, 597, 609, 609, 372, 523, 364, 581, 557, 812, 540, 557, 541, 362, 327, 362, 659,
];

/** Width of a letter that the table does not know. */
const OTHER = 821;

/** Return the width in px of a text whose type is so many px high. */
export function textWidth(text: string, size: number): number {
  const letters = Array.from(text, (letter) => WIDTHS[(letter.codePointAt(0) ?? 0) - 32] ?? OTHER);
  return (letters.reduce((sum, width) => sum + width, 0) * size) / 1000;
}

/** Return as much of a text as fits a width, and dots for the rest. */
export function fitted(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) {
    return text;
  }
  const letters = Array.from(text);
  while (letters.length > 0 && textWidth(`${letters.join("")}…`, size) > width) {
    letters.pop();
  }
  return `${letters.join("")}…`;
}

/** Return a text in so many lines of a width, and dots for the rest. */
export function wrapped(text: string, width: number, size: number, lines: number): string[] {
  const made: string[] = [];
  for (const word of text.split(" ")) {
    const longer = [...made.slice(-1), word].join(" ");
    const fits = made.length > 0 && textWidth(longer, size) <= width;
    made.splice(fits ? -1 : made.length, 1, fits ? longer : word);
  }
  const rest = made.slice(lines - 1).join(" ");
  return [...made.slice(0, lines - 1), fitted(rest, width, size)];
}
