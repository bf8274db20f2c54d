/** Hide which version is which: they are called 1 and 2 in an order that is drawn by lot. */
class Blind {
  constructor(names) {
    this.names = names;
    this.order = null; // the version behind each place of the switch, null while it is told
    this.button = document.getElementById("blind");
  }

  /** Return the version at a place of the switch. */
  version(place) {
    return this.order ? this.order[place] : place;
  }

  /** Return the place of a version on the switch. */
  place(version) {
    return this.order ? this.order.indexOf(version) : version;
  }

  hide() {
    this.order = Math.random() < 0.5 ? [0, 1] : [1, 0];
    this.write(["1", "2"], "");
  }

  /** Tell which was which. */
  reveal() {
    const was = this.order.map((version, place) => `${place + 1} was ${this.names[version].toLowerCase()}`);
    this.order = null;
    this.write(this.names, was.join(", "));
  }

  write(names, told) {
    document.querySelectorAll(".heard span").forEach((span, place) => {
      span.textContent = names[place];
    });
    this.button.textContent = this.order ? "Reveal" : "Blind";
    this.button.setAttribute("aria-pressed", String(this.order !== null));
    document.getElementById("told").textContent = told;
    document.body.classList.toggle("blind", this.order !== null);
  }
}
