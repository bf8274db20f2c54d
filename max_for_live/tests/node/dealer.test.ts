import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { afterEach, expect, test } from "vitest";

import { Dealer, USUAL_LINE, type Line, type Loss } from "../../node/dealer.ts";
import { LONGEST_MESSAGE, command, greeting, message, ready } from "../../node/zmtp.ts";
import { Ear } from "./ear.ts";
import { listen, route, send, type Peer } from "./peer.ts";

/** What a dealer says: that it is open, why it is not, or the frames of a message. */
type Heard = "open" | { readonly loss: Loss; readonly why: string } | readonly Buffer[];

const closing: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

function dial(port: number, line: Partial<Line> = {}): { dealer: Dealer; ear: Ear<Heard> } {
  const ear = new Ear<Heard>();
  const dealer = new Dealer(
    { ...USUAL_LINE, port, firstWaitMs: 10, ...line },
    {
      onOpen: () => {
        ear.hear("open");
      },
      onLoss: (loss, why) => {
        ear.hear({ loss, why });
      },
      onMessage: ear.hear,
    },
  );
  closing.push(() => {
    dealer.close();
  });
  return { dealer, ear };
}

async function peer(script: (socket: Socket) => void): Promise<Peer> {
  const listening = await listen(script);
  closing.push(() => listening.close());
  return listening;
}

const isOpen = (heard: Heard): boolean => heard === "open";
const isLoss = (heard: Heard): boolean => typeof heard === "object" && "loss" in heard;
const isMessage = (heard: Heard): boolean => Array.isArray(heard);

/** Be a ROUTER that sends back what it gets. */
const echo = route({
  hear(said, socket) {
    if ("message" in said) {
      message(said.message).forEach((piece) => socket.write(piece));
    }
  },
});

test.each([0, 1, 254, 255, 256, 257, 65_535, 65_536, 3_000_000])(
  "a frame of %i bytes comes back as it was",
  async (length) => {
    const { dealer, ear } = dial((await peer(echo)).port);
    const body = Buffer.alloc(length, "yuragi");
    await ear.first(isOpen);
    dealer.send([body]);
    const [frame] = (await ear.first(isMessage)) as Buffer[];
    expect(frame?.equals(body)).toBe(true);
  },
);

test("a message of several frames comes back as it was", async () => {
  const { dealer, ear } = dial((await peer(echo)).port);
  const frames = ["", "one", "x".repeat(300), ""].map((text) => Buffer.from(text));
  await ear.first(isOpen);
  dealer.send(frames);
  expect(await ear.first(isMessage)).toEqual(frames);
});

test("bytes that come one by one are a greeting and messages all the same", async () => {
  const body = Buffer.from("y".repeat(300));
  const bytes = [greeting(), ready("ROUTER"), command("PING", Buffer.alloc(2)), ...message([body])];
  const dribble = async (socket: Socket): Promise<void> => {
    for (const byte of Buffer.concat(bytes)) {
      await new Promise((resolve) => socket.write(Buffer.from([byte]), resolve));
    }
  };
  const { ear } = dial((await peer((socket) => void dribble(socket.setNoDelay()))).port);
  expect(await ear.first(isMessage)).toEqual([body]);
});

test("a PING is answered with its context", async () => {
  const said = new Ear<string>();
  const script = route({
    begin: (socket) => socket.write(command("PING", Buffer.from("\0\x01context"))),
    hear: (heard) => {
      said.hear("command" in heard ? `${heard.command} ${heard.body.toString()}` : "");
    },
  });
  dial((await peer(script)).port);
  expect(await said.first((text) => text.startsWith("PONG"))).toBe("PONG context");
});

test("a peer that answers PINGs with PONGs keeps its line", async () => {
  const pings = new Ear<string>();
  const script = route({
    hear(said, socket) {
      if ("command" in said && said.command === "PING") {
        pings.hear(said.command);
        socket.write(command("PONG"));
      }
    },
  });
  const { ear } = dial((await peer(script)).port, { heartbeatMs: 10 });
  await pings.first(() => pings.all.length > 10);
  expect(ear.all).toEqual(["open"]);
});

test("a line is lost when the peer falls silent", async () => {
  const { ear } = dial((await peer(route({ hear: () => undefined }))).port, { heartbeatMs: 20 });
  expect(await ear.first(isLoss)).toEqual({ loss: "lost", why: "it says nothing for 60 ms" });
});

