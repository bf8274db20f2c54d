/** Hold what the controls are set to, by the names that they have in the patch. */

import type { Engine, Preset, Welcome } from "../wire/talk.ts";
import { DIALS, dialsOf, optionsOf, type Dial } from "./dials.ts";
import type { Order } from "./generate.ts";
import type { PedalMode, Wish } from "./humanize.ts";
import type { Screen } from "./screen.ts";

/** Amounts that have a dial, in percent of the preset. */
export const AMOUNTS = ["velocity", "groove", "articulation", "rubato"] as const;

/** Seeds have at most so many digits, so that they can be read and typed. */
const SEEDS = 10_000;

/** The items of the menu "pedal". */
const PEDALS: readonly PedalMode[] = ["off", "play", "fold"];

/** The presets and generators that are chosen until a server says which there are. */
const USUAL_PRESET = "band/natural";
const USUAL_ENGINE = "euclid";

/**
 * What a set remembers of what the script sets itself, which Live must not store for it.
 *
 * Items of menus come from the server, so their numbers may change; their names do not.
 */
export interface Choice {
  readonly preset: string;
  readonly engine: string;
  readonly seed: number;
}

export class Controls {
  readonly #values = new Map<string, number>();
  #upcoming = drawn();
  /** Whether the seed was set or drawn since one was last heard. */
  #isChosen = false;
  #presets: readonly Preset[] = [];
  #generators: readonly (Engine | Preset)[] = [];
  #dials: readonly Dial[] = [];
  #choice = { preset: USUAL_PRESET, engine: USUAL_ENGINE };
  /** The generator whose options the dials' values are. */
  #dialed: string | undefined;

