/** Hold what all objects of a simulated set share: time, ids, steps to undo, observers. */

import type { Clock } from "./clock.ts";
import type { Author } from "./history.ts";
import { History } from "./history.ts";
import type { LomObject } from "./lom.ts";
import { Transport } from "./transport.ts";
import { Watch } from "./watch.ts";

/** How often observers look while the song plays; about as often as Live draws. */
const TICK_MS = 20;

/** What plays along with the transport: a track. */
export interface Player {
  /** Let happen what is due by now. */
  settle(): void;
  /** The transport starts. */
  begin(): void;
  /** The transport jumped. */
  relocate(): void;
}

export class World {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly version: string;
  readonly history = new History();
  readonly watch = new Watch();
  readonly console: string[] = [];
  readonly players: Player[] = [];
  /** Beats between the moments at which clips start; 0 starts them at once. */
  quantum = 4;
  readonly #objects: LomObject[] = [];
  #stopTicks: () => void = () => undefined;

  constructor(clock: Clock, version: string, tempo: number) {
    this.clock = clock;
    this.version = version;
    this.transport = new Transport(clock, tempo);
  }

  /** Give an object its id; ids begin with 1 and are never used again. */
  register(object: LomObject): string {
    return String(this.#objects.push(object));
  }

  /** Return the object of an id, unless it is deleted. */
  find(id: string): LomObject | undefined {
    const object = this.#objects[Number(id) - 1];
    return object?.exists() === true ? object : undefined;
  }

  /** Do something as one step that undo takes back, and tell observers. */
  change<T>(by: Author, name: string, action: () => T): T {
    const result = this.history.change(by, name, action);
    this.watch.check();
    return result;
  }

  /** Start the transport, from where it last started or was put. */
  play(): void {
    this.#start(() => {
      this.transport.play();
    });
  }

  /** Start the transport from where it stands. */
  resume(): void {
    this.#start(() => {
      this.transport.resume();
    });
  }

  stop(): void {
    this.#settle();
    this.transport.stop();
    this.#stopTicks();
  }

  jump(beat: number): void {
    this.#settle();
    this.transport.jump(beat);
    this.players.forEach((player) => {
      player.relocate();
    });
  }

  setTempo(bpm: number): void {
    this.#settle();
    this.transport.tempo = bpm;
  }

  #start(start: () => void): void {
    if (this.transport.isPlaying) {
      return;
    }
    start();
    this.players.forEach((player) => {
      player.begin();
    });
    this.#tick();
  }

  #settle(): void {
    this.players.forEach((player) => {
      player.settle();
    });
  }

  #tick(): void {
    this.#stopTicks = this.clock.later(TICK_MS, () => {
      this.#settle();
      this.watch.check();
      this.#tick();
    });
  }
}
