/**
 * Name what travels along patch cords: messages of atoms, which are numbers and symbols.
 *
 * A message that begins with a symbol has it as its selector; numbers first are an int, a float or a
 * list. Source: Max user guide, "Messages".
 */

export type Atom = number | string;
export type Message = readonly Atom[];

/** Characters that a symbol holds; Max cuts off what is longer. */
export const LONGEST_SYMBOL = 32_767;

/** Return what Max looks up to find the method for a message. */
export function selectorOf(message: Message): string {
  const [first] = message;
  if (typeof first === "string") {
    return first;
  }
  if (first === undefined) {
    return "bang";
  }
  return message.length > 1 ? "list" : Number.isInteger(first) ? "int" : "float";
}

/** Take off the words list, int and float before numbers: they say what the numbers say. */
export function plain(message: Message): Message {
  const [first, second] = message;
  const redundant = first === "list" || first === "int" || first === "float";
  return redundant && typeof second === "number" ? message.slice(1) : message;
}

/** Read a text as Max reads the text of a box: words that look like numbers are numbers. */
export function parseAtoms(text: string): Atom[] {
  return [...text.matchAll(/"([^"]*)"|((?:\\.|\S)+)/g)].map(([, quoted, word]) => {
    return quoted ?? parseWord(word ?? "");
  });
}

/** Write a message as the console shows it. */
export function printAtoms(message: Message): string {
  return message.map(String).join(" ");
}

/** Return the atoms in what a script gave, symbols cut; what is no atom is refused as a whole. */
export function takeAtoms(
  values: readonly unknown[],
  complain: (text: string) => void,
): Message | undefined {
  const wrong = values.findIndex((value) => !isAtom(value));
  if (values.length === 0 || wrong >= 0) {
    const what = values.length === 0 ? "nothing" : `a ${nameOf(values[wrong])}`;
    complain(`${what} is no message, allowed are finite numbers and strings`);
    return undefined;
  }
  return values.filter(isAtom).map((atom) => cut(atom, complain));
}

function isAtom(value: unknown): value is Atom {
  return typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}

function nameOf(value: unknown): string {
  return typeof value === "number" ? "number that is not finite" : typeof value;
}

function cut(atom: Atom, complain: (text: string) => void): Atom {
  if (typeof atom === "number" || atom.length <= LONGEST_SYMBOL) {
    return atom;
  }
  complain(`a symbol of ${atom.length} characters is cut, allowed are ${LONGEST_SYMBOL}`);
  return atom.slice(0, LONGEST_SYMBOL);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function parseWord(word: string): Atom {
  return NUMBER.test(word) ? Number(word) : word.replace(/\\(.)/g, "$1");
}
