"""Draw the screen of `yuragi live` as it stands after some bars: python docs/make_live_picture.py.

It starts JACK, plays a phrase through a preset with a clock beside it, and draws what is told then.
"""

import io
import re
import sys
import time
from pathlib import Path

from rich.console import Console

from bridge.client import Client
from bridge.command.live_screen import draw
from bridge.gig_protocol import Choose, Learn, Open, Ports, Stand
from bridge.live.jack_musician import RATE, jack_server, musician
from bridge.live_shelf import LiveShelf
from bridge.local import local_server
from engines.live.event import control, note_off, note_on

PICTURE = Path(__file__).parent / "pictures" / "live.svg"
PRESET = "live/piano"
CHORDS = ((48, 64, 67, 72), (45, 64, 69, 72), (41, 65, 69, 72), (43, 62, 67, 71))
FONTS = r"@font-face \{.*?\}\s*"
"""What would fetch a font from elsewhere."""

WIDTH = 92
"""Columns of the terminal."""


def main(path: Path = PICTURE) -> None:
    """Play, and write the picture."""
    with (
        jack_server("yuragi-picture"),
        musician("nanoKEY2") as keys,
        musician("synth"),
        musician("drum machine") as clock,
        local_server() as address,
        Client(address, timeout_s=30) as client,
    ):
        ports = Ports(inputs=("nanoKEY2:out", "drum machine:out"), output="synth:in", clock="midi")
        client.ask_gig(Open, ports=ports)
        client.ask_gig(Choose, preset=PRESET)
        beat = RATE // 2
        begin = keys.frame() + beat
        for tick in range(24 * 4 * 2):
            clock.play(b"\xf8", at=begin + tick * beat // 24)
        for bar, chord in enumerate(CHORDS):
            at = begin + 2 * bar * beat
            keys.play(*(note_on(0, pitch, 70 + pitch % 9) for pitch in chord), at=at)
            if bar < len(CHORDS) - 1:
                keys.play(*(note_off(0, pitch) for pitch in chord), at=at + beat * 7 // 4)
        time.sleep(4.2)
        client.ask_gig(Learn, stage=0, option="amount")
        keys.play(control(0, 21, 64))
        time.sleep(0.2)
        state = client.ask_gig(Stand).state
    assert state is not None
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    summary = LiveShelf().find(PRESET).summary
    console.print(draw(state, 0, [], summary))
    svg = console.export_svg(title="yuragi live")
    path.write_text(re.sub(FONTS, "", svg, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
