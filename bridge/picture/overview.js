const PILLAR = 3; // px from one bar of the waveform to the next

/** Be the whole piece at a glance: how loud it is, what was played, what the page shows of it. */
class Overview {
  constructor(canvas, player) {
    this.canvas = canvas;
    this.player = player;
    this.peaks = new Map();
    this.measured = new Map(); // how many stretches of a recording were asked for
    this.instead = null; // what is drawn whatever is heard
  }

  get span() {
    return this.player.end - this.player.start;
  }

  beat(x) {
    const box = this.canvas.getBoundingClientRect();
    return this.player.start + ((x - box.left) / box.width) * this.span;
  }

  /** Return the largest samples of so many stretches, all as long in beats; null till decoded. */
  loudest(recording, count) {
    if (recording.asked && this.measured.get(recording) !== count) {
      this.measured.set(recording, count);
      recording.load().then((buffer) => this.measure(recording, buffer, count), () => {});
    }
    return this.peaks.get(recording) ?? null;
  }

  /** Return how many bars the waveform has room for. */
  get count() {
    return Math.max(Math.floor(this.canvas.clientWidth / PILLAR), 1);
  }

  measure(recording, buffer, count) {
    const sides = Array.from({ length: buffer.numberOfChannels }, (_, side) => buffer.getChannelData(side));
    const edges = Array.from({ length: count + 1 }, (_, row) => {
      const second = recording.second(this.player.start + (row / count) * this.span);
      return Math.floor((second + recording.lead) * buffer.sampleRate);
    });
    const peaks = edges.slice(1).map((edge, row) => {
      let peak = 0;
      for (let frame = edges[row]; frame < edge; frame += 4) {
        for (const side of sides) peak = Math.max(peak, Math.abs(side[frame]));
      }
      return peak;
    });
    this.peaks.set(recording, peaks);
    this.draw();
  }

  /** Draw it all; `shown` is the stretch in beats that the music below has room for. */
  draw(beat = this.player.place(), shown = this.shown) {
    this.shown = shown;
    const { canvas, player } = this;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    const scale = devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
    if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    const colour = (name) => getComputedStyle(canvas).getPropertyValue(name);
    const x = (place) => ((place - player.start) / this.span) * width;
    const strip = (name, from, to) => {
      pen.fillStyle = colour(name);
      pen.fillRect(x(from), 0, x(to) - x(from), height);
    };
    if (shown) strip("--shade", shown[0], shown[1]);
    if (player.loop) strip("--loop", player.loop[0], player.loop[1]);
    const peaks = this.loudest(this.instead ?? player.heard, this.count) ?? new Array(this.count).fill(0);
    const most = Math.max(...peaks, 1e-4);
    const played = x(beat);
    const [done, ahead] = [colour("--accent"), colour("--rule")];
    peaks.forEach((peak, row) => {
      const at = (row / peaks.length) * width;
      const tall = Math.max((peak / most) ** 0.7 * (height - 8), 1);
      pen.fillStyle = at < played ? done : ahead;
      pen.fillRect(at, (height - tall) / 2, PILLAR - 1, tall);
    });
    pen.fillStyle = colour("--ink");
    pen.fillRect(Math.min(Math.max(played - 0.75, 0), width - 1.5), 0, 1.5, height);
  }
}
