import { describe, expect, test } from "vitest";

import { piano, played, sorted, starts } from "./piano.ts";
import { answered, phrase, pressed, staged, PATIENCE_MS } from "./stage.ts";

const stage = staged("yuragi");

describe("what is not meant", () => {
  test("notes that are not selected are not touched, though they touch those that are", async () => {
    const { clip, max } = await piano(stage.current);
    await played(max);
    const before = sorted(clip.notes());
    clip.selectNotes(before.slice(0, 4).map(({ note_id }) => note_id));
    await played(max);
    expect(max.text("status")).toMatch(/^\d of 4 selected notes played/);
    expect(sorted(clip.notes()).slice(4)).toEqual(before.slice(4));
  });

  test("a seed that was thrown or typed is heard once, and the next press takes another", async () => {
    const { max } = await piano(stage.current);
    await played(max);
    await played(max, () => {
      max.press("dice");
    });
    const thrown = max.value("seed");
    await played(max);
    expect(max.value("seed")).not.toBe(thrown);
  });

  test("a Revert while a take is under way is the last word", async () => {
    const { clip, max } = await piano(stage.current);
    const before = sorted(clip.notes());
    await played(max);
    const asked = max.asks.length;
    max.press("humanize");
    await max.until(() => max.asks.length > asked, PATIENCE_MS, "asked");
    await pressed(max, "revert", /as you wrote/);
    await played(max, () => {
      max.press("compare");
    });
    await pressed(max, "revert", /as you wrote/);
    expect(sorted(clip.notes())).toEqual(before);
  });
});

describe("what else a musician does", () => {
  test("a note that was put before one that is played late is not lost by going back", async () => {
    const { clip, max } = await piano(stage.current);
    await played(max);
    const late = sorted(clip.notes()).find(({ start_time }) => start_time % 0.5 > 0.02);
    const [pitch, grid] = [late?.pitch ?? 0, Math.floor((late?.start_time ?? 0) * 2) / 2];
    clip.edit((edit) => {
      edit.add([{ pitch, start_time: grid, duration: 0.01 }]);
    });
    await played(max);
    await pressed(max, "revert", /as you wrote them/);
    expect(clip.notes()).toHaveLength(65);
  });

  test("a Revert takes back a press that waits", async () => {
    const { clip, max } = await piano(stage.current);
    const before = sorted(clip.notes());
    await played(max);
    const asked = max.asks.length;
    max.press("humanize");
    await max.until(() => max.asks.length > asked, PATIENCE_MS, "asked");
    max.press("humanize");
    await pressed(max, "revert", /as you wrote/);
    // the pace of presses, and the answer that was under way
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(sorted(clip.notes())).toEqual(before);
    expect(max.asks).toHaveLength(asked + 1);
  });

  test("all notes selected are all notes, with their pedal", async () => {
    const { clip, max } = await piano(stage.current);
    clip.selectNotes(clip.notes().map(({ note_id }) => note_id));
    max.turn("preset", "piano/pop");
    max.turn("seed", 3);
    await pressed(max, "humanize", /of 64 notes played\. The pedal plays/);
  });
});

