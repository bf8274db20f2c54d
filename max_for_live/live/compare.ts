/** Go back and forth between a clip's performance and what it was. */

import { countPlayed, performed, picked, type Match } from "./performance.ts";
import { Refusal, SAY } from "./say.ts";
import { sceneOf, type Scene } from "./scene.ts";
import type { Shelf } from "./shelf.ts";
import { write, type Written } from "./write.ts";

/** Return the clip to what it was, but for what the user has edited since; return what to say. */
export function revert(shelf: Shelf): string {
  const { scene, match } = known(shelf);
  const written = write(scene.clip, scene.read, scene.base, scene.base);
  shelf.show(match.performance, true);
  return said(SAY.reverted(written.changed), written, match);
}

/** Show the clip as it was, or as it was played; return what to say. */
export function compare(shelf: Shelf, showOriginal: boolean, isPedalOn: boolean): string {
  if (showOriginal) {
    return revert(shelf);
  }
  const { scene, match } = known(shelf);
  const { performance, rows } = match;
  const side = performed(scene.read.notes, match);
  const written = write(scene.clip, scene.read, side, side);
  shelf.show(performance, false);
  const meant = rows.filter((row) => row >= 0);
  const count = countPlayed(picked(performance.base, meant), picked(performance.played, meant));
  const sentence = said(SAY.written(count, rows.length), written, match);
  return isPedalOn && performance.pedal.time.length > 0 ? SAY.withPedal(sentence) : sentence;
}

/** Take the performance for the original from now on; its pedal goes on playing. */
export function commit(shelf: Shelf): string {
  const { scene, match } = known(shelf);
  if (!match.isPlayed) {
    throw new Refusal(SAY.original);
  }
  const { played, pedal } = match.performance;
  const committed = { base: played, played, pedal, basePedal: pedal, isOriginal: false };
  shelf.keep(scene.read.id, committed, false);
  return SAY.committed;
}

function known(shelf: Shelf): { scene: Scene; match: Match } {
  const scene = sceneOf(shelf);
  if (!scene.match) {
    throw new Refusal(SAY.notPlayed);
  }
  return { scene, match: scene.match };
}

/** Say what Live has refused, if it has, and how many notes are the user's own. */
function said(sentence: string, { refused }: Written, match: Match): string {
  const edits = match.rows.filter((row) => row < 0).length;
  const all = edits > 0 ? SAY.userEdits(sentence, edits) : sentence;
  return refused > 0 ? SAY.refused(refused) : all;
}
