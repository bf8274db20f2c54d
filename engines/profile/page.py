"""Write down a take as a page that a profile can be read from: places, voices, tiers, lateness.

Letters: N notes.
"""

from typing import Literal, NamedTuple, get_args

import numpy as np

from engines.clip import Clip
from engines.drummer.quantise import quantised
from engines.features import Features
from engines.profile.place import NORMAL, UNKNOWN, Places, places_of, tiers
from engines.profile.profile import FARTHEST_MS, ProfileError

Grid = Literal["auto", "swung", "8th", "16th", "32nd", "8th triplet", "16th triplet"]
GRIDS: tuple[Grid, ...] = get_args(Grid)
"""What may be written: auto is sixteenths, with finer notes and triplets where they fit better;
swung is the same, but the last of a triplet without a second is an eighth that swings."""

PARTS_OF_BEAT = {"8th": 2, "16th": 4, "32nd": 8, "8th triplet": 3, "16th triplet": 6}
"""Notes of each grid in a quarter note."""

FINEST = 32
"""The smallest unit of a metre that has a whole number of places."""


class Page(NamedTuple):
    """Hold what was played against what stands on the page, for N notes.

    `features` are those of the page, the notes at their places; `late_ms` is (N,).
    """

    features: Features
    places: Places
    velocity: np.ndarray
    late_ms: np.ndarray
    unmapped: int

    @property
    def onset(self) -> np.ndarray:
        """Where the notes stand, in beats: (N,)."""
        return self.features.notes.onset


def written_down(clip: Clip, grid: Grid = "auto") -> Page:
    """Return the page of a take; notes that are muted or play no voice are left out.

    Raises:
        ProfileError: no note is left, or the metre changes.
    """
    role = Features(clip).role
    heard = clip.replace(notes=clip.notes.take(clip.notes.mute == 0), role=role)
    onset = _on_grid(heard.notes.onset, grid)
    page = Features(heard.replace(notes=heard.notes.replace(onset=np.maximum(onset, 0.0))))
    places = places_of(page, role)
    mapped = places.voice != UNKNOWN
    if not mapped.all():
        page = Features(page.clip.replace(notes=page.notes.take(mapped)))
        heard, places = heard.replace(notes=heard.notes.take(mapped)), places.take(mapped)
    _check(clip, page)
    late_s = clip.tempo.seconds(heard.notes.onset) - clip.tempo.seconds(page.notes.onset)
    tier = tiers(places.voice, heard.notes.velocity)
    places = places._replace(tier=np.where(tier == UNKNOWN, NORMAL, tier))
    late_ms = np.clip(1e3 * late_s, -FARTHEST_MS, FARTHEST_MS)
    return Page(page, places, heard.notes.velocity, late_ms, int((~mapped).sum()))


def _on_grid(onset: np.ndarray, grid: Grid) -> np.ndarray:
    if grid in {"auto", "swung"}:
        written = quantised(onset)
        return written if grid == "auto" else _swung(written)
    steps = PARTS_OF_BEAT[grid]
    return np.asarray(np.rint(onset * steps) / steps)


def _swung(onset: np.ndarray) -> np.ndarray:
    """Return the onsets, (N,), with the last of a triplet on the half beat where it swings."""
    beat, third = np.floor(onset + 1e-6), np.rint(onset * 6) % 6
    on_thirds = np.abs(onset * 6 - np.rint(onset * 6)) < 1e-6
    triplets = beat[on_thirds & (third == 2)]
    swings = on_thirds & (third == 4) & ~np.isin(beat, triplets)
    return np.where(swings, beat + 0.5, onset)


def _check(clip: Clip, page: Features) -> None:
    if not len(page.notes):
        raise ProfileError(
            f"clip has {len(clip.notes)} notes, none that plays a known voice;"
            " allowed are takes with one note or more"
        )
    if page.metres[0].denominator > FINEST:
        raise ProfileError(
            f"clip is in /{page.metres[0].denominator}, allowed are metres of up to /{FINEST}"
        )
    if len(page.metres) > 1:
        raise ProfileError(
            f"clip has {len(page.metres)} metres, allowed are takes in one metre: cut it there"
        )
