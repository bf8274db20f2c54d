import { decode, encode } from "@msgpack/msgpack";
import { afterEach, describe, expect, test } from "vitest";

import { Client, USUAL_PATIENCE, type Patience, type Standing } from "../../node/client.ts";
import { USUAL_LINE } from "../../node/dealer.ts";
import type { RenderAsk, StateAnswer } from "../../wire/talk.ts";
import type { State } from "../../wire/state.ts";
import { startServer, type Server } from "../server.ts";
import { clipOf, toldOf } from "./clips.ts";
import { Ear } from "./ear.ts";
import { answer, listen, send, route, welcome, type Peer } from "./peer.ts";

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) {
    await close();
  }
});

interface Call {
  readonly client: Client;
  readonly states: Ear<StateAnswer>;
  readonly troubles: Ear<string>;
}

function call(port: number, patience: Partial<Patience> = {}, standing?: Standing): Call {
  const states = new Ear<StateAnswer>();
  const troubles = new Ear<string>();
  const client = new Client(
    { ...USUAL_LINE, port, firstWaitMs: 10 },
    { ...USUAL_PATIENCE, ...patience },
    { start: () => standing, served: () => undefined },
    { onState: states.hear, onTrouble: troubles.hear },
  );
  closing.push(() => {
    client.close();
  });
  return { client, states, troubles };
}

const is = (state: State) => (heard: StateAnswer) => heard.state === state;

async function serve(port = 0): Promise<Server> {
  const server = await startServer(port);
  closing.push(() => server.kill());
  return server;
}

async function peer(script: Parameters<typeof listen>[0], port = 0): Promise<Peer> {
  const listening = await listen(script, port);
  closing.push(() => listening.close());
  return listening;
}

function echoAsk(notes = 1, wishes: Partial<RenderAsk> = {}): RenderAsk {
  const stages = [{ engine: "echo", options: {} }];
  return { ask: "render", clip: clipOf(notes), stages, seed: 7, ...wishes };
}

function presetAsk(notes: number): RenderAsk {
  return { ask: "render", clip: clipOf(notes), preset: "band/natural", seed: 7 };
}

describe("with a real server", () => {
  test("the client is ready and knows presets and engines", async () => {
    const { states } = call((await serve()).port);
    const { welcome: said, detail } = await states.first(is("ready"));
    expect(detail).toBe(said?.version);
    expect(said?.presets.map((preset) => preset.name)).toContain("band/natural");
    const euclid = said?.engines.find((engine) => engine.name === "euclid");
    expect(euclid?.options.properties?.["steps"]).toMatchObject({ type: "integer", minimum: 1 });
  });

  test.each([1, 512, 20_000])("%i notes come back as they were", async (count) => {
    const { client } = call((await serve()).port);
    const ask = echoAsk(count);
    const answered = await client.render(ask);
    expect(answered).toMatchObject({ answer: "rendered", seed: 7 });
    expect("clip" in answered && answered.clip.notes).toEqual(toldOf(ask.clip));
  });

  test("a preset changes velocities, and the same seed changes them alike", async () => {
    const { client } = call((await serve()).port);
    const ask = presetAsk(64);
    const answers = await Promise.all([client.render(ask), client.render(ask)]);
    const [one, other] = answers.map((said) => ("clip" in said ? said.clip.notes.velocity : []));
    expect(one).toEqual(other);
    expect(one).not.toEqual(ask.clip.notes.velocity);
  });

  test("only the notes that are named change", async () => {
    const { client } = call((await serve()).port);
    const ask = { ...presetAsk(64), note_ids: [1000] };
    const answered = await client.render(ask);
    const velocity = "clip" in answered ? answered.clip.notes.velocity : [];
    expect(velocity?.slice(1)).toEqual(ask.clip.notes.velocity?.slice(1));
  });

  test("what the server refuses is a failure with its code and sentence", async () => {
    const { client } = call((await serve()).port);
    const answered = await client.render(echoAsk(1, { stages: [{ engine: "no", options: {} }] }));
    expect(answered).toMatchObject({ answer: "failure", code: "invalid" });
    expect(answered).toHaveProperty("message", expect.stringContaining("stages[0].engine"));
  });

  test("a server that is killed while it renders and comes back answers the request", async () => {
    const server = await serve();
    const { client, states } = call(server.port);
    await states.first(is("ready"));
    server.process.kill("SIGSTOP"); // so that it cannot answer before it is killed
    const ask = echoAsk(512);
    const answered = client.render(ask);
    await server.kill();
    await states.first(is("lost"));
    await serve(server.port);
    expect(await answered).toMatchObject({ answer: "rendered", clip: { notes: toldOf(ask.clip) } });
  });

  test("a request that waits for the server is answered when it comes", async () => {
    const gone = await listen(() => undefined);
    await gone.close();
    const { client } = call(gone.port);
    const answered = client.render(echoAsk());
    await serve(gone.port);
    expect(await answered).toMatchObject({ answer: "rendered" });
  });
});

