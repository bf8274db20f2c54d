import { createContext, runInContext } from "node:vm";
import { expect, test } from "vitest";
import { readAmxd } from "../../patch/amxd.ts";
import { buildDevice } from "../../patch/make.ts";
import { fileText } from "../patch/scripts.ts";

test.each([
  ["yuragi", "yuragi_live.js"],
  ["yuragi Humanize", "yuragi_humanize.js"],
  ["yuragi Generate", "yuragi_generate.js"],
])(
  "the script of %s is loaded before Live can be asked, and asks nothing",
  async (name, script) => {
    const device = readAmxd(await buildDevice(name));
    // a world that has nothing but the names which the first line sets
    const world = createContext({ inlets: 0, outlets: 0 });
    runInContext(fileText(device, script), world);
    expect(runInContext("[typeof bang, typeof anything, typeof notifydeleted].join()", world)).toBe(
      "function,function,function",
    );
  },
);
