"""Measure playing live: what passes through, what plays on time, and what it costs.

All run at one JACK server without a sound card, in turn with a bare echo by rtmidi, so that a slow
moment of the machine hits all of them: quote differences to the floor, not milliseconds.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count

import msgspec
import numpy as np

from bridge.error import BridgeError
from bridge.gig_protocol import Ports
from bridge.live.clip_score import clip_score
from bridge.live.jack_musician import RATE, Heard, Musician, jack_server, musician, wait_until
from bridge.live.order import Choose, Play
from bridge.live.rtmidi_floor import GAP_S, NOTES
from bridge.live.sheet import to_sheet
from bridge.live.stage_door import StageDoor
from engines.clip import Clip, Tempo
from engines.clip import Notes as ClipNotes
from engines.live.event import note_off, note_on
from engines.stage import Stage

MODEL = (Stage("live.humanize", {"lookahead_ms": 0.0, "timing": 0.0}),)
"""The learned hand; what it plays later on purpose is no latency, so its timing is off."""

ROUND = 50
"""So many notes are played at a time, then it is another's turn."""

PAUSE_S = 0.004
"""Notes come at random times, on average so far apart."""

PLAYED = 10_000
"""So many notes the player plays."""

BUSY_S, A_SECOND = 10.0, 50
"""What it costs is measured for so long, at so many notes a second."""


class Figure(msgspec.Struct, frozen=True):
    """Hold a median, a 99th percentile and a standard deviation of `n` samples, in ms."""

    name: str
    n: int
    p50_ms: float
    p99_ms: float
    std_ms: float


def measure_live(samples: int, say: Callable[[str], None]) -> list[Figure]:
    """Return all figures; `samples` is per figure, `say` is told what is being measured.

    Raises:
        PortError: JACK is not installed, or does not start.
    """
    with jack_server(f"yuragi-bench-{os.getpid()}"), musician("listener") as listener:
        figures = _latencies(listener, samples, say)
        listener.wait_until_steady()
        say(f"a player's {PLAYED} notes")
        figures.append(_player(listener))
        say("a player's notes by rtmidi")
        figures.append(_rtmidi_player(listener))
        listener.wait_until_steady()
        say(f"what {A_SECOND} notes a second cost")
        figures.append(_cost(listener))
    return figures


