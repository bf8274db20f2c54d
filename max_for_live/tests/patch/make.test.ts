import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { readAmxd } from "../../patch/amxd.ts";
import { buildDevice, BuildError, DEVICES } from "../../patch/make.ts";
import { documentOf } from "../../patch/document.ts";
import { YURAGI } from "../../devices/yuragi.ts";
import { smallDevice } from "./scripts.ts";

const NAMES = DEVICES.map((device) => device.name);

test.each(NAMES)("%s is built the same twice", async (name) => {
  const sums = [await buildDevice(name), await buildDevice(name)].map((bytes) => {
    return createHash("sha256").update(bytes).digest("hex");
  });
  expect(sums[1]).toBe(sums[0]);
});

test.each([
  // the code as a big-endian number
  ["yuragi", "mmmm", 0x6d6d6d6d, "yuragi_live.js"],
  ["yuragi Humanize", "natt", 0x6e617474, "yuragi_humanize.js"],
  ["yuragi Generate", "nagg", 0x6e616767, "yuragi_generate.js"],
])("%s is of the kind %s, with its scripts inside", async (name, kind, amxdtype, script) => {
  const device = readAmxd(await buildDevice(name));
  const files = device.files.map((file) => [file.name, file.type, file.use]);
  expect(device.kind).toBe(kind);
  expect(documentOf(device).project?.amxdtype).toBe(amxdtype);
  expect(new Map(files.map(([file, ...rest]) => [file, rest]))).toEqual(
    new Map([
      [`${name}.amxd`, ["JSON", 0x11]],
      [script, ["TEXT", 0]],
      ["yuragi_node.js", ["TEXT", 0x08]],
    ]),
  );
});

test("a device that is not there is told with those that are", async () => {
  await expect(buildDevice("yuragi Arrange")).rejects.toThrow(
    new BuildError(
      "no device is called yuragi Arrange, there are yuragi, yuragi Humanize, yuragi Generate",
    ),
  );
});

test("a script that cannot be bundled is told with the reason", async () => {
  const module = 'import { nothing } from "./nowhere.ts";\nnothing();\n';
  await expect(smallDevice(YURAGI, module)).rejects.toThrow(
    /^yuragi_\w+\.js cannot be made of .*Could not resolve "\.\/nowhere\.ts"/s,
  );
});
