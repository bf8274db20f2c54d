/**
 * Be the main device: what comes in from its patch, and what is done about it.
 *
 * The patch sends a message for each control that is touched, named as the control; its script is told
 * "bang" once Live can be asked. Source: design of the patch in devices/yuragi.ts.
 */

import { sentence } from "../wire/state.ts";
import type { StateAnswer } from "../wire/talk.ts";
import { later, type Cancel } from "./clock.ts";
import { commit, compare, revert } from "./compare.ts";
import { Controls, type Choice } from "./controls.ts";
import { exportClip } from "./export.ts";
import { generate } from "./generate.ts";
import { humanize, type Finish } from "./humanize.ts";
import { Latest } from "./latest.ts";
import { Link } from "./link.ts";
import { recalled, remembered } from "./memory.ts";
import { PedalWatch } from "./pedal_watch.ts";
import { Refusal, SAY } from "./say.ts";
import { sceneOf } from "./scene.ts";
import { Screen } from "./screen.ts";
import { Shelf } from "./shelf.ts";
import { liveVersion } from "./song.ts";

/** The outlets of the script. */
const OUT = { node: 0, screen: 1, pedal: 2, memory: 3 } as const;

/** Node for Max needs about a second to start; after this long it does not start at all. */
const NODE_STARTS_MS = 20_000;

/** The set is told what to remember so long after the last change, not at every turn of a dial. */
const SETTLED_MS = 300;

/** States in which asking is of no use. */
const HOPELESS = ["no_server", "start_failed", "wrong_version", "busy_port"];

const screen = new Screen(OUT.screen);
const shelf = new Shelf();
const controls = new Controls();
const pedal = new PedalWatch(shelf, OUT.pedal, () => controls.pedal === "play");
const link = new Link((atoms) => {
  outlet(OUT.node, atoms);
}, hear);
const performance = new Latest(perform);

let news: StateAnswer | undefined;
let isOpen = false;
let isWelcomed = false;
/** What was chosen when the set was saved; taken up after the controls have sent what they begin with. */
let chosen: Choice | undefined;
let isPressed = false;
let isCreating = false;
let forget: Cancel | undefined;
let written = "";

/** What each message without a value does. */
const BUTTONS: Readonly<Record<string, () => void>> = {
  bang: open,
  humanize: press,
  dice: () => {
    controls.roll(screen);
    performance.want();
  },
  generate: create,
  revert: () => {
    finish(() => revert(shelf));
  },
  commit: () => {
    finish(() => commit(shelf));
  },
  export: () => {
    exportClip(sceneOf(shelf), link, finish);
  },
};

/** Take a message from the patch. */
export function receive(message: string, atoms: readonly unknown[]): void {
  guarded(() => {
    const button = BUTTONS[message];
    if (button) {
      // controls may send as the set is loaded, before Live can be asked
      if (isOpen || message === "bang") {
        button();
      }
    } else if (message === "answer") {
      link.take(atoms);
    } else if (message === "restored") {
      restore(atoms);
    } else {
      turn(message, Number(atoms[0]));
    }
  });
}

/** Leave nothing behind when the device is removed. */
export function close(): void {
  link.close();
  pedal.close();
}

/** Begin, once: Max says so again when the set is saved. */
function open(): void {
  if (isOpen) {
    return;
  }
  const [major, minor, bugfix] = liveVersion();
  if (major < 12 || (major === 12 && minor < 2)) {
    screen.say(SAY.oldLive(`${major}.${minor}.${bugfix}`));
    return;
  }
  isOpen = true;
  outlet(OUT.node, ["script", "start"]);
  later(NODE_STARTS_MS, () => {
    if (!news) {
      screen.say(SAY.noNode);
    }
  });
  pedal.refresh();
}

function hear(answer: StateAnswer): void {
  news = answer;
  screen.say(answer.welcome?.warnings[0] ?? sentence(answer.state, answer.detail));
  if (answer.welcome && !isWelcomed && chosen) {
    controls.restore(chosen, screen);
  }
  if (answer.welcome) {
    isWelcomed = true;
    controls.welcome(answer.welcome, screen);
  }
}

