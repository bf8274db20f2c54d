/** Write the meant clip with its pedal to a MIDI file, which Live imports with the pedal as an envelope. */

import { controllersOf } from "./lane.ts";
import type { Finish } from "./humanize.ts";
import type { Line } from "./link.ts";
import { pedalOf } from "./performance.ts";
import { requestFor } from "./request.ts";
import { Refusal, SAY } from "./say.ts";
import type { Scene } from "./scene.ts";

/** Ask for the file; to finish is to say where it is. */
export function exportClip(scene: Scene, line: Line, then: (finish: Finish) => void): void {
  const { read, match, surroundings } = scene;
  const { clip, origin } = requestFor(read, read.notes, surroundings);
  const pedal = match && pedalOf(match);
  const whole = pedal?.time.length ? { ...clip, controllers: controllersOf(pedal, origin) } : clip;
  line.ask({ ask: "midi_file", clip: whole, name: read.name || "clip" }, (answer) => {
    then(() => {
      if (answer.answer !== "written") {
        throw new Refusal(answer.answer === "failure" ? answer.message : SAY.notReady);
      }
      return SAY.exported(answer.path);
    });
  });
}
