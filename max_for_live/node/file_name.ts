/** Make names of files that every system takes, and find the folder for them. */

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Leave room below the 255 bytes of a name for a number and an ending; a letter has up to 4. */
const MOST_BYTES = 200;

/** What Windows takes for devices. Source: Microsoft, "Naming Files, Paths, and Namespaces". */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** What at least one system does not allow in a name, and what one cannot see. */
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** Return the name of a clip as a file's, without ending; a clip without name is called yuragi. */
export function fileName(name: string): string {
  const cleaned = name.normalize("NFC").replace(FORBIDDEN, " ").replace(/\s+/g, " ");
  const bare = shortened(cleaned.trim()).replace(/^[.\s]+|[.\s]+$/g, "");
  return RESERVED.test(bare) ? `${bare.slice(0, 3)}_${bare.slice(3)}` : bare || "yuragi";
}

/**
 * Return the folders where MIDI files may go, the best one first.
 *
 * The environment variable YURAGI_EXPORT names another one.
 */
export function exportFolders(env = process.env, home = homedir()): string[] {
  if (env["YURAGI_EXPORT"]) {
    return [env["YURAGI_EXPORT"]];
  }
  const music = join(home, "Music");
  return [...(existsSync(music) ? [join(music, "yuragi")] : []), join(home, "yuragi")];
}

function shortened(name: string): string {
  let bytes = 0;
  const letters = Array.from(name);
  const end = letters.findIndex((letter) => (bytes += Buffer.byteLength(letter)) > MOST_BYTES);
  return letters.slice(0, end === -1 ? undefined : end).join("");
}
