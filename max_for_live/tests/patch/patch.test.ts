import { expect, test } from "vitest";
import { patchText, type Patch } from "../../patch/patch.ts";

const PATCH: Patch = {
  name: "small",
  kind: "mmmm",
  width: 100,
  height: 169,
  boxes: [
    { name: "seed", object: "live.numbox", at: [20, 30], rect: [1, 2, 44, 15] },
    { name: "tell seed", object: "prepend seed", at: [20, 60] },
    { name: "line", object: "live.line", at: [0, 0], colours: { linecolor: "live_control_fg" } },
  ],
  wires: [["seed", 0, "tell seed", 0]],
  banks: [],
};

function patcher(patch: Patch): Record<string, unknown> {
  const text = patchText(patch).replace("\0", "");
  return (JSON.parse(text) as { patcher: Record<string, unknown> }).patcher;
}

test("a patch ends as Max ends it, with a line and a zero", () => {
  expect(patchText(PATCH).slice(-3)).toBe("}\n\0");
});

test("boxes have the ids, classes and outlets that Max would give them", () => {
  expect(patcher(PATCH)["boxes"]).toEqual([
    {
      box: {
        fontname: "Ableton Sans Medium",
        fontsize: 9.5,
        id: "obj-1",
        maxclass: "live.numbox",
        numinlets: 1,
        numoutlets: 2,
        outlettype: ["", "float"],
        patching_rect: [20, 30, 44, 15],
        presentation: 1,
        presentation_rect: [1, 2, 44, 15],
        varname: "seed",
      },
    },
    {
      box: {
        id: "obj-2",
        maxclass: "newobj",
        numinlets: 1,
        numoutlets: 1,
        outlettype: [""],
        // 12 letters and 2 for the margins, 7 px each
        patching_rect: [20, 60, 98, 22],
        text: "prepend seed",
        varname: "tell seed",
      },
    },
    {
      box: {
        id: "obj-3",
        linecolor: [0.5, 0.5, 0.5, 1],
        maxclass: "live.line",
        numinlets: 1,
        numoutlets: 0,
        patching_rect: [0, 0, 77, 22],
        saved_attribute_attributes: {
          linecolor: { expression: "themecolor.live_control_fg" },
        },
        varname: "line",
      },
    },
  ]);
});

test("wires are written by ids", () => {
  expect(patcher(PATCH)["lines"]).toEqual([
    { patchline: { source: ["obj-1", 0], destination: ["obj-2", 0] } },
  ]);
});

test("a box that no object is, is refused", () => {
  const boxes = [{ name: "thing", object: "thing 1", at: [0, 0] as const }];
  expect(() => patchText({ ...PATCH, boxes })).toThrow(
    "the box thing is thing 1, which no object of the table is",
  );
});

test("a wire to a box that is not there is refused", () => {
  expect(() => patchText({ ...PATCH, wires: [["seed", 0, "dice", 0]] })).toThrow(
    "a wire names the box dice, which is not in the patch",
  );
});
