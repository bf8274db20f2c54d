/** Let nothing that goes wrong stop a script: it is said, and the details are in the Max console. */

import { Refusal, SAY } from "./say.ts";
import type { Screen } from "./screen.ts";

/** Do something and return true; say why not if it is refused, or goes wrong. */
export function guarded(screen: Screen, action: () => void): boolean {
  try {
    action();
    return true;
  } catch (fault) {
    if (fault instanceof Refusal) {
      screen.say(fault.message);
    } else {
      screen.say(SAY.fault);
      error(`yuragi: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`);
    }
    return false;
  }
}
