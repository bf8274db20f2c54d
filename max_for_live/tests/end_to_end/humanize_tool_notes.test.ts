import { describe, expect, test } from "vitest";

import type { Note } from "../../wire/note.ts";
import type { NewNote } from "../live/contract.ts";
import type { MaxDevice } from "../max/max_device.ts";
import { phrase, staged } from "./stage.ts";
import { applied, complaints, kept, playing, renders, verse, type Room } from "./tool_room.ts";

const stage = staged("yuragi Humanize");

async function opened(...what: Parameters<typeof verse>): Promise<Room & { max: MaxDevice }> {
  const room = verse(...what);
  return { ...room, max: await stage.current.open(room.options) };
}

describe("Notes", () => {
  test("that are not selected stay as they are, to the bit", async () => {
    const { clip, max } = await opened();
    const before = clip.notes();
    const chosen = before.slice(16, 32).map(({ note_id }) => note_id);
    clip.selectNotes(chosen);
    await applied(max);
    const isChosen = ({ note_id }: Note): boolean => chosen.includes(note_id);
    expect(clip.notes().filter((note) => !isChosen(note))).toEqual(
      before.filter((note) => !isChosen(note)),
    );
    expect(playing(clip.notes().filter(isChosen))).not.toEqual(playing(before.filter(isChosen)));
    expect(max.text("status")).toBe("16 notes.");
  });

  test("that are not selected are heard by the server as what stands around", async () => {
    const { clip, max } = await opened();
    clip.selectNotes(
      clip
        .notes()
        .slice(16, 32)
        .map(({ note_id }) => note_id),
    );
    await applied(max);
    const [ask] = renders(max);
    expect(ask?.clip.notes.pitch).toHaveLength(64);
    expect(ask?.note_ids).toHaveLength(16);
  });

  test("of one pitch that touch others which are not selected cut none of them", async () => {
    const { clip, max } = await opened({ notes: repeated(32), length: 8 });
    const before = clip.notes();
    const isChosen = ({ note_id }: Note): boolean => note_id % 2 === 0;
    clip.selectNotes(before.filter(isChosen).map(({ note_id }) => note_id));
    max.turn("groove", 200);
    max.turn("articulation", 200);
    await applied(max);
    expect(kept(clip.notes())).toEqual(kept(before));
    expect(clip.notes().filter((note) => !isChosen(note))).toEqual(
      before.filter((note) => !isChosen(note)),
    );
  });

  test("that came beside others since they were played are neither cut nor left out", async () => {
    const { clip, live, max } = await opened({ notes: repeated(8), length: 4 });
    max.press("lock");
    max.turn("articulation", 200);
    const own = clip
      .notes()
      .slice(0, 4)
      .map(({ note_id }) => note_id);
    clip.selectNotes(own);
    await applied(max);
    live.undo();
    clip.edit((edit) => {
      edit.remove(clip.notes().flatMap(({ note_id }) => (own.includes(note_id) ? [] : [note_id])));
      // the last of the own notes ends at beat 1
      edit.add([{ pitch: 60, start_time: 1, duration: 0.5 }]);
    });
    clip.selectNotes(own);
    const [added] = clip.notes().filter(({ note_id }) => !own.includes(note_id));
    await applied(max);
    expect(renders(max)[1]?.clip.notes.pitch).toHaveLength(5);
    expect(clip.notes()).toHaveLength(5);
    expect(clip.notes()).toContainEqual(added);
  });

  test("in 7/8 are sent in 7/8", async () => {
    const { clip, max, live } = await opened({ signature: [7, 8], length: 7 });
    const before = clip.notes();
    await applied(max);
    expect(renders(max)[0]?.clip.metre).toEqual([{ time: 0, numerator: 7, denominator: 8 }]);
    expect(kept(clip.notes())).toEqual(kept(before));
    expect(complaints(max, live)).toEqual([]);
  });

  test("before beat 0 are played where they are", async () => {
    const notes = phrase(64).map((note) => ({ ...note, start_time: note.start_time - 8 }));
    const { clip, max } = await opened({ notes, loop_start: -8, loop_end: 0 });
    const before = clip.notes();
    await applied(max);
    expect(kept(clip.notes())).toEqual(kept(before));
    expect(renders(max)[0]?.clip.notes.onset[0]).toBe(0);
    // no performance moves a note by more than half a beat here
    const moved = distances(before, clip.notes());
    expect(Math.max(...moved)).toBeLessThan(0.5);
    expect(Math.max(...moved)).toBeGreaterThan(0);
  });

  test("of a part of the clip are played there alone", async () => {
    const { clip, max } = await opened({}, { tool: { timeSelection: [2, 4] } });
    const before = clip.notes();
    const isInside = ({ note_id }: Note): boolean => note_id > 16 && note_id <= 32;
    await applied(max);
    expect(clip.notes().filter((note) => !isInside(note))).toEqual(
      before.filter((note) => !isInside(note)),
    );
    expect(max.text("status")).toBe("16 notes.");
  });
});

function repeated(count: number): NewNote[] {
  return Array.from({ length: count }, (_, row) => ({
    pitch: 60,
    start_time: row * 0.25,
    duration: 0.25,
    velocity: 90,
  }));
}

function distances(before: readonly Note[], after: readonly Note[]): number[] {
  const times = new Map(after.map(({ note_id, start_time }) => [note_id, start_time]));
  return before.map(({ note_id, start_time }) => {
    return Math.abs((times.get(note_id) ?? NaN) - start_time);
  });
}
