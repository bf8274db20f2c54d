/** The virtual clock acts in the order of time. */

import { expect, test } from "vitest";
import { VirtualClock } from "./clock.ts";

test("What falls due acts at its time, in the order of time", () => {
  const clock = new VirtualClock();
  const acts: string[] = [];
  clock.later(20, () => acts.push(`b at ${clock.nowMs()}`));
  clock.later(10, () => acts.push(`a at ${clock.nowMs()}`));
  clock.advance(30);
  expect([acts, clock.nowMs()]).toEqual([["a at 10", "b at 20"], 30]);
});

test("What an action starts acts too, if it falls due", () => {
  const clock = new VirtualClock();
  const acts: number[] = [];
  clock.later(10, () => clock.later(10, () => acts.push(clock.nowMs())));
  clock.advance(25);
  expect(acts).toEqual([20]);
});

test("What is called off does not act", () => {
  const clock = new VirtualClock();
  const acts: number[] = [];
  const cancel = clock.later(10, () => acts.push(1));
  cancel();
  clock.advance(20);
  expect(acts).toEqual([]);
});
