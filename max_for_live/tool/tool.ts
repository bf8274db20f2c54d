/** Be a MIDI Tool, whatever it makes: what comes in from its patch, and what is done about it. */

import { later, type Cancel } from "../live/clock.ts";
import { Contact } from "../live/contact.ts";
import { Controls } from "../live/controls.ts";
import { guarded } from "../live/guard.ts";
import { Keeper } from "../live/keeper.ts";
import { Latest } from "../live/latest.ts";
import type { Memory } from "../live/memory.ts";
import { SAY } from "../live/say.ts";
import { Screen } from "../live/screen.ts";
import type { Welcome } from "../wire/talk.ts";
import { Cycle, type Maker } from "./cycle.ts";
import { dictionaryOf, snapshotOf, textOf, type Snapshot } from "./snapshot.ts";
import { Soon } from "./soon.ts";

/** The outlets of the script. */
const OUT = { notes: 0, apply: 1, node: 2, screen: 3, memory: 4 } as const;

/** So long after the last Apply or turn of a dial, the next take is asked for. */
const SETTLED_MS = 300;

export class Tool {
  readonly #soon = new Soon((action) => guarded(this.#screen, action));
  readonly #screen = new Screen(OUT.screen, (send) => {
    this.#soon.do(send);
  });
  readonly #controls = new Controls();
  readonly #contact = new Contact(this.#screen, OUT.node, (welcome) => {
    this.#welcome(welcome);
  });
  readonly #keeper = new Keeper(OUT.memory, () => {
    return { choice: this.#controls.choice, performances: [] };
  });
  readonly #maker: Maker;
  readonly #cycle: Cycle;
  readonly #turned: Latest;
  #dictionary: Dict | undefined;
  #context = "";
  #last: Snapshot | undefined;
  #ahead: Cancel | undefined;
  #memory: Memory | undefined;
  #isWelcomed = false;

  /** @param makerOf Makes what this tool makes, from what its controls say. */
  constructor(makerOf: (controls: Controls) => Maker) {
    this.#maker = makerOf(this.#controls);
    this.#cycle = new Cycle(this.#maker, {
      line: this.#contact,
      screen: this.#screen,
      soon: this.#soon,
      apply: () => {
        outlet(OUT.apply, ["bang"]);
      },
      trouble: () => this.#contact.trouble,
      heard: () => {
        this.#controls.heard();
      },
    });
    this.#turned = new Latest((done) => {
      this.#cycle.goOn();
      done();
    });
  }

  /** Take a message from the patch. */
  receive(message: string, atoms: readonly unknown[]): void {
    guarded(this.#screen, () => {
      this.#take(message, atoms);
    });
  }

  close(): void {
    this.#ahead?.();
    this.#keeper.close();
    this.#contact.close();
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
        this.#contact.take(atoms);
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
    if (!this.#contact.isOpen) {
      this.#contact.open();
      this.#recall();
    }
  }

  #begin(): void {
    if (this.#contact.isOpen) {
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
      return this.#rescue() ?? dictionary;
    }
  }

  #rescue(): string | undefined {
    const { rescue } = this.#maker;
    if (rescue) {
      this.#soon.do(() => {
        this.#screen.say(SAY.standsIn(SAY.fault));
      });
    }
    return rescue && this.#write(rescue);
  }

  #notesFor(snapshot: Snapshot): ReturnType<Cycle["answer"]> {
    this.#drawIfNew();
    this.#last = snapshot;
    const notes = this.#cycle.answer(snapshot, this.#controls.seed);
    this.#lookAhead();
    return notes;
  }

  #write(notes: ReturnType<Cycle["answer"]>): string {
    this.#dictionary ??= new Dict();
    return dictionaryOf(this.#dictionary, notes);
  }

  /** Draw another seed for something new; the first is the one that the tool was opened with. */
  #drawIfNew(): void {
    if (this.#last && this.#cycle.isNew) {
      this.#controls.draw(this.#screen);
      this.#soon.do(() => {
        this.#keeper.remember();
      });
    }
  }

  /** Ask ahead for what the next Apply will want, if that can be known. */
  #lookAhead(): void {
    this.#ahead?.();
    if (this.#maker.isAhead) {
      this.#ahead = later(SETTLED_MS, () => {
        const { isLocked, seed, upcoming } = this.#controls;
        if (this.#last && this.#cycle.isNew && this.#contact.isReady) {
          this.#cycle.prepare(this.#last, isLocked ? seed : upcoming);
        }
      });
    }
  }

  /** Values that a set restores as it is loaded come before the server is there, and are no turns. */
  #turn(name: string, value: number): void {
    if (this.#isChanged(name, value) && this.#contact.isReady) {
      this.#keeper.remember();
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
        this.#controls.chooseEngine(value, this.#screen);
        return true;
      case "lock":
        this.#controls.set(name, value);
        return false;
      default:
        return this.#controls.set(name, value);
    }
  }

  #restore(texts: readonly unknown[]): void {
    const memory = this.#keeper.recall(texts);
    if (memory && !this.#isWelcomed) {
      this.#memory = memory;
      this.#recall();
    }
  }

  /** Let what the set remembers take the place of what the controls say as they are loaded. */
  #recall(): void {
    if (this.#contact.isOpen && this.#memory) {
      this.#controls.restore(this.#memory.choice, this.#screen);
    }
  }

  #welcome(welcome: Welcome): void {
    this.#isWelcomed = true;
    this.#controls.welcome(welcome, this.#screen);
    this.#lookAhead();
  }
}
