import { expect, test } from "vitest";

import { GENERATE } from "../../devices/generate.ts";
import { SAY } from "../../live/say.ts";
import { wrapped } from "../../patch/text_width.ts";
import { STATES } from "../../wire/state.ts";

/** Three lines of 9.5 px, with 3 px on either side. Source: patch/picture.ts. */
const LINE = { size: 9.5, count: 3, around: 6 } as const;

/** Why a tool has no result, with the usual port; a start can fail for any reason. */
const TROUBLES = [
  STATES.searching("5577"),
  STATES.starting(),
  STATES.no_server("5577"),
  STATES.wrong_version("0.2.0"),
  STATES.busy_port("5577"),
  STATES.lost(),
  SAY.noNode,
  SAY.silent,
  SAY.fault,
] as const;

const SENTENCES = [
  ...TROUBLES,
  ...TROUBLES.map(SAY.standsIn),
  SAY.meanwhile,
  SAY.applied(12_345),
  SAY.pressApply,
  SAY.elsewhere,
  SAY.noNotes,
];

test.each(SENTENCES)("the line of a tool has room for: %s", (sentence) => {
  const status = GENERATE.boxes.find(({ name }) => name === "status");
  const width = (status?.rect?.[2] ?? 0) - LINE.around;
  const lines = wrapped(sentence, width, LINE.size, LINE.count);
  expect(lines.join(" ").trim()).toBe(sentence);
});
