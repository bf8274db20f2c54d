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
import type { Clip, Note } from "../wire/note.ts";
import type { Answer, RenderAsk } from "../wire/talk.ts";
import { notesBeside, traceOf } from "./shown.ts";
import type { Snapshot, ToolNote } from "./snapshot.ts";
import type { Soon } from "./soon.ts";

/** What Live has handed out, and the notes beside it in the clip, which are not to change. */
export interface Handout extends Snapshot {
  readonly beside: readonly Note[];
}

/** What to ask for, and what its result is made into. */
export interface Question {
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
  key(handout: Handout, seed: number): string;
  question(handout: Handout, seed: number): Question;
  /** Return a result where the clip wants it now. */
  placed(notes: readonly ToolNote[], handout: Handout): readonly ToolNote[];
  /** Return what leaves the clip as it is. */
  untouched(handout: Handout): readonly ToolNote[];
  /** Return what is written where nothing is, until the server has answered. */
  filler(handout: Handout): readonly ToolNote[];
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
  /** Hear that the seed has done its part. */
  readonly heard: () => void;
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

/** What Live was answered with. */
interface Reply {
  readonly notes: readonly ToolNote[];
  /** Whether it only fills the place of a result, where nothing was. */
  readonly isFiller: boolean;
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
  #last: (Reply & { readonly text: string }) | undefined;
  /** The clip as it was left; nothing if nobody has looked since. */
  #trace: string | undefined;

  constructor(maker: Maker, rim: Rim) {
    this.#maker = maker;
    this.#rim = rim;
  }

  /** Whether what the user applies now is something new, not the rest of what was begun. */
  get isNew(): boolean {
    return this.#isComplete && this.#awaited?.text === undefined;
  }

  /** Return the notes to answer Live with now. */
  answer(snapshot: Snapshot, seed: number): readonly ToolNote[] {
    const { text = snapshot.text, key } = this.#awaited ?? {};
    this.#awaited = undefined;
    const handout = this.#handout(snapshot);
    // while a dial turns, what has come is heard although the dial is elsewhere by now
    return text === snapshot.text ? this.#play(handout, seed, key) : this.#leave(handout);
  }

  /** Ask for a result that may be wanted soon. */
  prepare(snapshot: Snapshot, seed: number): void {
    this.#want(this.#handout(snapshot), seed);
  }

  /** Let Live hand out what the user has selected now. */
  begin(): void {
    this.#await({}, SAY.noNotes);
  }

  /** Let Live hand out the same notes again, if the clip is still as it was left. */
  goOn(key?: string): void {
    if (this.#last && this.#isAsLeft()) {
      const { text } = this.#last;
      this.#await(key === undefined ? { text } : { text, key }, SAY.pressApply);
    } else {
      this.#rim.screen.say(SAY.elsewhere);
    }
  }

  #play(handout: Handout, seed: number, came?: string): readonly ToolNote[] {
    const wanted = this.#maker.key(handout, seed);
    const key = came ?? wanted;
    const made = this.#results.get(key);
    const reply = made ? this.#made(made, handout) : this.#standIn(handout);
    this.#newest = key;
    this.#isComplete = made !== undefined;
    this.#remember(handout.text, reply);
    if (!made) {
      this.#sayWaiting();
      this.#want(handout, seed);
    } else if (key === wanted) {
      this.#rim.heard();
    }
    return reply.notes;
  }

  #made(made: readonly ToolNote[], handout: Handout): Reply {
    const notes = this.#maker.placed(made, handout);
    this.#rim.screen.say(SAY.applied(notes.length));
    return { notes, isFiller: false };
  }

  /** Return what the clip holds for these notes; where nothing is, what fills it. */
  #standIn(handout: Handout): Reply {
    if (this.#last && this.#isOurs(handout)) {
      return this.#last;
    }
    const there = this.#maker.untouched(handout);
    return there.length > 0
      ? { notes: there, isFiller: false }
      : { notes: this.#maker.filler(handout), isFiller: true };
  }

  #sayWaiting(): void {
    const trouble = this.#rim.trouble();
    if (trouble === undefined) {
      this.#rim.screen.say(SAY.meanwhile);
    } else {
      this.#sayWhyNot(trouble);
    }
  }

  #sayWhyNot(sentence: string): void {
    this.#rim.screen.say(this.#last?.isFiller ? SAY.standsIn(sentence) : sentence);
  }

  /** Live has begun anew though it was to go on: the user has selected something else. */
  #leave(handout: Handout): readonly ToolNote[] {
    this.#isComplete = true;
    this.#last = undefined;
    const there = this.#maker.untouched(handout);
    // an answer without notes might empty more than is known
    this.#rim.screen.say(there.length > 0 ? SAY.elsewhere : SAY.standsIn(SAY.moved));
    return there.length > 0 ? there : this.#maker.filler(handout);
  }

  /** Read what is beside the notes now; what stands in their place by our own answer is not. */
  #handout(snapshot: Snapshot): Handout {
    const written = this.#isOurs(snapshot) ? (this.#last?.notes ?? []) : [];
    return { ...snapshot, beside: notesBeside([...snapshot.notes, ...written]) };
  }

  /** Whether the clip holds what the same notes were answered with before. */
  #isOurs({ text }: Snapshot): boolean {
    return this.#last?.text === text && this.#isAsLeft();
  }

  #isAsLeft(): boolean {
    const now = traceOf();
    return (this.#trace ?? now) === now;
  }

  #remember(text: string, reply: Reply): void {
    this.#last = { ...reply, text };
    this.#trace = undefined;
    // the clip is as it was left only when Live has taken the answer
    this.#rim.soon.do(() => {
      this.#trace ??= traceOf();
    });
  }

  #await(awaited: Awaited, ifNot: string): void {
    this.#awaited = awaited;
    this.#rim.apply();
    later(APPLIES_MS, () => {
      if (this.#awaited === awaited) {
        // what Live hands out from now on, the user wants
        this.#awaited = undefined;
        this.#rim.screen.say(ifNot);
      }
    });
  }

  #want(handout: Handout, seed: number): void {
    this.#rim.soon.do(() => {
      const key = this.#maker.key(handout, seed);
      const isAsked = [...this.#asked.values()].some((asked) => asked.key === key);
      if (!isAsked && !this.#results.has(key)) {
        this.#askFor(key, this.#maker.question(handout, seed));
      }
    });
  }

  #askFor(key: string, { ask, notes }: Question): void {
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

  #take(key: string, answer: Answer, notes: Question["notes"]): void {
    try {
      this.#keep(key, notes(renderedClip(answer)));
    } catch (fault) {
      if (!(fault instanceof Refusal)) {
        throw fault;
      }
      this.#refuse(key, answer, fault.message);
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

  #refuse(key: string, answer: Answer, sentence: string): void {
    if (key === this.#newest && !this.#isComplete) {
      this.#isComplete = true;
      this.#sayWhyNot(sentence);
      // what was rendered is of no use, so another seed is to be tried
      if (answer.answer === "rendered") {
        this.#rim.heard();
      }
    }
  }
}
