const TIP = 8; // how high the arrow over the head is, in px

/** Be the drawn music as something to point at: which beat lies where, and the head on it. */
class Score {
  constructor(start, end) {
    this.start = start;
    this.end = end;
    this.stretch = this.mark("stretch");
    this.head = this.mark("head");
    this.fitted = null; // the plot whose panels the marks cover
    this.former = 0; // where the head stood when it was drawn last, in px
  }

  mark(id) {
    const element = document.createElement("div");
    element.id = id;
    return music.appendChild(element);
  }

  /** Let the marks cover the panels of what is drawn now, and not the words between them. */
  fit() {
    if (this.fitted === plot) return;
    this.fitted = plot;
    const panels = JSON.parse(plot.dataset.panels);
    this.stretch.style.background = striped(panels, "var(--loop)");
    this.head.style.background = striped(panels, "var(--accent)");
    this.head.style.setProperty("--tip", `${(panels[0]?.[0] ?? TIP) - TIP}px`);
  }

  /** Return the beat under a place of the window, in px from its left edge. */
  beat(x) {
    const box = plot.getBoundingClientRect();
    return this.start + ((x - box.left) / box.width) * (this.end - this.start);
  }

  /** Return where a beat lies in the scrolled music, in px; those outside lie at its ends. */
  x(beat) {
    const box = plot.getBoundingClientRect();
    const left = box.left - music.getBoundingClientRect().left + music.scrollLeft;
    const share = (beat - this.start) / (this.end - this.start);
    return left + Math.min(Math.max(share, 0), 1) * box.width;
  }

  /** Return the first and the last px of the scrolled music that can be seen beside the axis. */
  get seen() {
    const left = music.scrollLeft + axis.getBoundingClientRect().width;
    return [left, music.scrollLeft + music.clientWidth];
  }

  /** Return the first and the last beat that can be seen. */
  get shown() {
    const edge = music.getBoundingClientRect().left - music.scrollLeft;
    const inside = (beat) => Math.min(Math.max(beat, this.start), this.end);
    return this.seen.map((x) => inside(this.beat(x + edge)));
  }

  /** Put the head on a beat, and where it plays turn the page when it leaves it at the right. */
  stand(beat, following) {
    const x = this.x(beat);
    this.fit();
    if (following) this.follow(x);
    this.head.style.transform = `translateX(${x}px)`;
    this.former = x;
  }

  /** Who has scrolled elsewhere is left there. */
  follow(x) {
    const [left, right] = this.seen;
    const edge = right - 24;
    if (x > edge && this.former >= left && this.former <= edge) this.turn(x);
  }

  /** Bring a beat into view. */
  reveal(beat) {
    const x = this.x(beat);
    const [left, right] = this.seen;
    if (x < left || x > right) this.turn(x);
    this.former = x;
  }

  turn(x) {
    const [left, right] = this.seen;
    music.scrollLeft += x - left - (right - left) * 0.1;
  }

  /** Lay a band over a stretch in beats, or (null) take it away. */
  lay(stretch) {
    this.stretch.hidden = !stretch;
    if (!stretch) return;
    const [from, to] = stretch.map((beat) => this.x(beat));
    this.stretch.style.left = `${from}px`;
    this.stretch.style.width = `${to - from}px`;
  }
}

/** Return a background in a colour from top to bottom of each panel, in px, and none elsewhere. */
function striped(panels, colour) {
  const stops = panels.flatMap(([top, bottom]) => [
    `transparent ${top}px`, `${colour} ${top}px ${bottom}px`, `transparent ${bottom}px`,
  ]);
  return `linear-gradient(${stops.join()})`;
}
