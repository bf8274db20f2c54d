/** Be a MIDI Tool, whatever it makes: what comes in from its patch, and what is done about it. */

import { later, type Cancel } from "../live/clock.ts";
import { Controls } from "../live/controls.ts";
import { Latest } from "../live/latest.ts";
import { Link } from "../live/link.ts";
import { recalled, remembered, type Memory } from "../live/memory.ts";
import { Refusal, SAY } from "../live/say.ts";
import { Screen } from "../live/screen.ts";
import { sentence } from "../wire/state.ts";
import type { StateAnswer } from "../wire/talk.ts";
import { Cycle, type Maker } from "./cycle.ts";
import { dictionaryOf, snapshotOf, textOf, type Snapshot } from "./snapshot.ts";
import { Soon } from "./soon.ts";

/** The outlets of the script. */
const OUT = { notes: 0, apply: 1, node: 2, screen: 3, memory: 4 } as const;

/** Node for Max needs about a second to start; after this long it does not start at all. */
const NODE_STARTS_MS = 20_000;

/** So long after the last turn of a dial or the last Apply, nothing is turned or pressed any more. */
const SETTLED_MS = 300;

export class Tool {
  readonly #soon = new Soon((action) => {
    this.#guarded(action);
  });
  readonly #screen = new Screen(OUT.screen, (send) => {
    this.#soon.do(send);
  });
  readonly #controls = new Controls();
  readonly #link: Link;
  readonly #maker: Maker;
  readonly #cycle: Cycle;
  readonly #turned: Latest;
  #dictionary: Dict | undefined;
  #context = "";
  #last: Snapshot | undefined;
  #news: StateAnswer | undefined;
  #ahead: Cancel | undefined;
  #settle: Cancel | undefined;
  #isOpen = false;
  #isLate = false;
  #memory: Memory | undefined;
  #written = "";

  /** @param makerOf Makes what this tool makes, from what its controls say. */
  constructor(makerOf: (controls: Controls) => Maker) {
    this.#link = new Link(
      (atoms) => {
        outlet(OUT.node, atoms);
      },
      (news) => {
        this.#hear(news);
      },
    );
    this.#maker = makerOf(this.#controls);
    this.#cycle = new Cycle(this.#maker, {
      link: this.#link,
      screen: this.#screen,
      soon: this.#soon,
      apply: () => {
        outlet(OUT.apply, ["bang"]);
      },
      trouble: () => this.#trouble(),
    });
    this.#turned = new Latest((done) => {
      this.#cycle.goOn();
      done();
    });
  }

  /** Take a message from the patch. */
  receive(message: string, atoms: readonly unknown[]): void {
    this.#guarded(() => {
      this.#take(message, atoms);
    });
  }

  close(): void {
    this.#ahead?.();
    this.#settle?.();
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
        outlet(OUT.notes, ["dictionary", this.#replyTo(String(atoms[1]))]);
        break;
      case "answer":
        this.#link.take(atoms);
        break;
      case "restored":
        this.#restore(atoms);
        break;
      case "apply":
        this.#begin();
        break;
      default:
        this.#turn(message, Number(atoms[0]));
    }
  }

  /** Begin, once: Max says so again when the set is saved. */
  #open(): void {
    if (this.#isOpen) {
      return;
    }
    this.#isOpen = true;
    this.#recall();
    outlet(OUT.node, ["script", "start"]);
    later(NODE_STARTS_MS, () => {
      if (!this.#news) {
        this.#isLate = true;
        this.#screen.say(SAY.noNode);
      }
    });
  }

  #begin(): void {
    if (this.#isOpen) {
      this.#rollIfNew();
      this.#cycle.begin();
    }
  }

  /** Return the dictionary for Live, which waits for it, so that it comes in any case. */
  #replyTo(dictionary: string): string {
    try {
      const snapshot = snapshotOf(textOf(dictionary), this.#context);
      return this.#write(this.#notesFor(snapshot));
    } catch (fault) {
      this.#soon.do(() => {
        throw fault;
      });
      return this.#maker.rescue ? this.#write(this.#maker.rescue) : dictionary;
    }
  }

  #notesFor(snapshot: Snapshot): ReturnType<Cycle["answer"]> {
    this.#rollIfNew();
    this.#last = snapshot;
    const notes = this.#cycle.answer(snapshot, this.#controls.seed);
    this.#lookAhead();
    return notes;
  }

  #write(notes: ReturnType<Cycle["answer"]>): string {
    this.#dictionary ??= new Dict();
    return dictionaryOf(this.#dictionary, notes);
  }

  /** Draw another seed for something new, unless the seed is locked. */
  #rollIfNew(): void {
    if (this.#last && this.#cycle.isComplete && !this.#controls.isLocked) {
      this.#controls.roll(this.#screen);
      this.#remember();
    }
  }

  /** Ask ahead for what the next Apply will want, if that can be known. */
  #lookAhead(): void {
    this.#ahead?.();
    if (this.#maker.isAhead) {
      this.#ahead = later(SETTLED_MS, () => {
        const { isLocked, seed, upcoming } = this.#controls;
        if (this.#last && this.#cycle.isComplete && !this.#trouble()) {
          this.#cycle.prepare(this.#last, isLocked ? seed : upcoming);
        }
      });
    }
  }

  /** Values that a set restores as it is loaded come before the server is there, and are no turns. */
  #turn(name: string, value: number): void {
    if (this.#isChanged(name, value) && this.#news?.state === "ready") {
      this.#remember();
      if (this.#last) {
        this.#turned.want();
      }
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

  /** Let the set remember what the script sets itself, when no dial turns any more. */
  #remember(): void {
    this.#settle?.();
    this.#settle = later(SETTLED_MS, () => {
      const texts = remembered({ choice: this.#controls.choice, performances: [] });
      if (texts.join("") !== this.#written) {
        this.#written = texts.join("");
        outlet(OUT.memory, texts);
      }
    });
  }

  /** Take up what the set has saved. What was just written comes back, too. */
  #restore(texts: readonly unknown[]): void {
    const memory = texts.join("") === this.#written ? undefined : recalled(texts);
    if (memory && !this.#news?.welcome) {
      this.#memory = memory;
      this.#recall();
    }
  }

  /** Let what the set remembers take the place of what the controls say as they are loaded. */
  #recall(): void {
    if (this.#isOpen && this.#memory) {
      this.#controls.restore(this.#memory.choice, this.#screen);
    }
  }

  #hear(news: StateAnswer): void {
    this.#news = news;
    this.#screen.say(news.welcome?.warnings[0] ?? sentence(news.state, news.detail));
    if (news.welcome) {
      this.#controls.welcome(news.welcome, this.#screen);
      this.#lookAhead();
    }
  }

  /** Return why no server answers, if that is known. */
  #trouble(): string | undefined {
    if (!this.#news) {
      return this.#isLate ? SAY.noNode : undefined;
    }
    const { state, detail } = this.#news;
    return state === "ready" ? undefined : sentence(state, detail);
  }

  /** Do something; say why not if it is refused, or goes wrong. */
  #guarded(action: () => void): void {
    try {
      action();
    } catch (fault) {
      const isRefused = fault instanceof Refusal;
      this.#screen.say(isRefused ? fault.message : SAY.fault);
      if (!isRefused) {
        error(
          `yuragi: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`,
        );
      }
    }
  }
}
