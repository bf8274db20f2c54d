/** Notice when another side of a clip is heard, or another clip is shown. */

import { later, type Cancel } from "./clock.ts";
import { LiveObject, Watch } from "./live_api.ts";

/** Notes change many times in a row while they are dragged. */
const CALM_MS = 200;

const VIEW = "live_set view";
const SHOWN = `${VIEW} detail_clip`;

export class Side {
  readonly #onChange: () => void;
  readonly #shown: Watch;
  #notes: Watch | undefined;
  #calm: Cancel | undefined;

  /** @param onChange Is told a moment after another clip is shown, or notes of the one that is. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#shown = new Watch(VIEW, "detail_clip", () => {
      this.#look();
    });
  }

  close(): void {
    this.#calm?.();
    this.#shown.close();
    this.#notes?.close();
  }

  /** Live forbids changes at once when it tells of one. */
  #look(): void {
    this.#calm?.();
    this.#calm = later(CALM_MS, () => {
      this.#notes?.close();
      this.#notes = LiveObject.at(SHOWN)?.flag("is_midi_clip") ? this.#watchNotes() : undefined;
      this.#onChange();
    });
  }

  #watchNotes(): Watch {
    return new Watch(SHOWN, "notes", () => {
      this.#wait();
    });
  }

  #wait(): void {
    this.#calm?.();
    this.#calm = later(CALM_MS, () => {
      this.#onChange();
    });
  }
}
