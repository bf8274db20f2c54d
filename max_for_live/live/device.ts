/**
 * Be the main device: what comes in from its patch, and what is done about it.
 *
 * The patch sends a message for each control that is touched, named as the control, and "bang" once
 * Live can be asked. devices/yuragi.ts states them.
 */

import type { Welcome } from "../wire/talk.ts";
import { commit, compare, revert } from "./compare.ts";
import { Contact } from "./contact.ts";
import { AMOUNTS, Controls, type Choice } from "./controls.ts";
import { exportClip } from "./export.ts";
import { generate } from "./generate.ts";
import { guarded } from "./guard.ts";
import { humanize, type Finish } from "./humanize.ts";
import { Keeper } from "./keeper.ts";
import { Latest } from "./latest.ts";
import { PedalWatch } from "./pedal_watch.ts";
import { Refusal, SAY } from "./say.ts";
import { sceneOf, shownMatch } from "./scene.ts";
import { Screen } from "./screen.ts";
import { Shelf } from "./shelf.ts";
import { Side } from "./side.ts";
import { liveVersion } from "./song.ts";

/** The outlets of the script. */
const OUT = { node: 0, screen: 1, pedal: 2, memory: 3 } as const;

/** Controls that change how a clip is played. */
const PLAYED = new Set<string>([...AMOUNTS, "seed"]);