  get choice(): Choice {
    return { ...this.#choice, seed: this.seed };
  }

  /** Whether Humanize shall play the same performance again. */
  get isLocked(): boolean {
    return this.isOn("lock");
  }

  get pedal(): PedalMode {
    return PEDALS[this.#value("pedal", 1)] ?? "play";
  }

  /** What Humanize shall do. */
  get wish(): Omit<Wish, "isTurn"> {
    const factor = (name: string): [string, number] => [name, this.#value(name, 100) / 100];
    return {
      preset: this.#choice.preset,
      amounts: Object.fromEntries(AMOUNTS.map(factor)),
      options: this.#hasRubato ? { write: "notes" } : {},
      pedal: this.pedal,
      seed: this.seed,
    };
  }

  /** What Generate shall do. */
  get order(): Order {
    const engine = this.#choice.engine;
    const turned = DIALS.map((name, place) => this.#value(name, this.#dials[place]?.value ?? 0));
    const isPreset = this.#presetNames().includes(engine);
    const stage = { engine, options: optionsOf(this.#dials, turned) };
    return {
      source: isPreset ? { preset: engine } : { stages: [stage] },
      reads: this.#reads(engine),
      bars: this.#value("bars", 4),
      seed: this.seed,
    };
  }

  /** Take a control's new value; return whether it is another one. */
  set(name: string, value: number): boolean {
    this.#isChosen ||= name === "seed";
    const before = this.#values.get(name);
    this.#values.set(name, value);
    return before !== value;
  }

  /** Choose a preset by its place in the menu; return whether it is another one. */
  choosePreset(index: number): boolean {
    const preset = this.#presets[index]?.name;
    if (preset === undefined || preset === this.#choice.preset) {
      return false;
    }
    this.#choice = { ...this.#choice, preset };
    return true;
  }

  /** Choose a generator by its place in the menu, and give it the dials. */
  chooseEngine(index: number, screen: Screen): void {
    const engine = this.#generators[index]?.name;
    if (engine !== undefined && engine !== this.#choice.engine) {
      this.#choice = { ...this.#choice, engine };
      this.#giveDials(screen);
    }
  }

  /** Take up what a set has remembered. */
  restore(choice: Choice, screen: Screen): void {
    this.#choice = choice;
    this.#dialed = choice.engine;
    this.set("seed", choice.seed);
    screen.show("seed", choice.seed);
    this.#show(screen);
  }

  /** Fill the menus with what the server has. */
  welcome(welcome: Welcome, screen: Screen): void {
    // what the seed's box has said as it was loaded is nobody's choice
    this.#isChosen = false;
    const generates = (kind: string): boolean => kind === "generator";
    this.#presets = welcome.presets.filter((preset) => !generates(preset.kind));
    this.#generators = [...welcome.engines, ...welcome.presets].filter((one) =>
      generates(one.kind),
    );
    this.#show(screen);
  }

  get seed(): number {
    return this.#value("seed", 0);
  }

  /** The seed that is drawn next. */
  get upcoming(): number {
    return this.#upcoming;
  }

  /** Take the next seed for a press, unless it is locked or was chosen and not played yet. */
  draw(screen: Screen): void {
    if (!this.isLocked && !this.#isChosen) {
      this.roll(screen);
    }
    this.#isChosen = true;
  }

  /** Note that the seed is heard, so that the next press takes another one. */
  heard(): void {
    this.#isChosen = false;
  }

  /** Take the next seed and show it. */
  roll(screen: Screen): void {
    this.set("seed", this.#upcoming);
    screen.show("seed", this.#upcoming);
    this.#upcoming = drawn();
  }

  /** Whether a switch is on. */
  isOn(name: string): boolean {
    return this.#value(name, 0) === 1;
  }

  #show(screen: Screen): void {
    this.#choice = {
      preset: nearest(this.#presets, this.#choice.preset, USUAL_PRESET),
      engine: nearest(this.#generators, this.#choice.engine, USUAL_ENGINE),
    };
    showMenu(screen, "preset", this.#presets, this.#choice.preset);
    showMenu(screen, "engine", this.#generators, this.#choice.engine);
    this.#giveDials(screen);
  }

  /** Let the dials be the generator's; they keep their values in a set that is loaded again. */
  #giveDials(screen: Screen): void {
    const isNew = this.#dialed !== this.#choice.engine;
    this.#dialed = this.#generators.length > 0 ? this.#choice.engine : this.#dialed;
    const engine = this.#generators.find((one) => one.name === this.#choice.engine);
    this.#dials = engine && "options" in engine ? dialsOf(engine) : [];
    this.#dials.forEach((dial, place) => {
      const name = DIALS[place] ?? "";
      const value = isNew ? dial.value : this.#value(name, dial.value);
      this.set(name, value);
      screen.dial(name, { ...dial, value });
    });
  }

  /** Whether the preset bends time: a clip of Live has no tempo of its own, so its notes are moved. */
  get #hasRubato(): boolean {
    const preset = this.#presets.find(({ name }) => name === this.#choice.preset);
    return preset?.engines.some((engine) => engine.endsWith("rubato")) ?? false;
  }

  /** Whether a generator goes by the notes of a clip; a preset does if an engine of it does. */
  #reads(name: string): boolean {
    const chosen = this.#generators.find((one) => one.name === name);
    const names = chosen && "engines" in chosen ? chosen.engines : [name];
    return this.#generators.some((one) => "reads" in one && names.includes(one.name));
  }

  #presetNames(): string[] {
    return this.#generators.flatMap((one) => ("options" in one ? [] : [one.name]));
  }

  #value(name: string, usual: number): number {
    return this.#values.get(name) ?? usual;
  }
}

function drawn(): number {
  return Math.floor(Math.random() * SEEDS);
}

type Named = readonly { readonly name: string }[];

/** Return a name if it is there, else the usual one, else the first. */
function nearest(items: Named, name: string, usual: string): string {
  const has = (wanted: string): boolean => items.some((item) => item.name === wanted);
  return items.length === 0 || has(name) ? name : has(usual) ? usual : (items[0]?.name ?? name);
}

function showMenu(screen: Screen, menu: string, items: Named, name: string): void {
  if (items.length > 0) {
    const names = items.map((item) => item.name);
    screen.menu(menu, names, names.indexOf(name));
  }
}
