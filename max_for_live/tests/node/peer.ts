/** Be a server that does what no good one does: a TCP peer with a script, or a ROUTER with faults. */

import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";

import { decode, encode } from "@msgpack/msgpack";

import { readMap, type Fields } from "../../node/check.ts";
import { Incoming, command, greeting, message, ready, type Said } from "../../node/zmtp.ts";

/** A peer that listens on a port of its own until it is closed. */
export interface Peer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listen, and hand each connection to a script. */
export async function listen(script: (socket: Socket) => void, port = 0): Promise<Peer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    script(socket);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}

/** What a ROUTER does with one connection. */
export interface Router {
  /** Take a command or a message of the other side. */
  hear(said: Said, socket: Socket): void;
  /** Say something as soon as hands are shaken. */
  begin?(socket: Socket): void;
  readonly socketType?: string;
}

/** Be a ROUTER: greet, shake hands, then do as its script says. */
export function route(router: Router): (socket: Socket) => void {
  return (socket) => {
    const incoming = new Incoming();
    let isGreeted = false;
    socket.write(greeting());
    socket.on("data", (bytes) => {
      incoming.push(bytes);
      if (!isGreeted && (isGreeted = incoming.isGreeted())) {
        socket.write(ready(router.socketType ?? "ROUTER"));
        router.begin?.(socket);
      }
      for (let said = isGreeted && incoming.next(); said; said = incoming.next()) {
        router.hear(said, socket);
      }
    });
  };
}

/** Be a ROUTER that answers requests with the frames that a function gives. */
export function answer(replies: (request: Fields) => readonly Uint8Array[]): (s: Socket) => void {
  return route({
    hear(said, socket) {
      if ("command" in said) {
        // every command of these tests but the first READY is a PING
        socket.write(command("PONG", said.body.subarray(2)));
        return;
      }
      const request = readMap(decode(said.message[0] ?? []), "a request");
      replies(request).forEach((frame) => {
        send(socket, frame);
      });
    },
  });
}

/** Return the frame of a welcome. */
export function welcome(id: unknown, protocol = 1, version = "0.1.0"): Uint8Array {
  return encode({ op: "welcome", id, protocol, version, engines: [], presets: [] });
}

/** Send a message of one frame. */
export function send(socket: Socket, frame: Uint8Array): void {
  for (const piece of message([frame])) {
    socket.write(piece);
  }
}
