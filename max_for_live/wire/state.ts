/** Name the states of the line to the server, and say each in a sentence for musicians. */

export const STATES = {
  searching: (port: string) => `Looking for the yuragi server on port ${port}.`,
  starting: () => "Starting the yuragi server.",
  ready: (version: string) => `yuragi ${version} is ready.`,
  no_server: (port: string) =>
    `No yuragi server on port ${port}: run "yuragi serve" once, then yuragi starts by itself.`,
  start_failed: (why: string) => `The yuragi server did not start: ${why}.`,
  wrong_version: (version: string) =>
    `The yuragi server is of version ${version}, this device of another: update both.`,
  busy_port: (port: string) => `Port ${port} belongs to another program: quit it, or restart.`,
  lost: () => "The yuragi server is gone; looking for it again.",
} as const satisfies Record<string, (detail: string) => string>;

export type State = keyof typeof STATES;

/** Return the sentence of a state. */
export function sentence(state: State, detail: string): string {
  return STATES[state](detail);
}
