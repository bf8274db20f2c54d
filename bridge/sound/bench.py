"""Measure rendering: a minute of sound by the host of plug-ins, beside the instrument's bare call.

Both are taken in turn in one run, so that a slow moment of the machine hits both: quote ratios.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from time import perf_counter
from typing import NamedTuple

import msgspec
import numpy as np

from bridge.bench import Figure
from bridge.error import BridgeError
from bridge.sound.host import Host
from bridge.sound_protocol import Bounce, Events, Instrument, Track

NOTES, DURATION_S, RATE = 600, 60.0, 48_000
"""What is rendered: so many notes in so many seconds, at so many frames a second."""

HELD_S = 0.5
"""How long each note is held."""

MOST_S = 120.0
"""So long the floor may take for the minute, and to be loaded."""

ROUNDS = 20
"""How often each is measured, at most."""


class Heard(NamedTuple):
    """State in ms when the first block came, and the last, and how long loading took."""

    first_ms: float
    total_ms: float
    load_ms: float


def measure_render(
    instrument: Instrument, samples: int, say: Callable[[str], None]
) -> list[Figure]:
    """Return all figures.

    Args:
        instrument: what plays; its effects are left out.
        samples: how often each is measured, up to `ROUNDS`.
        say: is told what is being measured.

    Raises:
        BridgeError: the instrument cannot be loaded.
    """
    path = instrument.plugin.path if instrument.plugin else instrument.soundfont
    track = Track(minute(), msgspec.structs.replace(instrument, effects=()), "minute")
    names = ("render/floor", "render/host", "render/first_block")
    taken: dict[str, list[float]] = {name: [] for name in names}
    with Host() as host, _floor(path, track.events) as floor:
        taken["render/load"] = [_heard(host, track).load_ms]
        floor()
        rounds = min(samples, ROUNDS)
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            heard = _heard(host, track)
            row = (floor(), heard.total_ms, heard.first_ms)
            for name, value in zip(names, row, strict=True):
                taken[name].append(value)
    return [Figure.of(name, values) for name, values in taken.items()]


def minute() -> Events:
    """Return what is rendered: notes at random times, each held for half a second."""
    rng = np.random.default_rng(1)
    onset = np.sort(rng.uniform(0, DURATION_S - 2 * HELD_S, NOTES))
    pitch = rng.integers(36, 96, NOTES)
    order = np.argsort(np.concatenate([onset, onset + HELD_S]), kind="stable")
    return Events(
        time=np.concatenate([onset, onset + HELD_S])[order],
        status=np.repeat([0x90, 0x80], NOTES)[order],
        data1=np.tile(pitch, 2)[order],
        data2=np.repeat([90, 64], NOTES)[order],
    )


def _heard(host: Host, track: Track) -> Heard:
    """Have the minute bounced, as one hears it: block by block."""
    came_s: list[float] = []
    begun_s = perf_counter()
    tail_s = DURATION_S - float(track.events.time[-1])
    bounce = Bounce(1, tracks=(track,), master=(), sample_rate=RATE, tail_s=tail_s)
    bounced = host.bounce(bounce, lambda _block: came_s.append(perf_counter()))
    total_ms = (perf_counter() - begun_s) * 1e3
    return Heard((came_s[0] - begun_s) * 1e3, total_ms, bounced.load_ms)


@contextmanager
def _floor(path: str, events: Events) -> Iterator[Callable[[], float]]:
    """Yield what tells how many ms the instrument's own call takes, in a process of its own."""
    columns = zip(*(getattr(events, name).tolist() for name in events.COLUMNS), strict=True)
    messages = [(time_s, data) for time_s, *data in columns]
    command = [sys.executable, "-P", "-m", "vst_host.floor", path, str(DURATION_S), str(RATE)]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )

    def took_ms() -> float:
        print("again", file=process.stdin, flush=True)
        patience = Timer(MOST_S, process.kill)
        patience.start()
        line = process.stdout.readline()  # type: ignore[union-attr]  # it was asked for
        patience.cancel()
        if not line:
            raise BridgeError(f"{path} cannot be played without the host")
        return float(line)

    try:
        print(json.dumps(messages), file=process.stdin, flush=True)
        yield took_ms
    finally:
        process.kill()
        process.communicate()
