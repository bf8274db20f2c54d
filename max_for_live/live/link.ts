/** Ask the Node half, and hear its answers: every ask gets exactly one. */

import { Joiner, PieceError, cut, toText, type Piece } from "../wire/piece.ts";
import type { Answer, Ask, StateAnswer } from "../wire/talk.ts";
import { later, type Cancel } from "./clock.ts";

/** Node gives up after a minute; who has not answered then is not there. */
const PATIENCE_MS = 65_000;

interface Open {
  readonly then: (answer: Answer) => void;
  readonly patience: Cancel;
}

/** Where questions can be asked. */
export interface Line {
  ask(ask: Ask, then: (answer: Answer) => void): void;
}

export class Link implements Line {
  readonly #send: (atoms: unknown[]) => void;
  readonly #onNews: (news: StateAnswer) => void;
  readonly #joiner = new Joiner();
  readonly #open = new Map<number, Open>();
  /** What waits for Node to speak first: Max drops what is sent to a script that is not ready. */
  #early: Map<number, Piece[]> | undefined = new Map<number, Piece[]>();
  #last = 0;

  /**
   * @param send Takes the atoms of a message to Node.
   * @param onNews Hears how it stands with the server, whenever that changes.
   */
  constructor(send: (atoms: unknown[]) => void, onNews: (news: StateAnswer) => void) {
    this.#send = send;
    this.#onNews = onNews;
  }

  ask(ask: Ask, then: (answer: Answer) => void): void {
    const id = (this.#last += 1);
    const patience = later(PATIENCE_MS, () => {
      const message = "Node for Max does not answer: remove the device and add it again.";
      this.#settle(id, { answer: "failure", code: "silent", message });
    });
    this.#open.set(id, { then, patience });
    const pieces = cut(id, toText(ask));
    if (this.#early) {
      this.#early.set(id, pieces);
    } else {
      this.#pass(pieces);
    }
  }

  /** Take a piece of an answer; what is none of ours is left out with a line in the console. */
  take(atoms: readonly unknown[]): void {
    try {
      const whole = this.#joiner.take(atoms);
      if (whole) {
        this.#hear(whole.id, JSON.parse(whole.text) as Answer);
      }
    } catch (fault) {
      if (!(fault instanceof PieceError) && !(fault instanceof SyntaxError)) {
        throw fault;
      }
      error(`yuragi: an answer of Node is left out: ${fault.message}\n`);
    }
  }

  /** Wait for nothing any more. */
  close(): void {
    for (const { patience } of this.#open.values()) {
      patience();
    }
    this.#open.clear();
  }

  #pass(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      this.#send(["ask", ...piece]);
    }
  }

  #hear(id: number, answer: Answer): void {
    const early = this.#early;
    this.#early = undefined;
    early?.forEach((pieces) => {
      this.#pass(pieces);
    });
    if (answer.answer === "state") {
      this.#onNews(answer);
    }
    this.#settle(id, answer);
  }

  #settle(id: number, answer: Answer): void {
    const open = this.#open.get(id);
    if (open) {
      this.#open.delete(id);
      // what nobody waits for any more is not asked late
      this.#early?.delete(id);
      open.patience();
      open.then(answer);
    }
  }
}
