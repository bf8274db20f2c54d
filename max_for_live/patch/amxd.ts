/**
 * Write and read the container of a frozen Max for Live device, a file named .amxd.
 *
 * Outside, chunks follow each other: a tag of four letters, a little-endian length of what follows,
 * and that. They are "ampf" with the kind of device, "meta", and "ptch" to the end of the file.
 * Inside "ptch" numbers are big-endian: a header "mx@c" of 16 bytes with the place of the footer, all
 * files without a gap, the device's own patch first, and the footer "dlst", a list of "dire" entries,
 * one for each file. Lengths there count their own tag and length, too.
 *
 * Source: the layout as Ableton's maxdiff reads it (Ableton/maxdevtools, amxd_textconv.py).
 */

/** Kinds of device by the code that stands in the file. */
export const KINDS = {
  midiEffect: "mmmm",
  generator: "nagg",
  transformation: "natt",
} as const;

export type Kind = (typeof KINDS)[keyof typeof KINDS];

/** What Max does with a file: nothing, take it for the device itself, or write it to disk first. */
export const USES = { plain: 0, device: 0x11, onDisk: 0x08 } as const;

export type Use = (typeof USES)[keyof typeof USES];

const TYPES = ["JSON", "TEXT"] as const;

/** A file inside a device: its bare name, what Max calls its type, and its bytes. */
export interface File {
  readonly name: string;
  readonly type: (typeof TYPES)[number];
  /** Another process, such as Node, can open only what is on disk. */
  readonly use: Use;
  readonly bytes: Uint8Array;
}

/** A device: its kind, and its files, the patch first. */
export interface Device {
  readonly kind: Kind;
  readonly files: readonly File[];
}

/** When everything was made, in seconds since 1904 (1 January 2024): fixed, so that the bytes are. */
export const MADE = 3_786_912_000;

/** What "meta" says of a frozen device. */
const FROZEN = 7;

/** Bytes of "mx@c", its size, and the place of the footer. */
const HEADER = 16;

/** Return the bytes of a device. */
export function writeAmxd(device: Device): Buffer {
  return Buffer.concat([
    chunk("ampf", Buffer.from(device.kind, "ascii")),
    chunk("meta", little(FROZEN)),
    chunk("ptch", frozen(device.files)),
  ]);
}

/**
 * Return the device in some bytes.
 *
 * @throws {AmxdError} They are not a frozen device of a known kind, or not a whole one.
 */
export function readAmxd(bytes: Uint8Array): Device {
  const outer = new Reader(bytes, "the device");
  const kind = oneOf("the kind of device", outer.chunk("ampf").text(4), Object.values(KINDS));
  oneOf("meta", outer.chunk("meta").little(), [FROZEN]);
  const patch = outer.chunk("ptch");
  outer.end();
  return { kind, files: filesOf(patch) };
}

/** Bytes that are no device, and why. */
export class AmxdError extends Error {}

function frozen(files: readonly File[]): Buffer {
  const data = Buffer.concat(files.map((file) => file.bytes));
  const starts = files.map((_, index) => HEADER + size(files.slice(0, index)));
  const entries = files.map((file, index) => entry(file, starts[index] ?? HEADER));
  const header = [Buffer.from("mx@c", "ascii"), big(HEADER), big(0), big(HEADER + data.length)];
  return Buffer.concat([...header, data, field("dlst", Buffer.concat(entries))]);
}

function size(files: readonly File[]): number {
  return files.reduce((sum, file) => sum + file.bytes.length, 0);
}

function entry(file: File, start: number): Buffer {
  const fields = [
    field("type", Buffer.from(file.type, "ascii")),
    field("fnam", named(file.name)),
    field("sz32", big(file.bytes.length)),
    field("of32", big(start)),
    field("vers", big(0)),
    field("flag", big(file.use)),
    field("mdat", big(MADE)),
  ];
  return field("dire", Buffer.concat(fields));
}

