/**
 * Be the main device: what comes in from its patch, and what is done about it.
 *
 * The patch sends a message for each control that is touched, named as the control, and "bang" once
 * Live can be asked. devices/yuragi.ts states them.
 */

import type { Welcome } from "../wire/talk.ts";
import { Contact } from "./contact.ts";
import { AMOUNTS, Controls, type Choice } from "./controls.ts";
import { guarded } from "./guard.ts";
import { Keeper } from "./keeper.ts";
import { PedalWatch } from "./pedal_watch.ts";
import { Performer } from "./performer.ts";
import { SAY } from "./say.ts";
import { shownMatch } from "./scene.ts";
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
  readonly #performer = new Performer({
    screen: this.#screen,
    shelf: this.#shelf,
    controls: this.#controls,
    contact: this.#contact,
    onChange: () => {
      this.#keeper.remember();
      this.#refresh();
    },
  });
  /** What was chosen when the set was saved, until the server has said what there is. */
  #saved: Choice | undefined;
  /** Whether what the set has saved could not be read, which is still to be said. */
  #isDamaged = false;
  #isWelcomed = false;
  #side: Side | undefined;

  /** What each message without a value does. */
  readonly #buttons: Readonly<Record<string, () => void>> = {
    humanize: () => {
      this.#performer.humanize();
    },
    dice: () => {
      this.#controls.roll(this.#screen);
      this.#again(true);
    },
    generate: () => {
      this.#performer.generate();
    },
    revert: () => {
      this.#performer.revert();
    },
    commit: () => {
      this.#performer.commit();
    },
    export: () => {
      this.#performer.export();
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
      if (this.#contact.isOpen && memory) {
        // an undo, or a preset of the device, has taken back what the set knew
        this.#keeper.remember();
      }
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

  /** What the switch says as it is loaded is nobody's wish. */
  #compare(showOriginal: boolean): void {
    if (this.#isWelcomed) {
      this.#performer.compare(showOriginal, this.#isPedalOn);
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
    if (isChanged && this.#isWelcomed) {
      this.#keeper.remember();
      this.#performer.turn();
    }
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