test("a line that was lost is there again when the peer is", async () => {
  const first = await listen(echo);
  const { dealer, ear } = dial(first.port);
  await ear.first(isOpen);
  await first.close();
  await ear.first((heard) => isLoss(heard) && (heard as { loss: Loss }).loss === "refused");
  const before = ear.all.length;
  const second = await listen(echo, first.port);
  closing.push(() => second.close());
  await ear.first(isOpen, before);
  expect(dealer.send([Buffer.from("again")])).toBe(true);
  expect(await ear.first(isMessage)).toEqual([Buffer.from("again")]);
});

test("where nothing listens, the line is refused", async () => {
  const gone = await listen(echo);
  await gone.close();
  const { dealer, ear } = dial(gone.port);
  expect(await ear.first(isLoss)).toMatchObject({ loss: "refused" });
  expect(dealer.send([Buffer.from("x")])).toBe(false);
});

test("a web server is foreign", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  closing.push(() => server.close());
  await once(server, "listening");
  const { ear } = dial((server.address() as AddressInfo).port);
  expect(await ear.first(isLoss)).toMatchObject({ loss: "foreign" });
});

const withMechanism = (name: string): Buffer => {
  const bytes = greeting();
  bytes.write(`${name}\0`, 12);
  return bytes;
};

const long = (length: bigint): Buffer => {
  const bytes = Buffer.alloc(9);
  bytes[0] = 2;
  bytes.writeBigUInt64BE(length, 1);
  return bytes;
};

const oldGreeting = greeting().fill(2, 10, 11);
const shaken = [greeting(), ready("ROUTER")];

test.each<[string, Loss, Buffer[], string]>([
  ["speaks HTTP", "foreign", [Buffer.from("HTTP/1.1 400\r\n")], "it does not speak ZeroMQ"],
  ["wants CURVE", "foreign", [withMechanism("CURVE")], "it speaks ZMTP 3 by CURVE, allowed are 3"],
  ["speaks ZMTP 2", "foreign", [oldGreeting], "it speaks ZMTP 2 by NULL, allowed are 3 and NULL"],
  ["says nothing", "foreign", [], "it says nothing for 100 ms"],
  ["only greets", "foreign", [greeting()], "it says nothing for 100 ms"],
  ["is a PUB", "foreign", [greeting(), ready("PUB")], "its socket is a PUB, allowed is a ROUTER"],
  ["tells no type", "foreign", [greeting(), command("READY")], "its socket is a , allowed"],
  [
    "cuts its READY short",
    "foreign",
    [greeting(), command("READY", Buffer.from("\x0bSocket"))],
    "its READY is cut short",
  ],
  [
    "speaks before its READY",
    "foreign",
    [greeting(), Buffer.from([0, 1, 120])],
    "a message came before its READY",
  ],
  ["refuses", "foreign", [greeting(), command("ERROR", Buffer.from("\x02no"))], "it refuses: no"],
  ["sends odd flags", "lost", [...shaken, Buffer.from([8, 0])], "the flags 8, which no frame has"],
  ["sends half a command", "lost", [...shaken, Buffer.from([5, 0])], "the flags 5, which no frame"],
  ["sends a nameless command", "lost", [...shaken, Buffer.from([4, 0])], "a command has no name"],
  [
    "sends too long a frame",
    "lost",
    [...shaken, long(BigInt(LONGEST_MESSAGE) + 1n)],
    "a message has 67108865 bytes, allowed are 67108864",
  ],
  [
    "sends a frame of no length at all",
    "lost",
    [...shaken, long(2n ** 64n - 1n)],
    "bytes, allowed are 67108864",
  ],
])("a peer that %s is %s", async (_, loss, bytes, why) => {
  const script = (socket: Socket) => socket.write(Buffer.concat(bytes));
  const { ear } = dial((await peer(script)).port, { handshakeMs: 100 });
  const heard = await ear.first(isLoss);
  expect(heard).toEqual({ loss, why: expect.stringContaining(why) as string });
});

test("a peer that hangs up in the middle of a frame is lost, and its half frame forgotten", async () => {
  let connections = 0;
  const script = route({
    hear: () => undefined,
    begin: (socket) => {
      connections += 1;
      if (connections === 1) {
        socket.end(Buffer.concat(message([Buffer.alloc(1000)])).subarray(0, 500));
      } else {
        send(socket, Buffer.from("whole"));
      }
    },
  });
  const { ear } = dial((await peer(script)).port);
  expect(await ear.first(isLoss)).toEqual({ loss: "lost", why: "it hung up" });
  expect(await ear.first(isMessage)).toEqual([Buffer.from("whole")]);
});

test("a dealer that is closed says nothing more", async () => {
  const listening = await peer(echo);
  const { dealer, ear } = dial(listening.port);
  await ear.first(isOpen);
  dealer.close();
  await listening.close();
  expect(ear.all).toEqual(["open"]);
});
