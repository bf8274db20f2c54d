/** Be the floor: the line of the device to a bare ZeroMQ socket that does nothing but echo clips. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { Dealer, USUAL_LINE } from "../node/dealer.ts";
import { renderFrame } from "../node/message.ts";
import { programPath, PROJECT } from "../tests/server.ts";
import type { RenderAsk } from "../wire/talk.ts";

const PATIENCE_MS = 20_000;

export interface Floor {
  /** Return how long a request is under way there and back, in ms; it is written before. */
  trip(ask: RenderAsk): Promise<number>;
  close(): void;
}

/** Connect to the same bare socket that `yuragi bench` measures against. */
export async function openFloor(): Promise<Floor> {
  const echo = spawn(programPath("python"), ["-m", "bridge.floor"], {
    cwd: PROJECT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface(echo.stdout);
  const [port] = (await once(lines, "line", impatient())) as unknown[];
  let heard: () => void = () => undefined;
  const dealer = await connected(Number(port), () => {
    heard();
  });
  return {
    trip: (ask) => {
      const frame = renderFrame(1, ask, PATIENCE_MS);
      return new Promise((resolve) => {
        const begunMs = performance.now();
        heard = () => {
          resolve(performance.now() - begunMs);
        };
        dealer.send([frame]);
      });
    },
    close: () => {
      dealer.close();
      echo.kill();
    },
  };
}

function connected(port: number, onMessage: () => void): Promise<Dealer> {
  return new Promise((resolve, reject) => {
    const onLoss = (_: unknown, why: string): void => {
      reject(new Error(`the bare socket: ${why}`));
    };
    const dealer: Dealer = new Dealer(
      { ...USUAL_LINE, port },
      {
        onOpen: () => {
          resolve(dealer);
        },
        onMessage,
        onLoss,
      },
    );
  });
}

function impatient(): { readonly signal: AbortSignal } {
  return { signal: AbortSignal.timeout(PATIENCE_MS) };
}
