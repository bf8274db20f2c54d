"""Measure how long the engines take to play stiff clips of a band together, and drums alone."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bridge.client import Client
from engines.clip import Clip, Metre, Notes, Role, Tempo
from engines.stage import Stage

BAND_BARS, DRUM_BARS = 16, (2, 64)
"""The lengths of the clips in bars."""

TIMED = (Stage("velocity"), Stage("groove"))

BPM = 110.0

KICK, SNARE, HAT = 36, 38, 42
"""Note numbers. Source: General MIDI 1 percussion map."""

Strokes = Sequence[tuple[float, int]]
"""Notes of a bar of 4/4, each a beat of it and a pitch."""

DRUMS: Strokes = (
    *((beat / 2, HAT) for beat in range(8)),
    *((beat, KICK) for beat in (0.0, 1.75, 2.5)),
    *((beat, SNARE) for beat in (1.0, 3.0)),
)
BASS: Strokes = tuple((beat / 2, 36 + 7 * (beat % 4 == 3)) for beat in range(8))
KEYS: Strokes = tuple((beat, pitch) for beat in (0.0, 1.0, 2.5, 3.0) for pitch in (60, 64, 67))
LEAD: Strokes = tuple((beat / 2, 72 + 5 * beat % 12) for beat in range(1, 8))


class Ask(NamedTuple):
    """Be what is measured: its name, its clips, and the stages that play them."""

    name: str
    clips: tuple[Clip, ...]
    stages: tuple[Stage, ...]


def measure_band(taken: dict[str, list[float]], client: Client, samples: int) -> None:
    """Add the engines' times in ms to `taken`, on clips that they know and on new ones."""
    for ask in asks():
        client.render(ask.clips, stages=ask.stages, seed=0)
        for seed in range(1, samples + 1):
            new = tuple(clip.replace(name=f"{clip.role} {seed}") for clip in ask.clips)
            for name, clips in ((ask.name, ask.clips), (f"new-{ask.name}", new)):
                answer = client.render(clips, stages=ask.stages, seed=seed)
                taken.setdefault(name, []).append(answer.timings.engine_ms)


def asks() -> list[Ask]:
    """Return a band of four parts, and drums of each length."""
    parts: tuple[tuple[Role, Strokes], ...] = (
        ("drums", DRUMS),
        ("bass", BASS),
        ("keys", KEYS),
        ("lead", LEAD),
    )
    band = tuple(clip_of(role, strokes, BAND_BARS) for role, strokes in parts)
    drums = [(bars, (clip_of("drums", DRUMS, bars),)) for bars in DRUM_BARS]
    return [
        Ask(f"band/{BAND_BARS}", band, TIMED),
        *(Ask(f"drums/{bars}", clips, TIMED) for bars, clips in drums),
    ]


def clip_of(role: Role, strokes: Strokes, bars: int) -> Clip:
    """Return a clip that repeats a bar so often, each note a quarter of a beat long."""
    beat, pitch = np.array(sorted(strokes)).T
    onset = np.add.outer(4.0 * np.arange(bars), beat).ravel()
    notes = Notes(
        pitch=np.tile(pitch, bars).astype(np.uint8),
        onset=onset,
        duration=np.full(len(onset), 0.25),
        velocity=np.full(len(onset), 90.0),
    )
    tempo = Tempo(time=np.zeros(1), bpm=np.full(1, BPM))
    return Clip(notes, length=4.0 * bars, tempo=tempo, metre=(Metre(),), role=role, name=role)
