/**
 * Run the controls that a user turns, and the labels beside them.
 *
 * A control sends from its right outlet to its left, and only what it is not told to "set".
 * Source: the Max reference pages of live.dial, live.numbox, live.menu, live.tab, live.text,
 * live.toggle and live.comment.
 */

import { type Message, printAtoms, selectorOf } from "./atom.ts";
import { Parameter } from "./parameter.ts";
import type { MaxObject, Place } from "./surroundings.ts";

/** What the left inlet of any visible object takes, to look other. */
const LOOKS = new Set([
  "_parameter_unitstyle",
  "hidden",
  "active",
  "ignoreclick",
  "textcolor",
  "bgcolor",
  "annotation",
]);

/** What an outlet of a control sends. */
type Output = (control: Control) => Message;

const VALUE: Output = ({ parameter }) => [parameter.value];
const RAW: Output = ({ parameter }) => [parameter.raw];
const ITEM: Output = ({ parameter }) => [parameter.item];
const LABEL: Output = ({ text }) => [text];
const BANG: Output = () => ["bang"];

/** The outlets of the controls from the left. */
const OUTLETS: Readonly<Record<string, readonly Output[]>> = {
  "live.dial": [VALUE, RAW],
  "live.numbox": [VALUE, RAW],
  "live.menu": [VALUE, ITEM, RAW],
  "live.tab": [VALUE, ITEM, RAW],
  "live.toggle": [VALUE],
  "live.text": [VALUE, LABEL],
};

/** The outlets of a live.text whose mode is button. */
const BUTTON: readonly Output[] = [BANG, LABEL];

/** Kinds that a bang turns over. */
const SWITCHES = new Set(["live.toggle", "live.text"]);

/** A control with a parameter. */
export class Control implements MaxObject {
  readonly parameter: Parameter;
  readonly #place: Place;
  readonly #outlets: readonly Output[];
  readonly #looks = new Map<string, Message>();

  constructor(place: Place) {
    this.#place = place;
    this.parameter = new Parameter(place.box, place.around.saved);
    this.#outlets = this.isButton ? BUTTON : (OUTLETS[place.box.kind] ?? []);
  }

  get name(): string {
    return this.#place.box.name;
  }

  get isButton(): boolean {
    return this.#place.box.kind === "live.text" && this.#place.box.json["mode"] === 0;
  }

  get #isSwitch(): boolean {
    return SWITCHES.has(this.#place.box.kind) && !this.isButton;
  }

  /** What stands on it: its item, or its label. */
  get text(): string {
    if (this.#place.box.kind !== "live.text") {
      return this.parameter.item;
    }
    const key = this.parameter.value === 1 && !this.isButton ? "texton" : "text";
    const text = this.#looks.get(key) ?? [this.#place.box.json[key] ?? ""].map(String);
    return printAtoms(text);
  }

  /** Return what it was told of its look, such as of "hidden". */
  look(attribute: string): Message | undefined {
    return this.#looks.get(attribute);
  }

  receive(message: Message): void {
    const selector = selectorOf(message);
    const values = selector === message[0] ? message.slice(1) : message;
    const [value] = values;
    if (selector === "bang") {
      this.press();
    } else if (selector === "int" || selector === "float") {
      this.#take(Number(value));
      this.#send();
    } else if (selector === "set" && typeof value === "number") {
      this.#take(value);
    } else {
      this.#describe(selector, values);
    }
  }

  /** Do as if the user clicks, or as a bang does: a button sends, a switch turns over. */
  press(): void {
    if (this.#isSwitch) {
      this.#take(1 - this.parameter.value);
    }
    this.#send();
  }

  /** Do as if the user turns it to a value, or chooses an item. */
  turn(value: number | string): void {
    this.#take(typeof value === "number" ? value : this.#indexOf(value));
    this.#send();
  }

  /**
   * Send what was restored.
   *
   * Whether a button with an initial value bangs here is not documented; this takes the worse case.
   */
  restore(): void {
    if (this.parameter.isRestored) {
      this.#send();
    }
  }

  #take(value: number): void {
    this.parameter.value = this.#isSwitch ? Number(value !== 0) : value;
  }

  #describe(selector: string, values: Message): void {
    const isText = this.#place.box.kind === "live.text" && /^text(on)?$/.test(selector);
    if (selector === "_parameter_range") {
      this.#setRange(values);
    } else if (selector === "_parameter_shortname") {
      this.parameter.shortname = printAtoms(values);
    } else if (selector === "outputvalue") {
      this.#send();
    } else if (isText || LOOKS.has(selector)) {
      this.#looks.set(selector, values);
    } else {
      this.#place.complain(`doesn't understand "${printAtoms([selector, ...values])}"`);
    }
  }

  /** Take a range; what is none goes to the console, and no further. */
  #setRange(values: Message): void {
    try {
      this.parameter.setRange(values);
    } catch (fault) {
      this.#place.complain(String(fault));
    }
  }

  #send(): void {
    for (const [outlet, output] of [...this.#outlets.entries()].reverse()) {
      this.#place.send(outlet, output(this));
    }
  }

  #indexOf(item: string): number {
    const index = this.parameter.items.indexOf(item);
    if (index < 0) {
      throw new Error(`${this.name} has no ${item}, it has ${this.parameter.items.join(", ")}`);
    }
    return index;
  }
}

/** Something to look at: comment, live.comment, panel, live.line. */
export class Label implements MaxObject {
  readonly #place: Place;
  #text: string;
  #times = 0;

  constructor(place: Place) {
    this.#place = place;
    this.#text = place.box.text;
  }

  /** How often it was told what to show. */
  get times(): number {
    return this.#times;
  }

  get text(): string {
    return this.#text;
  }

  receive(message: Message): void {
    const [selector, ...values] = message;
    const hasText = this.#place.box.kind.endsWith("comment");
    if (selector === "set" && hasText) {
      this.#times += 1;
      this.#text = printAtoms(values);
    } else if (!LOOKS.has(String(selector))) {
      this.#place.complain(`doesn't understand "${printAtoms(message)}"`);
    }
  }
}
