/** Run the real server for a test, on a port of its own. */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The folder of the whole project. */
export const PROJECT = join(import.meta.dirname, "..", "..");

/** The servers of tests leave no word in the user's own folder, and know none of their presets. */
const CONFIG_FOLDER = mkdtempSync(join(tmpdir(), "yuragi-server-"));

process.on("exit", () => {
  rmSync(CONFIG_FOLDER, { recursive: true, force: true });
});

/** A server may take so long to come up on a busy machine, in milliseconds. */
const PATIENCE_MS = 30_000;

/** A server that runs until it is stopped or killed, or until the test's process ends. */
export interface Server {
  readonly port: number;
  readonly process: ChildProcess;
  /** Ask it to end, and wait until it has. */
  stop(): Promise<void>;
  /** End it at once. */
  kill(): Promise<void>;
}

/**
 * Start a server, on any free port by default; return when it takes requests.
 *
 * `env` adds to the environment, and `command` is what starts the program.
 */
export async function startServer(
  port = 0,
  options: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  command: readonly string[] = [programPath("yuragi")],
): Promise<Server> {
  const [program = "", ...args] = command;
  const serve = ["serve", "--bind", `tcp://127.0.0.1:${port}`];
  const child = spawn(program, [...args, ...serve, ...options], {
    env: { ...process.env, XDG_CONFIG_HOME: CONFIG_FOLDER, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const killed = () => child.kill("SIGKILL");
  process.on("exit", killed);
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    process.off("exit", killed);
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    }
  };
  return {
    port: await announcedPort(child),
    process: child,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** Return the path of a program of the project's own environment. */
export function programPath(name: string): string {
  const [folder, ending] = process.platform === "win32" ? ["Scripts", ".exe"] : ["bin", ""];
  return join(PROJECT, ".venv", folder, `${name}${ending}`);
}

async function announcedPort(child: ChildProcess): Promise<number> {
  if (!child.stdout) {
    throw new Error("the server has no output");
  }
  const lines = createInterface(child.stdout);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const [said] = (await once(lines, "line", { signal })) as unknown[];
  const port = /^yuragi serves on tcp:\/\/127\.0\.0\.1:(\d+)/.exec(String(said))?.[1];
  if (port === undefined) {
    throw new Error(`the server said ${String(said)}`);
  }
  return Number(port);
}
