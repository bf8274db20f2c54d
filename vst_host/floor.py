"""Be the floor that rendering is measured against: what plays, called without a host around it.

`python -m vst_host.floor PATH SECONDS RATE` loads a plug-in or a soundfont, reads messages from its
standard input as JSON, `[[time, [bytes]], ...]` in one line, and answers each further line with how
many ms a call for all of it took: pedalboard's own, or FluidSynth's from message to message.
"""

import json
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from vst_host.library import fluidsynth
from vst_host.plugin import WARM_UP_S, open_plugin
from vst_host.soundfont import write_float

BLOCK = 8192
"""Frames that the plug-in is given at once: pedalboard's own default."""

Messages = list[tuple[bytes, float]]


def main(path: str, duration_s: float, sample_rate: int) -> None:
    """Answer until there is no more input."""
    messages = [(bytes(data), time_s) for time_s, data in json.loads(sys.stdin.readline())]
    floor = _soundfont if path.lower().endswith((".sf2", ".sf3")) else _plugin
    render = floor(path, messages, duration_s, sample_rate)
    for _ in sys.stdin:
        begun_s = perf_counter()
        render()
        print((perf_counter() - begun_s) * 1e3, flush=True)  # noqa: T201 - for the parent


def _plugin(
    path: str, messages: Messages, duration_s: float, sample_rate: int
) -> Callable[[], object]:
    plugin = open_plugin(path, "", "path", WARM_UP_S)
    return lambda: plugin(messages, duration_s, sample_rate, 2, BLOCK, True)


def _soundfont(
    path: str, messages: Messages, duration_s: float, sample_rate: int
) -> Callable[[], object]:
    synth: Any = fluidsynth().Synth(0.5, sample_rate)
    synth.sfload(path, update_midi_preset=1)
    ends = [round(time_s * sample_rate) for _, time_s in messages]
    gaps = np.diff(ends, prepend=0).tolist()
    steps = [(data, frames) for (data, _), frames in zip(messages, gaps, strict=True)]

    def render() -> None:
        for data, frames in steps:
            write_float(synth, frames)
            sounds = data[0] & 0xF0 == 0x90
            (synth.noteon(0, data[1], data[2]) if sounds else synth.noteoff(0, data[1]))
        write_float(synth, round(duration_s * sample_rate) - ends[-1])

    return render


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
