/** Open a built device as Live does, and use it as a musician does. */

import { readAmxd } from "../../patch/amxd.ts";
import type { Ask } from "../../wire/talk.ts";
import { Joiner } from "../../wire/piece.ts";
import { type Clock, RealClock } from "../live/clock.ts";
import type { SimDevice } from "../live/device.ts";
import type { LiveSet } from "../live/set.ts";
import type { Dictionary, MidiTool } from "../live/tool.ts";
import type { SimTrack } from "../live/track.ts";
import type { Atom, Message } from "./atom.ts";
import { Control, Label } from "./control_objects.ts";
import { MessageBox } from "./flow_objects.ts";
import { Pattr, ToolIn } from "./live_objects.ts";
import { MidiIn, type MidiMessage, MidiOut } from "./midi_objects.ts";
import { memoryOf, NodeScript } from "./node_object.ts";
import { PatchRun } from "./patch_run.ts";
import { Patcher } from "./patcher.ts";
import { Events, MaxConsole, type Saved, type Surroundings } from "./surroundings.ts";

export type Emit = (what: "context" | "notes", dictionary: Dictionary) => void;

export interface OpenOptions {
  readonly live: LiveSet;
  /** Where the device is put; none if `device` says where it is already. */
  readonly track?: SimTrack;
  readonly device?: SimDevice;
  /** The machine's own by default. */
  readonly clock?: Clock;
  readonly env?: Readonly<Record<string, string>>;
  readonly saved?: Saved;
  /** Make the cycle of a MIDI Tool around what the device is given. */
  readonly tool?: (emit: Emit) => MidiTool;
  /** What the scripts get from Math.random. */
  readonly random?: () => number;
}

/** A device that is open in Live. */
export class MaxDevice {
  readonly device: SimDevice;
  readonly tool: MidiTool | undefined;
  readonly #options: OpenOptions;
  readonly #around: Surroundings;
  readonly #run: PatchRun;

