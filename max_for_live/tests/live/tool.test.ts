/** MIDI Tools go through Live's apply cycle. */

import { expect, test } from "vitest";
import type { ClipOptions, SetOptions } from "./contract.ts";
import { Stage, note, spans } from "./stage.ts";
import type { Dictionary, ToolOptions } from "./tool.ts";
import { MidiTool } from "./tool.ts";

type Answer = (notes: Dictionary) => Dictionary | undefined;

interface Setting {
  readonly clip?: ClipOptions;
  readonly set?: SetOptions;
  readonly tool?: Partial<ToolOptions>;
  readonly answer?: Answer;
}

/** Hang a tool on a clip, which answers what it gets, and by default hands it back as it is. */
function hung({ clip: options, set, tool: more, answer = (notes) => notes }: Setting = {}) {
  const stage = new Stage(set);
  const notes = [note(60, 0), note(62, 1)];
  const { clip } = stage.clip({ notes, ...options });
  const emitted: [string, Dictionary][] = [];
  const tool: MidiTool = new MidiTool({
    kind: "transformation",
    clip,
    emit: (what, dictionary) => {
      emitted.push([what, dictionary]);
      const reply = what === "notes" ? answer(dictionary) : undefined;
      if (reply !== undefined) {
        tool.reply(reply);
      }
    },
    ...more,
  });
  return { stage, clip, tool, emitted };
}

/** Move the pitch of all notes. */
function moved(steps: number): Answer {
  return ({ notes }) => {
    return { notes: (notes as { pitch: number }[]).map((n) => ({ ...n, pitch: n.pitch + steps })) };
  };
}

test("The context comes first, then the notes", () => {
  const { tool, emitted } = hung();
  tool.bang();
  expect(emitted.map(([what]) => what)).toEqual(["context", "notes"]);
});

test("The context tells selection, extent, scale and grid", () => {
  const scale = { root_note: 2, scale_name: "Dorian", scale_intervals: [0, 2, 3, 5, 7, 9, 10] };
  const { tool, emitted } = hung({ set: { scale: { ...scale, scale_mode: true } } });
  tool.bang();
  expect(emitted[0]?.[1]).toEqual({
    clip: {
      time_selection_start: 0,
      time_selection_end: 4,
      first_note_start: 0,
      last_note_end: 2,
      lowest_pitch: 60,
      highest_pitch: 62,
    },
    scale: { ...scale, scale_mode: 1 },
    grid: { interval: 0.25, enabled: 1 },
  });
});

test("Before Live 12.0.5 the scale has no name", () => {
  const { tool, emitted } = hung({ set: { version: "12.0.0" } });
  tool.bang();
  expect(emitted[0]?.[1]["scale"]).not.toHaveProperty("scale_name");
});

test("A bang within a cycle hands out the clip as it was before, and replaces the last result", () => {
  let steps = 0;
  const { stage, clip, tool } = hung({ answer: (notes) => moved((steps += 1))(notes) });
  tool.bang();
  tool.bang();
  tool.bang();
  expect(clip.notes().map((each) => each.pitch)).toEqual([63, 65]);
  expect(stage.live.undoSteps).toEqual(["apply the transformation"]);
});

test("Undo takes back the whole cycle", () => {
  const { stage, clip, tool } = hung({ answer: moved(1) });
  tool.bang();
  tool.bang();
  stage.live.undo();
  expect(clip.notes().map((each) => each.pitch)).toEqual([60, 62]);
});

test.each([
  [
    "is told of",
    ({ tool }: ReturnType<typeof hung>) => {
      tool.userEdits();
    },
  ],
  [
    "sees in the clip",
    ({ clip }: ReturnType<typeof hung>) => {
      clip.edit((e) => e.add([note(70, 3)]));
    },
  ],
  [
    "sees in a selection",
    ({ clip }: ReturnType<typeof hung>) => {
      clip.selectNotes([1, 2]);
    },
  ],
])("What the user does, which the tool %s, ends the cycle", (_, act) => {
  const staged = hung({ answer: moved(1) });
  staged.tool.bang();
  act(staged);
  staged.tool.bang();
  expect(staged.clip.notes()[0]?.pitch).toBe(62);
  expect(staged.stage.live.undoSteps).toHaveLength(2);
});

test("A transformation is asked for nothing where there are no notes", () => {
  const { tool, emitted } = hung({ clip: { notes: [] } });
  tool.bang();
  expect(emitted).toEqual([]);
});

test("A transformation gets the selected notes, and leaves the others alone", () => {
  const { clip, tool, emitted } = hung({ answer: moved(12) });
  clip.selectNotes([2]);
  tool.bang();
  expect(emitted[1]?.[1]["notes"]).toHaveLength(1);
  expect(clip.notes().map((each) => each.pitch)).toEqual([60, 74]);
});

test("A transformation without a selection of notes gets what starts in the selected time", () => {
  const { clip, tool } = hung({ answer: moved(12), tool: { timeSelection: [1, 2] } });
  tool.bang();
  expect(clip.notes().map((each) => each.pitch)).toEqual([60, 74]);
});

test("A generator gets no notes, and what it answers takes the place of what is there", () => {
  const { clip, tool, emitted } = hung({
    tool: { kind: "generator", timeSelection: [1, 4] },
    answer: () => ({ notes: [note(72, 1, 2)] }),
  });
  tool.bang();
  expect(emitted[1]?.[1]).toEqual({ notes: [] });
  expect(spans(clip)).toEqual([
    [60, 0, 1],
    [72, 1, 2],
  ]);
});

test("A note handed back keeps its id, and what it does not name", () => {
  const required = { note_id: 2, pitch: 64, start_time: 1, duration: 0.5 };
  const { clip, tool } = hung({
    clip: { notes: [note(60, 0), { ...note(62, 1), velocity: 33 }] },
    answer: () => ({ notes: [required] }),
  });
  tool.bang();
  expect(clip.notes()).toMatchObject([{ ...required, velocity: 33 }]);
});

test("No answer before the outlet is done is an error", () => {
  const { stage, tool } = hung({ answer: () => undefined });
  tool.bang();
  expect(stage.live.console).toEqual(["live.miditool: Did not receive a Note dictionary in time"]);
});

test("An answer later is an error, and changes nothing", () => {
  const { stage, clip, tool } = hung();
  tool.bang();
  tool.reply({ notes: [] });
  expect(clip.notes()).toHaveLength(2);
  expect(stage.live.console).toEqual(["live.miditool: Received a Note dictionary asynchronously"]);
});

test("An answer whose notes lack a key is an error, and changes nothing", () => {
  const { stage, clip, tool } = hung({ answer: () => ({ notes: [{ pitch: 60, duration: 1 }] }) });
  tool.bang();
  expect(clip.notes()).toHaveLength(2);
  expect(stage.live.console).toEqual([
    "live.miditool: The Note dictionary is malformed: key missing",
  ]);
});

test("An answer with a note that cannot be changes nothing", () => {
  const { stage, clip, tool } = hung({ answer: moved(100) });
  tool.bang();
  expect(clip.notes().map((each) => each.pitch)).toEqual([60, 62]);
  expect([stage.live.console.length, stage.live.undoSteps.length]).toEqual([1, 0]);
});
