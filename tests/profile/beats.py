"""Write beats, and play them by habits that a test knows."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from engines import Clip, Metre, Notes, Stage, Tempo
from engines.preset import Chain
from engines.profile.profile import Profile

KICK, SNARE, HAT = 36, 38, 42
"""Note numbers."""

BPM = 120.0
MS = BPM / 60e3
"""Beats in a millisecond."""


def beat(bars: int = 8, *, hats: float = 0.5, metre: Metre | None = None, **fields: Any) -> Clip:
    """Kick on one and three, snare on two and four, and hats so many beats apart; all at 90."""
    metre = metre or Metre()
    ends = bars * metre.bar
    rows = [(float(at), HAT) for at in np.arange(0.0, ends, hats)]
    rows += [(float(at), SNARE if at % 2 else KICK) for at in np.arange(0.0, ends, 1.0)]
    onset, pitch = (np.array(column) for column in zip(*sorted(rows), strict=True))
    return clip_of(onset, pitch, metre=(metre,), length=ends, **fields)


def clip_of(onset: np.ndarray, pitch: np.ndarray, **fields: Any) -> Clip:
    """Return drums at 120 bpm, all velocities 90."""
    notes = Notes(
        pitch=pitch,
        onset=onset,
        duration=np.full(len(onset), 0.1),
        velocity=np.full(len(onset), 90.0),
    )
    length = max(4.0, float(np.ceil(onset.max(initial=0.0) / 4 + 1e-9)) * 4)
    told = {
        "length": length,
        "metre": (Metre(),),
        "tempo": Tempo(time=np.zeros(1), bpm=np.full(1, BPM)),
        "role": "drums",
    }
    return Clip(notes, **{**told, **fields})


def played(
    written: Clip, late_ms: np.ndarray | float = 0.0, velocity: np.ndarray | float = 90.0
) -> Clip:
    """Return the clip with its notes so late in ms, and at these velocities, (N,) each or one."""
    onset = np.maximum(written.notes.onset + np.asarray(late_ms) * MS, 0.0)
    loud = np.broadcast_to(np.asarray(velocity, float), onset.shape)
    return written.replace(notes=written.notes.replace(onset=onset, velocity=loud))


def voice(clip: Clip, pitch: int) -> np.ndarray:
    """Return which notes have a note number, (N,) bool."""
    return np.asarray(clip.notes.pitch == pitch)


def late_ms(written: Clip, after: Clip) -> np.ndarray:
    """Return how late the notes are in ms, (N,)."""
    return np.asarray((after.notes.onset - written.notes.onset) / MS)


def render(clip: Clip, profile: Profile | str, seed: int = 1, **options: Any) -> Clip:
    """Return the clip as the engine plays it, held to the contract."""
    return band((clip,), profile, seed, **options)[0]


def band(
    clips: tuple[Clip, ...], profile: Profile | str, seed: int = 1, **options: Any
) -> tuple[Clip, ...]:
    """Return clips that play together as the engine plays them."""
    given = profile if isinstance(profile, str) else as_map(profile)
    return Chain((Stage("profile", {**options, "profile": given}),)).render(clips, seed=seed)


def as_map(profile: Profile) -> Mapping[str, Any]:
    """Return a profile as clients send it."""
    table: Mapping[str, Any] = msgspec.to_builtins(profile)
    return table
