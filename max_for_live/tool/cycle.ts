/**
 * Answer Live at once, and again when the server has answered.
 *
 * Live wants the notes of a MIDI Tool while it waits, which no server can promise. So the first answer
 * is what is known: a result that is there already, or the notes as they are. The server's answer is
 * kept under what it was asked for, and Live is asked to apply the tool again: it hands out the same
 * notes, and now the answer is there. If anything else has happened meanwhile, the notes or the
 * settings are not the same, and the answer is never written.
 */

import { later } from "../live/clock.ts";
import { renderedClip } from "../live/humanize.ts";
import type { Link } from "../live/link.ts";
import { Refusal, SAY } from "../live/say.ts";
import type { Screen } from "../live/screen.ts";
import type { Clip } from "../wire/note.ts";
import type { RenderAsk } from "../wire/talk.ts";
import type { Snapshot, ToolNote } from "./snapshot.ts";

/** What a tool makes of the notes that Live hands out. */
export interface Maker {
  /** Whether a next result can be asked for before it is wanted. */
  readonly isAhead: boolean;
  /** Return all that a result depends on: equal texts, equal results. */
  key(snapshot: Snapshot, seed: number): string;
  ask(snapshot: Snapshot, seed: number): RenderAsk;
  /** Return the notes of a result for the snapshot that it was asked for. */
  notes(result: Clip, snapshot: Snapshot): readonly ToolNote[];
  /** Return what is written until the server has answered. */
  meanwhile(snapshot: Snapshot): readonly ToolNote[];
}

/** So many results are kept. */
const KEPT = 16;

/** If Live does not apply the tool again within this time, the user is to do it. */
const APPLIES_MS = 1_000;

export class Cycle {
  readonly #maker: Maker;
  readonly #link: Link;
  readonly #screen: Screen;
  readonly #apply: () => void;
  readonly #results = new Map<string, Clip>();
  readonly #asked = new Set<string>();
  #newest = "";
  #isComplete = true;
  #isApplying = false;
  #last: { readonly text: string; readonly notes: readonly ToolNote[] } | undefined;

  /** @param apply Asks Live to hand out its notes once more. */
  constructor(maker: Maker, link: Link, screen: Screen, apply: () => void) {
    this.#maker = maker;
    this.#link = link;
    this.#screen = screen;
    this.#apply = apply;
  }

  /** Whether what the user applies now is something new, not the rest of what was begun. */
  get isComplete(): boolean {
    return this.#isComplete && !this.#isApplying;
  }

  /** Return the notes to answer Live with now. */
  answer(snapshot: Snapshot, seed: number): readonly ToolNote[] {
    const key = this.#maker.key(snapshot, seed);
    const result = this.#results.get(key);
    const notes = result && this.#maker.notes(result, snapshot);
    this.#newest = key;
    this.#isApplying = false;
    this.#isComplete = notes !== undefined;
    this.#screen.say(notes ? SAY.applied(notes.length) : SAY.meanwhile);
    const given = notes ?? this.#known(snapshot) ?? this.#maker.meanwhile(snapshot);
    this.#last = { text: snapshot.text, notes: given };
    this.prepare(snapshot, seed);
    return given;
  }

  /** Ask for a result, if it is not there yet. */
  prepare(snapshot: Snapshot, seed: number): void {
    const key = this.#maker.key(snapshot, seed);
    if (this.#asked.has(key) || this.#results.has(key)) {
      return;
    }
    this.#asked.add(key);
    // Live must have its answer before anything else is sent
    later(0, () => {
      this.#askFor(key, this.#maker.ask(snapshot, seed));
    });
  }

  /** Ask Live to hand out its notes again; say so if it does not. */
  applyAgain(): void {
    this.#isApplying = true;
    this.#apply();
    later(APPLIES_MS, () => {
      if (this.#isApplying) {
        this.#screen.say(SAY.pressApply);
      }
    });
  }

  /** Return what the same notes were answered with before. */
  #known(snapshot: Snapshot): readonly ToolNote[] | undefined {
    return this.#last?.text === snapshot.text ? this.#last.notes : undefined;
  }

  #askFor(key: string, ask: RenderAsk): void {
    this.#link.ask(ask, (answer) => {
      this.#asked.delete(key);
      try {
        this.#keep(key, renderedClip(answer));
      } catch (fault) {
        if (!(fault instanceof Refusal)) {
          throw fault;
        }
        this.#refuse(key, fault.message);
      }
    });
  }

  #keep(key: string, result: Clip): void {
    this.#results.set(key, result);
    const oldest = this.#results.keys().next().value;
    if (this.#results.size > KEPT && oldest !== undefined) {
      this.#results.delete(oldest);
    }
    if (key === this.#newest && !this.#isComplete) {
      this.applyAgain();
    }
  }

  #refuse(key: string, sentence: string): void {
    if (key === this.#newest) {
      this.#isComplete = true;
      this.#screen.say(sentence);
    }
  }
}
