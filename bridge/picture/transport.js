const LOOPED = 4; // how many bars are repeated if nobody says which
const DRAGGED = 5; // from how many px on a press is a stretch and no place
const SLIDING = /^(Arrow|Home|End)/; // the keys that sliders and switches need for themselves

/** Join the player to the page: what is pressed, where the head stands, what is said. */
class Transport {
  constructor(about) {
    this.recordings = about.versions.map((version) => new Recording(version));
    this.bars = new Bars(about);
    const shelf = new Shelf(this.recordings);
    this.player = new Player(shelf, about.start, about.end);
    this.overview = new Overview(document.getElementById("overview"), this.player);
    this.score = new Score(about.start, about.end);
    this.other = this.recordings[1] ?? null; // what was heard before, or will be next
    this.blind = new Blind(this.recordings.map((recording) => recording.name));
    this.player.onchange = () => this.show();
    this.player.ontrouble = (error) => this.say(error.message);
    this.listen();
    this.show();
    shelf.warm().then(() => this.show(), (error) => this.say(error.message));
  }

  listen() {
    const press = (id, act) => document.getElementById(id)?.addEventListener("click", act);
    press("play", () => this.toggle());
    press("loop", () => this.repeat());
    press("blind", () => this.blindfold());
    const volume = document.getElementById("volume");
    volume.addEventListener("input", () => this.player.volume(Number(volume.value)));
    for (const input of document.querySelectorAll("input[name=heard]")) {
      input.addEventListener("change", () => this.choose(Number(input.value)));
    }
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("keyup", (event) => {
      if (event.key === " " && meant(event)) event.preventDefault(); // else it presses a button, too
    });
    this.release();
    this.drag(music, (event) => this.score.beat(event.clientX), true);
    this.drag(this.overview.canvas, (event) => this.overview.beat(event.clientX), false);
    new ResizeObserver(() => this.show()).observe(music);
    music.addEventListener("scroll", () => this.show());
    document.addEventListener("zoomed", () => this.show());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  /** Give the keys back to the page after what took the focus was pressed by mouse or finger. */
  release() {
    const leave = () => document.activeElement.closest("button, input")?.blur();
    document.addEventListener("pointerup", leave);
    document.addEventListener("click", (event) => event.detail && leave());
  }

  toggle() {
    return this.player.playing ? this.player.pause() : this.start();
  }

  start() {
    this.score.reveal(this.player.place());
    return this.player.play();
  }

  choose(row) {
    const wanted = this.recordings[this.blind.version(row)];
    if (!wanted) return null;
    const input = document.querySelector(`input[name=heard][value="${row}"]`);
    if (input) input.checked = true;
    if (wanted === this.player.heard) return null;
    this.other = this.player.heard;
    const chosen = this.player.choose(wanted);
    document.dispatchEvent(new Event("heard"));
    return chosen;
  }

  /** Return the row of the switch that is heard. */
  get row() {
    return this.rowOf(this.player.heard);
  }

  rowOf(recording) {
    return this.blind.place(this.recordings.indexOf(recording));
  }

  seek(beat) {
    return this.player.seek(beat).then(() => this.score.reveal(this.player.place()));
  }

  /** Go to the end, behind which nothing is to be played. */
  finish() {
    this.player.pause();
    return this.seek(this.player.last());
  }

  /** Repeat the bars from where the head stands, or stop repeating. */
  repeat() {
    if (this.player.loop) return this.player.repeat(null);
    const from = this.bars.line(this.player.place(), 0);
    return this.player.repeat([from, this.bars.line(from, LOOPED)]);
  }

  /** Hide which version is which, or tell it; what would change at that moment tells nothing. */
  blindfold() {
    const { blind, overview, player } = this;
    if (blind.order) blind.reveal();
    else {
      player.pause();
      this.seek(player.loop ? player.loop[0] : player.start);
      blind.hide();
    }
    overview.instead = blind.order ? this.recordings[0] : null; // its shape would tell
    this.choose(blind.order ? 0 : this.row);
    this.show();
  }

  key(event) {
    if (!meant(event)) return;
    const act = this.keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (event.target.closest("input") && SLIDING.test(event.key))) return;
    event.preventDefault();
    act();
  }

