/**
 * Answer Live at once, and again when the server has answered.
 *
 * Live wants the notes of a MIDI Tool while it waits, which no server can promise. So the first answer
 * is what is known: a result that is there already, or the notes as they are. The server's answer is
 * kept under what it was asked for, and Live is asked to apply the tool again: it hands out the same
 * notes, and now the answer is there. If the user has done anything else meanwhile, the clip, the notes
 * or the settings are not the same, and the answer is never written.
 */

import { later } from "../live/clock.ts";
import { renderedClip } from "../live/humanize.ts";
import type { Line } from "../live/link.ts";
import { Refusal, SAY } from "../live/say.ts";
import type { Screen } from "../live/screen.ts";
import type { Clip } from "../wire/note.ts";
import type { Answer, RenderAsk } from "../wire/talk.ts";
import { traceOf } from "./shown.ts";
import type { Snapshot, ToolNote } from "./snapshot.ts";
import type { Soon } from "./soon.ts";

/** What to ask for, and what its result is made into. */
export interface Order {
  readonly ask: RenderAsk & { readonly slot: string };
  /** @throws {Refusal} The result cannot be used. */
  readonly notes: (result: Clip) => readonly ToolNote[];
}

/** What a tool makes of the notes that Live hands out. */
export interface Maker {
  /** Whether a next result can be asked for before it is wanted. */
  readonly isAhead: boolean;
  /** What is written if all goes wrong; the notes as they came where this is nothing. */
  readonly rescue: readonly ToolNote[] | undefined;
  /** Return all that a result depends on: equal texts, equal results. */
  key(snapshot: Snapshot, seed: number): string;
  order(snapshot: Snapshot, seed: number): Order;
  /** Return a result where the snapshot wants it. */
  placed(notes: readonly ToolNote[], snapshot: Snapshot): readonly ToolNote[];
  /** Return what is written until the server has answered. */
  meanwhile(snapshot: Snapshot): readonly ToolNote[];
  /** Return what leaves the clip as it is. */
  untouched(snapshot: Snapshot): readonly ToolNote[];
}

/** What a cycle speaks to. */
export interface Rim {
  readonly line: Line;
  readonly screen: Screen;
  readonly soon: Soon;
  /** Ask Live to hand out its notes. */
  readonly apply: () => void;
  /** Say why no server answers, if that is known. */
  readonly trouble: () => string | undefined;
}

/** So many results are kept. */
const KEPT = 16;

/** If Live does not apply the tool within this time, it does not at all. */
const APPLIES_MS = 1_000;

/** What Live was asked to hand out, and for which result, as far as that is known. */
interface Awaited {
  readonly text?: string;
  readonly key?: string;
}

export class Cycle {
  readonly #maker: Maker;
  readonly #rim: Rim;
  readonly #results = new Map<string, readonly ToolNote[]>();
  /** The last of what is asked for and not answered yet, by its slot. */
  readonly #asked = new Map<string, { readonly key: string }>();
  #newest = "";
  #isComplete = true;
  #awaited: Awaited | undefined;
  #last: { readonly text: string; readonly notes: readonly ToolNote[] } | undefined;
  /** The clip as it was left; nothing if nobody has looked since. */
  #trace: string | undefined;

  constructor(maker: Maker, rim: Rim) {
    this.#maker = maker;
    this.#rim = rim;
  }

  /** Whether what the user applies now is something new, not the rest of what was begun. */
  get isComplete(): boolean {
    return this.#isComplete && !this.#awaited;
  }

  /** Return the notes to answer Live with now. */
  answer(snapshot: Snapshot, seed: number): readonly ToolNote[] {
    const { text = snapshot.text, key } = this.#awaited ?? {};
    this.#awaited = undefined;
    if (text !== snapshot.text) {
      return this.#leave(snapshot);
    }
    // while a dial turns, what has come is heard although the dial is elsewhere by now
    return this.#play(snapshot, seed, key ?? this.#maker.key(snapshot, seed));
  }

