/**
 * Ask the server for clips: count the requests, keep them until they are answered, know how it is.
 *
 * What is under way when the line is lost is sent again on the next one, with the same id and seed.
 */

import { sentence, type State } from "../wire/state.ts";
import type { Answer, RenderAsk, StateAnswer, Welcome } from "../wire/talk.ts";
import { messageOf } from "./check.ts";
import { essence } from "./clip.ts";
import { Dealer, type Line, type Loss } from "./dealer.ts";
import {
  PROTOCOL,
  helloFrame,
  idIn,
  pingFrame,
  readReply,
  renderFrame,
  type Received,
} from "./message.ts";

/** How long to wait for what, in milliseconds. */
export interface Patience {
  readonly renderMs: number;
  readonly helloMs: number;
  /** A server that leaves when nobody speaks to it stays while it is pinged. */
  readonly pingMs: number;
}

export const USUAL_PATIENCE: Patience = { renderMs: 60_000, helloMs: 5_000, pingMs: 5_000 };

/** What there is to say of a server that is being started, or cannot be. */
export interface Standing {
  readonly state: State & ("starting" | "start_failed" | "no_server");
  readonly detail: string;
}

/** Who starts the server where none listens. */
export interface Starter {
  /** Start it, unless that was just done; return how it stands, undefined if nothing is new. */
  start(): Standing | undefined;
  /** Learn that the server answers. */
  served(): void;
}

/** Who is told of the client's news. */
export interface Listener {
  onState(state: StateAnswer): void;
  /** What a developer should read, as a sentence. */
  onTrouble(text: string): void;
}

/** So many pings in a row may stay unanswered before the line counts as lost. */
const UNANSWERED = 3;

/** At most so many requests may be under way. */
const MOST_REQUESTS = 16;

/** A port belongs to another program if that is found so often: once, a server may just be leaving. */
const FOREIGN = 2;

interface Request {
  readonly frame: Uint8Array;
  readonly slot: string;
  readonly settle: (answer: Answer) => void;
  readonly timeout: NodeJS.Timeout;
}