def _latencies(listener: Musician, samples: int, say: Callable[[str], None]) -> list[Figure]:
    taken: dict[str, list[float]] = {"live/floor": [], "live/through": [], "live/model": []}
    with ExitStack() as stack:
        player = stack.enter_context(musician("player"))
        stack.enter_context(_floor("echo"))
        stack.enter_context(StageDoor(Ports(virtual="through")))
        model = stack.enter_context(StageDoor(Ports(virtual="model")))
        model.ask(Choose(name="", stages=MODEL))
        ends = {"live/floor": ("floor-in:in", "floor-out:out")}
        ends |= {f"live/{name}": (f"{name}:in", f"{name}:out") for name in ("through", "model")}
        rounds = max(1, samples // ROUND)
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            for name, (into, out) in ends.items():
                with _joined(player, listener, into, out):
                    taken[name] += _round(player, listener, name)
    return [_figure(name, values) for name, values in taken.items()]


def _round(player: Musician, listener: Musician, name: str) -> list[float]:
    """Return the ms from playing each note to hearing it; the first ones warm up."""
    late = []
    for number in range(-5, ROUND):
        time.sleep(random.uniform(0, 2 * PAUSE_S))  # noqa: S311 - no secret
        heard = len(listener.heard)
        begun_s = time.perf_counter()
        player.play(note_on(0, 60, 64))
        wait_until(lambda heard=heard: len(listener.heard) > heard, f"a note of {name}")  # type: ignore[misc]
        if number >= 0:
            late.append((listener.heard[heard].time_s - begun_s) * 1e3)
        player.play(note_off(0, 60))
        wait_until(lambda heard=heard: len(listener.heard) > heard + 1, f"its end, {name}")  # type: ignore[misc]
    return late


def _player(listener: Musician) -> Figure:
    """Return how far each onset of a player is from where its sample should be."""
    listener.heard.clear()
    step = 1 / 48
    onsets = np.arange(PLAYED) * step
    notes = ClipNotes(
        pitch=np.arange(PLAYED) % 128,
        onset=onsets,
        duration=np.full(PLAYED, step / 2),
        velocity=np.full(PLAYED, 90.0),
    )
    bpm = 60 * 500 * step
    tempo = Tempo(time=np.zeros(1), bpm=np.full(1, bpm))
    clip = Clip(notes, length=float(np.ceil(PLAYED * step)), tempo=tempo)
    with StageDoor(Ports(output="listener:in")) as door:
        door.ask(Play(score=to_sheet(clip_score([clip])), loops=1))
        wait_until(lambda: len(listener.heard) >= 2 * PLAYED, "all notes", 60.0)
    return _errors("live/player", [one.frame / RATE for one in _onsets(listener)], 1 / 500)


def _rtmidi_player(listener: Musician) -> Figure:
    """Return the same by the machine's clock, where no message can be given a sample."""
    listener.heard.clear()
    with musician("starter") as starter, _floor("play"):
        names = [port.name for port in starter.client.get_ports("floor", is_midi=True)]
        into, out = (
            next(name for name in names if starter.client.get_port_by_name(name).is_input is flag)
            for flag in (True, False)
        )
        listener.wait_until_steady()
        with _joined(starter, listener, into, out):
            starter.play(note_on(0, 60, 64))
            wait_until(lambda: len(listener.heard) >= 2 * NOTES, "all notes", 60.0)
    return _errors("live/player-rtmidi", [one.time_s for one in _onsets(listener)], GAP_S)


def _onsets(listener: Musician) -> list[Heard]:
    return [one for one in listener.heard if one.data[0] == note_on(0, 0, 1)[0]]


def _cost(listener: Musician) -> Figure:
    """Return the CPU time that a gig with the model takes, in ms of each second."""
    with musician("busy") as player, StageDoor(Ports(virtual="cost")) as door:
        door.ask(Choose(name="", stages=MODEL))
        with _joined(player, listener, "cost:in", "cost:out"):
            begun_s, begun = time.perf_counter(), _cpu_s(door.pid)
            for number in count():
                if time.perf_counter() - begun_s >= BUSY_S:
                    break
                player.play(note_on(0, number % 128, 64), note_off(0, number % 128))
                time.sleep(1 / A_SECOND)
            spent = (_cpu_s(door.pid) - begun) / (time.perf_counter() - begun_s) * 1e3
    return Figure("live/cpu", 1, round(spent, 2), round(spent, 2), 0.0)


def _cpu_s(pid: int) -> float:
    """Return the CPU time of a process so far. Source: proc(5), /proc/pid/stat, utime and stime."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:  # noqa: PTH123 - no real file
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _joined(player: Musician, listener: Musician, into: str, out: str) -> Iterator[None]:
    """Let a player play to a port, and a listener hear another, for as long as the context."""
    player.client.connect(player.out, into)
    listener.client.connect(out, listener.into)
    try:
        yield
    finally:
        player.client.disconnect(player.out, into)
        listener.client.disconnect(out, listener.into)


@contextmanager
def _floor(what: str) -> Iterator[None]:
    """Run rtmidi alone, and end it when nothing is measured any more: JACK stalls after that."""
    command = [sys.executable, "-m", "bridge.live.rtmidi_floor", what]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    if process.stdout is None:
        raise BridgeError("the floor has no output")
    try:
        process.stdout.readline()
        yield
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _errors(name: str, onsets: list[float], gap: float) -> Figure:
    """Return how far onsets are from a grid with such a gap, all in seconds."""
    late = np.array(onsets) - np.arange(len(onsets)) * gap
    return _figure(name, (np.abs(late - np.median(late)) * 1e3).tolist())


def _figure(name: str, values: list[float]) -> Figure:
    p50, p99 = np.percentile(values, [50, 99])
    std = float(np.std(values))
    return Figure(name, len(values), round(float(p50), 4), round(float(p99), 4), round(std, 4))