  /** Ask for a result, if it is not there yet. */
  prepare(snapshot: Snapshot, seed: number): void {
    this.#rim.soon.do(() => {
      const key = this.#maker.key(snapshot, seed);
      const isAsked = [...this.#asked.values()].some((asked) => asked.key === key);
      if (!isAsked && !this.#results.has(key)) {
        this.#askFor(key, this.#maker.order(snapshot, seed));
      }
    });
  }

  /** Let Live hand out what the user has selected now. */
  begin(): void {
    this.#await({}, SAY.noNotes);
  }

  /** Let Live hand out the same notes again, if the clip is still as it was left. */
  goOn(key?: string): void {
    if (this.#last && (this.#trace ?? traceOf()) === traceOf()) {
      const { text } = this.#last;
      this.#await(key === undefined ? { text } : { text, key }, SAY.pressApply);
    } else {
      this.#rim.screen.say(SAY.elsewhere);
    }
  }

  #play(snapshot: Snapshot, seed: number, key: string): readonly ToolNote[] {
    const made = this.#results.get(key);
    const notes = made
      ? this.#maker.placed(made, snapshot)
      : (this.#known(snapshot) ?? this.#maker.meanwhile(snapshot));
    this.#newest = key;
    this.#isComplete = made !== undefined;
    this.#remember(snapshot.text, notes);
    const waiting = this.#rim.trouble() ?? SAY.meanwhile;
    this.#rim.screen.say(made ? SAY.applied(notes.length) : waiting);
    if (!made) {
      this.prepare(snapshot, seed);
    }
    return notes;
  }

  /** Live has begun anew though it was to go on: the user has selected something else. */
  #leave(snapshot: Snapshot): readonly ToolNote[] {
    this.#isComplete = true;
    this.#last = undefined;
    this.#rim.screen.say(SAY.elsewhere);
    return this.#maker.untouched(snapshot);
  }

  #remember(text: string, notes: readonly ToolNote[]): void {
    this.#last = { text, notes };
    this.#trace = undefined;
    // the clip is as it was left only when Live has taken the answer
    this.#rim.soon.do(() => {
      this.#trace ??= traceOf();
    });
  }

  /** Return what the same notes were answered with before, while that is what the clip holds. */
  #known(snapshot: Snapshot): readonly ToolNote[] | undefined {
    const isSame = this.#last?.text === snapshot.text && this.#trace === traceOf();
    return isSame ? this.#last?.notes : undefined;
  }

  #await(awaited: Awaited, ifNot: string): void {
    this.#awaited = awaited;
    this.#rim.apply();
    later(APPLIES_MS, () => {
      if (this.#awaited === awaited) {
        this.#rim.screen.say(ifNot);
      }
    });
  }

  #askFor(key: string, { ask, notes }: Order): void {
    const asked = { key };
    this.#asked.set(ask.slot, asked);
    this.#rim.line.ask(ask, (answer) => {
      const isLast = this.#asked.get(ask.slot) === asked;
      if (isLast) {
        this.#asked.delete(ask.slot);
      }
      // one that a newer ask has taken the place of is of no use
      if (isLast || answer.answer === "rendered") {
        this.#take(key, answer, notes);
      }
    });
  }

  #take(key: string, answer: Answer, notes: Order["notes"]): void {
    try {
      this.#keep(key, notes(renderedClip(answer)));
    } catch (fault) {
      if (!(fault instanceof Refusal)) {
        throw fault;
      }
      this.#refuse(key, fault.message);
    }
  }

  #keep(key: string, notes: readonly ToolNote[]): void {
    this.#results.set(key, notes);
    const oldest = this.#results.keys().next().value;
    if (this.#results.size > KEPT && oldest !== undefined) {
      this.#results.delete(oldest);
    }
    if (key === this.#newest && !this.#isComplete) {
      this.goOn(key);
    }
  }

  #refuse(key: string, sentence: string): void {
    if (key === this.#newest && !this.#isComplete) {
      this.#isComplete = true;
      this.#rim.screen.say(sentence);
    }
  }
}
