"use strict";

const music = document.getElementById("music");
let axis = document.getElementById("axis");
let plot = document.getElementById("plot");
const tip = document.getElementById("tip");
const ROOM = 44; // the least room in px for a number of the ruler
const BEAT_ROOM = 9; // the least room in px between beats
const LEVELS = 16;
const WIDEST = 400000; // what browsers still draw, in px
const TYPED = "input:not([type=radio], [type=range]), textarea, select, [contenteditable]";

function room() {
  return Math.max(music.clientWidth - axis.getBoundingClientRect().width - 36, 200);
}

/** Hide what would not fit: bar numbers by halves, then numbers of beats, then their lines. */
function thin(width) {
  const bar = width / Number(music.dataset.bars);
  const beat = width / Number(music.dataset.beats);
  let level = 0;
  while (level < LEVELS && bar * 2 ** level < ROOM) level += 1;
  const names = [`level-${level}`];
  if (beat < ROOM) names.push("no-beat-numbers");
  if (beat < BEAT_ROOM) names.push("no-beats");
  music.className = names.join(" ");
}

/** Make the music as wide as asked, holding still what lies `at` px from the plot's left edge. */
function widen(wanted, at) {
  const before = plot.getBoundingClientRect().width;
  const width = Math.min(Math.max(wanted, room()), WIDEST);
  const place = (music.scrollLeft + at) / before;
  plot.setAttribute("width", width);
  thin(width);
  music.scrollLeft = place * width - at;
  document.dispatchEvent(new Event("zoomed"));
}

function zoom(factor, at = room() / 2) {
  widen(plot.getBoundingClientRect().width * factor, at);
}

function show(view) {
  music.dataset.view = view;
  document.querySelector(`input[value="${view}"]`).checked = true;
}

/** Tell whether a key is meant for the page: no shortcut of the browser's, nothing that is typed. */
function meant(event) {
  return !(event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPED));
}

function explain(event) {
  const words = event.target.dataset?.tip;
  tip.hidden = !words;
  if (!words) return;
  tip.textContent = words;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.min(event.clientX + 14, innerWidth - box.width - 8)}px`;
  const below = event.clientY + 18;
  tip.style.top = `${below + box.height < innerHeight ? below : event.clientY - box.height - 10}px`;
}

document.getElementById("in").addEventListener("click", () => zoom(1.5));
document.getElementById("out").addEventListener("click", () => zoom(1 / 1.5));
document.getElementById("fit").addEventListener("click", () => widen(0, 0));
document.querySelectorAll("input[name=view]").forEach((input) => {
  input.addEventListener("change", () => show(input.value));
});
document.addEventListener("keydown", (event) => {
  if (!meant(event)) return;
  if (event.key === "+" || event.key === "=") zoom(1.5);
  else if (event.key === "-") zoom(1 / 1.5);
  else if (event.key === "0") widen(0, 0);
});
music.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  const left = axis.getBoundingClientRect().right;
  zoom(Math.exp(-event.deltaY / 300), event.clientX - left);
}, { passive: false });
music.addEventListener("pointermove", explain);
music.addEventListener("pointerdown", explain);
music.addEventListener("pointerleave", () => { tip.hidden = true; });
zoom(1, 0);
