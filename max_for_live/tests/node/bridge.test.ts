import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { bundle } from "../../patch/bundle.ts";
import { Joiner, cut, toText, type Piece } from "../../wire/piece.ts";
import type { Answer, RenderAsk, StateAnswer } from "../../wire/talk.ts";
import { startServer, type Server } from "../server.ts";
import { clipOf, toldOf } from "./clips.ts";
import { Ear } from "./ear.ts";

const STAND_IN = join(import.meta.dirname, "..", "max", "max_api_stand_in.cjs");

/** What comes from the bridge: an answer with its id, or a line for the Max console. */
type Heard = { readonly id: number; readonly answer: Answer } | { readonly post: string };

let folder: string;
let server: Server;
let bridge: Bridge;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "yuragi-bridge-"));
  const script = { file: "yuragi_node.js", entry: "node/bridge.ts" };
  writeFileSync(join(folder, script.file), await bundle(script));
  server = await startServer();
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  bridge = new Bridge(join(folder, "yuragi_node.js"), server.port);
});

afterEach(() => {
  bridge.end();
});

/** The bundle as Max runs it, but with the stand-in for max-api. */
class Bridge {
  readonly heard = new Ear<Heard>();
  readonly process: ChildProcess;
  readonly #joiner = new Joiner();
  #lastId = 0;

  constructor(script: string, port: number | string) {
    this.process = fork(script, {
      execArgv: ["--require", STAND_IN],
      env: {
        ...process.env,
        YURAGI_PORT: String(port),
        YURAGI_EXPORT: join(folder, "export"),
        YURAGI_REVEAL: "0",
        XDG_CONFIG_HOME: folder,
      },
    });
    this.process.on("message", (message: { outlet?: unknown[]; post?: string }) => {
      this.#take(message);
    });
  }

  /** Say something to the handler "ask" as v8 would. */
  say(...atoms: unknown[]): void {
    this.process.send({ handler: "ask", atoms });
  }

