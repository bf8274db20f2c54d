/**
 * Reach Max from node.script: the only file that names max-api.
 *
 * Source: Max user guide, "Node for Max API".
 */

/** What of the module max-api is used here. */
export interface MaxApi {
  /** Call a function with the atoms that come behind a word. */
  addHandler(word: string, take: (...atoms: unknown[]) => void): void;
  /** Send atoms out of node.script's left outlet. */
  outlet(...atoms: readonly (number | string)[]): Promise<void>;
  /** Write a line to the Max console. */
  post(text: string): Promise<void>;
}

/** Return the module, which is there only in a script that Max runs. */
export function maxApi(): MaxApi {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- Max answers to require alone
  return require("max-api") as MaxApi;
}
