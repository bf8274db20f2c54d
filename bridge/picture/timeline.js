/** Read off y at x on the broken line through all (xs, ys), which goes on straight at its ends. */
function along(x, xs, ys) {
  let low = 0;
  let high = xs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  return ys[low] + ((x - xs[low]) * (ys[high] - ys[low])) / (xs[high] - xs[low]);
}

/** Be the time of one version: which beat falls on which second. */
class Timeline {
  constructor(beats, seconds) {
    this.beats = beats;
    this.seconds = seconds;
  }

  second(beat) {
    return along(beat, this.beats, this.seconds);
  }

  beat(second) {
    return along(second, this.seconds, this.beats);
  }
}

/** Be the bars that the page shows: where they begin, and how many quarter notes their beats have. */
class Bars {
  constructor(about) {
    this.lines = about.bars;
    this.units = about.units;
    this.first = about.firstBar;
    this.start = about.start;
    this.end = about.end;
  }

  /** Return the row of the bar in which a beat lies, the first or the last for those outside. */
  row(beat) {
    let row = this.lines.length - 1;
    while (row > 0 && this.lines[row] > beat + 1e-6) row -= 1;
    return row;
  }

  /** Say a place as bar, beat and hundredths of it, all as musicians count them. */
  say(beat) {
    const row = this.row(beat);
    const beats = Math.max(beat - this.lines[row], 0) / this.units[row];
    const hundredths = Math.floor(beats * 100 + 1e-4);
    return `${this.first + row}.${Math.floor(hundredths / 100) + 1}.${String(hundredths % 100).padStart(2, "0")}`;
  }

  /** Return where the bar begins that lies so many bars from the one of a beat. */
  line(beat, step) {
    const row = Math.min(Math.max(this.row(beat) + step, 0), this.lines.length);
    return row < this.lines.length ? Math.max(this.lines[row], this.start) : this.end;
  }
}
