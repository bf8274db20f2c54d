"""Open a page with sound in a browser, press what is on it, and hear what comes out."""

import json
from typing import Any

from playwright.sync_api import Page

EAR = """
registerProcessor("ear", class extends AudioWorkletProcessor {
  constructor() { super(); this.last = -1e9; }
  process([[sound]]) {
    sound?.forEach((sample, row) => {
      if (Math.abs(sample) < 0.1) return;
      const frame = currentFrame + row;
      if (frame - this.last > 0.1 * sampleRate) this.port.postMessage(frame / sampleRate);
      this.last = frame;
    });
    return true;
  }
});
"""
"""Tell at what time of the audio clock each sound begins that silence went before."""

LISTEN = """async (ear) => {
  const player = transport.player;
  player.open();
  await player.context.audioWorklet.addModule(`data:text/javascript,${encodeURIComponent(ear)}`);
  const node = new AudioWorkletNode(player.context, "ear");
  player.out.connect(node);
  window.onsets = [];
  node.port.onmessage = ({ data }) => onsets.push([data, player.place(data)]);
}"""

DECODED = """(async () => {
  const recording = transport.recordings[%d];
  const buffer = await recording.load();
  const sound = buffer.getChannelData(0);
  const onsets = [];
  for (let row = 0, last = -1e9; row < sound.length; row += 1) {
    if (Math.abs(sound[row]) < 0.05) continue;
    if (row - last > buffer.sampleRate / 10) onsets.push(row / buffer.sampleRate - recording.lead);
    last = row;
  }
  return onsets;
})()"""
"""Find where sounds begin, in seconds, that silence of a tenth went before."""

WATCH = """() => {
  window.places = [];
  const look = () => {
    places.push([transport.player.now, transport.player.place()]);
    requestAnimationFrame(look);
  };
  look();
}"""


class Visit:
    """Be a page that is open, with what it asked for and complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(address)

    def tell(self, code: str) -> Any:
        return self.page.evaluate(code)

    def until(self, code: str) -> None:
        """Look at every frame of the screen whether something is the case, for 20 s at most."""
        self.tell(
            f"""new Promise((done, fail) => {{
              const end = performance.now() + 20000;
              const look = () => {{
                if ({code}) done();
                else if (performance.now() > end) fail(new Error({json.dumps(code)}));
                else requestAnimationFrame(look);
              }};
              look();
            }})"""
        )

    def place(self) -> float:
        return float(self.tell("transport.player.place()"))

    def play(self) -> None:
        """Press play, and wait until it sounds."""
        self.page.click("#play")
        self.until("transport.player.span?.when < transport.player.now")

    def listen(self) -> None:
        """Write down when each click is heard, and which beat the player says sounds then."""
        self.page.evaluate(LISTEN, EAR)

    def heard(self, count: int, *, first: int | None = None) -> list[tuple[float, float]]:
        """Return times and beats of so many clicks: those to come, or from the `first` one on."""
        start = self.tell("onsets.length") if first is None else first
        self.until(f"onsets.length >= {start + count}")
        return [tuple(pair) for pair in self.tell(f"onsets.slice({start}, {start + count})")]

    def onsets(self, row: int) -> list[float]:
        """Return where sounds begin in a recording once it is decoded, in seconds."""
        return [float(second) for second in self.tell(DECODED % row)]

    def watch(self) -> None:
        """Write down the place at each frame of the screen."""
        self.tell(WATCH)

    def between_beats(self) -> None:
        """Wait until no click sounds."""
        self.until("(p => p > 0.4 && p < 0.6)(transport.player.place() % 1)")