describe("going back", () => {
  test("a take, a quick second one, an undo, and a set that is saved and loaded", async () => {
    const { live, track, clip, max } = await piano(stage.current);
    const before = sorted(clip.notes());
    await played(max);
    const first = sorted(clip.notes());
    await played(max);
    live.undo();
    expect(sorted(clip.notes())).toEqual(first);
    const saved = max.save();
    await max.close();
    const again = await stage.current.open({ live, track, saved });
    await pressed(again, "revert", /^\d+ notes are as you wrote them/);
    expect(sorted(clip.notes())).toEqual(before);
    await again.close();
  });

  test("a dial that is dragged, and a set that is saved in the middle of it", async () => {
    const { live, track, clip, max } = await piano(stage.current);
    const before = sorted(clip.notes());
    await played(max);
    await played(max, () => {
      max.turn("velocity", 150);
    });
    const saved = max.save();
    await max.close();
    const again = await stage.current.open({ live, track, saved });
    await pressed(again, "revert", /^\d+ notes are as you wrote them/);
    expect(sorted(clip.notes())).toEqual(before);
    await again.close();
  });

  test("a loop that was narrowed since changes nothing of what was written", async () => {
    const { clip, max } = await piano(stage.current);
    const before = sorted(clip.notes());
    await played(max);
    clip.edit((edit) => {
      edit.set("loop_end", 4);
    });
    await pressed(max, "revert", /as you wrote them/);
    expect(sorted(clip.notes())).toEqual(before);
  });

  test("the switch shows what is heard, also after an undo and for another clip", async () => {
    const { live, track, clip, max } = await piano(stage.current);
    const others = phrase(32).map((note) => ({ ...note, pitch: note.pitch + 12 }));
    const other = track.addClip({ name: "Other", length: 8, notes: others });
    await played(max);
    expect(max.value("compare")).toBe(0);
    live.undo();
    await max.until(() => max.value("compare") === 1, PATIENCE_MS, "the original is heard");
    live.select(other);
    await max.until(() => max.value("compare") === 0, PATIENCE_MS, "another clip is shown");
    live.select(clip);
    await max.until(() => max.value("compare") === 1, PATIENCE_MS, "the first again");
  });

  test("Commit is refused while the original is heard", async () => {
    const { max } = await piano(stage.current);
    await played(max);
    await pressed(max, "compare", /as you wrote them/);
    await pressed(max, "commit", /You hear the original/);
  });

  test("Revert brings the base back to the last digit", async () => {
    const { clip, max } = await piano(stage.current);
    const before = sorted(clip.notes());
    await played(max);
    await pressed(max, "revert", /^\d+ notes are as you wrote them/);
    expect(sorted(clip.notes())).toEqual(before);
  });

  test("Hear original goes back and forth", async () => {
    const { clip, max } = await piano(stage.current);
    const before = sorted(clip.notes());
    await played(max);
    const after = sorted(clip.notes());
    await pressed(max, "compare", /as you wrote them/);
    expect(sorted(clip.notes())).toEqual(before);
    await pressed(max, "compare", /played/);
    expect(sorted(clip.notes())).toEqual(after);
  });

  test("what the user has edited since is kept", async () => {
    const { clip, max } = await piano(stage.current);
    await played(max);
    const mine = sorted(clip.notes())[5];
    clip.edit((edit) => {
      edit.change([{ note_id: mine?.note_id ?? 0, velocity: 11 }]);
      edit.add([{ pitch: 30, start_time: 7.5, duration: 0.25 }]);
    });
    await pressed(max, "revert", /2 that you edited are kept/);
    const now = clip.notes();
    expect(now.find(({ note_id }) => note_id === mine?.note_id)?.velocity).toBe(11);
    expect(now.some(({ pitch }) => pitch === 30)).toBe(true);
    expect(now).toHaveLength(65);
  });

  test("Commit makes the performance the base", async () => {
    const { clip, max } = await piano(stage.current);
    await played(max);
    const after = sorted(clip.notes());
    await pressed(max, "commit", /original now/);
    await pressed(max, "revert", /^The clip is as you wrote it/);
    expect(sorted(clip.notes())).toEqual(after);
    await played(max);
    const ask = max.asks.filter((one) => one.ask === "render").at(-1);
    expect(ask?.clip.notes.onset[0]).toBe(Math.min(...starts(after)));
  });

  test("works after the set was saved and loaded again, and for a copy of the clip", async () => {
    const { live, track, clip, max } = await piano(stage.current);
    const before = sorted(clip.notes());
    await played(max);
    const copy = track.addClip({ length: 8, notes: sorted(clip.notes()) });
    const saved = max.save();
    await max.close();
    const again = await stage.current.open({ live, track, saved });
    live.select(copy);
    await pressed(again, "revert", /^\d+ notes are as you wrote them/);
    expect(starts(copy.notes())).toEqual(starts(before));
    live.select(clip);
    await pressed(again, "revert", /^\d+ notes are as you wrote them/);
    expect(sorted(clip.notes())).toEqual(before);
    await again.close();
  });

  test("the chosen preset and the dials are there after loading, and nothing is played by that", async () => {
    const { live, track, max } = await piano(stage.current);
    max.turn("preset", "piano/gentle");
    max.turn("seed", 1234);
    const turn = (): void => {
      max.turn("groove", 140);
    };
    await answered(max, turn, /Nothing here was played/);
    const saved = max.save();
    await max.close();
    const again = await stage.current.open({ live, track, saved });
    expect(again.asks.filter((ask) => ask.ask === "render")).toEqual([]);
    expect(live.undoSteps).toEqual([]);
    expect(again.text("preset")).toBe("piano/gentle");
    expect(again.value("groove")).toBe(140);
    expect(again.value("seed")).toBe(1234);
    again.press("lock");
    await played(again);
    expect(again.asks.at(-1)).toMatchObject({ preset: "piano/gentle", seed: 1234 });
    await again.close();
  });
});
