import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { SAY } from "../live/say.ts";
import { STATES } from "../wire/state.ts";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** What the page gives as examples, where a sentence needs to know something. */
const SENTENCES: Readonly<Record<keyof typeof STATES | keyof typeof SAY, string>> = {
  ...SAY,
  searching: STATES.searching("5577"),
  starting: STATES.starting(),
  ready: STATES.ready("0.1.0"),
  no_server: STATES.no_server("5577"),
  start_failed: STATES.start_failed("_why_"),
  wrong_version: STATES.wrong_version("0.2.0"),
  busy_port: STATES.busy_port("5577"),
  lost: STATES.lost(),
  oldLive: SAY.oldLive("12.1.10"),
  empty: SAY.empty("Verse"),
  recording: SAY.recording("Verse"),
  playing: SAY.playing("Verse"),
  torn: SAY.torn(128, 127),
  written: SAY.written(96, 128),
  writtenSelected: SAY.writtenSelected(12, 16),
  refused: SAY.refused(2),
  withPedal: SAY.withPedal(SAY.written(96, 128)),
  warned: SAY.warned(
    SAY.written(96, 128),
    "12 notes of 13 (C#0), 14 (D0) are on no voice of the kit and pass untouched; name their pads",
  ),
  reverted: SAY.reverted(128),
  userEdits: SAY.userEdits(SAY.reverted(128), 3),
  generated: SAY.generated(64),
  exported: SAY.exported("/Users/you/Music/yuragi/Verse.mid"),
  applied: SAY.applied(64),
  standsIn: SAY.standsIn(SAY.silent),
};

test.each(Object.entries(SENTENCES))("the page explains the sentence %s", (_, sentence) => {
  expect(README).toContain(`| ${sentence} `);
});