/** Take a control's new value, and play the clip anew if that changes how it is played. */
function turn(name: string, value: number): void {
  if (name === "preset") {
    again(controls.choosePreset(value));
  } else if (name === "engine") {
    controls.chooseGenerator(value, screen);
    remember();
  } else if (name === "compare") {
    contrast(value === 1);
  } else if (name === "pedal") {
    turnPedal(value);
  } else {
    again(controls.set(name, value) && PLAYED.has(name));
  }
}

/** Off only silences the pedal; notes that are lengthened or not are another performance. */
function turnPedal(value: number): void {
  const before = controls.pedal;
  const isChanged = controls.set("pedal", value);
  again(isChanged && [before, controls.pedal].includes("fold"));
}

/** Controls that change how a clip is played. */
const PLAYED = new Set(["velocity", "groove", "articulation", "rubato", "seed"]);

/** Values that a set restores as it is loaded come before the server is there, and are no turns. */
function again(isChanged: boolean): void {
  if (isChanged && news?.state === "ready") {
    performance.want();
    remember();
  }
}

function press(): void {
  refuseHopeless();
  controls.draw(screen);
  isPressed = true;
  performance.want();
}

/** Play the meant clip; if only a dial was turned, then only if it is one that was played before. */
function perform(done: () => void): void {
  const wasPressed = isPressed;
  isPressed = false;
  const begunMs = Date.now();
  const isRefused = !guarded(() => {
    const scene = sceneOf(shelf);
    if (!wasPressed && !scene.match?.isPlayed) {
      screen.say(scene.match ? SAY.original : SAY.notPlayed);
      done();
      return;
    }
    screen.say(SAY.playing(scene.read.name));
    humanize(scene, controls.wish, { shelf, link }, (end) => {
      if (finish(end)) {
        screen.show("compare", 0);
        screen.time(Date.now() - begunMs);
      }
      done();
    });
  });
  if (isRefused) {
    done();
  }
}

function contrast(showOriginal: boolean): void {
  if (news) {
    finish(() => compare(shelf, showOriginal));
  }
}

function create(): void {
  if (isCreating) {
    return;
  }
  refuseHopeless();
  controls.draw(screen);
  const begunMs = Date.now();
  screen.say(SAY.writing);
  generate(controls.order, link, (end) => {
    isCreating = false;
    if (finish(end)) {
      screen.time(Date.now() - begunMs);
    }
  });
  isCreating = true;
}

/** Do the last step, say what came of it, and remember it; return whether it was done. */
function finish(end: Finish): boolean {
  return guarded(() => {
    screen.say(end());
    pedal.refresh();
    remember();
  });
}

function refuseHopeless(): void {
  if (!isOpen) {
    throw new Refusal(SAY.notReady);
  }
  if (news && HOPELESS.includes(news.state)) {
    throw new Refusal(sentence(news.state, news.detail));
  }
}

function remember(): void {
  forget?.();
  forget = later(SETTLED_MS, () => {
    const texts = remembered({ choice: choiceNow(), performances: shelf.lasting });
    written = texts.join("");
    outlet(OUT.memory, texts);
  });
}

/** Until the server has said what there is, what the set has saved stays chosen. */
function choiceNow(): Choice {
  return isWelcomed ? controls.choice : (chosen ?? controls.choice);
}

/** Take up what the set has saved. What was just written comes back, too. */
function restore(texts: readonly unknown[]): void {
  if (texts.join("") === written) {
    return;
  }
  try {
    const memory = recalled(texts);
    if (memory) {
      chosen ??= memory.choice;
      shelf.restore(memory.performances);
      pedal.refresh();
    }
  } catch (fault) {
    screen.say(SAY.unsaved);
    throw fault;
  }
}

/** Do something and return true; say why not if it is refused, or goes wrong. */
function guarded(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (fault) {
    if (fault instanceof Refusal) {
      screen.say(fault.message);
    } else {
      screen.say(SAY.fault);
      error(`yuragi: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`);
    }
    return false;
  }
}
