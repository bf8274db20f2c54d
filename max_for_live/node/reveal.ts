/** Show a file in the Finder, the Explorer or a file manager. */

import { spawn } from "node:child_process";
import { dirname, join } from "node:path";

/** A program and what it is given. */
interface Opening {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * Show a file where it lies, as far as the system can; whether that worked, nobody learns.
 *
 * The environment variable YURAGI_REVEAL=0 keeps it from doing so.
 */
export function reveal(path: string, env = process.env): void {
  if (env["YURAGI_REVEAL"] === "0") {
    return;
  }
  const { program, args } = openingOf(path, process.platform, env);
  // the Explorer reads its line as it is, and splits it at commas outside of quotes
  const child = spawn(program, args, { stdio: "ignore", windowsVerbatimArguments: true });
  child.on("error", () => undefined);
  child.unref();
}

/** Return what shows a file on a system. */
export function openingOf(path: string, system: string, env = process.env): Opening {
  switch (system) {
    case "darwin":
      return { program: "/usr/bin/open", args: ["-R", path] };
    case "win32":
      return {
        program: join(env["SystemRoot"] ?? "C:\\Windows", "explorer.exe"),
        args: [`/select,"${path}"`],
      };
    default:
      return { program: "xdg-open", args: [dirname(path)] };
  }
}
