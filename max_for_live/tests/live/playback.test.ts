/** Clips play as in Live. At 120 beats a minute, a beat takes 500 milliseconds. */

import { expect, test } from "vitest";
import type { ClipOptions } from "./contract.ts";
import { Stage } from "./stage.ts";

const BEAT_MS = 500;

/** Launch a clip at beat 0, and let beats pass. */
function playedFor(options: ClipOptions, beats: number) {
  const stage = new Stage();
  const { clip, api } = stage.clip(options);
  clip.launch();
  stage.clock.advance(beats * BEAT_MS);
  return { stage, clip, api };
}

test("A clip launched while the song stands still starts it, and plays at once", () => {
  const { stage, api } = playedFor({}, 1.5);
  expect(stage.live.isPlaying).toBe(true);
  expect([api.get("is_playing"), api.get("playing_position")]).toEqual([[1], [1.5]]);
});

test("A clip goes round in its loop", () => {
  // 4 beats from the start marker to the loop's end at 5, then 3.5 beats in a loop of 3: 2 + 0.5
  const { clip } = playedFor({ start_marker: 1, loop_start: 2, loop_end: 5 }, 4 + 3.5);
  expect(clip.playingPosition).toBeCloseTo(2.5);
});

test("A start marker before 0 plays before 0", () => {
  const { clip } = playedFor({ start_marker: -1, loop_start: 0, loop_end: 4 }, 0.25);
  expect(clip.playingPosition).toBeCloseTo(-0.75);
});

test("A start marker behind the loop plays on without it", () => {
  const { clip } = playedFor({ start_marker: 6, loop_start: 0, loop_end: 4, end_marker: 8 }, 3);
  expect(clip.playingPosition).toBeCloseTo(9);
});

test("A clip without loop ends at its end", () => {
  const { clip, stage } = playedFor({ looping: false, start_marker: 1, end_marker: 3 }, 2);
  expect(clip.isPlaying).toBe(false);
  expect(stage.at("live_set tracks 0").get("playing_slot_index")).toEqual([-2]);
});

test("A clip launched while the song plays waits for the bar, and starts at it", () => {
  const stage = new Stage();
  const { clip, api } = stage.clip();
  stage.live.play();
  stage.clock.advance(3 * BEAT_MS);
  clip.launch();
  const track = stage.at("live_set tracks 0");
  expect([track.get("fired_slot_index"), api.get("is_triggered")]).toEqual([[0], [1]]);
  stage.clock.advance(2 * BEAT_MS);
  expect([clip.playingPosition, api.get("start_time")]).toEqual([1, [4]]);
  expect([track.get("fired_slot_index"), track.get("playing_slot_index")]).toEqual([[-1], [0]]);
});

test("A bar of 7/8 has three and a half beats", () => {
  const stage = new Stage({ signature: [7, 8] });
  const { clip, api } = stage.clip();
  stage.live.play();
  stage.clock.advance(1 * BEAT_MS);
  clip.launch();
  stage.clock.advance(3 * BEAT_MS);
  expect(api.get("start_time")).toEqual([3.5]);
});

test("Without launch quantization, a clip starts where the song is", () => {
  const stage = new Stage({ launch_quantization: "none" });
  const { clip, api } = stage.clip();
  stage.live.play();
  stage.clock.advance(1.25 * BEAT_MS);
  clip.launch();
  stage.clock.advance(0.5 * BEAT_MS);
  expect([api.get("start_time"), clip.playingPosition]).toEqual([[1.25], 0.5]);
});

test("A change of tempo on the way counts from where it comes", () => {
  const { stage, clip } = playedFor({}, 1);
  stage.live.tempo = 60;
  // half a beat in 500 milliseconds at 60 beats a minute
  stage.clock.advance(BEAT_MS);
  expect(clip.playingPosition).toBeCloseTo(1.5);
});

test("A jump of the song takes the clip along", () => {
  const { stage, clip } = playedFor({}, 1);
  stage.live.jump(10);
  expect(clip.playingPosition).toBeCloseTo(2);
});

test("A jump to before the launch goes round backwards", () => {
  const { stage, clip } = playedFor({}, 1);
  stage.live.jump(8);
  stage.live.stop();
  stage.live.play();
  stage.clock.advance(BEAT_MS);
  stage.live.jump(0);
  expect(clip.playingPosition).toBeCloseTo(0);
});

test("A stopped song holds the clip, and the next start begins it anew", () => {
  const { stage, clip, api } = playedFor({}, 2);
  stage.live.stop();
  stage.clock.advance(3 * BEAT_MS);
  expect([clip.playingPosition, api.get("is_playing")]).toEqual([2, [1]]);
  stage.live.play();
  stage.clock.advance(BEAT_MS);
  expect(clip.playingPosition).toBe(1);
});

test("Another clip of the track takes over at the bar", () => {
  const { stage, clip } = playedFor({}, 1);
  const second = stage.track.addClip();
  second.launch();
  stage.clock.advance(3 * BEAT_MS);
  expect([clip.isPlaying, second.isPlaying]).toEqual([false, true]);
});

test("A stopped track shows slot -2, one that never played slot -1", () => {
  const { stage, api } = playedFor({}, 1);
  const never = stage.live.addTrack();
  api.call("stop");
  stage.clock.advance(3 * BEAT_MS);
  const tracks = [stage.track, never].map((each) => stage.at(`id ${each.id}`));
  expect(tracks.map((each) => each.get("playing_slot_index"))).toEqual([[-2], [-1]]);
});

test("A clip that is deleted plays no more", () => {
  const { stage, clip } = playedFor({}, 1);
  stage.track.remove(clip);
  expect(stage.at("live_set tracks 0").get("playing_slot_index")).toEqual([-2]);
});

test("A clip of the Arrangement plays while the song passes it", () => {
  const stage = new Stage();
  const clip = stage.track.addArrangementClip(
    2,
    { start_marker: 1, loop_start: 0, loop_end: 2 },
    6,
  );
  stage.live.play();
  stage.clock.advance(1 * BEAT_MS);
  expect(clip.isPlaying).toBe(false);
  // 2.5 beats into it: one to the loop's end, then 1.5 of the loop's two
  stage.clock.advance(3.5 * BEAT_MS);
  expect([clip.isPlaying, clip.playingPosition]).toEqual([true, 1.5]);
  stage.clock.advance(2 * BEAT_MS);
  expect(clip.isPlaying).toBe(false);
});

test("A clip of the Session takes the track from the Arrangement", () => {
  const stage = new Stage();
  const arranged = stage.track.addArrangementClip(0);
  stage.track.addClip().launch();
  stage.clock.advance(BEAT_MS);
  expect(arranged.isPlaying).toBe(false);
});

test("An observer follows the playing position about fifty times a second", () => {
  const stage = new Stage();
  const { clip } = stage.clip();
  const told = stage.watch(`id ${clip.id}`, "playing_position");
  clip.launch();
  stage.clock.advance(100);
  // at 20 milliseconds a tick: 0 at first, then 5 times 20 / 500 of a beat
  expect(told.map(([, value]) => Number(value).toFixed(2))).toEqual([
    "0.00",
    "0.04",
    "0.08",
    "0.12",
    "0.16",
    "0.20",
  ]);
});

test("An observer hears of the start and the stop of the song", () => {
  const stage = new Stage();
  const told = stage.watch("live_set", "is_playing");
  stage.live.play();
  stage.live.stop();
  expect(told.map(([, value]) => value)).toEqual([0, 1, 0]);
});
