/**
 * Speak ZMTP 3.1, the language of ZeroMQ on a socket: greeting, frames and commands, as bytes.
 *
 * A frame is a byte of flags, its length in one byte or in eight, and its body. A message is some
 * frames of which all but the last say that more come. A command is a frame whose body begins with
 * its name.
 *
 * Source: ZMTP 3.1, rfc.zeromq.org/spec/37: 2.2 (framing), 2.3 (commands), 3.1 (NULL mechanism).
 */

/** The flags of a frame. */
const MORE = 1;
const LONG = 2;
const COMMAND = 4;

const GREETING_BYTES = 64;

/** Allow no more bytes in a message: a million notes, the most that a server answers, have 58 MB. */
export const LONGEST_MESSAGE = 2 ** 26;

/** What the other side says: a command by its name, or a message of some frames. */
export type Said =
  { readonly command: string; readonly body: Buffer } | { readonly message: readonly Buffer[] };

/** Bytes that are no ZMTP, or none for us, and why. */
export class ZmtpError extends Error {}

/** Return our greeting: version 3.1, mechanism NULL, not a server. */
export function greeting(): Buffer {
  const bytes = Buffer.alloc(GREETING_BYTES);
  bytes.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 1]);
  bytes.write("NULL", 12, "ascii");
  return bytes;
}

/** Return the bytes of a message of some frames, at least one, in pieces. */
export function message(frames: readonly Uint8Array[]): Uint8Array[] {
  const last = frames.length - 1;
  return frames.flatMap((body, index) => [head(index < last ? MORE : 0, body.length), body]);
}

/** Return the bytes of a command. */
export function command(name: string, body: Uint8Array = Buffer.alloc(0)): Buffer {
  const named = Buffer.concat([short(name), body]);
  return Buffer.concat([head(COMMAND, named.length), named]);
}

/** Return the command that says what kind of socket we are. */
export function ready(socketType: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(socketType.length);
  return command("READY", Buffer.concat([short("Socket-Type"), length, Buffer.from(socketType)]));
}

/**
 * Return the kind of socket that the body of a READY tells, "" if it tells none.
 *
 * @throws {ZmtpError} The body is cut short.
 */
export function socketType(body: Buffer): string {
  let at = 0;
  while (at < body.length) {
    const value = at + 1 + (body[at] ?? 0) + 4;
    const end = value <= body.length ? value + body.readUInt32BE(value - 4) : Infinity;
    if (end > body.length) {
      throw new ZmtpError("its READY is cut short");
    }
    // names of properties are told apart without regard to capitals
    if (body.toString("ascii", at + 1, value - 4).toLowerCase() === "socket-type") {
      return body.toString("ascii", value, end);
    }
    at = end;
  }
  return "";
}

/** Put together what comes in pieces of any size: first the greeting, then commands and messages. */
export class Incoming {
  #pieces: Buffer[] = [];
  #bytes = 0;
  #frames: Buffer[] = [];
  #frameBytes = 0;

  /** Take in some bytes. */
  push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  /**
   * Return whether the other side has greeted; its greeting is then taken.
   *
   * @throws {ZmtpError} It speaks no ZMTP, another version, or by another mechanism than NULL.
   */
  isGreeted(): boolean {
    const begun = this.#peeked(Math.min(this.#bytes, 10));
    if ((begun[0] ?? 0xff) !== 0xff || ((begun[9] ?? 1) & 1) === 0) {
      throw new ZmtpError("it does not speak ZeroMQ");
    }
    if (this.#bytes < GREETING_BYTES) {
      return false;
    }
    checkGreeting(this.#taken(GREETING_BYTES));
    return true;
  }

  /**
   * Return the next command or message that is whole, if there is one.
   *
   * @throws {ZmtpError} A frame has flags that no frame has, a message is too long, or a command
   *   has no name.
   */
  next(): Said | undefined {
    for (let found = this.#frame(); found; found = this.#frame()) {
      if (found.flags & COMMAND) {
        return named(found.body);
      }
      this.#frames.push(found.body);
      this.#frameBytes += found.body.length;
      if (!(found.flags & MORE)) {
        this.#frameBytes = 0;
        return { message: this.#frames.splice(0) };
      }
    }
    return undefined;
  }

  #frame(): { flags: number; body: Buffer } | undefined {
    const begun = this.#peeked(Math.min(this.#bytes, 9));
    const flags = begun[0] ?? 0;
    const start = flags & LONG ? 9 : 2;
    if (begun.length < start) {
      return undefined;
    }
    const length = flags & LONG ? Number(begun.readBigUInt64BE(1)) : (begun[1] ?? 0);
    checkFrame(flags, this.#frameBytes + length);
    if (this.#bytes < start + length) {
      return undefined;
    }
    return { flags, body: this.#taken(start + length).subarray(start) };
  }

  /** Return the first bytes in one piece. */
  #peeked(count: number): Buffer {
    if ((this.#pieces[0]?.length ?? 0) < count) {
      this.#pieces = [Buffer.concat(this.#pieces)];
    }
    return (this.#pieces[0] ?? Buffer.alloc(0)).subarray(0, count);
  }

  #taken(count: number): Buffer {
    const bytes = this.#peeked(count);
    const rest = this.#pieces[0]?.subarray(count) ?? bytes;
    this.#pieces.splice(0, 1, ...(rest.length ? [rest] : []));
    this.#bytes -= count;
    return bytes;
  }
}

function checkGreeting(bytes: Buffer): void {
  const mechanism = bytes.toString("ascii", 12, 32).replace(/\0+$/, "");
  if ((bytes[10] ?? 0) < 3 || mechanism !== "NULL") {
    throw new ZmtpError(`it speaks ZMTP ${bytes[10] ?? 0} by ${mechanism}, allowed are 3 and NULL`);
  }
}

function checkFrame(flags: number, length: number): void {
  if (flags > (MORE | LONG | COMMAND) || (flags & COMMAND && flags & MORE)) {
    throw new ZmtpError(`a frame has the flags ${flags}, which no frame has`);
  }
  if (length > LONGEST_MESSAGE) {
    throw new ZmtpError(`a message has ${length} bytes, allowed are ${LONGEST_MESSAGE}`);
  }
}

function named(body: Buffer): Said {
  const length = body[0];
  if (length === undefined || body.length < 1 + length) {
    throw new ZmtpError("a command has no name");
  }
  return { command: body.toString("ascii", 1, 1 + length), body: body.subarray(1 + length) };
}

function head(flags: number, length: number): Buffer {
  if (length < 256) {
    return Buffer.from([flags, length]);
  }
  const bytes = Buffer.alloc(9);
  bytes[0] = flags | LONG;
  bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}

/** Return a short text with its length before it. */
function short(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "ascii")]);
}