/** Be the client of one server, from now until it is closed. */
export class Client {
  readonly #port: string;
  readonly #patience: Patience;
  readonly #starter: Starter;
  readonly #listener: Listener;
  readonly #dealer: Dealer;
  readonly #requests = new Map<number, Request>();
  #state: StateAnswer;
  #lastId = 0;
  #helloId: number | undefined;
  #foreign = 0;
  #unanswered = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(line: Line, patience: Patience, starter: Starter, listener: Listener) {
    this.#port = String(line.port);
    this.#patience = patience;
    this.#starter = starter;
    this.#listener = listener;
    this.#state = { answer: "state", state: "searching", detail: this.#port };
    this.#dealer = new Dealer(line, {
      onOpen: () => {
        this.#greet();
      },
      onMessage: (frames) => {
        this.#receive(frames);
      },
      onLoss: (loss, why) => {
        this.#lose(loss, why);
      },
    });
  }

  /** How it stands with the server. */
  get state(): StateAnswer {
    return this.#state;
  }

  /** Return the answer to a request, which is a failure if none comes in time. */
  render(ask: RenderAsk): Promise<Answer> {
    if (this.#state.state === "wrong_version") {
      return Promise.resolve(this.#refusal("version"));
    }
    this.#supersede(ask.slot ?? "");
    if (this.#requests.size >= MOST_REQUESTS) {
      const message = `${MOST_REQUESTS} requests are under way, allowed are no more: ask again later`;
      return Promise.resolve({ answer: "failure", code: "busy", message });
    }
    return new Promise((settle) => {
      this.#ask(ask, settle);
    });
  }

  /** Hang up for good; what is under way is answered with a failure. */
  close(): void {
    clearTimeout(this.#timer);
    this.#dealer.close();
    this.#giveUp({ answer: "failure", code: "cancelled", message: "the device is closed" });
  }

  #ask(ask: RenderAsk, settle: (answer: Answer) => void): void {
    const id = this.#nextId();
    const { renderMs } = this.#patience;
    const timeout = setTimeout(() => {
      this.#settle(id, this.#refusal("deadline", `no answer came in ${renderMs / 1000} s`));
    }, renderMs);
    const frame = renderFrame(id, ask, renderMs);
    this.#requests.set(id, { frame, slot: ask.slot ?? "", settle, timeout });
    if (this.#state.state === "ready") {
      this.#dealer.send([frame]);
    }
  }

  /** Answer what waits for a line in a slot that is asked for anew; else, the server does it. */
  #supersede(slot: string): void {
    if (slot === "" || this.#state.state === "ready") {
      return;
    }
    const message = "a newer request came for its slot";
    for (const [id, request] of this.#requests) {
      if (request.slot === slot) {
        this.#settle(id, { answer: "failure", code: "superseded", message });
      }
    }
  }

  #greet(): void {
    const id = this.#nextId();
    this.#helloId = id;
    this.#dealer.send([helloFrame(id)]);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#dealer.drop("foreign", "it does not answer hello");
    }, this.#patience.helloMs);
  }

  #receive(frames: readonly Buffer[]): void {
    this.#unanswered = 0;
    // a reply is one frame; what else comes is none, and told as such
    const frame = frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames);
    try {
      this.#take(readReply(frame));
    } catch (error) {
      const message = `the server's reply cannot be read: ${messageOf(error)}`;
      this.#listener.onTrouble(message);
      this.#settle(idIn(frame), { answer: "failure", code: "bad_reply", message });
    }
  }

  #take(reply: Received): void {
    if (reply.id === this.#helloId) {
      this.#meet(reply);
    } else if (reply.op === "rendered") {
      const { clip, seed, timings, warnings } = reply;
      const answer = { answer: "rendered", clip: essence(clip), seed, timings, warnings } as const;
      this.#settle(reply.id, answer);
    } else if (reply.op === "failure") {
      const { code, message } = reply;
      this.#settle(reply.id, { answer: "failure", code, message });
    }
  }

  /** Take the answer to hello. */
  #meet(reply: Received): void {
    this.#helloId = undefined;
    clearTimeout(this.#timer);
    if (reply.op === "welcome" && reply.protocol === PROTOCOL) {
      this.#begin(reply.welcome);
    } else if (reply.op === "welcome" || (reply.op === "failure" && reply.code === "version")) {
      this.#say("wrong_version", reply.op === "welcome" ? reply.welcome.version : "unknown");
      this.#giveUp(this.#refusal("version"));
    } else {
      this.#dealer.drop("foreign", `it answers hello with ${reply.op}`);
    }
  }

  #begin(welcome: Welcome): void {
    this.#starter.served();
    this.#say("ready", welcome.version, welcome);
    for (const { frame } of this.#requests.values()) {
      this.#dealer.send([frame]);
    }
    this.#timer = setInterval(() => {
      this.#ping();
    }, this.#patience.pingMs);
  }

  #ping(): void {
    if (this.#unanswered >= UNANSWERED) {
      this.#dealer.drop("lost", `it left ${UNANSWERED} pings unanswered`);
    } else {
      this.#unanswered += 1;
      this.#dealer.send([pingFrame(this.#nextId())]);
    }
  }

  #lose(loss: Loss, why: string): void {
    clearTimeout(this.#timer);
    this.#unanswered = 0;
    this.#foreign = loss === "foreign" ? this.#foreign + 1 : 0;
    if (loss === "refused") {
      const standing = this.#starter.start();
      this.#say(standing?.state ?? this.#state.state, standing?.detail ?? this.#state.detail);
    } else if (this.#foreign >= FOREIGN) {
      this.#say("busy_port", this.#port);
    } else if (this.#state.state === "ready" || this.#state.state === "wrong_version") {
      this.#say("lost", "");
      this.#listener.onTrouble(`The line to the yuragi server is lost: ${why}.`);
    }
  }

  #say(state: State, detail: string, welcome?: Welcome): void {
    if (state !== this.#state.state || detail !== this.#state.detail) {
      this.#state = { answer: "state", state, detail, ...(welcome && { welcome }) };
      this.#listener.onState(this.#state);
    }
  }

  #refusal(code: string, why?: string): Answer {
    const { state, detail } = this.#state;
    const said =
      why && state === "ready" ? [why] : [...(why ? [why] : []), sentence(state, detail)];
    return { answer: "failure", code, message: said.join(": ") };
  }

  #settle(id: number | null | undefined, answer: Answer): void {
    const request = this.#requests.get(id ?? 0);
    if (request) {
      this.#requests.delete(id ?? 0);
      clearTimeout(request.timeout);
      request.settle(answer);
    }
  }

  #giveUp(answer: Answer): void {
    for (const id of this.#requests.keys()) {
      this.#settle(id, answer);
    }
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
