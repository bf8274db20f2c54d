"""Read what each note is to a profile: which voice, where in the bar, and in which tier.

Letters: N notes.
"""

from typing import NamedTuple

import numpy as np

from engines.clip import Clip
from engines.drummer.quantise import quantised
from engines.features import Features
from engines.grid import LEVEL_STRENGTH
from engines.kit import kit_of
from engines.profile.profile import LINES, STEPS, TIERS

UNKNOWN = -1
"""What stands for a voice, a place or a tier that cannot be told."""

ON_GRID = 1e-3
"""A note as near as this, in beats, to a place is written there."""

WRITTEN = 0.5
"""A clip of which this share of the notes is at places is written; by chance it would be 5 %."""

LOUD_SHARE = 0.9
"""The velocity below which this share of a voice's notes lie is its loud one."""

GHOST, ACCENT = 0.5, 0.85
"""Up to this share of its voice's loud velocity a note is a ghost, from this share on an accent.
Our choice: of the snares of the Groove MIDI Dataset the first lies in the valley between ghost
notes and backbeats."""

FLAT = 8.0
"""A voice whose velocities span no more than this says nothing of tiers."""

ALONE, TOP, INNER, BOTTOM = range(len(LINES))


class Places(NamedTuple):
    """Hold what each of N notes is, (N,) int each, `UNKNOWN` where it cannot be told.

    `level` is the metrical level, an index of `LEVEL_STRENGTH` or its length for notes off any
    level; `place` counts `STEPS` of a quarter note from the bar line, and `bar` bars from 0.
    """

    voice: np.ndarray
    level: np.ndarray
    place: np.ndarray
    bar: np.ndarray
    tier: np.ndarray

    def take(self, rows: np.ndarray) -> "Places":
        """Return some of the notes."""
        return Places(*(column[rows] for column in self))


def written_onset(onset: np.ndarray) -> np.ndarray:
    """Return where notes stand on the page in beats, (N,).

    Of a written clip that is where they are, but for the odd note that is at no place; a clip that
    was played is written down.
    """
    nearest = np.rint(onset * STEPS) / STEPS
    on_page = np.abs(onset - nearest) < ON_GRID
    if on_page.mean() < WRITTEN:
        return quantised(onset)
    return nearest if on_page.all() else np.where(on_page, nearest, quantised(onset))


def read_places(features: Features) -> Places:
    """Return what each note of a written clip is, its tier left open; for `Features.once`."""
    clip = features.clip
    page = clip.replace(notes=clip.notes.replace(onset=written_onset(clip.notes.onset)))
    return places_of(Features(page), features.role)


def places_of(page: Features, role: str) -> Places:
    """Return what each note is whose onsets are places on the page, its tier left open."""
    strength = page.strength[:, None]
    level = np.abs(strength - np.array([*LEVEL_STRENGTH, 0.0])).argmin(axis=1)
    bars = np.array([max(round(metre.bar * STEPS), 1) for metre in page.metres])[page.metre_index]
    place = np.maximum(np.rint(page.beat * STEPS), 0.0).astype(np.intp)
    voice = drum_voices(page.clip) if role == "drums" else line_voices(page.clip)
    tier = np.full(len(place), UNKNOWN)
    return Places(voice, level, place % bars, page.bar + place // bars, tier)


def drum_voices(clip: Clip) -> np.ndarray:
    """Return the voice of the kit that each note is for, (N,) int; unmapped ones are `UNKNOWN`."""
    return kit_of(clip).voice[clip.notes.pitch].astype(np.intp)


def line_voices(clip: Clip) -> np.ndarray:
    """Return which of `LINES` each note is in a clip whose chords begin together: (N,) int."""
    _, chord = np.unique(clip.notes.onset, return_inverse=True)
    pitch, chords = clip.notes.pitch.astype(np.intp), int(chord.max(initial=-1)) + 1
    high, low = np.full(chords, -1), np.full(chords, 128)
    np.maximum.at(high, chord, pitch)
    np.minimum.at(low, chord, pitch)
    high, low = high[chord], low[chord]
    line = np.where(pitch == high, TOP, np.where(pitch == low, BOTTOM, INNER))
    return np.where(high == low, ALONE, line)


def tiers(voice: np.ndarray, velocity: np.ndarray) -> np.ndarray:
    """Return the tier of each note among those of its voice: (N,) int.

    It is `UNKNOWN` where all notes of a voice are about as loud, as in programmed music.
    """
    tier = np.full(len(voice), UNKNOWN)
    for one in np.unique(voice).tolist():
        rows = voice == one
        own = velocity[rows]
        if np.ptp(own) > FLAT:
            share = own / np.quantile(own, LOUD_SHARE)
            tier[rows] = np.digitize(share, (GHOST, ACCENT))
    return tier


NORMAL = TIERS.index("normal")
