"""Choose by how much a recording is turned up or down, and read it so.

Letters: F frames.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from bridge.sound.limiter import limited
from bridge.sound.loudness import Meter, loudness
from bridge.sound.recording import Recording

CEILING_DB: Final = -1.0
"""Where what is turned down ends, in dBFS. Source: EBU R 128, which leaves 1 dB to encoders."""

CEILING: Final = float(np.float32(10 ** (CEILING_DB / 20)))

FULL: Final = 1.0
"""The largest sample that a file of whole numbers holds."""

NEAR: Final = 0.05
"""A loudness is reached when it is missed by no more, in LU."""

TOLD: Final = 0.2
"""A loudness that is missed by more, in LU, is told."""

ROUNDS: Final = 12
"""How often the level is tried at most."""

MOST_DB: Final = 24.0
"""The limiter takes no more off the loudest sample, in dB: what comes then is noise."""

COMPARED: Final = -16.0
"""How loud versions are that are compared, in LUFS. Source: AES TD1008, music on line."""

LEAST_SLOPE: Final = 0.1
"""The least that is believed to be gained, in LU, by a dB; the limiter eats the rest."""


class Level(NamedTuple):
    """Say how sound is levelled: multiplied, then limited to `CEILING` if `is_limited`.

    `loudness` in LUFS (None if it has none) and `peak` are of what comes out. `sentences` tell what
    had to be done, and what could not be.
    """

    gain: float = 1.0
    is_limited: bool = False
    loudness: float | None = None
    peak: float = 0.0
    sentences: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """How loud it is, in words."""
        loud = "silence"
        if self.peak:
            loud = "too soft to measure" if self.loudness is None else f"{self.loudness:.1f} LUFS"
            loud += f", peak {20 * np.log10(self.peak):.1f} dBFS"
        return loud


class Sound(NamedTuple):
    """Be a recording as it is to be heard: at a level, limited as `leader` needs (None: itself).

    Stems have the mix as their leader, so that their sum is the mix.
    """

    recording: Recording
    level: Level = Level()
    leader: Recording | None = None

    def blocks(self) -> Iterator[np.ndarray]:
        """Yield the sound, (F, 2) float32 at a time."""
        level, leader = self.level, self.leader or self.recording
        start = 0
        for block in self.recording.blocks():
            if level.is_limited:
                ceiling = CEILING / level.gain
                curve = limited(leader, start, start + len(block), ceiling) * level.gain
                loud = block * curve[:, None]
                if leader is self.recording:
                    np.clip(loud, -CEILING, CEILING, out=loud)  # rounding
                yield loud.astype(np.float32)
            else:
                yield block if level.gain == 1 else block * np.float32(level.gain)
            start += len(block)


def is_clipped(sound: Sound) -> bool:
    """Return whether whole numbers do not hold it, as may be where stems cancel each other."""
    if sound.recording.peak * sound.level.gain <= FULL:
        return False
    return any(np.abs(block).max() > FULL for block in sound.blocks())


def own_level(recording: Recording) -> Level:
    """Return the level that sound has of itself, turned down only where it would be clipped."""
    heard = _own_loudness(recording)
    if recording.peak <= FULL:
        return Level(1.0, False, heard, recording.peak)
    change = _headroom(recording)
    said = f"turned down by {-change:.1f} dB: the instruments together are louder than full scale"
    quiet = None if heard is None else heard + change
    return Level(CEILING / recording.peak, False, quiet, CEILING, (said,))


def level_to(recording: Recording, lufs: float) -> Level:
    """Return the level at which sound is as loud as asked, in LUFS, or as near as it comes."""
    return _level_from(recording, _own_loudness(recording), lufs)


def matched(recordings: Sequence[Recording], lufs: float | None = None) -> tuple[Level, ...]:
    """Return levels at which recordings are equally loud, for whoever compares them.

    Without a loudness in LUFS it is `COMPARED`, or the most at which none of them is limited, for
    that would be heard as a difference.
    """
    heard = [_own_loudness(recording) for recording in recordings]
    if lufs is None:
        pairs = zip(recordings, heard, strict=True)
        lufs = min([COMPARED, *(_most(one, own) for one, own in pairs)])
    pairs = zip(recordings, heard, strict=True)
    return tuple(_level_from(one, own, lufs) for one, own in pairs)


def _own_loudness(recording: Recording) -> float | None:
    return loudness(recording.blocks(), recording.sample_rate)


def _headroom(recording: Recording) -> float:
    """Return by how much sound can be turned up until its peak is at the ceiling, in dB."""
    return float(20 * np.log10(CEILING / recording.peak))


def _most(recording: Recording, own: float | None) -> float:
    """Return how loud sound can be with no peak limited, in whole tenths of LUFS."""
    return np.inf if own is None else math.floor(10 * (own + _headroom(recording))) / 10


def _level_from(recording: Recording, before: float | None, lufs: float) -> Level:
    """Return the level of `level_to` for sound whose loudness was measured."""
    if before is None:
        level = own_level(recording)
        said = "the level is its own: it is too short or too soft for a loudness to be measured"
        return level._replace(sentences=(*level.sentences, said))
    most = _headroom(recording) + MOST_DB
    decibels = min(lufs - before, most)
    tried = [_tried(recording, decibels)]
    while abs(lufs - _heard(tried[-1])) > NEAR and len(tried) < ROUNDS:
        wanted = min(decibels + (lufs - _heard(tried[-1])) / _slope(tried), most)
        if wanted == decibels:
            break
        decibels = wanted
        tried.append(_tried(recording, decibels))
    best = min(tried, key=lambda level: abs(lufs - _heard(level)))
    return best._replace(sentences=tuple(_sentences(best, lufs)))


def _tried(recording: Recording, decibels: float) -> Level:
    """Return the level with that gain, and how loud it is then."""
    gain = float(10 ** (decibels / 20))
    level = Level(gain, recording.peak * gain > CEILING)
    meter, peak = Meter(recording.sample_rate), 0.0
    for block in Sound(recording, level).blocks():
        meter.hear(block)
        peak = max(peak, float(np.abs(block).max(initial=0.0)))
    return level._replace(loudness=meter.integrated(), peak=peak)


def _heard(level: Level) -> float:
    return -np.inf if level.loudness is None else level.loudness


def _slope(tried: list[Level]) -> float:
    """Return how many LU the last dB brought."""
    if len(tried) < 2:
        return 1.0
    decibels = 20 * np.log10(tried[-1].gain / tried[-2].gain)
    return float(np.clip((_heard(tried[-1]) - _heard(tried[-2])) / decibels, LEAST_SLOPE, 1.0))


def _sentences(level: Level, lufs: float) -> Iterator[str]:
    if abs(lufs - _heard(level)) > TOLD:
        yield (
            f"loudness is {_heard(level):.1f} LUFS, asked was {lufs:g}: it comes no nearer"
            f" with peaks at {CEILING_DB:g} dBFS"
        )
    elif level.is_limited:
        yield f"peaks are limited to {CEILING_DB:g} dBFS"
