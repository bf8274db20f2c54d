import { describe, expect, test } from "vitest";

import type { Note } from "../../wire/note.ts";
import type { NewNote } from "../live/contract.ts";
import type { MaxDevice } from "../max/max_device.ts";
import { phrase, staged } from "./stage.ts";
import {
  APPLIED_MS,
  applied,
  apply,
  asked,
  complaints,
  due,
  isSame,
  kept,
  playing,
  renders,
  said,
  settled,
  verse,
  type Room,
  mostAsks,
} from "./tool_room.ts";

const stage = staged("yuragi Humanize");

async function opened(...what: Parameters<typeof verse>): Promise<Room & { max: MaxDevice }> {
  const room = verse(...what);
  return { ...room, max: await stage.current.open(room.options) };
}

function seedOf(max: MaxDevice): number | undefined {
  return renders(max).at(-1)?.seed;
}

describe("Apply", () => {
  test("writes a performance in one cycle and one undo step, and keeps every note", async () => {
    const { live, clip, max } = await opened();
    const before = clip.notes();
    await applied(max);
    expect(kept(clip.notes())).toEqual(kept(before));
    expect(playing(clip.notes())).not.toEqual(playing(before));
    expect(max.text("status")).toBe("64 notes.");
    expect(live.undoSteps).toHaveLength(1);
    expect(complaints(max, live)).toEqual([]);
    live.undo();
    expect(clip.notes()).toEqual(before);
  });

  test("keeps muted notes muted, and what else a note of Live holds", async () => {
    const notes = phrase(16).map(
      (note, row) => ({ ...note, mute: row % 2 === 0 ? 1 : 0 }) as const,
    );
    const { clip, max } = await opened({ notes, length: 2 });
    const before = clip.notes();
    await applied(max);
    expect(kept(clip.notes())).toEqual(kept(before));
    expect(clip.notes().filter(({ mute }) => mute === 1)).toHaveLength(8);
  });

  test("tells the server what the pads are called that the clip plays", async () => {
    const { live, max } = await opened();
    const drum_pads = [36, 60].map((note) => ({ note, name: "Kick 808" }));
    live.tracks[0]?.addDevice({ class_name: "DrumGroupDevice", drum_pads });
    await applied(max);
    expect(renders(max).at(-1)?.clip.pads).toEqual([{ pitch: 60, name: "Kick 808" }]);
    expect(complaints(max, live)).toEqual([]);
  });

  test("sends nothing else while Live waits for its answer", async () => {
    const { max } = await opened();
    const status = max.text("status");
    const asked = max.sent.length;
    apply(max);
    expect(max.text("status")).toBe(status);
    expect(max.sent).toHaveLength(asked);
    await settled(max);
  });

  test("works by the tool's own button too", async () => {
    const { live, clip, max } = await opened();
    const before = clip.notes();
    max.press("apply");
    await settled(max);
    expect(playing(clip.notes())).not.toEqual(playing(before));
    expect(live.undoSteps).toHaveLength(1);
    expect(complaints(max, live)).toEqual([]);
  });

  test("says so where Live hands out no notes", async () => {
    const { live, max } = await opened({ notes: [] });
    max.press("apply");
    await said(max, /no notes/);
    expect(complaints(max, live)).toEqual([]);
  });

  test("plays what Live hands out where no clip is shown", async () => {
    const { live, clip, max } = await opened();
    const before = clip.notes();
    live.select(undefined);
    await applied(max);
    expect(kept(clip.notes())).toEqual(kept(before));
  });
});