describe("with a server that stays away", () => {
  test("a request fails when its time is over, and says how it stands", async () => {
    const server = await serve();
    const standing = { state: "no_server", detail: String(server.port) } as const;
    const { client, states } = call(server.port, { renderMs: 1_000 }, standing);
    await states.first(is("ready"));
    server.process.kill("SIGSTOP");
    const answered = client.render(echoAsk());
    await server.kill();
    const message = `no answer came in 1 s: No yuragi server on port ${server.port}`;
    expect(await answered).toMatchObject({
      answer: "failure",
      code: "deadline",
      message: expect.stringContaining(message) as string,
    });
  });

  test("of requests for one slot, only the newest waits", async () => {
    const gone = await listen(() => undefined);
    await gone.close();
    const { client } = call(gone.port);
    const older = client.render(echoAsk(1, { slot: "clip 1" }));
    const elsewhere = client.render(echoAsk(1, { slot: "clip 2" }));
    const newer = client.render(echoAsk(1, { slot: "clip 1" }));
    expect(await older).toMatchObject({ answer: "failure", code: "superseded" });
    client.close();
    expect(await Promise.all([elsewhere, newer])).toMatchObject([
      { code: "cancelled" },
      { code: "cancelled" },
    ]);
  });

  test("no more requests wait than a few", async () => {
    const gone = await listen(() => undefined);
    await gone.close();
    const { client } = call(gone.port);
    const asked = Array.from({ length: 17 }, () => client.render(echoAsk()));
    expect(await asked[16]).toMatchObject({ answer: "failure", code: "busy" });
  });
});

