/**
 * Turn a clip into the bytes of a Standard MIDI File of type 0.
 *
 * Source: Standard MIDI Files 1.0 (RP-001): chunks, delta times, meta events; MIDI 1.0, table 2.
 */

import type { Clip, Columns } from "../wire/note.ts";

const TICKS_PER_BEAT = 960;

/** What a file says where the clip says nothing. Source: Standard MIDI Files 1.0; docs/protocol.md. */
const USUAL_TEMPO = { time: [0], bpm: [120] };
const USUAL_METRE = { time: 0, numerator: 4, denominator: 4 };
const USUAL_VELOCITY = 100;
const USUAL_RELEASE = 64;

const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROL_CHANGE = 0xb0;
const META = 0xff;

/** Meta events by their type. */
const TRACK_NAME = 0x03;
const END_OF_TRACK = 0x2f;
const SET_TEMPO = 0x51;
const TIME_SIGNATURE = 0x58;

/** The longest time between two events that a file can say, in ticks. */
const LONGEST_DELTA = 2 ** 28 - 1;

/** The slowest tempo that a file can say, in microseconds a beat. */
const SLOWEST_US = 2 ** 24 - 1;

/**
 * What comes first in a tick: notes end before others begin, and a pedal that goes down as a note
 * ends does not hold it.
 */
const RANKS = { meta: 0, off: 1, control: 2, on: 3 } as const;

interface Event {
  readonly tick: number;
  readonly rank: number;
  readonly bytes: readonly number[];
}

/** A note in ticks. */
interface Stroke {
  readonly pitch: number;
  readonly start: number;
  readonly end: number;
  readonly velocity: number;
  readonly release: number;
}

/**
 * Return the bytes of a file with a clip's notes, controllers, tempo and metre.
 *
 * Muted notes are left out, for a file cannot say that a note is silent. Of notes that overlap on
 * one pitch, the earlier ends where the later begins.
 *
 * @throws {RangeError} Nothing happens for longer than a file can say.
 */
export function midiBytes(clip: Clip, name: string): Buffer {
  const events = [...metaEvents(clip, name), ...controlEvents(clip), ...noteEvents(clip.notes)];
  events.sort((one, other) => one.tick - other.tick || one.rank - other.rank);
  const header = [0, 0, 0, 1, ...bigEndian(TICKS_PER_BEAT, 2)];
  return Buffer.concat([
    chunk("MThd", header),
    chunk("MTrk", trackBytes(events, toTicks(clip.length))),
  ]);
}

function chunk(name: string, bytes: readonly number[]): Buffer {
  return Buffer.from([...Buffer.from(name), ...bigEndian(bytes.length, 4), ...bytes]);
}

function trackBytes(events: readonly Event[], end: number): number[] {
  const bytes: number[] = [];
  let now = 0;
  for (const event of events) {
    bytes.push(...delta(event.tick - now), ...event.bytes);
    now = event.tick;
  }
  bytes.push(...delta(Math.max(0, end - now)), META, END_OF_TRACK, 0);
  return bytes;
}

function metaEvents(clip: Clip, name: string): Event[] {
  const tempo = clip.tempo?.time.length ? clip.tempo : USUAL_TEMPO;
  const metres = clip.metre?.length ? clip.metre : [USUAL_METRE];
  return [
    meta(0, TRACK_NAME, [...Buffer.from(name)]),
    ...tempo.time.map((time, row) => {
      return meta(time, SET_TEMPO, bigEndian(beatMicroseconds(tempo.bpm[row]), 3));
    }),
    ...metres.map(({ time, numerator, denominator }) => {
      // a click every beat of the metre, in 24ths of a quarter note; eight 32nds are a quarter note
      const click = Math.max(1, 96 / denominator);
      return meta(time, TIME_SIGNATURE, [numerator, Math.log2(denominator), click, 8]);
    }),
  ];
}

function beatMicroseconds(bpm = 120): number {
  return Math.min(SLOWEST_US, Math.round(60e6 / bpm));
}

function meta(time: number, type: number, bytes: readonly number[]): Event {
  const said = [META, type, ...variable(bytes.length), ...bytes];
  return { tick: toTicks(time), rank: RANKS.meta, bytes: said };
}

function controlEvents({ controllers }: Clip): Event[] {
  return (controllers?.time ?? []).map((time, row) => ({
    tick: toTicks(time),
    rank: RANKS.control,
    bytes: [CONTROL_CHANGE, controllers?.number[row] ?? 0, controllers?.value[row] ?? 0],
  }));
}

function noteEvents(notes: Columns): Event[] {
  return apart(strokes(notes)).flatMap(({ pitch, start, end, velocity, release }) => [
    { tick: start, rank: RANKS.on, bytes: [NOTE_ON, pitch, velocity] },
    { tick: end, rank: RANKS.off, bytes: [NOTE_OFF, pitch, release] },
  ]);
}

function strokes(notes: Columns): Stroke[] {
  const all = notes.pitch.map((pitch, row): Stroke => {
    const onset = notes.onset[row] ?? 0;
    const start = toTicks(onset);
    return {
      pitch,
      start,
      end: Math.max(start + 1, toTicks(onset + (notes.duration[row] ?? 0))),
      velocity: inRange(notes.velocity?.[row] ?? USUAL_VELOCITY, 1),
      release: inRange(notes.release_velocity?.[row] ?? USUAL_RELEASE, 0),
    };
  });
  return all.filter((_, row) => !notes.mute?.[row]);
}

/** Return the strokes in order, so that those of one pitch do not overlap; of two at once, the longer. */
function apart(given: readonly Stroke[]): Stroke[] {
  const ordered = [...given].sort((one, other) => {
    return one.pitch - other.pitch || one.start - other.start || one.end - other.end;
  });
  return ordered.flatMap((stroke, row) => {
    const next = ordered[row + 1];
    if (next?.pitch !== stroke.pitch) {
      return [stroke];
    }
    return next.start === stroke.start
      ? []
      : [{ ...stroke, end: Math.min(stroke.end, next.start) }];
  });
}

/** Return the nearest velocity of MIDI from the least to 127. */
function inRange(velocity: number, least: number): number {
  return Math.min(127, Math.max(least, Math.round(velocity)));
}

function toTicks(beats: number): number {
  return Math.max(0, Math.round(beats * TICKS_PER_BEAT));
}

function delta(ticks: number): number[] {
  if (ticks > LONGEST_DELTA) {
    const beats = Math.floor(LONGEST_DELTA / TICKS_PER_BEAT);
    throw new RangeError(
      `nothing happens for ${Math.round(ticks / TICKS_PER_BEAT)} beats, allowed are ${beats}`,
    );
  }
  return variable(ticks);
}

/** Return a number in 7 bits a byte, of which all but the last have the highest bit. */
function variable(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift((rest % 128) | 128);
  }
  return bytes;
}

function bigEndian(value: number, width: number): number[] {
  return Array.from(
    { length: width },
    (_, at) => Math.floor(value / 256 ** (width - 1 - at)) % 256,
  );
}
