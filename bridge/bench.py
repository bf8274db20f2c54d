"""Measure the road: a bare socket, an echo and a real preset through the server, side by side.

Every figure of one run is taken in turn with the others, so that a slow moment of the machine hits
all of them: quote ratios, not milliseconds.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import perf_counter
from typing import Self

import msgspec
import numpy as np
import zmq

from bridge.bench_band import measure_band
from bridge.client import Client
from bridge.error import BridgeError
from bridge.protocol import Render, decode_reply, encode
from engines.clip import Clip, Metre, Notes, Tempo
from engines.stage import Stage

SIZES = (64, 256, 512, 4096)
LEARNED_NOTES = 1_024
"""Learned engines play larger clips than this a tenth as often."""

ROUNDS, FEWEST = 10, 10
"""The sizes are measured in turn, so many times, with at least so many samples each time."""

GROWN = 5
"""Very large clips are played at most so many times."""

ECHO = (Stage("echo"),)
FIVE = (
    Stage("velocity"),
    Stage("rubato"),
    Stage("groove"),
    Stage("articulation"),
    Stage("pedal"),
)
RULES = tuple(Stage(f"rules.{stage.engine}") for stage in FIVE)
LONG = (Stage("euclid", {"bars": 6_000}),)
"""A generation that takes seconds with all its takes."""


class Figure(msgspec.Struct, frozen=True):
    """Hold a median and a 99th percentile of `n` samples, in ms."""

    name: str
    n: int
    p50_ms: float
    p99_ms: float

    @classmethod
    def of(cls, name: str, values_ms: Sequence[float]) -> Self:
        """Return the figure of samples in ms."""
        p50, p99 = np.percentile(values_ms, [50, 99]).tolist()
        return cls(name, len(values_ms), round(p50, 4), round(p99, 4))


def measure(samples: int, say: Callable[[str], None]) -> list[Figure]:
    """Return all figures; `samples` is per figure, `say` is told what is being measured."""
    taken: dict[str, list[float]] = {}
    say("start of the program")
    _start_up(taken)
    with _floor() as floor, _server() as (address, pid), Client(address, timeout_s=30) as client:
        client.render((clip_of(64),), stages=FIVE, seed=1)
        rounds = min(ROUNDS, max(1, samples // FEWEST))
        for round_number in range(rounds):
            say(f"round {round_number + 1} of {rounds}")
            for size in SIZES:
                _round(taken, floor, client, size, samples // rounds)
        say("growth")
        _growth(taken, client, min(GROWN, max(1, samples // FEWEST // 2)))
        say("a band and drums")
        measure_band(taken, client, max(2, samples // 10))
        say("a long generation beside")
        _beside(taken, address, client, samples)
        taken["serve/resident_mb"] = [_resident_mb(pid)]
    return [Figure.of(name, values) for name, values in taken.items()]


def clip_of(notes: int) -> Clip:
    """Return a stiff piano clip with a melody in eighths over two-note chords in halves.

    `notes` is a multiple of 64: each 64 notes fill six bars or so of the same texture.
    """
    row = np.arange(notes)
    chord = row % 3 > 0
    step = row // 3
    pitch = np.where(chord, 48 + 4 * (row % 3) + step // 4 % 5, 67 + step * 5 % 12)
    onset = np.where(chord, step // 2, step / 2.0)
    onset = np.where(chord & (step % 2 == 1), onset + 0.5, onset)
    table = Notes(
        pitch=pitch, onset=onset, duration=np.full(notes, 0.5), velocity=np.full(notes, 80.0)
    )
    length = float(np.ceil((onset.max() + 0.5) / 4) * 4)
    tempo = Tempo(time=np.zeros(1), bpm=np.full(1, 100.0))
    return Clip(table, length=length, tempo=tempo, metre=(Metre(),), role="piano")


def _round(
    taken: dict[str, list[float]], floor: "zmq.Socket[bytes]", client: Client, size: int, count: int
) -> None:
    clips = (clip_of(size),)
    for seed in range(count):
        _time(taken, f"socket/{size}", lambda seed=seed: _bare(floor, clips, seed))  # type: ignore[misc]
    for name, stages in (("echo", ECHO), ("rules", RULES)):
        for seed in range(count):
            ask = lambda seed=seed, stages=stages: client.render(clips, stages=stages, seed=seed)  # noqa: E731
            _time(taken, f"{name}/{size}", ask)
    learned = count if size <= LEARNED_NOTES else max(1, count // 10)
    for seed in range(learned):
        begun = perf_counter()
        answer = client.render(clips, stages=FIVE, seed=seed)
        taken.setdefault(f"humanize/{size}", []).append((perf_counter() - begun) * 1e3)
        taken.setdefault(f"engine/{size}", []).append(answer.timings.engine_ms)
    for seed in range(learned):
        heard = taken.setdefault(f"new/{size}", [])
        new = clips[0].replace(name=f"clip {len(heard)}")
        heard.append(client.render((new,), stages=FIVE, seed=seed).timings.engine_ms)


def _bare(socket: "zmq.Socket[bytes]", clips: tuple[Clip, ...], seed: int) -> None:
    socket.send(encode(Render(1, clips=clips, stages=ECHO, seed=seed)))
    decode_reply(socket.recv())


def _growth(taken: dict[str, list[float]], client: Client, count: int) -> None:
    for size in (5_000, 50_000):
        for seed in range(count):
            answer = client.render((clip_of(size),), stages=FIVE, seed=seed)
            taken.setdefault(f"engine/{size}", []).append(answer.timings.engine_ms)


def _beside(taken: dict[str, list[float]], address: str, client: Client, samples: int) -> None:
    """Time the same request on an idle server and while a long generation runs."""
    clips = (clip_of(64),)
    for seed in range(samples):
        _time(taken, "idle/64", lambda seed=seed: client.render(clips, stages=FIVE, seed=seed))  # type: ignore[misc]
    with _generation(address):
        for seed in range(samples):
            _time(taken, "busy/64", lambda seed=seed: client.render(clips, stages=FIVE, seed=seed))  # type: ignore[misc]


@contextmanager
def _generation(address: str) -> Iterator[None]:
    """Keep the server generating: a long generation, and another when it ends."""
    begun, ended = Event(), Event()

    def on_progress(_fraction: float) -> None:
        begun.set()
        if ended.is_set():
            raise InterruptedError

    def generate() -> None:
        with Client(address, timeout_s=30) as client, suppress(InterruptedError):
            while not ended.is_set():
                client.render((clip_of(64),), on_progress, stages=LONG, seed=1, takes=10)

    thread = Thread(target=generate)
    thread.start()
    try:
        if not begun.wait(timeout=60):
            raise BridgeError("the long generation did not begin within 60 s")
        yield
    finally:
        ended.set()
        thread.join(timeout=60)


def _start_up(taken: dict[str, list[float]]) -> None:
    """Time the import of the client, and a server's first answer from its start."""
    for _ in range(5):
        _time(taken, "import/python", lambda: _python("pass"))
        _time(taken, "import/client", lambda: _python("import bridge.client"))
    for _ in range(5):
        begun = perf_counter()
        with _server() as (address, _), Client(address, timeout_s=30) as client:
            client.hello()
            taken.setdefault("serve/hello", []).append((perf_counter() - begun) * 1e3)


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)  # noqa: S603 - ours


