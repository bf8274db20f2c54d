/** Simulate the devices of a track, with the pads and chains of racks. */

import type { ChainOptions, DeviceOptions, DrumPadOptions } from "./contract.ts";
import type { LomObject, Members } from "./lom.ts";
import { asText, child, children, fixed, observed } from "./lom.ts";
import type { World } from "./world.ts";

/** What holds devices: a track or a chain. */
export interface Rack extends LomObject {
  readonly devices: readonly SimDevice[];
}

/** A drum rack has a pad for every note. Source: Live Object Model, RackDevice. */
const PADS = 128;

export class SimDevice implements LomObject {
  readonly id: string;
  readonly type: string;
  readonly parent: Rack;
  readonly members: Members;
  readonly chains: readonly SimChain[];
  readonly drumPads: readonly SimDrumPad[];
  #name: string;

  constructor(world: World, parent: Rack, options: DeviceOptions) {
    const className = options.class_name ?? "MxDeviceMidiEffect";
    this.id = world.register(this);
    this.parent = parent;
    this.#name = options.name ?? className;
    const hasPads = options.can_have_drum_pads ?? className === "DrumGroupDevice";
    const hasChains = options.can_have_chains ?? (hasPads || className.endsWith("GroupDevice"));
    this.type = typeOf(className, hasChains);
    world.history.keep(() => {
      const name = this.#name;
      return () => {
        this.#name = name;
      };
    });
    this.chains = (options.chains ?? []).map((chain) => new SimChain(world, this, chain));
    this.drumPads = hasPads ? padsOf(world, this, options.drum_pads ?? []) : [];
    this.members = {
      canonical_parent: child(() => parent),
      name: observed(
        () => this.#name,
        (value) => {
          this.#name = asText(value);
        },
      ),
      class_name: fixed(() => className),
      class_display_name: fixed(() => options.class_display_name ?? className),
      can_have_drum_pads: fixed(() => Number(hasPads)),
      can_have_chains: fixed(() => Number(hasChains)),
      has_drum_pads: observed(() => Number(hasPads)),
      chains: children(() => this.chains),
      drum_pads: children(() => this.drumPads),
      visible_drum_pads: children(() => this.drumPads.slice(36, 52)),
    };
  }

  place(): string {
    return `devices ${this.parent.devices.indexOf(this)}`;
  }

  exists(): boolean {
    return this.parent.exists() && this.parent.devices.includes(this);
  }
}

export class SimChain implements Rack {
  readonly id: string;
  readonly type: string;
  readonly parent: SimDevice | SimDrumPad;
  readonly members: Members;
  readonly devices: readonly SimDevice[];

  constructor(world: World, parent: SimDevice | SimDrumPad, options: ChainOptions) {
    this.id = world.register(this);
    this.type = parent instanceof SimDrumPad ? "DrumChain" : "Chain";
    this.parent = parent;
    this.devices = (options.devices ?? []).map((device) => new SimDevice(world, this, device));
    this.members = {
      canonical_parent: child(() => parent),
      name: observed(() => options.name),
      devices: children(() => this.devices),
    };
  }

  place(): string {
    return `chains ${this.parent.chains.indexOf(this)}`;
  }

  exists(): boolean {
    return this.parent.exists();
  }
}

export class SimDrumPad implements LomObject {
  readonly id: string;
  readonly type = "DrumPad";
  readonly parent: SimDevice;
  readonly members: Members;
  readonly chains: readonly SimChain[];
  readonly #note: number;

  constructor(world: World, parent: SimDevice, options: DrumPadOptions) {
    this.id = world.register(this);
    this.parent = parent;
    this.#note = options.note;
    const names = Array.from({ length: options.chains ?? 1 }, () => options.name);
    this.chains = names.map((name) => new SimChain(world, this, { name }));
    this.members = {
      canonical_parent: child(() => parent),
      name: observed(() => options.name),
      note: fixed(() => options.note),
      chains: children(() => this.chains),
    };
  }

  place(): string {
    return `drum_pads ${this.#note}`;
  }

  exists(): boolean {
    return this.parent.exists();
  }
}

/** Return a pad for every note; one that the options do not name is empty and called as its note. */
function padsOf(
  world: World,
  device: SimDevice,
  options: readonly DrumPadOptions[],
): readonly SimDrumPad[] {
  return Array.from({ length: PADS }, (_, note) => {
    const pad = options.find((other) => other.note === note);
    return new SimDrumPad(world, device, pad ?? { note, name: noteName(note), chains: 0 });
  });
}

const NAMES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"] as const;

/** Return a name such as "C3", which in Live is note 60. */
function noteName(note: number): string {
  return `${NAMES[note % 12] ?? ""}${Math.floor(note / 12) - 2}`;
}

function typeOf(className: string, hasChains: boolean): string {
  if (className.startsWith("MxDevice")) {
    return "MaxDevice";
  }
  return hasChains ? "RackDevice" : "Device";
}
