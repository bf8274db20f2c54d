/** Run the objects that carry MIDI as bytes: midiin, midiformat, midiout. */

import { type Message, printAtoms, selectorOf } from "./atom.ts";
import type { MaxObject, Place } from "./surroundings.ts";

/** Sends each byte that comes from Live. */
export class MidiIn implements MaxObject {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  take(byte: number): void {
    this.#place.send(0, [byte]);
  }

  receive(message: Message): void {
    this.#place.complain(`doesn't understand "${printAtoms(message)}"`);
  }
}

/** A message that left the device. */
export interface MidiMessage {
  readonly timeMs: number;
  readonly bytes: readonly number[];
}

/** Gathers bytes into messages, as the receiver on the track does. */
export class MidiOut implements MaxObject {
  readonly messages: MidiMessage[] = [];
  readonly #place: Place;
  #bytes: number[] = [];

  constructor(place: Place) {
    this.#place = place;
  }

  receive(message: Message): void {
    const [byte] = message;
    if (selectorOf(message) !== "int" || !isByte(byte)) {
      this.#place.complain(`${printAtoms(message)} is no byte, allowed is 0 to 255`);
      return;
    }
    this.#bytes = byte >= 0x80 && byte !== 0xf7 ? [byte] : [...this.#bytes, byte];
    if (isWhole(this.#bytes)) {
      this.messages.push({ timeMs: this.#place.around.clock.nowMs(), bytes: this.#bytes });
      this.#bytes = [];
    }
  }
}

/** The inlets of midiformat by number; numbers for list and int alike, the channel is inlet 6. */
interface Format {
  readonly status: number;
  /** Where in the message each atom of the input goes. */
  readonly order: readonly number[];
}

/** Source: Max reference, midiparse, whose outlets are these inlets: value first, then controller. */
const FORMATS: readonly (Format | undefined)[] = [
  { status: 0x90, order: [0, 1] },
  { status: 0xa0, order: [1, 0] },
  { status: 0xb0, order: [1, 0] },
  { status: 0xc0, order: [0] },
  { status: 0xd0, order: [0] },
];

const CHANNEL_INLET = 6;

/** Makes messages of numbers and sends them byte by byte. */
export class MidiFormat implements MaxObject {
  readonly #place: Place;
  #channel: number;

  constructor(place: Place) {
    this.#place = place;
    this.#channel = Number(place.box.words[0] ?? 1);
  }

  receive(message: Message, inlet: number): void {
    const numbers = message.filter((atom) => typeof atom === "number");
    const format = FORMATS[inlet];
    if (inlet === CHANNEL_INLET && numbers.length === 1) {
      this.#channel = numbers[0] ?? 1;
    } else if (
      format &&
      numbers.length === message.length &&
      format.order.length === numbers.length
    ) {
      this.#format(format, numbers);
    } else {
      this.#place.complain(`"${printAtoms(message)}" in inlet ${inlet} is not what belongs there`);
    }
  }

  #format({ status, order }: Format, numbers: readonly number[]): void {
    this.#place.send(0, [status + ((this.#channel - 1) % 16)]);
    for (const index of order) {
      this.#place.send(0, [Math.min(127, Math.max(0, Math.trunc(numbers[index] ?? 0)))]);
    }
  }
}

function isByte(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 255;
}

/** Data bytes after a status from 0x80 on, by its upper half. Source: MIDI 1.0. */
const LENGTHS = [2, 2, 2, 2, 1, 1, 2] as const;
/** Data bytes after 0xf0 on; a system exclusive message ends with 0xf7. */
const SYSTEM_LENGTHS = [Infinity, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] as const;

function isWhole(bytes: readonly number[]): boolean {
  const status = bytes[0] ?? 0;
  if (status < 0x80 || bytes.at(-1) === 0xf7) {
    return true;
  }
  const length = status < 0xf0 ? LENGTHS[(status >> 4) - 8] : SYSTEM_LENGTHS[status - 0xf0];
  return bytes.length === 1 + (length ?? 0);
}
