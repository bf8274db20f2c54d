const ENCODERS_DELAY = 1105; // frames of silence before an MP3: 576 of LAME, 529 of any decoder
const DECODED = 40e6; // how many frames are kept decoded: 320 MB in stereo
const UNASKED = 10e6; // how many are decoded before they are heard, but for two recordings

/** Be one recording: decoded when it is first asked for, and while there is room. */
class Recording {
  constructor(about) {
    this.id = about.id;
    this.name = about.name;
    this.rate = about.rate;
    this.frames = about.frames;
    this.beats = about.length; // how long the music is; the recording may ring on
    this.timeline = new Timeline(about.beats, about.seconds);
    this.lead = 0; // seconds in the buffer before it begins
    this.asked = null;
  }

  get duration() {
    return this.frames / this.rate;
  }

  /** Return the second of the recording at which a beat falls. */
  second(beat) {
    return Math.min(Math.max(this.timeline.second(beat), 0), this.duration);
  }

  beat(second) {
    return this.timeline.beat(second);
  }

  load() {
    this.asked ??= this.decode();
    return this.asked;
  }

  forget() {
    this.asked = null;
  }

  async decode() {
    const text = document.getElementById(this.id).textContent;
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const desk = new OfflineAudioContext(2, 1, this.rate);
    const buffer = await desk.decodeAudioData(bytes.buffer).catch(() => {
      throw new Error(`This browser cannot decode the sound of “${this.name}”.`);
    });
    // Decoders that do not read how long the encoder's silence is leave it where it is.
    if (buffer.length - this.frames > ENCODERS_DELAY) this.lead = ENCODERS_DELAY / this.rate;
    return buffer;
  }
}

/** Be all recordings of the page; those heard least recently make room for others. */
class Shelf {
  constructor(recordings) {
    this.recordings = recordings;
    this.recent = [];
  }

  load(recording) {
    this.recent = [recording, ...this.recent.filter((other) => other !== recording)];
    let frames = 0;
    this.recent = this.recent.filter((other, place) => {
      frames += other.frames;
      if (place < 2 || frames <= DECODED) return true;
      other.forget();
      return false;
    });
    return recording.load();
  }

  /** Decode the first two, and as many more as are short, one after another, to have them at hand. */
  async warm() {
    let frames = 0;
    for (const [row, recording] of this.recordings.entries()) {
      frames += recording.frames;
      if (row > 1 && frames > UNASKED) return;
      if (!this.recent.includes(recording)) this.recent.push(recording);
      await recording.load();
    }
  }
}