  /** Ask and return the answer. */
  async ask(ask: unknown): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    cut(id, toText(ask)).forEach((piece) => {
      this.say(...piece);
    });
    return this.answerTo(id);
  }

  async answerTo(id: number): Promise<Answer> {
    const heard = await this.heard.first((said) => "id" in said && said.id === id);
    return "answer" in heard ? heard.answer : { answer: "failure", code: "", message: "" };
  }

  async ready(): Promise<StateAnswer> {
    const heard = await this.heard.first(
      (said) =>
        "id" in said && said.id === 0 && "state" in said.answer && said.answer.state === "ready",
    );
    return (heard as { answer: StateAnswer }).answer;
  }

  /** The memory that the process has now, in MB. */
  get memoryMb(): number {
    const status = readFileSync(`/proc/${this.process.pid ?? 0}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }

  end(): void {
    this.process.kill("SIGKILL");
  }

  #take({ outlet, post }: { outlet?: unknown[]; post?: string }): void {
    if (post !== undefined) {
      this.heard.hear({ post });
    }
    const whole = outlet?.[0] === "answer" ? this.#joiner.take(outlet.slice(1)) : undefined;
    if (whole) {
      this.heard.hear({ id: whole.id, answer: JSON.parse(whole.text) as Answer });
    }
  }
}

function echoAsk(notes: number, wishes: Partial<RenderAsk> = {}): RenderAsk {
  const stages = [{ engine: "echo", options: {} }];
  return { ask: "render", clip: clipOf(notes), stages, seed: 7, ...wishes };
}

test("the news that the server is ready comes unasked, with all its presets and engines", async () => {
  const { detail, welcome } = await bridge.ready();
  expect(welcome?.version).toBe(detail);
  expect(welcome?.presets.length).toBeGreaterThan(10);
});

test("the state is told when it is asked for", async () => {
  await bridge.ready();
  expect(await bridge.ask({ ask: "state" })).toMatchObject({ answer: "state", state: "ready" });
});

test.each([1, 512, 20_000])(
  "%i notes go to the server and come back as they were",
  async (count) => {
    const ask = echoAsk(count);
    const answered = await bridge.ask(ask);
    expect(answered).toMatchObject({ answer: "rendered", clip: { notes: toldOf(ask.clip) } });
  },
);

test("an ask may come before the server is found", async () => {
  expect(await bridge.ask(echoAsk(1))).toMatchObject({ answer: "rendered" });
});

test("what is under way for a slot is superseded by a newer ask for it", async () => {
  await bridge.ready();
  const slot = "clip 1";
  const asks = Array.from({ length: 5 }, () => bridge.ask(echoAsk(20_000, { slot })));
  const answers = await Promise.all(asks);
  expect(answers.at(-1)).toMatchObject({ answer: "rendered" });
  const codes = answers.flatMap((answer) => ("code" in answer ? [answer.code] : []));
  expect(codes.every((code) => code === "superseded")).toBe(true);
});

test.each<[string, Piece, string]>([
  ["no JSON", [5, 0, 1, ":{"], "JSON"],
  ["no map", [5, 0, 1, ":[]"], "an ask is a list, allowed is a map"],
  ["of no kind", [5, 0, 1, ':{"ask":"sing"}'], 'ask is "sing", allowed is one of state, render'],
  ["without a clip", [5, 0, 1, ':{"ask":"render"}'], "clip is missing, allowed is a map"],
  ["without its first piece", [5, 1, 2, ":{}"], "piece 1 of text 5 came after 0 others"],
  ["without a colon", [5, 0, 1, "{}"], "a piece is number 0 of 1"],
])("an ask that is %s gets a failure with its id", async (_, piece, sentence) => {
  bridge.say(...piece);
  expect(await bridge.answerTo(5)).toEqual({
    answer: "failure",
    code: "bad_ask",
    message: expect.stringContaining(sentence) as string,
  });
});

test("what is no ask at all is posted, and the next ask is answered", async () => {
  bridge.say("junk", { a: 1 }, null);
  await bridge.heard.first((said) => "post" in said && said.post.includes("an ask without id"));
  expect(await bridge.ask(echoAsk(1))).toMatchObject({ answer: "rendered" });
});

test("a MIDI file is written, and its path told", async () => {
  const answered = await bridge.ask({ ask: "midi_file", clip: clipOf(3), name: "Vers 1/2 ♪" });
  const path = join(folder, "export", "Vers 1 2 ♪.mid");
  expect(answered).toEqual({ answer: "written", path });
  expect(readFileSync(path).toString("latin1", 0, 4)).toBe("MThd");
});

test("a MIDI file that cannot be written is a failure that says why", async () => {
  const clip = { ...clipOf(1), length: 1e6 };
  expect(await bridge.ask({ ask: "midi_file", clip, name: "x" })).toMatchObject({
    answer: "failure",
    code: "file",
    message: expect.stringContaining("nothing happens for") as string,
  });
});

test("everything that goes to Max is ASCII, and no text longer than Max can carry", async () => {
  const texts: string[] = [];
  bridge.process.on("message", ({ outlet }: { outlet?: unknown[] }) => {
    texts.push(JSON.stringify(outlet?.[4] ?? ""));
  });
  await bridge.ready();
  await bridge.ask(echoAsk(20_000));
  expect(texts.every((text) => text.length < 32_767 && /^[ -~]*$/.test(text))).toBe(true);
});

test("a port that is none is taken for the usual one", async () => {
  const other = new Bridge(join(folder, "yuragi_node.js"), "seventy");
  const answered = await other.ask({ ask: "state" });
  other.end();
  expect(answered).toMatchObject({ answer: "state" });
});

test("when Max is gone, which closes the channel, the process ends within 2 s", async () => {
  await bridge.ready();
  const ended = once(bridge.process, "exit", { signal: AbortSignal.timeout(2_000) });
  bridge.process.disconnect();
  expect(await ended).toEqual([0, null]);
});

test.runIf(process.platform === "linux")(
  "20,000 notes that pass a few times leave the process below 80 MB, of which 48 are Node's",
  async () => {
    for (let count = 0; count < 6; count += 1) {
      await bridge.ask(echoAsk(20_000));
    }
    expect(bridge.memoryMb).toBeLessThan(80);
  },
);
