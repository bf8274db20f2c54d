import { expect, test } from "vitest";
import { AmxdError, type Device, KINDS, readAmxd, USES, writeAmxd } from "../../patch/amxd.ts";

const TINY: Device = {
  kind: KINDS.midiEffect,
  files: [
    { name: "a.amxd", type: "JSON", use: USES.device, bytes: Buffer.from("{}\n\0") },
    { name: "abc", type: "TEXT", use: USES.onDisk, bytes: Buffer.from("1;") },
  ],
};

/** Write the tiny device by hand: text as it is, numbers in hexadecimal. */
const EXPECTED = Buffer.concat(
  [
    ["ampf", "04000000", "mmmm", "meta", "04000000", "07000000"],
    // 16 header + 6 data + 8 "dlst" + 2 entries of 96 and 92 bytes = 218 = 0xda
    ["ptch", "da000000", "mx@c", "00000010", "0000000000000016", "{}\n\0", "1;"],
    ["dlst", "000000c4"],
    ["dire", "00000060", "type", "0000000c", "JSON", "fnam", "00000010", "a.amxd\0\0"],
    [
      "sz32",
      "0000000c",
      "00000004",
      "of32",
      "0000000c",
      "00000010",
      "vers",
      "0000000c",
      "00000000",
    ],
    ["flag", "0000000c", "00000011", "mdat", "0000000c", "e1b7b100"],
    ["dire", "0000005c", "type", "0000000c", "TEXT", "fnam", "0000000c", "abc\0"],
    [
      "sz32",
      "0000000c",
      "00000002",
      "of32",
      "0000000c",
      "00000014",
      "vers",
      "0000000c",
      "00000000",
    ],
    ["flag", "0000000c", "00000008", "mdat", "0000000c", "e1b7b100"],
  ]
    .flat()
    .map((part) => (/^([0-9a-f]{8})+$/.test(part) ? Buffer.from(part, "hex") : Buffer.from(part))),
);

/** 12 "ampf" + 12 "meta" + 8 "ptch" + 16 header + 6 data + 8 "dlst" + 96 for the first entry. */
const SECOND = 158;

test("a device is written byte for byte as Ableton's tools read it", () => {
  expect(writeAmxd(TINY).toString("hex")).toBe(EXPECTED.toString("hex"));
});

test("a device is read as it was written", () => {
  expect(readAmxd(EXPECTED)).toEqual(TINY);
});

test("a device cut off anywhere is refused with a sentence", () => {
  for (let length = 0; length < EXPECTED.length; length++) {
    expect(() => readAmxd(EXPECTED.subarray(0, length))).toThrow(AmxdError);
  }
});

test("any single byte changed is read or refused, never a crash", () => {
  for (let at = 0; at < EXPECTED.length; at++) {
    const changed = Buffer.from(EXPECTED);
    changed[at] = ~(changed[at] ?? 0) & 0xff;
    try {
      readAmxd(changed);
    } catch (error) {
      expect(error).toBeInstanceOf(AmxdError);
    }
  }
});

test.each([
  ["another kind", "mmmm", "aaaa", "the kind of device is aaaa, allowed is mmmm or nagg or natt"],
  [
    "a device that is not frozen",
    "mx@c",
    "{   ",
    "the start of the patch is {   , allowed is mx@c",
  ],
  ["an encrypted device", "ptch", "ciph", "a tag in the device is ciph, allowed is ptch"],
  ["fields in another order", "sz32", "of32", "a tag in dire is of32, allowed is sz32"],
  ["another type of file", "TEXT", "PNG ", "the type of file 1 is PNG , allowed is JSON or TEXT"],
])("%s is named in the refusal", (_, from, to, sentence) => {
  const bytes = Buffer.from(EXPECTED.toString("latin1").replace(from, to), "latin1");
  expect(() => readAmxd(bytes)).toThrow(new AmxdError(sentence));
});

test.each([
  ["a gap before a file", SECOND + 55, 0x15, "the place of abc is 21, allowed is 20"],
  [
    "a file that ends before the footer",
    SECOND + 43,
    1,
    "1 bytes too many follow byte 5 of the files",
  ],
  [
    "a file beyond the footer",
    SECOND + 43,
    9,
    "abc at byte 4 of the files is 9 bytes long, left are 2",
  ],
  ["a flag nobody knows", SECOND + 79, 1, "the flag of abc is 1, allowed is 0 or 8"],
  [
    "a name without a zero",
    SECOND + 31,
    0x64,
    "a file's name is 61626364, allowed is UTF-8 and zeros",
  ],
])("%s is named in the refusal", (_, at, value, sentence) => {
  const bytes = Buffer.from(EXPECTED);
  bytes[at] = value;
  expect(() => readAmxd(bytes)).toThrow(new AmxdError(sentence));
});

test("bytes behind the end are refused", () => {
  const longer = Buffer.concat([EXPECTED, Buffer.from([0])]);
  expect(() => readAmxd(longer)).toThrow(
    new AmxdError("1 bytes too many follow byte 250 of the device"),
  );
});
