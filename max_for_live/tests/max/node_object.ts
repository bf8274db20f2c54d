/**
 * Run a node.script object: a Node process of its own, started and stopped by messages.
 *
 * Source: Max reference, node.script; Max user guide, "Node for Max API".
 */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { USES } from "../../patch/amxd.ts";
import { type Message, plain, printAtoms, selectorOf, takeAtoms } from "./atom.ts";
import type { MaxObject, Place } from "./surroundings.ts";

const STAND_IN = fileURLToPath(new URL("max_api_stand_in.cjs", import.meta.url));

/**
 * Loaded before the script: says when it has run through. From then on, or from the first thing that
 * the script itself says, Max hands it messages.
 */
const READY = `setImmediate(() => process.send({ ready: true }));`;

/** How long a process gets to end by itself. */
const PATIENCE_MS = 2_000;

/** What comes from the process: from the stand-in for max-api, and from what is loaded before. */
interface Said {
  readonly outlet?: readonly unknown[];
  readonly post?: string;
  readonly ready?: true;
}

/** The names that handlers have for messages without a selector of their own. */
const HANDLERS: Readonly<Record<string, string>> = { int: "number", float: "number" };

/** A node.script object. */
export class NodeScript implements MaxObject {
  /** The messages that reached the script. */
  readonly sent: Message[] = [];
  /** The messages that came from it. */
  readonly said: Message[] = [];
  readonly #place: Place;
  readonly #file: string;
  #process: ChildProcess | undefined;
  #ready = false;
  #folder: string | undefined;

  constructor(place: Place) {
    this.#place = place;
    this.#file = String(place.box.words[0]);
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  receive(message: Message): void {
    if (message[0] === "script") {
      this.#command(message.slice(1));
    } else if (this.#ready) {
      const selector = selectorOf(message);
      const atoms = selector === message[0] ? message.slice(1) : message;
      this.sent.push(message);
      this.#process?.send({ handler: HANDLERS[selector] ?? selector, atoms });
    } else {
      this.#place.complain(`Node script not ready can't handle message ${selectorOf(message)}`);
    }
  }

  async close(): Promise<void> {
    const child = this.#process;
    if (child) {
      await stop(child);
    }
    if (this.#folder !== undefined) {
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  #command(words: Message): void {
    const [verb] = words;
    if (verb === "start" && !this.#process) {
      this.#start();
    } else if (verb === "stop" && this.#process) {
      this.#process.disconnect();
    } else {
      const state = this.#process ? "running" : "not running";
      this.#place.complain(`can't do "script ${printAtoms(words)}", the script is ${state}`);
    }
  }

  #start(): void {
    const file = this.#place.around.files.get(this.#file);
    if (file?.use !== USES.onDisk) {
      this.#place.complain(`can't find file ${this.#file}`);
      return;
    }
    const folder = (this.#folder ??= mkdtempSync(join(tmpdir(), "max-node-")));
    writeFileSync(join(folder, this.#file), file.bytes);
    writeFileSync(join(folder, "ready.cjs"), READY);
    this.#follow(this.#fork(folder));
  }

  #fork(folder: string): ChildProcess {
    const { PATH = "", TMPDIR = tmpdir() } = process.env;
    return fork(join(folder, this.#file), [], {
      cwd: folder,
      execArgv: ["--require", STAND_IN, "--require", join(folder, "ready.cjs")],
      env: { PATH, TMPDIR, HOME: folder, ...this.#place.around.env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
  }

  #follow(child: ChildProcess): void {
    const { console, events } = this.#place.around;
    this.#process = child;
    child.on("message", (said: Said) => {
      events.happen(() => {
        this.#hear(said);
      });
    });
    child.stdout?.on("data", (text: Buffer) => {
      console.post(`node.script: ${text.toString()}`);
    });
    child.stderr?.on("data", (text: Buffer) => {
      this.#place.complain(text.toString());
    });
    child.on("exit", (code, signal) => {
      events.happen(() => {
        this.#end(String(signal ?? code));
      });
    });
  }

  #hear(said: Said): void {
    this.#ready = true;
    if (said.post !== undefined) {
      this.#place.around.console.post(`node.script: ${said.post}`);
    }
    const { complain } = this.#place;
    const message = said.outlet && takeAtoms(said.outlet, complain);
    if (message) {
      this.said.push(plain(message));
      this.#place.send(0, plain(message));
    }
  }

  #end(how: string): void {
    this.#process = undefined;
    this.#ready = false;
    this.#place.complain(`the Node process ended with ${how}`);
  }
}

/** Return the resident memory of a process in bytes. Source: proc(5), statm, in pages of 4 KiB. */
export function memoryOf(pid: number): number {
  const [, resident = "0"] = readFileSync(`/proc/${pid}/statm`, "utf-8").split(" ");
  return Number(resident) * 4096;
}

/** Close the channel, upon which a script ends; kill what has not ended in time. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = once(child, "exit");
  if (child.connected) {
    child.disconnect();
  }
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await ended;
  clearTimeout(timer);
}