  get keys() {
    const bar = (step) => () => this.seek(this.bars.line(this.player.place(), step));
    return {
      " ": () => this.toggle(),
      a: () => this.choose(0),
      b: () => this.choose(1),
      x: () => this.choose(this.rowOf(this.other)),
      l: () => this.repeat(),
      "?": () => document.getElementById("blind")?.click(),
      Home: () => this.seek(this.player.start),
      End: () => this.finish(),
      ArrowLeft: bar(-1),
      ArrowRight: bar(1),
    };
  }

  /** Let a click go to a place and (by mouse or pen) a drag choose what is repeated. */
  drag(element, beat, stretching) {
    let from = null;
    element.addEventListener("pointerdown", (event) => {
      if (event.button === 0 && !event.target.closest("#axis")) from = event;
    });
    element.addEventListener("pointermove", (event) => {
      if (!from || event.pointerType === "touch") return;
      if (!stretching) this.seek(beat(event));
      else if (Math.abs(event.clientX - from.clientX) > DRAGGED) this.mark(beat(from), beat(event));
    });
    document.addEventListener("pointercancel", () => { from = null; });
    document.addEventListener("pointerup", (event) => {
      if (!from) return;
      const far = Math.abs(event.clientX - from.clientX) > DRAGGED;
      const [one, other] = [beat(from), beat(event)];
      from = null;
      if (!far || !stretching) this.seek(other);
      else if (event.pointerType !== "touch") this.player.repeat(this.tidy(one, other));
    });
  }

  /** Return a stretch in order and inside the music. */
  tidy(one, other) {
    const inside = (beat) => Math.min(Math.max(beat, this.player.start), this.player.last());
    const [from, to] = [inside(Math.min(one, other)), inside(Math.max(one, other))];
    return to - from > 0.05 ? [from, to] : null;
  }

  mark(one, other) {
    const stretch = this.tidy(one, other);
    if (stretch) this.score.lay(stretch);
  }

  /** Show what is the case now, and go on as long as it plays. */
  show() {
    const { player } = this;
    document.body.classList.toggle("playing", player.playing);
    document.getElementById("play").setAttribute("aria-label", player.playing ? "Pause" : "Play");
    document.getElementById("loop").setAttribute("aria-pressed", String(player.loop !== null));
    this.score.lay(player.loop);
    this.draw();
    if (player.playing && !this.running) this.run();
  }

  run() {
    this.running = this.player.playing;
    if (!this.running) return;
    this.draw();
    requestAnimationFrame(() => this.run());
  }

  draw() {
    const { player } = this;
    const beat = player.place(player.audible);
    this.score.stand(beat, player.playing);
    this.overview.draw(beat, this.score.shown);
    document.getElementById("place").textContent = this.bars.say(Math.max(beat, player.start));
    const second = player.heard.second(beat);
    const all = player.heard.duration;
    document.getElementById("time").textContent = `${clock(second)} / ${clock(all)}`;
  }

  say(words) {
    const trouble = document.getElementById("trouble");
    trouble.textContent = words;
    trouble.hidden = false;
  }
}

/** Say seconds as minutes, seconds and tenths. */
function clock(seconds) {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  const rest = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
  return `${Math.floor(tenths / 600)}:${rest}`;
}

let transport = null;
if (typeof AudioContext === "function" && typeof OfflineAudioContext === "function") {
  transport = new Transport(JSON.parse(document.getElementById("sound").textContent));
} else {
  document.body.classList.add("mute");
  const trouble = document.getElementById("trouble");
  trouble.textContent = "This browser cannot play sound by itself (it has no Web Audio): the music is drawn below.";
  trouble.hidden = false;
}
