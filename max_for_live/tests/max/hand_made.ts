/** Make small devices by hand, for the tests of the simulator itself. */

import { type File, type Kind, KINDS, USES, writeAmxd } from "../../patch/amxd.ts";
import { type Clock, VirtualClock } from "../live/clock.ts";
import { LiveSet } from "../live/set.ts";
import { MaxDevice, type OpenOptions } from "./max_device.ts";

/** A box by what is written in it, its inlets and outlets, and where it lies. */
export interface BoxSketch {
  readonly text?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly inlets?: number;
  readonly outlets?: number;
  readonly at?: readonly [x: number, y: number];
  readonly parameter?: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Boxes and cords that become a device. */
export class Sketch {
  readonly #boxes: object[] = [];
  readonly #lines: object[] = [];
  readonly #files: File[] = [];

  /** Add a box; return its name, for cords. */
  box(sketch: BoxSketch): string {
    const { text, kind = "newobj", inlets = 1, outlets = 1, at = [0, 0], parameter, more } = sketch;
    const id = sketch.name ?? `obj-${this.#boxes.length + 1}`;
    const shown = text === undefined ? {} : { text };
    this.#boxes.push({
      box: {
        ...{ id, varname: id, maxclass: kind, numinlets: inlets, numoutlets: outlets },
        patching_rect: [...at, 100, 20],
        ...shown,
        ...(parameter && { parameter_enable: 1, ...withName(id, parameter) }),
        ...more,
      },
    });
    return id;
  }

  /** Add a cord, by default from the left outlet to the left inlet. */
  wire(from: string, to: string, outlet = 0, inlet = 0): this {
    this.#lines.push({ patchline: { source: [from, outlet], destination: [to, inlet] } });
    return this;
  }

  /** Add a v8 object with a script inside the device. */
  script(name: string, text: string, outlets = 1): string {
    this.#file(`${name}.js`, text, USES.plain);
    return this.box({ name, text: `v8 ${name}.js`, outlets });
  }

  /** Add an object that writes what it gets to the console, behind its own name. */
  probe(name: string, at: BoxSketch["at"] = [0, 0]): string {
    const numbers = `["int", "float", "list"].includes(messagename) ? [] : [messagename]`;
    const words = `[...(${numbers}), ...arguments]`;
    this.#file(`${name}.js`, `function anything() { post("${name}:", ...${words}); }`, USES.plain);
    return this.box({ name, text: `v8 ${name}.js`, at });
  }

  /** Add a node.script object with its script, which is written to disk unless `use` says not. */
  node(name: string, text: string, use: File["use"] = USES.onDisk): string {
    this.#file(`${name}.js`, text, use);
    return this.box({ name, text: `node.script ${name}.js`, outlets: 2 });
  }

  bytes(kind: Kind = KINDS.midiEffect): Buffer {
    const text = JSON.stringify({ patcher: { boxes: this.#boxes, lines: this.#lines } });
    const bytes = Buffer.from(`${text}\n\0`);
    const patch: File = { name: "test.amxd", type: "JSON", use: USES.device, bytes };
    return writeAmxd({ kind, files: [patch, ...this.#files] });
  }

  /** Open the device in a set of its own, with one track. */
  open(options: Partial<OpenOptions> & { readonly clock: Clock }): Promise<MaxDevice> {
    const live = new LiveSet({ clock: options.clock });
    return MaxDevice.open(this.bytes(), { live, track: live.addTrack(), ...options });
  }

  #file(name: string, text: string, use: File["use"]): void {
    this.#files.push({ name, type: "TEXT", use, bytes: Buffer.from(text) });
  }
}

/** Open a device on a clock, let what is deferred happen, and return both. */
export async function opened(
  sketch: Sketch,
  options: Partial<OpenOptions> = {},
): Promise<{ max: MaxDevice; clock: VirtualClock }> {
  const clock = new VirtualClock();
  const max = await sketch.open({ clock, ...options });
  clock.advance(0);
  return { max, clock };
}

function withName(id: string, parameter: Readonly<Record<string, unknown>>): object {
  const valueof = { parameter_longname: id, parameter_shortname: id, ...parameter };
  return { saved_attribute_attributes: { valueof } };
}
