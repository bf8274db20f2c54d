const FADE = 0.01; // seconds in which one version gives way to another
const AHEAD = 0.03; // seconds from an order until it is heard, so that it starts on its frame

/** Play one recording at a time, and know at each moment of the audio clock which beat sounds. */
class Player {
  constructor(shelf, start, end) {
    this.shelf = shelf;
    this.start = start;
    this.end = end;
    this.heard = shelf.recordings[0];
    this.beat = start; // where it stands while nothing plays
    this.loop = null; // [from, to] in beats
    this.span = null; // what sounds: recording, source, gain, and from when and where it runs
    this.former = null; // the one before, until the present one begins
    this.orders = 0;
    this.onchange = () => {};
    this.ontrouble = () => {};
  }

  get playing() {
    return this.span !== null;
  }

  /** Return the time of the audio clock; what is ordered now is heard a little later. */
  get now() {
    return this.context ? this.context.currentTime : 0;
  }

  /** Return the time of the audio clock that comes out of the loudspeakers at this moment. */
  get audible() {
    return this.now - (this.context?.outputLatency || 0);
  }

  /** Return the beat that sounds at a time of the audio clock. */
  place(time = this.now) {
    const span = this.span && this.former && time < this.span.when ? this.former : this.span;
    return span ? span.recording.beat(this.second(span, time)) : this.beat;
  }

  second(span, time) {
    const second = span.second + Math.max(time - span.when, 0);
    if (!span.loop) return Math.min(second, span.recording.duration);
    const [from, to] = span.loop;
    return second < to ? second : from + ((second - from) % (to - from));
  }

  async play() {
    this.open();
    const beat = this.beat < this.last() ? this.beat : this.start;
    await this.order((buffer) => this.begin(buffer, beat, 0));
  }

  pause() {
    this.orders += 1;
    if (!this.playing) return;
    this.beat = this.place();
    this.silence(this.now, this.now + FADE);
    this.span = this.former = null;
    this.onchange();
  }

  /** Go to a beat; a stretch that it lies outside of is not repeated any more. */
  async seek(beat) {
    const place = Math.min(Math.max(beat, this.start), this.last());
    if (this.loop && (place < this.loop[0] || place >= this.loop[1])) this.loop = null;
    this.beat = place;
    if (this.playing) await this.order((buffer) => this.begin(buffer, place, FADE / 4));
    this.onchange();
  }

  /** Let another version be heard, at the same beat. */
  async choose(recording) {
    this.heard = recording;
    this.onchange();
    await this.order((buffer) => this.playing && this.begin(buffer, null, FADE));
  }

  /** Repeat the stretch [from, to) in beats, or nothing. */
  async repeat(stretch) {
    this.loop = stretch;
    const beat = this.place();
    const outside = stretch && (beat < stretch[0] || beat >= stretch[1]);
    if (outside) this.beat = stretch[0];
    if (this.playing) {
      await this.order((buffer) => this.begin(buffer, outside ? stretch[0] : null, FADE));
    }
    this.onchange();
  }

  volume(level) {
    this.open();
    this.out.gain.setTargetAtTime(level ** 2, this.now, FADE);
  }

  last() {
    return Math.min(this.end, this.heard.beat(this.heard.duration));
  }

  open() {
    if (this.context) return;
    this.context = new AudioContext({ sampleRate: this.heard.rate, latencyHint: "interactive" });
    this.out = this.context.createGain();
    this.out.connect(this.context.destination);
    this.context.onstatechange = () => {
      if (this.context.state === "interrupted") this.pause();
    };
  }

  /** Do something with the buffer once the recording is decoded, unless another order came in between. */
  async order(act) {
    this.orders += 1;
    const mine = this.orders;
    try {
      const buffer = await this.shelf.load(this.heard);
      if (this.context && this.context.state !== "running") await this.context.resume();
      if (mine === this.orders) act(buffer);
    } catch (error) {
      this.ontrouble(error);
    }
    this.onchange();
  }

  /** Begin at a beat, or (null) where the version that sounds will be. */
  begin(buffer, beat, fade) {
    const rate = this.context.sampleRate;
    const when = Math.ceil((this.now + AHEAD) * rate) / rate;
    const recording = this.heard;
    const place = recording.second(beat ?? this.place(when));
    const second = Math.round(place * rate) / rate;
    const loop = this.loop?.map((edge) => recording.second(edge));
    const source = new AudioBufferSourceNode(this.context, { buffer });
    const gain = new GainNode(this.context);
    if (fade) gain.gain.setValueAtTime(0, when).linearRampToValueAtTime(1, when + fade);
    if (loop) {
      source.loop = true;
      [source.loopStart, source.loopEnd] = loop.map((edge) => edge + recording.lead);
    }
    source.connect(gain).connect(this.out);
    source.start(when, second + recording.lead);
    if (!loop) this.fade(recording, gain, source, when + recording.second(this.end) - second);
    source.onended = () => this.over(source);
    this.silence(when, when + FADE);
    this.former = this.span;
    this.span = { recording, source, gain, when, second, loop };
  }

  /** End music that goes on behind the end of the page; what only rings on may ring. */
  fade(recording, gain, source, end) {
    if (recording.beats <= this.end + 1e-6) return;
    gain.gain.setValueAtTime(1, Math.max(end - FADE, this.now)).linearRampToValueAtTime(0, end);
    source.stop(end);
  }

  silence(from, to) {
    if (!this.span) return;
    const { gain, source } = this.span;
    gain.gain.setValueAtTime(1, from).linearRampToValueAtTime(0, to);
    source.stop(to);
  }

  over(source) {
    if (this.span?.source !== source) return;
    this.beat = this.start;
    this.span = this.former = null;
    this.onchange();
  }
}