  /**
   * Open a device and load it, up to the bang of live.thisdevice.
   *
   * What is deferred happens later: with a virtual clock, when it is advanced.
   */
  static open(bytes: Uint8Array, options: OpenOptions): Promise<MaxDevice> {
    return new Promise((resolve) => {
      const max = new MaxDevice(bytes, options);
      max.#around.events.happen(() => {
        max.#run.load();
      });
      resolve(max);
    });
  }

  private constructor(bytes: Uint8Array, options: OpenOptions) {
    const [patch, ...files] = readAmxd(bytes).files;
    const clock = options.clock ?? new RealClock();
    this.#options = options;
    this.device = placeOf(options);
    this.#around = {
      clock,
      events: new Events(clock),
      console: new MaxConsole(),
      files: new Map(files.map((file) => [file.name, file])),
      dictionaries: new Map(),
      live: options.live.context(this.device),
      saved: options.saved,
      env: options.env ?? {},
      random: options.random ?? Math.random,
      tool: undefined,
    };
    const text = Buffer.from(patch?.bytes ?? []).toString("utf-8");
    this.#run = new PatchRun(new Patcher(text.replace(/\0+$/, "")), this.#around);
    this.tool = options.tool?.((what, dictionary) => {
      this.#around.events.happen(() => {
        this.#emit(what, dictionary);
      });
    });
    this.#around.tool = this.tool;
  }

  /** Turn a control to a value, or choose an item of a menu. */
  turn(name: string, value: number | string): void {
    this.#around.events.happen(() => {
      this.#control(name).turn(value);
    });
  }

  /** Click on a button, a switch or a message box. */
  press(name: string): void {
    const object = this.#run.object(name);
    this.#around.events.happen(() => {
      if (object instanceof MessageBox) {
        object.press();
      } else {
        this.#control(name).press();
      }
    });
  }

  /** Return what stands on a label, a button or a menu. */
  text(name: string): string {
    const object = this.#run.object(name);
    const hasText = object instanceof Label || object instanceof MessageBox;
    return hasText ? object.text : this.#control(name).text;
  }

  /** Return how often a label was told what to show. */
  times(name: string): number {
    const object = this.#run.object(name);
    return object instanceof Label ? object.times : 0;
  }

  value(name: string): number {
    return this.#control(name).parameter.value;
  }

  items(name: string): readonly string[] {
    return this.#control(name).parameter.items;
  }

  range(name: string): readonly [min: number, max: number] {
    return this.#control(name).parameter.range;
  }

  shortname(name: string): string {
    return this.#control(name).parameter.shortname;
  }

  /** Return what a control was told of its look, such as of "hidden". */
  look(name: string, attribute: string): Message | undefined {
    return this.#control(name).look(attribute);
  }

  /** Let MIDI come from Live, byte by byte. */
  midiIn(...bytes: number[]): void {
    this.#around.events.happen(() => {
      for (const byte of bytes) {
        for (const object of this.#run.all(MidiIn)) {
          object.take(byte);
        }
      }
    });
  }

  /** The messages that the device sent to Live, in order. */
  get midiOut(): readonly MidiMessage[] {
    return this.#run.all(MidiOut).flatMap((object) => object.messages);
  }

  /** All lines of the Max console. */
  get console(): readonly string[] {
    return this.#around.console.lines.map(({ text }) => text);
  }

  /** The lines of the Max console that are errors. */
  get errors(): readonly string[] {
    return this.#around.console.lines
      .filter(({ kind }) => kind === "error")
      .map(({ text }) => text);
  }

  /** The messages that reached the script of node.script, "script start" left out. */
  get sent(): readonly Message[] {
    return this.#nodes.flatMap((node) => node.sent);
  }

  /** The messages that came from the script of node.script. */
  get said(): readonly Message[] {
    return this.#nodes.flatMap((node) => node.said);
  }

  /** What v8 asked Node, the pieces put together. */
  get asks(): readonly Ask[] {
    const joiner = new Joiner();
    const pieces = this.sent.filter(([selector]) => selector === "ask");
    return pieces
      .map((piece) => joiner.take(piece.slice(1)))
      .flatMap((whole) => (whole ? [JSON.parse(whole.text) as Ask] : []));
  }

  /** Let live.thisdevice send its bang again, as Live does when the set is saved. */
  bangAgain(): void {
    this.#around.events.happen(() => {
      this.#run.bang();
    });
  }

  /** Return what Live would store with the set. */
  save(): Saved {
    const parameters = this.#run.all(Control).map(({ parameter }) => parameter);
    const stored = parameters.filter(({ isStored }) => isStored);
    const pattrs = this.#run.all(Pattr).map(({ name, value }): [string, readonly Atom[]] => {
      return [name, value ?? []];
    });
    return {
      parameters: Object.fromEntries(stored.map(({ longname, value }) => [longname, value])),
      pattrs: Object.fromEntries(pattrs.filter(([, value]) => value.length > 0)),
    };
  }

  /**
   * Wait until something is so; look again after each event of the device.
   *
   * @throws {Error} It is not so in time; the error holds the consoles of Max and Live.
   */
  until(condition: () => boolean, timeoutMs: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const unwatch = this.#around.events.watch(look);
      const timer = setTimeout(() => {
        look();
        unwatch();
        reject(new Error(`${what}: not so within ${timeoutMs} ms. ${this.#consoles()}`));
      }, timeoutMs);
      look();

      function look(): void {
        if (condition()) {
          unwatch();
          clearTimeout(timer);
          resolve();
        }
      }
    });
  }

  /** The id of the process of node.script, while there is one. */
  get nodePid(): number | undefined {
    return this.#nodes.map(({ pid }) => pid).find((pid) => pid !== undefined);
  }

  /** Return the resident memory of the process of node.script in bytes. */
  nodeMemory(): number {
    const pid = this.nodePid;
    if (pid === undefined) {
      throw new Error(`no Node process runs. ${this.#consoles()}`);
    }
    return memoryOf(pid);
  }

  /** Close the device: scripts are told, timers end, and so does the process. */
  async close(): Promise<void> {
    const ended = this.#run.close();
    this.#around.events.close();
    this.#around.live.close();
    await ended;
  }

  get #nodes(): NodeScript[] {
    return this.#run.all(NodeScript);
  }

  #control(name: string): Control {
    const object = this.#run.object(name);
    if (!(object instanceof Control)) {
      throw new Error(`${name} is no control, but a ${object.constructor.name}`);
    }
    return object;
  }

  #emit(what: "context" | "notes", dictionary: Dictionary): void {
    for (const object of this.#run.all(ToolIn)) {
      object.emit(what, dictionary);
    }
  }

  #consoles(): string {
    const max = this.console.slice(-LAST_LINES).join("\n");
    const live = this.#options.live.console.slice(-LAST_LINES).join("\n");
    return `Max says:\n${max || "nothing"}\nLive says:\n${live || "nothing"}`;
  }
}

/** Lines of a console that an error shows. */
const LAST_LINES = 20;

function placeOf({ device, track }: OpenOptions): SimDevice {
  const place = device ?? track?.addDevice({ class_name: "MxDeviceMidiEffect" });
  if (!place) {
    throw new Error("a device needs a track to be put on, or a device to be; both are missing");
  }
  return place;
}
