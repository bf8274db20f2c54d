"""Ask for sound as tests do."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import numpy as np
import psutil

from bridge.sound.host_watch import LOOK_S
from bridge.sound_protocol import Block, Bounce, Events, Instrument, Plugin, Track

STEP_S = 0.1
"""From one note to the next."""

WAIT_S = 60.0
"""So long a test waits for what must come."""


def strokes(notes: int) -> Events:
    """Return notes of 440 Hz, ten a second, each half as long as it may be."""
    onset = np.arange(notes) * STEP_S
    time = np.stack([onset, onset + STEP_S / 2], axis=1).ravel()
    return Events(
        time=time,
        status=np.tile([0x90, 0x80], notes),
        data1=np.full(2 * notes, 69),
        data2=np.tile([100, 0], notes),
    )


def asked(plugin: Path, notes: int = 2, **wishes: float | bool) -> Bounce:
    """Return a bounce of strokes on a plug-in."""
    track = Track(strokes(notes), Instrument(Plugin(str(plugin))))
    return Bounce(7, tracks=(track,), **wishes)  # type: ignore[arg-type]


def is_gone(pid: int) -> bool:
    """Wait until a process has ended, and return whether it has; nobody may wait for it else."""
    by_s = monotonic() + WAIT_S
    while monotonic() < by_s:
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
            process.wait(LOOK_S)
        except psutil.NoSuchProcess:
            return True
        except psutil.TimeoutExpired:
            continue
    return False


def joined(blocks: list[Block]) -> np.ndarray:
    """Return the mix (F, 2) of blocks, which must follow each other."""
    parts = list(_parts(blocks))
    return np.concatenate(parts) if parts else np.zeros((0, 2), np.float32)


def _parts(blocks: list[Block]) -> Iterator[np.ndarray]:
    frames = 0
    for block in blocks:
        if block.track is None:
            assert block.start == frames, "a block is missing"
            part = np.frombuffer(block.audio, "<f4").reshape(-1, 2)
            frames += len(part)
            yield part
