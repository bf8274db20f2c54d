/** Do what the buttons and dials ask for: play clips, write new ones, go back; and say what came of it. */

import { commit, compare, revert } from "./compare.ts";
import type { Contact } from "./contact.ts";
import type { Controls } from "./controls.ts";
import { exportClip } from "./export.ts";
import { generate } from "./generate.ts";
import { guarded } from "./guard.ts";
import { humanize, type Finish } from "./humanize.ts";
import { Latest } from "./latest.ts";
import { Refusal, SAY } from "./say.ts";
import { sceneOf } from "./scene.ts";
import type { Screen } from "./screen.ts";
import type { Shelf } from "./shelf.ts";

/** What a performer works with. */
export interface Desk {
  readonly screen: Screen;
  readonly shelf: Shelf;
  readonly controls: Controls;
  readonly contact: Contact;
  /** Is told when a clip was changed. */
  readonly onChange: () => void;
}

export class Performer {
  readonly #desk: Desk;
  readonly #latest = new Latest((done) => {
    this.#perform(done);
  });
  #isPressed = false;
  #isCreating = false;
  /** Counts what is done to the clip at once: what was asked for before is not wanted any more. */
  #changes = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Play the meant clip, whatever it is now. */
  humanize(): void {
    this.#draw();
    this.#isPressed = true;
    this.#latest.want();
  }

  /** Play the meant clip anew, if it is as it was played. */
  turn(): void {
    const { trouble } = this.#desk.contact;
    if (trouble === undefined) {
      this.#latest.want();
    } else {
      this.#desk.screen.say(trouble);
    }
  }

  revert(): void {
    this.#change(() => revert(this.#desk.shelf));
  }

  compare(showOriginal: boolean, isPedalOn: boolean): void {
    this.#change(() => compare(this.#desk.shelf, showOriginal, isPedalOn));
  }

  commit(): void {
    this.#change(() => commit(this.#desk.shelf));
  }

  /** Write a new clip; one at a time. */
  generate(): void {
    if (this.#isCreating) {
      return;
    }
    this.#draw();
    const { contact, controls, screen } = this.#desk;
    const begunMs = Date.now();
    generate(controls.order, contact, (end) => {
      this.#isCreating = false;
      this.#finishHeard(end, begunMs);
    });
    this.#isCreating = true;
    screen.say(SAY.writing);
  }

  /** Write the meant clip to a MIDI file. */
  export(): void {
    exportClip(sceneOf(this.#desk.shelf), this.#desk.contact, (end) => {
      this.#finish(end);
    });
  }

  /** Take a seed for something new, unless nothing is worth asking. */
  #draw(): void {
    const { contact, controls, screen } = this.#desk;
    if (contact.refusal !== undefined) {
      throw new Refusal(contact.refusal);
    }
    controls.draw(screen);
  }

  #perform(done: () => void): void {
    const { screen, shelf, controls, contact } = this.#desk;
    const [isTurn, changes, begunMs] = [!this.#isPressed, this.#changes, Date.now()];
    this.#isPressed = false;
    const isBegun = guarded(screen, () => {
      const scene = sceneOf(shelf);
      if (isTurn && !scene.match?.isPlayed) {
        throw new Refusal(scene.match ? SAY.original : SAY.notPlayed);
      }
      screen.say(SAY.playing(scene.read.name));
      humanize(scene, { ...controls.wish, isTurn }, { shelf, line: contact }, (end) => {
        if (changes === this.#changes) {
          this.#finishHeard(end, begunMs);
        }
        done();
      });
    });
    if (!isBegun) {
      done();
    }
  }

  #change(end: Finish): void {
    this.#changes += 1;
    this.#isPressed = false;
    this.#latest.forget();
    if (!this.#finish(end)) {
      // a switch that was refused shows again what is heard
      this.#desk.onChange();
    }
  }

  /** Finish something that was asked for with the seed, so that the next press takes another one. */
  #finishHeard(end: Finish, begunMs: number): void {
    if (this.#finish(end, begunMs)) {
      this.#desk.controls.heard();
    }
  }

  /** Do the last step, and say what came of it; return whether it was done. */
  #finish(end: Finish, begunMs?: number): boolean {
    const { screen, onChange } = this.#desk;
    return guarded(screen, () => {
      screen.say(end());
      screen.time(begunMs === undefined ? undefined : Date.now() - begunMs);
      onChange();
    });
  }
}
