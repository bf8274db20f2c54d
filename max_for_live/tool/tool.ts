/** Be a MIDI Tool, whatever it makes: what comes in from its patch, and what is done about it. */

import { later } from "../live/clock.ts";
import { Controls } from "../live/controls.ts";
import { Latest } from "../live/latest.ts";
import { Link } from "../live/link.ts";
import { Refusal, SAY } from "../live/say.ts";
import { Screen } from "../live/screen.ts";
import { sentence } from "../wire/state.ts";
import type { StateAnswer } from "../wire/talk.ts";
import { Cycle, type Maker } from "./cycle.ts";
import { dictionaryOf, snapshotOf, textOf, type Snapshot } from "./snapshot.ts";

/** The outlets of the script. */
const OUT = { notes: 0, apply: 1, node: 2, screen: 3 } as const;

/** Node for Max needs about a second to start; after this long it does not start at all. */
const NODE_STARTS_MS = 20_000;

export class Tool {
  readonly #screen = new Screen(OUT.screen);
  readonly #controls: Controls;
  readonly #link: Link;
  readonly #maker: Maker;
  readonly #cycle: Cycle;
  readonly #turned: Latest;
  #dictionary: Dict | undefined;
  #context = "";
  #last: Snapshot | undefined;
  #news: StateAnswer | undefined;

  /** @param makerOf Makes what this tool makes, from what its controls say. */
  constructor(makerOf: (controls: Controls) => Maker) {
    this.#controls = new Controls();
    this.#link = new Link(
      (atoms) => {
        outlet(OUT.node, atoms);
      },
      (news) => {
        this.#hear(news);
      },
    );
    this.#maker = makerOf(this.#controls);
    this.#cycle = new Cycle(this.#maker, this.#link, this.#screen, () => {
      outlet(OUT.apply, ["bang"]);
    });
    this.#turned = new Latest((done) => {
      this.#cycle.applyAgain();
      done();
    });
  }

  /** Take a message from the patch. */
  receive(message: string, atoms: readonly unknown[]): void {
    try {
      this.#take(message, atoms);
    } catch (fault) {
      if (!(fault instanceof Refusal)) {
        this.#screen.say(SAY.fault);
        throw fault;
      }
      this.#screen.say(fault.message);
    }
  }

  close(): void {
    this.#link.close();
  }

  #take(message: string, atoms: readonly unknown[]): void {
    switch (message) {
      case "bang":
        this.#open();
        break;
      case "context":
        this.#context = textOf(String(atoms[1]));
        break;
      case "notes":
        this.#answer(String(atoms[1]));
        break;
      case "answer":
        this.#link.take(atoms);
        break;
      case "apply":
        this.#roll();
        this.#cycle.applyAgain();
        break;
      default:
        this.#turn(message, Number(atoms[0]));
    }
  }

  #open(): void {
    outlet(OUT.node, ["script", "start"]);
    later(NODE_STARTS_MS, () => {
      if (!this.#news) {
        this.#screen.say(SAY.noNode);
      }
    });
  }

  /** Live waits for this answer, so it comes first and in any case. */
  #answer(dictionary: string): void {
    const snapshot = snapshotOf(textOf(dictionary), this.#context);
    if (this.#cycle.isComplete && this.#last) {
      this.#roll();
    }
    this.#last = snapshot;
    const notes = this.#cycle.answer(snapshot, this.#controls.seed);
    this.#dictionary ??= new Dict();
    outlet(OUT.notes, ["dictionary", dictionaryOf(this.#dictionary, notes)]);
    this.#prepare(snapshot);
  }

  /** Draw another seed, unless it is locked. */
  #roll(): void {
    if (!this.#controls.isLocked) {
      this.#controls.roll(this.#screen);
    }
  }

  /** Ask ahead for what the next Apply will want, if that can be known. */
  #prepare(snapshot: Snapshot): void {
    if (this.#maker.isAhead) {
      const { isLocked, seed, upcoming } = this.#controls;
      this.#cycle.prepare(snapshot, isLocked ? seed : upcoming);
    }
  }

  #turn(name: string, value: number): void {
    if (this.#isChanged(name, value) && this.#news?.state === "ready" && this.#last) {
      this.#turned.want();
    }
  }

  #isChanged(name: string, value: number): boolean {
    switch (name) {
      case "dice":
        this.#controls.roll(this.#screen);
        return true;
      case "preset":
        return this.#controls.choosePreset(value);
      case "engine":
        this.#controls.chooseGenerator(value, this.#screen);
        return true;
      case "lock":
        this.#controls.set(name, value);
        return false;
      default:
        return this.#controls.set(name, value);
    }
  }

  #hear(news: StateAnswer): void {
    this.#news = news;
    this.#screen.say(news.welcome?.warnings[0] ?? sentence(news.state, news.detail));
    if (news.welcome) {
      this.#controls.welcome(news.welcome, this.#screen);
    }
  }
}