/** Return a name that ends in a zero, filled up with zeros to whole words of four bytes. */
function named(name: string): Buffer {
  const bytes = Buffer.from(name, "utf-8");
  return Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))]);
}

function chunk(tag: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(tag, "ascii"), little(body.length), body]);
}

function field(tag: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(tag, "ascii"), big(8 + body.length), body]);
}

function little(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function big(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function filesOf(patch: Reader): File[] {
  oneOf("the start of the patch", patch.text(4), ["mx@c"]);
  oneOf("the size of the patch's header", patch.big(), [HEADER]);
  oneOf("the upper half of the footer's place", patch.big(), [0]);
  const footer = patch.big();
  const data = patch.take(footer - HEADER, "the files");
  const list = patch.field("dlst");
  patch.end();
  const files: File[] = [];
  do {
    files.push(fileOf(list.field("dire"), data, files.length));
  } while (list.left > 0);
  data.end();
  return files;
}

function fileOf(entry: Reader, data: Reader, index: number): File {
  const type = oneOf(`the type of file ${index}`, entry.field("type").text(4), TYPES);
  const name = nameOf(entry.field("fnam"));
  const length = entry.field("sz32").big();
  oneOf(`the place of ${name}`, entry.field("of32").big(), [HEADER + data.at]);
  oneOf(`the version of ${name}`, entry.field("vers").big(), [0]);
  const uses = index === 0 ? [USES.device] : [USES.plain, USES.onDisk];
  const use = oneOf(`the flag of ${name}`, entry.field("flag").big(), uses);
  entry.field("mdat").big();
  entry.end();
  return { name, type, use, bytes: data.take(length, name).rest() };
}

/** Read a name with the one to four zeros behind it. */
function nameOf(field: Reader): string {
  const bytes = field.rest();
  const end = bytes.indexOf(0);
  const name = bytes.toString("utf-8", 0, Math.max(0, end));
  if (name === "" || !named(name).equals(bytes)) {
    throw new AmxdError(`a file's name is ${bytes.toString("hex")}, allowed is UTF-8 and zeros`);
  }
  return name;
}

function oneOf<Value>(what: string, found: unknown, allowed: readonly Value[]): Value {
  const value = allowed.find((known) => known === found);
  if (value === undefined) {
    throw new AmxdError(`${what} is ${String(found)}, allowed is ${allowed.join(" or ")}`);
  }
  return value;
}

/** Read bytes from front to back, refusing what reaches beyond their end. */
class Reader {
  readonly #bytes: Buffer;
  readonly #name: string;
  #at = 0;

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** Take the next bytes, to be read under a name of their own. */
  take(length: number, name: string): Reader {
    if (length < 0 || length > this.left) {
      const place = `byte ${this.#at} of ${this.#name}`;
      throw new AmxdError(`${name} at ${place} is ${length} bytes long, left are ${this.left}`);
    }
    this.#at += length;
    return new Reader(this.#bytes.subarray(this.#at - length, this.#at), name);
  }

  rest(): Buffer {
    return this.take(this.left, this.#name).#bytes;
  }

  text(length: number): string {
    return this.take(length, "a text").#bytes.toString("latin1");
  }

  little(): number {
    return this.take(4, "a number").#bytes.readUInt32LE();
  }

  big(): number {
    return this.take(4, "a number").#bytes.readUInt32BE();
  }

  /** Take a chunk of the outer layer, whose length counts what follows. */
  chunk(tag: string): Reader {
    oneOf(`a tag in ${this.#name}`, this.text(4), [tag]);
    return this.take(this.little(), tag);
  }

  /** Take a field of the inner layer, whose length counts its tag and itself, too. */
  field(tag: string): Reader {
    oneOf(`a tag in ${this.#name}`, this.text(4), [tag]);
    return this.take(this.big() - 8, tag);
  }

  /** Refuse bytes that nobody asked for. */
  end(): void {
    if (this.left > 0) {
      throw new AmxdError(`${this.left} bytes too many follow byte ${this.#at} of ${this.#name}`);
    }
  }
}