describe("with a peer at fault", () => {
  test("a port of another program is said to be one", async () => {
    const { states } = call((await peer((socket) => socket.end("HTTP/1.1 400\r\n\r\n"))).port);
    expect(await states.first(is("busy_port"))).toHaveProperty("detail", expect.any(String));
  });

  test("a ROUTER that does not answer hello is another program's", async () => {
    const { port } = await peer(answer(() => []));
    const { states } = call(port, { helloMs: 20 });
    await states.first(is("busy_port"));
  });

  test("a ROUTER that answers hello with something else is another program's", async () => {
    const { port } = await peer(answer(({ id }) => [encode({ op: "pong", id })]));
    const { states } = call(port);
    await states.first(is("busy_port"));
  });

  test("a server of another protocol is of the wrong version, and requests fail at once", async () => {
    const { port } = await peer(answer(({ id }) => [welcome(id, 2, "9.0.0")]));
    const { client, states } = call(port);
    const early = client.render(echoAsk());
    expect(await states.first(is("wrong_version"))).toMatchObject({ detail: "9.0.0" });
    expect(await early).toMatchObject({ answer: "failure", code: "version" });
    expect(await client.render(echoAsk())).toMatchObject({ answer: "failure", code: "version" });
  });

  test("a server that refuses our protocol is of the wrong version", async () => {
    const refuse = answer(({ id }) => [
      encode({ op: "failure", id, code: "version", message: "v is 1, allowed is 2", field: "v" }),
    ]);
    const { states } = call((await peer(refuse)).port);
    await states.first(is("wrong_version"));
  });

  test("requests of a lost line come again with the same id, seed and bytes", async () => {
    const frames = new Ear<Uint8Array>();
    const script = route({
      hear(said, socket) {
        const [frame] = "message" in said ? said.message : [];
        const { op, id } = (frame ? decode(frame) : {}) as { op?: string; id?: number };
        if (op === "hello") {
          send(socket, welcome(id));
        } else if (op === "render" && frame) {
          frames.hear(frame);
          socket.destroy();
        }
      },
    });
    const { client } = call((await peer(script)).port);
    void client.render(echoAsk(3));
    await frames.first(() => frames.all.length > 1);
    expect(frames.all[1]).toEqual(frames.all[0]);
  });

  test("a line whose pings stay unanswered is given up", async () => {
    const script = answer(({ op, id }) => (op === "hello" ? [welcome(id)] : []));
    const { states } = call((await peer(script)).port, { pingMs: 10 });
    await states.first(is("ready"));
    await states.first(is("lost"));
  });

  test("a second welcome, and a reply with the id 0, are passed over", async () => {
    const pings = new Ear<unknown>();
    const script = answer(({ op, id }) => {
      if (op === "hello") {
        return [welcome(id), welcome(id), encode({ op: "pong", id: 0 })];
      }
      pings.hear(id);
      return [encode({ op: "pong", id })];
    });
    const { states } = call((await peer(script)).port, { pingMs: 5 });
    await pings.first(() => pings.all.length > 3);
    expect(states.all.map((heard) => heard.state)).toEqual(["ready"]);
  });

  test("a server that is pinged answers, and stays", async () => {
    const pings = new Ear<unknown>();
    const script = answer(({ op, id }) => {
      if (op === "hello") {
        return [welcome(id)];
      }
      pings.hear(id);
      return [encode({ op: "pong", id })];
    });
    const { states } = call((await peer(script)).port, { pingMs: 5 });
    await pings.first(() => pings.all.length > 10);
    expect(states.all.map((heard) => heard.state)).toEqual(["ready"]);
  });

  const clip = { length: 1, notes: { pitch: [60], onset: [0], duration: [1] } };
  const timings = { queued_ms: 0, engine_ms: 0, total_ms: 0 };
  const whole = (id: unknown): Uint8Array =>
    encode({ op: "rendered", id, takes: [[clip]], seed: 7, timings });

  /** Ask a peer that answers a render with frames of the test's choosing. */
  async function asked(replies: (id: unknown) => Uint8Array[]): Promise<[Call, unknown]> {
    const script = answer(({ op, id }) => (op === "hello" ? [welcome(id)] : replies(id)));
    const called = call((await peer(script)).port);
    return [called, await called.client.render(echoAsk())];
  }

  test.each<[string, (id: unknown) => Uint8Array]>([
    ["is cut short", (id) => whole(id).subarray(0, 60)],
    ["has no takes", (id) => encode({ op: "rendered", id, takes: [], seed: 7, timings })],
    ["has an empty take", (id) => encode({ op: "rendered", id, takes: [[]], seed: 7, timings })],
    ["has no seed", (id) => encode({ op: "rendered", id, takes: [[clip]], timings })],
    ["has no timings", (id) => encode({ op: "rendered", id, takes: [[clip]], seed: 7 })],
    ["is of an unknown op", (id) => encode({ op: "sing", id })],
    ["is of an op that objects inherit", (id) => encode({ op: "toString", id })],
    ["goes on after its end", (id) => Buffer.concat([whole(id), Buffer.from([0xc0])])],
    [
      "has columns of two lengths",
      (id) => {
        const notes = { ...clip.notes, onset: Buffer.alloc(16) };
        return encode({ op: "rendered", id, takes: [[{ ...clip, notes }]], seed: 7, timings });
      },
    ],
    [
      "has a column of half a number",
      (id) => {
        const notes = { ...clip.notes, onset: Buffer.alloc(7) };
        return encode({ op: "rendered", id, takes: [[{ ...clip, notes }]], seed: 7, timings });
      },
    ],
  ])("a reply that %s is a failure with a sentence", async (_, reply) => {
    const [{ troubles }, answered] = await asked((id) => [reply(id)]);
    const told = /^the server's reply cannot be read: .+, allowed is /;
    expect(answered).toMatchObject({ answer: "failure", code: "bad_reply" });
    expect(answered).toHaveProperty("message", expect.stringMatching(told));
    expect(troubles.all).toHaveLength(1);
  });

  test("what engines could not do is passed on", async () => {
    const warnings = ["it is late"];
    const [, answered] = await asked((id) => [
      encode({ op: "rendered", id, takes: [[clip]], seed: 7, timings, warnings }),
    ]);
    expect(answered).toMatchObject({ answer: "rendered", warnings });
  });

  test("a server that warns of nothing is understood", async () => {
    const [, answered] = await asked((id) => [whole(id)]);
    expect(answered).toMatchObject({ answer: "rendered", warnings: [] });
  });

  test("replies for nobody, and junk, are passed over", async () => {
    const junk = ["", "junk", "\xc1", "\x80", "\x90"].map((text) => Buffer.from(text, "latin1"));
    const [, answered] = await asked((id) => [
      ...junk,
      whole(Number(id) + 1000),
      encode({ op: "failure", id: null, code: "bad_frame", message: "no", field: "" }),
      encode({ op: "progress", id, fraction: 0.5 }),
      whole(id),
    ]);
    expect(answered).toMatchObject({ answer: "rendered", seed: 7 });
  });

  test("superseded by the server is told as such", async () => {
    const [, answered] = await asked((id) => [
      encode({ op: "failure", id, code: "superseded", message: "a newer one came", field: "" }),
    ]);
    expect(answered).toEqual({
      answer: "failure",
      code: "superseded",
      message: "a newer one came",
    });
  });
});
