/** Draw the devices into docs/pictures/, as they look once the server has said what it can do. */

import { writeFileSync } from "node:fs";
import { GENERATE } from "../devices/generate.ts";
import { HUMANIZE } from "../devices/humanize.ts";
import { YURAGI } from "../devices/yuragi.ts";
import { picture, type Shown } from "./picture.ts";

const READY = { text: "yuragi 0.1.0 is ready." };

/** What the dials show for the engine "euclid". */
const EUCLID: Readonly<Record<string, Shown>> = {
  dial1: { label: "Steps", value: 16, range: [1, 32] },
  dial2: { label: "Pulses", value: 4, range: [0, 32] },
  dial3: { label: "Rotation", value: 0, range: [-32, 32] },
  dial4: { label: "Pitch", value: 36, range: [0, 127] },
};

/** Every picture by its file's name. */
export function pictures(): Readonly<Record<string, string>> {
  return {
    "device-yuragi.svg": picture(YURAGI, { ...EUCLID, status: READY, time: { text: "38 ms" } }),
    "device-humanize.svg": picture(HUMANIZE, { status: READY }),
    "device-generate.svg": picture(GENERATE, { ...EUCLID, status: READY }),
  };
}

if (import.meta.main) {
  for (const [name, svg] of Object.entries(pictures())) {
    writeFileSync(new URL(`../../docs/pictures/${name}`, import.meta.url), svg);
  }
}
