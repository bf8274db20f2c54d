/**
 * Be the script of node.script: take what v8 asks, and bring it the answers.
 *
 * The environment variable YURAGI_PORT names the server's port, 5577 by default; YURAGI_EXPORT and
 * YURAGI_REVEAL are for `file_name.ts` and `reveal.ts`.
 */

import { setFlagsFromString } from "node:v8";

import { Joiner, cut, toText } from "../wire/piece.ts";
import type { Answer, Ask } from "../wire/talk.ts";
import { readAsk } from "./ask.ts";
import { messageOf } from "./check.ts";
import { Client, USUAL_PATIENCE } from "./client.ts";
import { USUAL_LINE } from "./dealer.ts";
import { exportFolders } from "./file_name.ts";
import { maxApi } from "./max_api.ts";
import { writeMidiFile } from "./midi_file.ts";
import { Program } from "./program.ts";
import { reveal } from "./reveal.ts";

/** The id of what is said unasked. */
const NEWS = 0;

// a device shares the computer with the music: collect garbage early, before memory grows
setFlagsFromString("--optimize-for-size");

const max = maxApi();
const joiner = new Joiner();
const line = { ...USUAL_LINE, port: chosenPort(process.env["YURAGI_PORT"]) };
const client = new Client(line, USUAL_PATIENCE, new Program(line.port), {
  onState: (state) => {
    send(NEWS, state);
  },
  onTrouble: post,
});

process.on("uncaughtException", (error) => {
  post(`yuragi: a mistake in the device: ${error.stack ?? error.message}`);
});
process.on("unhandledRejection", (reason) => {
  post(`yuragi: a mistake in the device: ${messageOf(reason)}`);
});
// the channel to Max is closed: Max has quit or crashed, and nobody else would end this process
process.once("disconnect", () => {
  client.close();
  process.exit(0);
});
max.addHandler("ask", (...atoms) => {
  void take(atoms);
});

/** Take a piece of an ask; with the last one, answer it. */
async function take(atoms: readonly unknown[]): Promise<void> {
  try {
    const whole = joiner.take(atoms);
    if (whole) {
      send(whole.id, await answerTo(readAsk(JSON.parse(whole.text))));
    }
  } catch (error) {
    refuse(atoms[0], messageOf(error));
  }
}

/** Answer what is no ask, if there is a place for the answer. */
function refuse(id: unknown, message: string): void {
  if (typeof id === "number") {
    send(id, { answer: "failure", code: "bad_ask", message });
  } else {
    post(`yuragi: an ask without id: ${message}`);
  }
}

async function answerTo(ask: Ask): Promise<Answer> {
  switch (ask.ask) {
    case "state":
      return client.state;
    case "render":
      return client.render(ask);
    case "midi_file":
      return written(ask);
  }
}

function written(ask: Ask & { ask: "midi_file" }): Answer {
  try {
    const path = writeMidiFile(ask.clip, ask.name, exportFolders());
    reveal(path);
    return { answer: "written", path };
  } catch (error) {
    return { answer: "failure", code: "file", message: messageOf(error) };
  }
}

function send(id: number, answer: Answer): void {
  for (const piece of cut(id, toText(answer))) {
    max.outlet("answer", ...piece).catch(ignore);
  }
}

function post(text: string): void {
  max.post(text).catch(ignore);
}

/** Take no notice: Max is gone, so there is nobody left to tell. */
const ignore = (): void => undefined;

function chosenPort(text: string | undefined): number {
  const port = Number(text ?? USUAL_LINE.port);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : USUAL_LINE.port;
}