class Device {
  readonly #screen = new Screen(OUT.screen);
  readonly #shelf = new Shelf();
  readonly #controls = new Controls();
  readonly #pedal = new PedalWatch(
    this.#shelf,
    OUT.pedal,
    () => this.#isPedalOn,
    (action) => guarded(this.#screen, action),
  );
  readonly #contact = new Contact(this.#screen, OUT.node, (welcome) => {
    this.#welcome(welcome);
  });
  readonly #keeper = new Keeper(OUT.memory, () => {
    return { choice: this.#choice, performances: this.#shelf.lasting };
  });
  readonly #performing = new Latest((done) => {
    this.#perform(done);
  });
  /** What was chosen when the set was saved, until the server has said what there is. */
  #saved: Choice | undefined;
  /** Whether what the set has saved could not be read, which is still to be said. */
  #isDamaged = false;
  #isWelcomed = false;
  #isPressed = false;
  #isCreating = false;
  #side: Side | undefined;
  /** Counts what the user does to the clip by buttons: what was asked for before is not wanted any more. */
  #changes = 0;

  /** What each message without a value does. */
  readonly #buttons: Readonly<Record<string, () => void>> = {
    humanize: () => {
      this.#press();
    },
    dice: () => {
      this.#controls.roll(this.#screen);
      this.#performing.want();
    },
    generate: () => {
      this.#create();
    },
    revert: () => {
      this.#change(() => revert(this.#shelf));
    },
    commit: () => {
      this.#change(() => commit(this.#shelf));
    },
    export: () => {
      exportClip(sceneOf(this.#shelf), this.#contact, (end) => {
        this.#finish(end);
      });
    },
  };

  receive(message: string, atoms: readonly unknown[]): void {
    guarded(this.#screen, () => {
      const button = this.#buttons[message];
      if (message === "bang") {
        this.#open();
      } else if (message === "answer") {
        this.#contact.take(atoms);
      } else if (message === "restored") {
        this.#restore(atoms);
      } else if (!button) {
        this.#turn(message, Number(atoms[0]));
      } else if (this.#contact.isOpen) {
        // before that, controls may send as the set is loaded
        button();
      }
    });
  }

  close(): void {
    this.#contact.close();
    this.#side?.close();
    this.#keeper.close();
    this.#pedal.close();
  }

  get #isPedalOn(): boolean {
    return this.#contact.isOpen && this.#controls.pedal === "play";
  }

  get #choice(): Choice {
    const { choice } = this.#controls;
    return this.#isWelcomed ? choice : (this.#saved ?? choice);
  }

  /** Begin, once: Max says so again when the set is saved. */
  #open(): void {
    const [major, minor, bugfix] = liveVersion();
    if (major < 12 || (major === 12 && minor < 2)) {
      this.#screen.say(SAY.oldLive(`${major}.${minor}.${bugfix}`));
    } else if (!this.#contact.isOpen) {
      this.#contact.open();
      this.#pedal.refresh();
      this.#side = new Side(() => {
        guarded(this.#screen, () => {
          this.#showSide();
          // an undo may have brought back what was not to be saved any more
          this.#keeper.remember();
        });
      });
    }
  }

  /** Fill the menus. What the set has saved is taken up now, after the controls' own first values. */
  #welcome(welcome: Welcome): void {
    if (!this.#isWelcomed && this.#saved) {
      this.#controls.restore(this.#saved, this.#screen);
    }
    this.#isWelcomed = true;
    this.#controls.welcome(welcome, this.#screen);
    if (this.#isDamaged) {
      this.#isDamaged = false;
      this.#screen.say(SAY.unsaved);
    }
  }

  #restore(texts: readonly unknown[]): void {
    try {
      const memory = this.#keeper.recall(texts);
      this.#saved ??= memory?.choice;
      this.#shelf.restore(memory?.performances ?? []);
      this.#refresh();
    } catch (fault) {
      this.#isDamaged = true;
      throw fault;
    }
  }

  /** Take a control's new value, and play the clip anew if that changes how it is played. */
  #turn(name: string, value: number): void {
    switch (name) {
      case "preset":
        this.#again(this.#controls.choosePreset(value));
        break;
      case "engine":
        this.#controls.chooseEngine(value, this.#screen);
        this.#keeper.remember();
        break;
      case "compare":
        this.#compare(value === 1);
        break;
      case "pedal":
        this.#turnPedal(value);
        break;
      default:
        this.#again(this.#controls.set(name, value) && PLAYED.has(name));
    }
  }

  /** Off only silences the pedal; notes that are lengthened or not are another performance. */
  #turnPedal(value: number): void {
    const before = this.#controls.pedal;
    const isChanged = this.#controls.set("pedal", value);
    if (isChanged && [before, this.#controls.pedal].includes("fold")) {
      this.#again(true);
    } else if (isChanged && this.#isWelcomed) {
      this.#screen.say(this.#isPedalOn ? SAY.pedalOn : SAY.pedalOff);
    }
    this.#refresh();
  }

  /** Values that a set restores as it is loaded come before the server is there, and are no turns. */
  #again(isChanged: boolean): void {
    if (!isChanged || !this.#isWelcomed) {
      return;
    }
    this.#keeper.remember();
    const { trouble } = this.#contact;
    if (trouble === undefined) {
      this.#performing.want();
    } else {
      this.#screen.say(trouble);
    }
  }

  #press(): void {
    this.#refuseHopeless();
    this.#controls.draw(this.#screen);
    this.#isPressed = true;
    this.#performing.want();
  }

  /** Play the meant clip; if only a dial was turned, then only one that is as it was played. */
  #perform(done: () => void): void {
    const isTurn = !this.#isPressed;
    const changes = this.#changes;
    this.#isPressed = false;
    const begunMs = Date.now();
    const isBegun = guarded(this.#screen, () => {
      const scene = sceneOf(this.#shelf);
      if (isTurn && !scene.match?.isPlayed) {
        throw new Refusal(scene.match ? SAY.original : SAY.notPlayed);
      }
      this.#screen.say(SAY.playing(scene.read.name));
      const wish = { ...this.#controls.wish, isTurn };
      humanize(scene, wish, { shelf: this.#shelf, line: this.#contact }, (end) => {
        if (changes === this.#changes && this.#finish(end, begunMs)) {
          this.#controls.heard();
        }
        done();
      });
    });
    if (!isBegun) {
      done();
    }
  }

  #compare(showOriginal: boolean): void {
    if (this.#isWelcomed) {
      this.#change(() => compare(this.#shelf, showOriginal, this.#isPedalOn));
    }
  }

  /** Change the clip at once; what was asked for before is not wanted any more. */
  #change(end: Finish): void {
    this.#changes += 1;
    this.#finish(end);
    this.#refresh();
  }

  #create(): void {
    this.#refuseHopeless();
    if (this.#isCreating) {
      return;
    }
    this.#controls.draw(this.#screen);
    const begunMs = Date.now();
    generate(this.#controls.order, this.#contact, (end) => {
      this.#isCreating = false;
      this.#finish(end, begunMs);
    });
    this.#isCreating = true;
    this.#screen.say(SAY.writing);
  }

  /** Do the last step, say what came of it, and remember it; return whether it was done. */
  #finish(end: Finish, begunMs?: number): boolean {
    return guarded(this.#screen, () => {
      this.#screen.say(end());
      this.#screen.time(begunMs === undefined ? undefined : Date.now() - begunMs);
      this.#keeper.remember();
      this.#refresh();
    });
  }

  /** Let the pedal and the switch be those of what is heard now. */
  #refresh(): void {
    if (this.#contact.isOpen) {
      this.#pedal.refresh();
      this.#showSide();
    }
  }

  #showSide(): void {
    const match = shownMatch(this.#shelf);
    this.#screen.show("compare", match && !match.isPlayed ? 1 : 0);
  }

  #refuseHopeless(): void {
    const { refusal } = this.#contact;
    if (refusal !== undefined) {
      throw new Refusal(refusal);
    }
  }
}

const device = new Device();

/** Take a message from the patch. */
export function receive(message: string, atoms: readonly unknown[]): void {
  device.receive(message, atoms);
}

/** Leave nothing behind when the device is removed. */
export function close(): void {
  device.close();
}
