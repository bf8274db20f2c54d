import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { Client, USUAL_PATIENCE, type Standing } from "../../node/client.ts";
import { USUAL_LINE } from "../../node/dealer.ts";
import { Program, serverFile } from "../../node/program.ts";
import type { StateAnswer } from "../../wire/talk.ts";
import { programPath, startServer } from "../server.ts";
import { Ear } from "./ear.ts";

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) {
    await close();
  }
});

/** Return the path of a server.json with this in it, in a folder of its own. */
function word(content?: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), "yuragi-program-"));
  closing.push(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, "yuragi", "server.json");
  mkdirSync(join(folder, "yuragi"));
  if (content !== undefined) {
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  }
  return file;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A server that says its process number to a file, so that a test can end it. */
function realServer(): { command: string[]; version: string; ended: () => void } {
  const numbers = join(mkdtempSync(join(tmpdir(), "yuragi-pid-")), "numbers");
  writeFileSync(numbers, "");
  const said = `import os, sys; open(sys.argv.pop(1), "a").write(f"{os.getpid()}\\n");`;
  const run = `${said} from bridge.command.main import main; main()`;
  const ended = (): void => {
    for (const number of readFileSync(numbers, "utf8").split("\n").filter(Boolean)) {
      end(Number(number));
    }
  };
  closing.push(ended);
  return { command: [programPath("python"), "-c", run, numbers], version: "0.1.0", ended };
}

function end(number: number): void {
  try {
    process.kill(number, "SIGKILL");
  } catch {
    // it has ended by itself
  }
}

function device(port: number, program: Program): Ear<StateAnswer> {
  const states = new Ear<StateAnswer>();
  const line = { ...USUAL_LINE, port, firstWaitMs: 10, longestWaitMs: 200 };
  const client = new Client(line, USUAL_PATIENCE, program, {
    onState: states.hear,
    onTrouble: () => undefined,
  });
  closing.push(() => {
    client.close();
  });
  return states;
}

const isReady = (heard: StateAnswer): boolean => heard.state === "ready";

/** Ask a program to start, until it is no longer starting. */
async function outcome(program: Program): Promise<Standing | undefined> {
  for (;;) {
    const standing = program.start();
    if (standing?.state !== "starting") {
      return standing;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a server that left word is started where none listens, and answers", async () => {
  const port = await freePort();
  const states = device(port, new Program(port, word(realServer())));
  await states.first(isReady);
  expect(states.all.map((heard) => heard.state)).toEqual(["starting", "ready"]);
});

test("of two devices that start a server at once, both are served by one", async () => {
  const port = await freePort();
  const file = word(realServer());
  const both = [device(port, new Program(port, file)), device(port, new Program(port, file))];
  await Promise.all(both.map((states) => states.first(isReady)));
  expect(both.map((states) => states.all.at(-1)?.state)).toEqual(["ready", "ready"]);
});

test("a server that was started and killed is started again", async () => {
  const port = await freePort();
  const server = realServer();
  const states = device(port, new Program(port, word(server), 100));
  await states.first(isReady);
  const before = states.all.length;
  server.ended();
  await states.first(isReady, before);
  expect(states.all.slice(before).map((heard) => heard.state)).toContain("lost");
});

test("a real server leaves word of how to start it, and that works", async () => {
  const folder = mkdtempSync(join(tmpdir(), "yuragi-word-"));
  closing.push(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const server = await startServer(0, [], { XDG_CONFIG_HOME: folder });
  await server.stop();
  const { command } = JSON.parse(
    readFileSync(serverFile({ XDG_CONFIG_HOME: folder }, "linux"), "utf8"),
  ) as { command: string[] };
  const again = await startServer(0, ["--leave-after", "1"], {}, command);
  await once(again.process, "exit");
  expect(again.process.exitCode).toBe(0);
});

test("without word from a server there is none, until there is", () => {
  const file = word();
  const program = new Program(5577, file);
  expect(program.start()).toEqual({ state: "no_server", detail: "5577" });
  writeFileSync(file, JSON.stringify({ command: [process.execPath, "-e", "0"], version: "1" }));
  expect(program.start()).toEqual({ state: "starting", detail: "" });
});

test("a program that is not there does not start, and says so", async () => {
  const missing = join(tmpdir(), "no", "python");
  const program = new Program(5577, word({ command: [missing, "-m", "bridge.command"] }));
  expect(await outcome(program)).toEqual({
    state: "start_failed",
    detail: `${missing} is not there`,
  });
});

test("a program that ends with an error did not start, and is not started again soon", async () => {
  const run = "process.exit(3)";
  const program = new Program(5577, word({ command: [process.execPath, "-e", run] }));
  const failed = { state: "start_failed", detail: "it ended with code 3" };
  expect(await outcome(program)).toEqual(failed);
  expect(program.start()).toEqual(failed);
});

test("a program that ends without having served did not start, whatever its code", async () => {
  const program = new Program(5577, word({ command: [process.execPath, "-e", "0"] }));
  const failed = { state: "start_failed", detail: "it ended with code 0" };
  expect(await outcome(program)).toEqual(failed);
  expect(program.start()).toEqual(failed);
});

test("a program that runs and does not listen did not start, and no second one is started", async () => {
  const run = "setTimeout(() => {}, 3_000)";
  const file = word({ command: [process.execPath, "-e", run] });
  const program = new Program(5577, file, 0, 100);
  const failed = { state: "start_failed", detail: "it does not listen" };
  expect(await outcome(program)).toEqual(failed);
  expect(program.start()).toEqual(failed);
});

test("a program that failed is started again after its pause", async () => {
  const file = word({ command: [process.execPath, "-e", "process.exit(3)"] });
  const program = new Program(5577, file, 0);
  expect(await outcome(new Program(5577, file))).toHaveProperty("state", "start_failed");
  expect(program.start()).toHaveProperty("state", "starting");
});

test("the program is told where to listen and when to leave", async () => {
  const file = word();
  const said = join(file, "..", "said.json");
  const run = `require("fs").writeFileSync(${JSON.stringify(said)}, JSON.stringify(process.argv.slice(1)))`;
  writeFileSync(file, JSON.stringify({ command: [process.execPath, "-e", run, "--"] }));
  await outcome(new Program(4321, file));
  expect(JSON.parse(readFileSync(said, "utf8"))).toEqual([
    "serve",
    "--bind",
    "tcp://127.0.0.1:4321",
    "--leave-after",
    "60",
  ]);
});

test.each([
  ["{", "JSON"],
  [{}, "command is missing, allowed is a list"],
  [{ command: [] }, "command[0] is missing, allowed is the full path of a program"],
  [{ command: ["python"] }, 'command[0] is "python", allowed is the full path of a program'],
  [{ command: ["/bin/true", 1] }, "command[1] is 1, allowed is a text"],
])("word that reads %j starts nothing, and says why", (content, why) => {
  expect(new Program(5577, word(content)).start()).toEqual({
    state: "start_failed",
    detail: expect.stringContaining(why) as string,
  });
});

test("each system has its own folder for the word", () => {
  const home = homedir();
  const folders = [
    serverFile({}, "linux"),
    serverFile({ XDG_CONFIG_HOME: "/config" }, "linux"),
    serverFile({}, "darwin"),
    serverFile({ LOCALAPPDATA: "/local" }, "win32"),
  ];
  expect(folders).toEqual([
    join(home, ".config", "yuragi", "server.json"),
    join("/config", "yuragi", "server.json"),
    join(home, "Library", "Application Support", "yuragi", "server.json"),
    join("/local", "yuragi", "server.json"),
  ]);
});