describe("Taking another", () => {
  test("draws a new seed in a new cycle and shows it", async () => {
    const { live, clip, max } = await opened();
    await applied(max);
    const [seed, first] = [seedOf(max), playing(clip.notes())];
    live.undo();
    await applied(max);
    expect(seedOf(max)).not.toBe(seed);
    expect(max.value("seed")).toBe(seedOf(max));
    expect(playing(clip.notes())).not.toEqual(first);
  });

  test("plays the same again if the seed is locked", async () => {
    const { live, clip, max } = await opened();
    max.press("lock");
    await applied(max);
    const first = playing(clip.notes());
    live.undo();
    await applied(max);
    expect(playing(clip.notes())).toEqual(first);
    expect(renders(max)).toHaveLength(1);
  });

  test("is done at once by Dice, from the notes as they were", async () => {
    const { live, clip, max } = await opened();
    const before = clip.notes();
    await applied(max);
    const first = playing(clip.notes());
    max.press("dice");
    await asked(max, 2);
    expect(playing(clip.notes())).not.toEqual(first);
    expect(renders(max)[1]?.clip.notes).toEqual(renders(max)[0]?.clip.notes);
    expect(live.undoSteps).toHaveLength(1);
    live.undo();
    expect(clip.notes()).toEqual(before);
  });

  test("takes a seed that is typed", async () => {
    const { max } = await opened();
    await applied(max);
    max.turn("seed", 4321);
    await max.until(() => seedOf(max) === 4321, APPLIED_MS, "asked with the seed");
  });

  test("takes a seed that was typed where nothing could be played", async () => {
    const { clip, max } = await opened();
    await applied(max);
    clip.edit((edit) => {
      edit.add([{ pitch: 90, start_time: 1, duration: 1 }]);
    });
    max.turn("seed", 4321);
    await said(max, /edited meanwhile/);
    await applied(max);
    expect(seedOf(max)).toBe(4321);
  });

  test("draws a new seed after one that was typed has been heard", async () => {
    const { live, max } = await opened();
    await applied(max);
    max.turn("seed", 4321);
    await asked(max, 2);
    live.undo();
    await applied(max);
    expect(seedOf(max)).not.toBe(4321);
  });
});

describe("While the server works", () => {
  test("an edit of the user stays as it is, and the answer is never written", async () => {
    const { live, clip, max } = await opened();
    apply(max);
    const [first] = clip.notes();
    clip.edit((edit) => {
      edit.change([{ note_id: first?.note_id ?? 0, pitch: 90 }]);
    });
    const edited = clip.notes();
    await said(max, /edited meanwhile/);
    expect(clip.notes()).toEqual(edited);
    expect(complaints(max, live)).toEqual([]);
  });

  test("the performance is written after an edit when Apply is pressed again", async () => {
    const { clip, max } = await opened();
    apply(max);
    clip.edit((edit) => {
      edit.add([{ pitch: 90, start_time: 1, duration: 1 }]);
    });
    await said(max, /edited meanwhile/);
    const edited = clip.notes();
    await applied(max);
    expect(kept(clip.notes())).toEqual(kept(edited));
    expect(playing(clip.notes())).not.toEqual(playing(edited));
  });

  test("other notes that are selected now stay as they are", async () => {
    const { live, clip, max } = await opened();
    const before = clip.notes();
    apply(max);
    clip.selectNotes(before.slice(0, 8).map(({ note_id }) => note_id));
    await said(max, /edited meanwhile/);
    expect(clip.notes()).toEqual(before);
    expect(complaints(max, live)).toEqual([]);
  });

  test("another clip that is shown now stays as it is", async () => {
    const { live, clip, max } = await opened();
    const before = clip.notes();
    const other = live.tracks[0]?.addClip({ notes: phrase(8) });
    apply(max);
    await due();
    live.select(other);
    await said(max, /edited meanwhile/);
    expect(clip.notes()).toEqual(before);
  });

  test("a dial that is turned after an edit writes nothing", async () => {
    const { clip, max } = await opened();
    await applied(max);
    clip.edit((edit) => {
      edit.add([{ pitch: 90, start_time: 1, duration: 1 }]);
    });
    const edited = clip.notes();
    max.turn("velocity", 0);
    await said(max, /edited meanwhile/);
    expect(clip.notes()).toEqual(edited);
  });
});

describe("Where Live does not apply the tool by itself", () => {
  test("Apply brings the result at once", async () => {
    const { clip, max, press } = await opened({}, { isDeaf: true });
    const before = clip.notes();
    press();
    await said(max, /Ready: press Apply/);
    expect(clip.notes()).toEqual(before);
    press();
    expect(playing(clip.notes())).not.toEqual(playing(before));
    expect(renders(max)).toHaveLength(1);
  });

  test("Apply asks anew for other notes that are selected now", async () => {
    const { clip, max, press } = await opened({}, { isDeaf: true });
    press();
    await said(max, /Ready: press Apply/);
    clip.selectNotes([1, 2, 3, 4]);
    press();
    await max.until(() => renders(max).length === 2, APPLIED_MS, "asked again");
    await said(max, /Ready: press Apply/);
    press();
    await said(max, /^4 notes\.$/);
  });
});

