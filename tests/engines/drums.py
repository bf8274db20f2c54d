"""Play drums through the engines."""

from itertools import pairwise
from typing import Any

import numpy as np

from engines import Clip, Stage
from engines.drummer.hits import read_chords, read_hits
from engines.features import Features
from engines.preset import Chain
from tests.drummer.beat import HAT, KICK, SNARE, part

BEAT_MS = 500.0
"""The music is at 120 bpm, where none is given."""

BOTH = ("velocity", "groove")
GRID: dict[str, Any] = {"tightness": 1.0, "drift": 0.0}
"""Options with which nothing is late."""


def render(clip: Clip, *stages: Stage, seed: int = 5) -> Clip:
    return Chain(stages or map(Stage, BOTH)).render((clip,), seed=seed)[0]


def played(name: str, clip: Clip, seed: int = 5, **dials: Any) -> Clip:
    return render(clip, Stage(name, dials), seed=seed)


def loudness(clip: Clip, seed: int = 5, **dials: Any) -> np.ndarray:
    return played("velocity", clip, seed, **dials).notes.velocity


def late_ms(clip: Clip, seed: int = 5, **dials: Any) -> np.ndarray:
    after = played("groove", clip, seed, **dials)
    return (after.notes.onset - clip.notes.onset) * BEAT_MS


def ghosted(bars: int = 8) -> Clip:
    """Return a funk beat: sixteenths on the hat, backbeats, and soft strokes between them."""
    hits = [(bar * 4 + at, KICK) for bar in range(bars) for at in (0.0, 1.5, 2.5)]
    hits += [(bar * 4 + at, SNARE) for bar in range(bars) for at in (1.0, 3.0)]
    hits += [(bar * 4 + at, SNARE) for bar in range(bars) for at in (0.75, 1.75, 2.25, 3.75)]
    hits += [(bar * 4 + at / 4, HAT) for bar in range(bars) for at in range(16)]
    return part(sorted(hits))


def is_voice(clip: Clip, *pitches: int) -> np.ndarray:
    return np.isin(clip.notes.pitch, pitches)


def in_order(before: Clip, after: Clip) -> bool:
    """Return whether all that is struck at one moment comes before all of the next."""
    features = Features(before)
    hits, chords = features.once(read_hits), features.once(read_chords)
    of_note = chords.of_hit[hits.of_note[hits.mapped]]
    onset = after.notes.onset[hits.mapped]
    struck = [onset[of_note == chord] for chord in np.unique(of_note)]
    return all(later.min() >= first.max() - 1e-9 for first, later in pairwise(struck))


LOUD: dict[str, dict[str, Any]] = {
    "velocity": {"amount": 2, "variation": 2, "ghosts": 2, "accents": 2, "range": 126},
    "groove": {
        "amount": 2,
        "variation": 2,
        "tightness": 0,
        "drift": 30,
        "push": 50,
        "swing": 75,
        "kick_push": 50,
        "snare_push": -50,
        "hat_push": 50,
        "tom_push": -50,
    },
}
"""All dials turned up."""
