"""Speak to a host process as the server does, with a socket."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import zmq

from bridge.message import Failure, Reply, Request
from bridge.protocol import Progress, decode_reply, encode
from bridge.sound_protocol import Block, Bounce, Bounced, Events, Instrument, Plugin, Track

WAIT_MS = 60_000

NOTE = (0.0, 0x90, 69, 127)
"""A note on that the test synth plays at 0.1 of full scale: 440 Hz."""

Row = tuple[float, int, int, int]


class RefusedError(Exception):
    """Report that the host refused."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Heard(NamedTuple):
    """Be what a bounce gave: (2, F), each track's, and what was said."""

    mix: np.ndarray
    stems: dict[int, np.ndarray]
    bounced: Bounced
    progress: list[float]
    blocks: list[int]


class Peer:
    """Be one client of a host."""

    def __init__(self, address: str) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._socket.linger = 0
        self._socket.rcvhwm = 4
        self._socket.connect(address)
        self._ids = count(1)

    def next_id(self) -> int:
        return next(self._ids)

    def send(self, request: Request) -> None:
        self.send_raw(encode(request))

    def send_raw(self, frame: bytes) -> None:
        self._socket.send(frame)

    def receive(self) -> Reply:
        assert self._socket.poll(WAIT_MS), "the host said nothing"
        return decode_reply(self._socket.recv())

    def bounce(self, *tracks: Track, **wishes: Any) -> Heard:
        asked = Bounce(self.next_id(), tracks=tracks, **wishes)
        self.send(asked)
        return self.hear(asked.id)

    def hear(self, request: int) -> Heard:
        """Return all that comes for a request; there must be no other."""
        mix: list[np.ndarray] = []
        stems: dict[int, list[np.ndarray]] = {}
        progress: list[float] = []
        frames: dict[int | None, int] = {}
        while True:
            reply = self.receive()
            assert reply.id == request
            match reply:
                case Block():
                    sound = np.frombuffer(reply.audio, "<f4").reshape(-1, 2).T
                    assert reply.start == frames.get(reply.track, 0), "a block is missing"
                    frames[reply.track] = reply.start + sound.shape[1]
                    (mix if reply.track is None else stems.setdefault(reply.track, [])).append(
                        sound
                    )
                case Progress():
                    progress.append(reply.fraction)
                case Bounced():
                    blocks = [part.shape[1] for part in mix]
                    apart = {track: _joined(parts) for track, parts in stems.items()}
                    return Heard(_joined(mix), apart, reply, progress, blocks)
                case Failure():
                    raise RefusedError(reply)

    def refusal(self, *tracks: Track, **wishes: Any) -> Failure:
        """Bounce what must be refused."""
        try:
            self.bounce(*tracks, **wishes)
        except RefusedError as error:
            return error.failure
        raise AssertionError("it was not refused")

    def close(self) -> None:
        self._socket.close()
        self._context.term()


class Host:
    """Be a process that hosts plug-ins."""

    def __init__(self, folder: Path) -> None:
        self.witness = folder / "witness"
        command = [sys.executable, "-P", "-m", "vst_host", str(self.witness)]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        self.said: list[str] = []
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()
        assert self.address.startswith("tcp://"), self.said

    def end(self) -> int:
        """End its input, and return its exit status; once more does nothing."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            status = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        self._listening.join(30)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()
        return status

    def _listen(self) -> None:
        assert self.process.stderr is not None
        self.said.extend(self.process.stderr)


@contextmanager
def host_process(folder: Path) -> Iterator[Host]:
    host = Host(folder)
    try:
        yield host
    finally:
        host.end()


@contextmanager
def peer_of(host: Host) -> Iterator[Peer]:
    peer = Peer(host.address)
    try:
        yield peer
    finally:
        peer.close()


def events(rows: Iterable[Row]) -> Events:
    """Return a table of rows: time in s, status, data."""
    table = sorted(rows, key=lambda row: row[0])
    times, status, data1, data2 = zip(*table, strict=True) if table else ((),) * 4
    return Events(
        time=np.array(times, "<f8"),
        status=np.array(status, "u1"),
        data1=np.array(data1, "u1"),
        data2=np.array(data2, "u1"),
    )


def track(rows: Iterable[Row], path: Path | str, name: str = "", **wishes: Any) -> Track:
    """Return a track that a plug-in plays; wishes are for the plug-in or the instrument."""
    own = {key: wishes.pop(key) for key in ("parameters", "state", "preset") if key in wishes}
    plugin = Plugin(str(path), **own)
    return Track(events(rows), Instrument(plugin=plugin, **wishes), name)


def required(missing: str) -> str:
    """Return why tests are skipped; where all is to be tested, nothing may be missing."""
    return "" if os.environ.get("CI") else missing


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts, axis=1) if parts else np.zeros((2, 0), np.float32)
