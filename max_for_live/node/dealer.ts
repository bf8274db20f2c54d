/**
 * Hold a line to a server: a ZeroMQ DEALER on a plain socket, which connects again by itself.
 *
 * The wait before the next try doubles up to a limit, so that a server which is not there costs
 * nothing. Nothing waits for a line here: whoever sends keeps what is not answered yet.
 */

import { connect, type Socket } from "node:net";

import { Incoming, ZmtpError, command, greeting, message, ready, socketType } from "./zmtp.ts";

/** Where the server is, and how patient to be. All times are in milliseconds. */
export interface Line {
  readonly port: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  readonly connectMs: number;
  readonly handshakeMs: number;
  readonly heartbeatMs: number;
}

export const USUAL_LINE: Line = {
  port: 5577,
  firstWaitMs: 100,
  longestWaitMs: 1000,
  // Windows tries for some two seconds before it says that nothing listens
  connectMs: 5000,
  handshakeMs: 2000,
  heartbeatMs: 2000,
};

/** Name why there is no line: nothing listens, no ZeroMQ server listens, or it was lost. */
export type Loss = "refused" | "foreign" | "lost";

/** Who is told what happens on the line. */
export interface Listener {
  onOpen(): void;
  /** `why` goes on from "the server": "it hung up". */
  onLoss(loss: Loss, why: string): void;
  onMessage(frames: readonly Buffer[]): void;
}

/** Nothing is encrypted, so the line never leaves this computer. */
const HOST = "127.0.0.1";

/** So many heartbeats may pass in silence before the line counts as lost. */
const SILENT_BEATS = 3;

/** Ask the other side for no time-out of its own: on one computer, the system tells it of our end. */
const NO_PATIENCE = Buffer.alloc(2);

/** Be a DEALER to one server. */
export class Dealer {
  readonly #line: Line;
  readonly #listener: Listener;
  #connection: Connection | undefined;
  #retry: NodeJS.Timeout | undefined;
  #waitMs: number;
  #isClosed = false;

  constructor(line: Line, listener: Listener) {
    this.#line = line;
    this.#listener = listener;
    this.#waitMs = line.firstWaitMs;
    this.#connect();
  }

  /** Send a message; return false if there is no line. */
  send(frames: readonly Uint8Array[]): boolean {
    return this.#connection?.send(message(frames)) ?? false;
  }

  /** Give up the line that there is, and connect again. */
  drop(loss: Loss, why: string): void {
    this.#connection?.end(loss, why);
  }

  /** Hang up for good. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#connection?.end("lost", "this side hung up");
  }

  #connect(): void {
    this.#connection = new Connection(this.#line, {
      onOpen: () => {
        this.#waitMs = this.#line.firstWaitMs;
        this.#listener.onOpen();
      },
      onMessage: (frames) => {
        this.#listener.onMessage(frames);
      },
      onLoss: (loss, why) => {
        this.#reconnect(loss, why);
      },
    });
  }

  #reconnect(loss: Loss, why: string): void {
    if (this.#isClosed) {
      return;
    }
    this.#retry = setTimeout(() => {
      this.#connect();
    }, this.#waitMs);
    this.#waitMs = Math.min(2 * this.#waitMs, this.#line.longestWaitMs);
    this.#listener.onLoss(loss, why);
  }
}

/** Be one connection, from its beginning to its end. */
class Connection {
  readonly #line: Line;
  readonly #listener: Listener;
  readonly #socket: Socket;
  readonly #incoming = new Incoming();
  #patience: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;
  #stage: "greeting" | "handshake" | "open" | "ended" = "greeting";
  #silentBeats = 0;

  constructor(line: Line, listener: Listener) {
    this.#line = line;
    this.#listener = listener;
    this.#wait(line.connectMs, "refused");
    this.#socket = connect({ host: HOST, port: line.port, noDelay: true });
    this.#socket.on("connect", () => {
      this.#wait(line.handshakeMs, "foreign");
      this.#socket.write(greeting());
    });
    this.#socket.on("data", (bytes) => {
      this.#hear(bytes);
    });
    this.#socket.on("error", (error: NodeJS.ErrnoException) => {
      this.end(error.code === "ECONNREFUSED" ? "refused" : this.#loss, error.message);
    });
    this.#socket.on("close", () => {
      this.end(this.#loss, "it hung up");
    });
  }

  send(pieces: readonly Uint8Array[]): boolean {
    if (this.#stage !== "open") {
      return false;
    }
    this.#socket.cork();
    for (const piece of pieces) {
      this.#socket.write(piece);
    }
    this.#socket.uncork();
    return true;
  }

  end(loss: Loss, why: string): void {
    if (this.#stage === "ended") {
      return;
    }
    this.#stage = "ended";
    clearTimeout(this.#patience);
    clearInterval(this.#beat);
    this.#socket.destroy();
    this.#listener.onLoss(loss, why);
  }

  #wait(patienceMs: number, loss: Loss): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      this.end(loss, `it says nothing for ${patienceMs} ms`);
    }, patienceMs);
  }

  /** What it is when the line breaks now: who never shook hands is no ZeroMQ server. */
  get #loss(): Loss {
    return this.#stage === "open" ? "lost" : "foreign";
  }

  #hear(bytes: Buffer): void {
    this.#silentBeats = 0;
    this.#incoming.push(bytes);
    try {
      this.#read();
    } catch (error) {
      if (!(error instanceof ZmtpError)) {
        throw error;
      }
      this.end(this.#loss, error.message);
    }
  }

  #read(): void {
    if (this.#stage === "greeting" && this.#incoming.isGreeted()) {
      this.#stage = "handshake";
      this.#socket.write(ready("DEALER"));
    }
    while (this.#stage === "handshake" || this.#stage === "open") {
      const said = this.#incoming.next();
      if (!said) {
        return;
      }
      if ("command" in said) {
        this.#obey(said.command, said.body);
      } else if (this.#stage === "open") {
        this.#listener.onMessage(said.message);
      } else {
        throw new ZmtpError("a message came before its READY");
      }
    }
  }

  #obey(name: string, body: Buffer): void {
    if (name === "READY") {
      this.#open(socketType(body));
    } else if (name === "PING") {
      // a PING is its sender's patience in two bytes, and a context to be sent back
      this.#socket.write(command("PONG", body.subarray(2)));
    } else if (name === "ERROR") {
      this.end(this.#loss, `it refuses: ${body.toString("utf8", 1)}`);
    }
  }

  #open(theirs: string): void {
    // a system may connect us to ourselves where nobody listens: then the other side is a DEALER
    if (theirs !== "ROUTER") {
      throw new ZmtpError(`its socket is a ${theirs}, allowed is a ROUTER`);
    }
    if (this.#stage === "handshake") {
      this.#stage = "open";
      clearTimeout(this.#patience);
      this.#beat = setInterval(() => {
        this.#tick();
      }, this.#line.heartbeatMs);
      this.#listener.onOpen();
    }
  }

  #tick(): void {
    this.#silentBeats += 1;
    if (this.#silentBeats > SILENT_BEATS) {
      this.end("lost", `it says nothing for ${SILENT_BEATS * this.#line.heartbeatMs} ms`);
    } else {
      this.#socket.write(command("PING", NO_PATIENCE));
    }
  }
}