@contextmanager
def _server() -> Iterator[tuple[str, int]]:
    """Yield the address and process id of a server of its own."""
    command = [sys.executable, "-m", "bridge.command.main", "serve", "--bind", "tcp://127.0.0.1:0"]
    with _child(command) as (line, pid):
        yield line.split()[-1], pid


@contextmanager
def _floor() -> Iterator["zmq.Socket[bytes]"]:
    """Yield a bare DEALER to a bare echo."""
    with (
        _child([sys.executable, "-m", "bridge.floor"]) as (line, _),
        zmq.Context() as context,
        context.socket(zmq.DEALER) as socket,
    ):
        socket.connect(f"tcp://127.0.0.1:{line.strip()}")
        yield socket


@contextmanager
def _child(command: list[str]) -> Iterator[tuple[str, int]]:
    """Yield the first line that a program prints, and its process id; end it afterwards."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    if process.stdout is None:
        raise BridgeError("a child process has no output")
    try:
        yield process.stdout.readline(), process.pid
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


def _resident_mb(pid: int) -> float:
    """Return a process's resident memory in MB, or NaN where the system does not tell."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123 - no real file
            lines = dict(line.split(":", 1) for line in status)
    except OSError:
        return float("nan")
    return int(lines["VmRSS"].split()[0]) / 1024


def _time(taken: dict[str, list[float]], name: str, call: Callable[[], object]) -> None:
    begun = perf_counter()
    call()
    taken.setdefault(name, []).append((perf_counter() - begun) * 1e3)
