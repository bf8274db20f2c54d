/**
 * Cut long texts into pieces that Max can carry, and join them again.
 *
 * A symbol in Max holds at most 32,767 characters. A piece is sent as the atoms id, index, count and
 * text; every text begins with a colon, so that Max takes none for a number.
 */

/** Characters of a piece, well below what Max can carry. */
const LONGEST = 24_000;

/** More pieces than this are no message of ours: 72 million characters. */
const MOST_PIECES = 3_000;

/** At most so many texts may be incomplete at once; the oldest is given up. */
const MOST_OPEN = 16;

/** The atoms of a piece: id, index from 0, count, text. */
export type Piece = readonly [id: number, index: number, count: number, text: string];

/** Return a value as JSON in ASCII, so that its characters are bytes and may be cut anywhere. */
export function toText(value: unknown): string {
  return JSON.stringify(value).replace(/[^ -~]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Return the pieces of a text, one or more. */
export function cut(id: number, text: string): Piece[] {
  const count = Math.max(1, Math.ceil(text.length / LONGEST));
  return Array.from({ length: count }, (_, index): Piece => {
    return [id, index, count, `:${text.slice(index * LONGEST, (index + 1) * LONGEST)}`];
  });
}

/** A whole text with the id it came with. */
export interface Whole {
  readonly id: number;
  readonly text: string;
}

/** Put pieces together, of several texts at once. */
export class Joiner {
  readonly #open = new Map<number, string[]>();

  /**
   * Take a piece; return the text if it is the last that was missing.
   *
   * @throws {PieceError} The atoms are no piece, or none that fits to those before.
   */
  take(atoms: readonly unknown[]): Whole | undefined {
    const [id, index, count, text] = checked(atoms);
    if (index === 0) {
      this.#begin(id);
    }
    const texts = this.#open.get(id);
    if (texts?.length !== index) {
      this.#open.delete(id);
      throw new PieceError(`piece ${index} of text ${id} came after ${texts?.length ?? 0} others`);
    }
    texts.push(text.slice(1));
    if (texts.length < count) {
      return undefined;
    }
    this.#open.delete(id);
    return { id, text: texts.join("") };
  }

  #begin(id: number): void {
    this.#open.delete(id);
    this.#open.set(id, []);
    const oldest = this.#open.keys().next().value;
    if (this.#open.size > MOST_OPEN && oldest !== undefined) {
      this.#open.delete(oldest);
    }
  }
}

/** Atoms that are no piece, and why. */
export class PieceError extends Error {}

function checked(atoms: readonly unknown[]): Piece {
  const [id, index, count, text] = atoms;
  if (!isCount(id) || !isCount(index) || !isCount(count) || typeof text !== "string") {
    throw new PieceError(
      `a piece is ${typeof id}, ${typeof index}, ${typeof count}, ${typeof text}`,
    );
  }
  if (index >= count || count > MOST_PIECES || !text.startsWith(":")) {
    throw new PieceError(`a piece is number ${index} of ${count}, allowed are ${MOST_PIECES}`);
  }
  return [id, index, count, text];
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
