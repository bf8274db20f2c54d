/** Name the notes of Live and the clips of the wire. Times are in beats (quarter notes). */

/** A note as Live hands it out and takes it back. Source: Live Object Model, get_notes_extended. */
export interface Note {
  readonly note_id: number;
  readonly pitch: number;
  readonly start_time: number;
  readonly duration: number;
  /** 1 to 127, with a fraction. */
  readonly velocity: number;
  readonly mute: 0 | 1;
  readonly probability: number;
  readonly velocity_deviation: number;
  readonly release_velocity: number;
}

/** Notes as columns of one length; docs/protocol.md states ranges and defaults. */
export interface Columns {
  readonly pitch: readonly number[];
  readonly onset: readonly number[];
  readonly duration: readonly number[];
  readonly velocity?: readonly number[];
  readonly note_id?: readonly number[];
  readonly release_velocity?: readonly number[];
  readonly mute?: readonly number[];
  readonly probability?: readonly number[];
  readonly velocity_deviation?: readonly number[];
}

/** Controller events in order of time; number 64 is the sustain pedal. */
export interface Controllers {
  readonly number: readonly number[];
  readonly time: readonly number[];
  readonly value: readonly number[];
}

export interface Tempo {
  readonly time: readonly number[];
  readonly bpm: readonly number[];
}

export interface Metre {
  readonly time: number;
  readonly numerator: number;
  readonly denominator: number;
}

export interface Key {
  /** 0 is C. */
  readonly tonic: number;
  readonly intervals: readonly number[];
  readonly name: string;
}

/** What the pad of a drum rack is called that plays a pitch. */
export interface Pad {
  readonly pitch: number;
  readonly name: string;
}

/** A clip as it travels; docs/protocol.md, "A clip". What is left out takes its default there. */
export interface Clip {
  readonly notes: Columns;
  readonly length: number;
  readonly controllers?: Controllers;
  readonly tempo?: Tempo;
  readonly metre?: readonly Metre[];
  readonly key?: Key | null;
  readonly role?: string;
  readonly loop?: { readonly start: number; readonly end: number } | null;
  readonly name?: string;
  readonly pads?: readonly Pad[];
}
