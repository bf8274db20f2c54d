import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    sequence: { shuffle: true },
    testTimeout: 30_000,
    // servers remember how they were started: not in the folder of whoever runs the tests
    env: { XDG_CONFIG_HOME: mkdtempSync(join(tmpdir(), "yuragi-tests-")) },
  },
});
