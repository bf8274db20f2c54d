/**
 * Start the server where none listens, the way that it left word of when it ran before.
 *
 * The server outlives the device, and ends by itself when nobody has spoken to it for a while.
 */

import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

import { CheckError, messageOf, readEach, readMap, readText } from "./check.ts";
import type { Standing, Starter } from "./client.ts";

/** Pauses between two starts, in milliseconds: the first, and the longest after many failures. */
const FIRST_PAUSE_MS = 20_000;
const LONGEST_PAUSE_MS = 320_000;

/** A server that does not listen for so long after its start is not going to, in milliseconds. */
const LISTENS_WITHIN_MS = 30_000;

/** How long a server without clients stays, in seconds. */
const LEAVE_AFTER_S = 60;

/**
 * Return where the server leaves word of how to start it.
 *
 * Source: platformdirs, user_config_dir("yuragi", appauthor=False), on each system.
 */
export function serverFile(env = process.env, system: string = process.platform): string {
  return join(configFolder(env, system), "yuragi", "server.json");
}

/** Start the server at most once in a while. */
export class Program implements Starter {
  readonly #port: number;
  readonly #file: string;
  readonly #firstPauseMs: number;
  readonly #listensWithinMs: number;
  #child: ChildProcess | undefined;
  #startedMs = -Infinity;
  #pauseMs: number;
  #failure = "";
  #hasServed = false;

  constructor(
    port: number,
    file = serverFile(),
    firstPauseMs = FIRST_PAUSE_MS,
    listensWithinMs = LISTENS_WITHIN_MS,
  ) {
    this.#port = port;
    this.#file = file;
    this.#firstPauseMs = this.#pauseMs = firstPauseMs;
    this.#listensWithinMs = listensWithinMs;
  }

  start(): Standing | undefined {
    if (this.#child) {
      return this.#hasServed ? undefined : this.#awaited();
    }
    if (performance.now() < this.#startedMs + this.#pauseMs) {
      return this.#failure ? { state: "start_failed", detail: this.#failure } : undefined;
    }
    try {
      return this.#begin();
    } catch (error) {
      return { state: "start_failed", detail: `${this.#file}: ${messageOf(error)}` };
    }
  }

  served(): void {
    this.#hasServed = true;
    this.#failure = "";
    this.#pauseMs = this.#firstPauseMs;
  }

  /** Return how it stands with a server that runs and has not been heard of. */
  #awaited(): Standing {
    return performance.now() < this.#startedMs + this.#listensWithinMs
      ? { state: "starting", detail: "" }
      : { state: "start_failed", detail: "it does not listen" };
  }

  #begin(): Standing {
    const command = readCommand(this.#file);
    if (!command) {
      return { state: "no_server", detail: String(this.#port) };
    }
    this.#startedMs = performance.now();
    this.#failure = "";
    this.#hasServed = false;
    this.#run(command);
    return { state: "starting", detail: "" };
  }

  #run([program, ...args]: Command): void {
    const serve = ["serve", "--bind", `tcp://127.0.0.1:${this.#port}`];
    const leave = ["--leave-after", String(LEAVE_AFTER_S)];
    const child = spawn(program, [...args, ...serve, ...leave], {
      // a server that stays shall not hold on to a folder of Live's
      cwd: dirname(this.#file),
      detached: true,
      stdio: "ignore",
      windowsHide: true,
    });
    this.#child = child;
    child.unref();
    child.on("error", (error: NodeJS.ErrnoException) => {
      this.#ended(error.code === "ENOENT" ? `${program} is not there` : error.message);
    });
    child.on("exit", (code, signal) => {
      this.#ended(`it ended with ${signal ?? `code ${code ?? 0}`}`);
    });
  }

  /** Keep why it ended. It may be that another device's server was the first to have the port. */
  #ended(why: string): void {
    this.#child = undefined;
    if (!this.#hasServed) {
      this.#failure = why;
      // a server that cannot start shall not take the computer's time from the music
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    }
  }
}

type Command = readonly [program: string, ...args: string[]];

/** Return the command that starts the server, undefined if no server left word. */
function readCommand(file: string): Command | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
  const command = readEach(readMap(JSON.parse(text), "it")["command"], "command", readText);
  const [program, ...args] = command;
  if (!program || !isAbsolute(program)) {
    throw new CheckError("command[0]", program, "the full path of a program");
  }
  return [program, ...args];
}

function configFolder(env: NodeJS.ProcessEnv, system: string): string {
  if (system === "win32") {
    return env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local");
  }
  const chosen = env["XDG_CONFIG_HOME"]?.trim();
  if (chosen) {
    return chosen;
  }
  return join(
    homedir(),
    ...(system === "darwin" ? ["Library", "Application Support"] : [".config"]),
  );
}
