/** Stay in contact with the server through the Node half, and say how it stands. */

import { sentence, type State } from "../wire/state.ts";
import type { Answer, Ask, StateAnswer, Welcome } from "../wire/talk.ts";
import { later } from "./clock.ts";
import { Link } from "./link.ts";
import { SAY } from "./say.ts";
import type { Screen } from "./screen.ts";

/** Node for Max needs about a second to start; after this long it does not start at all. */
const NODE_STARTS_MS = 20_000;

/** States in which waiting is of no use. */
const HOPELESS: readonly State[] = ["no_server", "start_failed", "wrong_version", "busy_port"];

export class Contact {
  readonly #screen: Screen;
  readonly #outlet: number;
  readonly #onWelcome: (welcome: Welcome) => void;
  readonly #link: Link;
  #news: StateAnswer | undefined;
  #isOpen = false;
  #isLate = false;

  /**
   * @param outlet The script's outlet to Node.
   * @param onWelcome Hears what a server can do, each time that one is found.
   */
  constructor(screen: Screen, outlet: number, onWelcome: (welcome: Welcome) => void) {
    this.#screen = screen;
    this.#outlet = outlet;
    this.#onWelcome = onWelcome;
    this.#link = new Link(
      (atoms) => {
        this.#send(atoms);
      },
      (news) => {
        this.#hear(news);
      },
    );
  }

  /** Whether Live can be asked, and Node was started. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether a server answers. */
  get isReady(): boolean {
    return this.#news?.state === "ready";
  }

  /** Why no server answers, as far as that is known. */
  get trouble(): string | undefined {
    if (!this.#news) {
      return this.#isLate ? SAY.noNode : undefined;
    }
    return this.isReady ? undefined : sentence(this.#news.state, this.#news.detail);
  }

  /** Why nothing is worth asking now; nothing while a server is there or may come soon. */
  get refusal(): string | undefined {
    const isHopeless = this.#news ? HOPELESS.includes(this.#news.state) : this.#isLate;
    return isHopeless ? this.trouble : undefined;
  }

  /** Start Node. */
  open(): void {
    this.#isOpen = true;
    this.#send(["script", "start"]);
    later(NODE_STARTS_MS, () => {
      if (!this.#news) {
        this.#isLate = true;
        this.#screen.say(SAY.noNode);
      }
    });
  }

  ask(ask: Ask, then: (answer: Answer) => void): void {
    this.#link.ask(ask, then);
  }

  /** Take a piece of what Node says. */
  take(atoms: readonly unknown[]): void {
    this.#link.take(atoms);
  }

  /** Wait for nothing any more. */
  close(): void {
    this.#link.close();
  }

  #send(atoms: unknown[]): void {
    outlet(this.#outlet, atoms);
  }

  #hear(news: StateAnswer): void {
    this.#news = news;
    this.#screen.say(news.welcome?.warnings[0] ?? sentence(news.state, news.detail));
    if (news.welcome) {
      this.#onWelcome(news.welcome);
    }
  }
}
