/** Go back and forth between a clip's performance and what it was. */

import { performed, type Match } from "./base.ts";
import { Refusal, SAY } from "./say.ts";
import { sceneOf, type Scene } from "./scene.ts";
import type { Shelf } from "./shelf.ts";
import { write } from "./write.ts";

/** Return the clip to what it was, but for what the user has edited since; return what to say. */
export function revert(shelf: Shelf): string {
  const { scene, match } = known(shelf);
  const { changed } = write(scene.clip, scene.read, scene.base);
  shelf.show(match.performance, true);
  return withEdits(SAY.reverted(changed), match);
}

/** Show the clip as it was, or as it was played; return what to say. */
export function compare(shelf: Shelf, showOriginal: boolean): string {
  const { scene, match } = known(shelf);
  const side = showOriginal ? scene.base : performed(scene.read.notes, match);
  const { changed } = write(scene.clip, scene.read, side);
  shelf.show(match.performance, showOriginal);
  const sentence = showOriginal ? SAY.reverted(changed) : SAY.written(changed, side.length);
  return withEdits(sentence, match);
}

/** Take the performance for the original from now on; its pedal goes on playing. */
export function commit(shelf: Shelf): string {
  const { scene, match } = known(shelf);
  const { played, pedal } = match.performance;
  shelf.keep(scene.read.id, { base: played, played, pedal, isOriginal: false });
  return SAY.committed;
}

function known(shelf: Shelf): { scene: Scene; match: Match } {
  const scene = sceneOf(shelf);
  if (!scene.match) {
    throw new Refusal(SAY.notPlayed);
  }
  return { scene, match: scene.match };
}

function withEdits(sentence: string, match: Match): string {
  const edits = match.rows.filter((row) => row < 0).length;
  return edits > 0 ? SAY.userEdits(sentence, edits) : sentence;
}
