/** Read what the song says: its tempo, its scale, and where it plays. */

import type { Key } from "../wire/note.ts";
import { LiveObject } from "./live_api.ts";

/** The song while it is open; read anew at each question. */
export class Song {
  readonly #song: LiveObject;

  /** @throws {Error} There is no song, which Live rules out. */
  constructor() {
    const song = LiveObject.at("live_set");
    if (!song) {
      throw new Error("Live has no song");
    }
    this.#song = song;
  }

  get bpm(): number {
    return this.#song.number("tempo");
  }

  get isPlaying(): boolean {
    return this.#song.flag("is_playing");
  }

  /** Where the song plays, in beats from its start. */
  get time(): number {
    return this.#song.number("current_song_time");
  }

  get metre(): { readonly numerator: number; readonly denominator: number } {
    return {
      numerator: this.#song.number("signature_numerator"),
      denominator: this.#song.number("signature_denominator"),
    };
  }

  /** The scale, unless its button is off. */
  get key(): Key | null {
    if (!this.#song.flag("scale_mode")) {
      return null;
    }
    return {
      tonic: this.#song.number("root_note"),
      intervals: this.#song.numbers("scale_intervals"),
      name: this.#song.text("scale_name"),
    };
  }
}

/** Return Live's version as numbers, such as 12, 2, 5. */
export function liveVersion(): readonly [number, number, number] {
  const app = LiveObject.at("live_app");
  const part = (name: string): number => Number(app?.call(`get_${name}_version`));
  return [part("major"), part("minor"), part("bugfix")];
}

/** Whether the Arrangement is what the user looks at, rather than the Session. */
export function showsArrangement(): boolean {
  return LiveObject.at("live_app view")?.text("focused_document_view") === "Arranger";
}
