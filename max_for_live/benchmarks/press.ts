/** Press Humanize, and tell where the time until the written clip went. */

import type { MaxDevice } from "../tests/max/max_device.ts";
import { Joiner } from "../wire/piece.ts";
import type { Answer, Ask, RenderAsk } from "../wire/talk.ts";
import type { TimedSet } from "./timed_set.ts";

/** A press may take so long before the benchmark gives up. */
const PATIENCE_MS = 60_000;

/** The parts of a press in ms; but for `server`, `engine` and `live`, they are the device's own. */
export interface Press {
  /** From the button until the clip is written and read back. */
  readonly total: number;
  /** What the server says that it took, and its engines of that. */
  readonly server: number;
  readonly engine: number;
  /** What the simulated Live took. */
  readonly live: number;
  /** All that is neither the server's nor Live's. */
  readonly own: number;
  /** In v8 from the button until all is asked. */
  readonly ask: number;
  /** From v8 through Node to the server and back. */
  readonly line: number;
  /** In v8 from the last piece of the answer until the clip is written and read back. */
  readonly write: number;
}

/**
 * Press Humanize once; return what was asked, too.
 *
 * @throws {Error} No note was played, or not in time.
 */
export async function press(
  max: MaxDevice,
  live: TimedSet,
): Promise<{ readonly parts: Press; readonly ask: RenderAsk }> {
  const [sent, said, steps] = [max.sent.length, max.said.length, live.undoSteps.length];
  const moments: Partial<Record<"asked" | "answered" | "written", Moment>> = {};
  const begun = momentOf(live);
  max.press("humanize");
  const isWritten = (): boolean => {
    const now = momentOf(live);
    if (max.sent.length > sent) {
      moments.asked ??= now;
    }
    if (isWhole(max.said.slice(said))) {
      moments.answered ??= now;
    }
    if (live.undoSteps.length > steps) {
      moments.written ??= now;
    }
    return moments.written !== undefined;
  };
  await max.until(isWritten, PATIENCE_MS, "written");
  const { asked, answered, written } = moments;
  const ask = lastOf("ask", max.sent.slice(sent)) as Ask | undefined;
  const answer = lastOf("answer", max.said.slice(said)) as Answer | undefined;
  if (!asked || !answered || !written || answer?.answer !== "rendered" || ask?.ask !== "render") {
    throw new Error(`nothing was played: ${max.text("status")}`);
  }
  return { parts: split([begun, asked, answered, written], answer.timings), ask };
}

/** A time, and how long Live has taken up to it. */
interface Moment {
  readonly ms: number;
  readonly liveMs: number;
}

function momentOf(live: TimedSet): Moment {
  return { ms: performance.now(), liveMs: live.spentMs };
}

function split(
  [begun, asked, answered, written]: readonly [Moment, Moment, Moment, Moment],
  timings: { readonly total_ms: number; readonly engine_ms: number },
): Press {
  const live = (from: Moment, to: Moment): number => to.liveMs - from.liveMs;
  const ours = (from: Moment, to: Moment): number => to.ms - from.ms - live(from, to);
  const [ask, write] = [ours(begun, asked), ours(answered, written)];
  // what the script asks Live while the server works costs nobody time
  const line = answered.ms - asked.ms - timings.total_ms;
  return {
    total: written.ms - begun.ms,
    server: timings.total_ms,
    engine: timings.engine_ms,
    live: live(begun, asked) + live(answered, written),
    own: ask + line + write,
    ask,
    line,
    write,
  };
}

type Messages = MaxDevice["said"];

/** Whether the last piece of an answer is among messages: number `count - 1` of `count`. */
function isWhole(messages: Messages): boolean {
  return messages.some(([selector, id, index, count]) => {
    return selector === "answer" && id !== 0 && Number(index) + 1 === count;
  });
}

/** Return the last thing that was said by messages of a selector, news left out. */
function lastOf(selector: string, messages: Messages): unknown {
  const joiner = new Joiner();
  const pieces = messages.filter(([first, id]) => first === selector && id !== 0);
  const wholes = pieces.flatMap(([, ...piece]) => joiner.take(piece) ?? []);
  const text = wholes.at(-1)?.text;
  return text === undefined ? undefined : JSON.parse(text);
}
