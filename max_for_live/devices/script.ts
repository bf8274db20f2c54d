/** Name the scripts inside the devices, and the objects that run them. */

import type { Box, Script } from "../patch/box.ts";

/** What v8 asks the server through. */
export const NODE: Box = {
  name: "node",
  object: "node.script yuragi_node.js",
  at: [320, 340],
  script: { file: "yuragi_node.js", entry: "node/bridge.ts" },
};

/** Return the box of a v8 script with so many outlets, bundled from a module. */
export function v8(file: string, entry: string, outlets = 4): Box {
  const script: Script = { file, entry, shape: [1, outlets] };
  return { name: "v8", object: `v8 ${file}`, at: [20, 260], script };
}

/** Where messages that may come at any time wait, until Live's objects may be touched. */
export const DEFER: Box = { name: "defer", object: "deferlow", at: [20, 200] };

/** What says that the device is loaded. */
export const LOADED: Box = { name: "loaded", object: "live.thisdevice", at: [20, 140] };

/** Make what the set keeps for a script, and what tells the script of it when the set is loaded. */
export function memory(info: string): readonly Box[] {
  return [
    {
      name: "memory",
      object: "pattr",
      at: [200, 340],
      parameter: { type: "blob", longName: "Memory", visible: "stored", info },
    },
    { name: "tell restored", object: "prepend restored", at: [200, 380] },
  ];
}