describe("A dial", () => {
  test("of 85 messages makes at most 10 asks, and the last of them is heard", async () => {
    const { clip, max, live } = await opened();
    await applied(max);
    const asked = renders(max).length;
    // 85 messages in a second, as Live sends them: 12 ms from one to the next
    const begunMs = performance.now();
    await dragged(max, "velocity", 85, 12);
    const most = mostAsks(performance.now() - begunMs);
    await max.until(() => renders(max).at(-1)?.amounts?.["velocity"] === 0, APPLIED_MS, "the last");
    await settled(max);
    expect(renders(max).length - asked).toBeLessThanOrEqual(most);
    expect(clip.notes().every(({ velocity }) => velocity === 100)).toBe(true);
    expect(live.undoSteps).toHaveLength(1);
    expect(complaints(max, live)).toEqual([]);
  });

  test("that is turned back at once is heard where it stands at the end", async () => {
    const { clip, max } = await opened();
    await applied(max);
    const first = playing(clip.notes());
    max.turn("velocity", 0);
    await max.until(() => renders(max).length === 2, APPLIED_MS, "asked again");
    max.turn("velocity", 100);
    await max.until(() => isSame(playing(clip.notes()), first), APPLIED_MS, "as before");
  });

  test("that is turned before anything was applied writes nothing", async () => {
    const { clip, max } = await opened();
    const before = clip.notes();
    max.turn("groove", 150);
    await applied(max);
    expect(renders(max)).toHaveLength(1);
    expect(renders(max)[0]?.amounts?.["groove"]).toBe(1.5);
    expect(kept(clip.notes())).toEqual(kept(before));
  });
});

describe("The pedal", () => {
  test("is not asked for while it is not to be folded into the notes", async () => {
    const { max } = await opened();
    max.turn("preset", "piano/gentle");
    await applied(max);
    expect(renders(max).at(-1)?.preset).toBe("piano/gentle");
    expect(renders(max).at(-1)?.amounts?.["pedal"]).toBe(0);
  });

  test("lengthens the notes under it when it is folded in", async () => {
    const { clip, max } = await opened({ notes: apart(), length: 8 });
    max.press("lock");
    max.turn("preset", "piano/gentle");
    await applied(max);
    const dry = durations(clip.notes());
    max.press("fold");
    await asked(max, 2);
    const wet = durations(clip.notes());
    expect(renders(max)[1]?.amounts).not.toHaveProperty("pedal");
    // a note of half a beat rings until the pedal changes with the next chord, after a beat
    expect(wet).toBeGreaterThan(1.5 * dry);
  });
});

describe("The menu", () => {
  test("holds the server's presets, and the usual one is chosen", async () => {
    const { max } = await opened();
    expect(max.items("preset")).toContain("piano/romantic");
    expect(max.text("preset")).toBe("band/natural");
  });

  test("turns what was applied into another style at once", async () => {
    const { clip, max } = await opened();
    await applied(max);
    const first = playing(clip.notes());
    max.turn("preset", "piano/romantic");
    await max.until(() => renders(max).at(-1)?.preset === "piano/romantic", APPLIED_MS, "asked");
    await settled(max);
    expect(playing(clip.notes())).not.toEqual(first);
  });

  test("keeps its choice by name in a set that is loaded again", async () => {
    const { max } = await opened();
    max.turn("preset", "strings/swell");
    max.turn("velocity", 50);
    max.turn("seed", 77);
    await max.until(() => "memory" in max.save().pattrs, APPLIED_MS, "remembered");
    const saved = max.save();
    // Live does not store the menu's number, which may mean another preset of another server
    expect(saved.parameters).not.toHaveProperty("Preset");
    const { max: again } = await opened({}, { open: { saved } });
    expect([again.text("preset"), again.value("seed")]).toEqual(["strings/swell", 77]);
    await applied(again);
    const [ask] = renders(again);
    expect([ask?.preset, ask?.seed, ask?.amounts?.["velocity"]]).toEqual([
      "strings/swell",
      77,
      0.5,
    ]);
  });
});

test("A tool that is told twice that it is loaded starts Node once", async () => {
  const { max, live } = await opened();
  max.bangAgain();
  await applied(max);
  expect(complaints(max, live)).toEqual([]);
});

/** Chords of half a beat, one each beat, so that a pedal makes them last. */
function apart(): NewNote[] {
  return phrase(64).filter((_, row) => Math.floor(row / 4) % 2 === 0);
}

function durations(notes: readonly Note[]): number {
  return notes.reduce((sum, { duration }) => sum + duration, 0);
}

/** Turn a dial down to 0 in so many steps, as a hand does. */
function dragged(max: MaxDevice, name: string, count: number, paceMs: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const timer = setInterval(() => {
      left -= 1;
      max.turn(name, left);
      if (left === 0) {
        clearInterval(timer);
        resolve();
      }
    }, paceMs);
  });
}
