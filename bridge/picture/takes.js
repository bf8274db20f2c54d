/** Let takes be chosen: draw the one that is heard, star some, save them as MIDI files. */
class Takes {
  constructor() {
    this.rows = [...document.querySelectorAll("#takes li")];
    this.drawn = this.row;
    this.stars = new Stars(document.getElementById("takes").dataset.key);
    this.figures = new Map([[this.drawn, [axis, plot]]]);
    const starred = this.stars.read();
    this.rows.forEach((row) => {
      this.mark(row, starred.includes(row.dataset.seed));
      row.querySelector(".star")?.addEventListener("click", () => this.star(row));
      row.querySelector(".save")?.addEventListener("click", (event) => this.save(event.target));
    });
    document.addEventListener("heard", () => this.draw());
    document.getElementById("takes").addEventListener("change", () => this.draw());
    document.addEventListener("keydown", (event) => this.key(event));
    transport?.choose(this.drawn);
  }

  /** Return the row that is chosen. */
  get row() {
    return this.rows.findIndex((row) => row.querySelector("input").checked);
  }

  key(event) {
    if (!meant(event)) return;
    const pressed = event.key.toUpperCase();
    const row = this.rows.findIndex((one) => one.querySelector("kbd").textContent === pressed);
    if (pressed !== "" && row >= 0) transport?.choose(row);
    else if (pressed === "S") this.rows[this.row].querySelector(".star")?.click();
  }

  /** Draw the take that is heard, where and as wide as the one before. */
  draw() {
    if (this.row === this.drawn) return;
    const [nextAxis, nextPlot] = this.figure(this.row);
    nextPlot.setAttribute("width", plot.getAttribute("width"));
    axis.replaceWith(nextAxis);
    plot.replaceWith(nextPlot);
    axis = nextAxis;
    plot = nextPlot;
    this.drawn = this.row;
    tip.hidden = true;
  }

  figure(row) {
    const held = document.getElementById(`figure-${row}`);
    if (!this.figures.has(row)) this.figures.set(row, [...held.content.children]);
    return this.figures.get(row);
  }

  /** Star a take, or take its star away. */
  star(row) {
    this.mark(row, !row.classList.contains("starred"));
    const starred = this.rows.filter((one) => one.classList.contains("starred"));
    this.stars.write(starred.map((one) => one.dataset.seed));
  }

  mark(row, starred) {
    const button = row.querySelector(".star");
    if (!button) return;
    row.classList.toggle("starred", starred);
    button.textContent = starred ? "★" : "☆";
    button.setAttribute("aria-pressed", String(starred));
  }

  save(button) {
    const text = document.getElementById(button.dataset.midi).textContent;
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: "audio/midi" }));
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
}

const takes = new Takes();
