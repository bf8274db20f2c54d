"""Say what a profile expects of any note, also of those that its player never played.

Letters: C cells, N notes, T tiers, Q quantities of a ladder.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engines.clip import Clip, Notes
from engines.features import Features
from engines.profile.ladder import Rung, learn
from engines.profile.place import UNKNOWN, Places, places_of
from engines.profile.profile import STEPS, TIERS, VOICES_OF, Profile

OFFSET_K, VELOCITY_K, SHARE_K, SPREAD_K = 2.0, 1.0, 2.0, 4.0
"""How many notes are believed half. On the train split of the Groove MIDI Dataset, second halves of
takes are foretold best from the first ones with 4 to 8 for offsets and 1 to 2 for velocities; with
these the errors are within half a percent of that. The last two are our choice."""

BARS: dict[int, tuple[Rung, ...]] = {1: (), 2: (("bar",),), 4: (("pair",), ("bar",))}
"""The rungs that tell bars apart, by how many a profile spans."""


class Expectation(NamedTuple):
    """Hold what is expected of N notes.

    `offset_ms` and `velocity`, (N,), are means over the tiers that a note may have; `tier_offset`
    and `tier_velocity`, (N, T), are those of each, `offset_spread` and `velocity_spread`, (N, T),
    how far repeats stray from them, and `share` is how likely each is.
    """

    offset_ms: np.ndarray
    velocity: np.ndarray
    share: np.ndarray
    tier_offset: np.ndarray
    tier_velocity: np.ndarray
    offset_spread: np.ndarray
    velocity_spread: np.ndarray


class Expecter:
    """Expect notes to be as those of a profile were.

    Args:
        profile: whose notes.
        voices: whether voices are told apart; where not, any part's notes can be asked about.
    """

    def __init__(self, profile: Profile, *, voices: bool = True) -> None:
        self.bars = profile.bars
        self._voices = voices
        places = self._known(cell_places(profile))
        cells = [cell for voice in profile.voices for cell in voice.cells]
        notes = np.array([cell.notes for cell in cells])
        mean = np.array([(cell.offset_ms, cell.velocity) for cell in cells])
        spread = np.array([(cell.spread_ms, cell.velocity_spread) for cell in cells])
        tier = np.eye(len(TIERS))[places.tier]
        once = np.repeat(notes[:, None], 2 + len(TIERS), axis=1)
        again = np.repeat(np.maximum(notes - 1.0, 0.0)[:, None], 2, axis=1)
        square = spread**2 * (notes / np.maximum(notes - 1.0, 1e-9))[:, None]
        k = np.array([OFFSET_K, VELOCITY_K])
        self._plain = learn(
            places,
            plain_rungs(self.bars),
            np.hstack([mean, tier]),
            once,
            np.append(k, [SHARE_K] * 3),
        )
        self._tiered = learn(
            places,
            tiered_rungs(self.bars),
            np.hstack([mean, np.where(again > 0, square, 0.0)]),
            np.hstack([once[:, :2], again]),
            np.append(k, [SPREAD_K] * 2),
        )

    def expect(self, places: Places) -> Expectation:
        """Return what is expected of notes; those whose tier is known have that one alone."""
        places = self._known(places)
        plain, notes, tiers = self._plain.at(places), len(places.voice), len(TIERS)
        each = Places(*(np.repeat(column, tiers) for column in places))
        each = each._replace(tier=np.tile(np.arange(tiers), notes))
        tiered = self._tiered.at(each).reshape(notes, tiers, -1)
        known = places.tier != UNKNOWN
        share = np.clip(plain[:, 2:], 0.0, 1.0)
        share = share / np.maximum(share.sum(axis=1, keepdims=True), 1e-9)
        share = np.where(known[:, None], np.eye(len(TIERS))[places.tier], share)
        own = (share[..., None] * tiered).sum(axis=1)
        mean = np.where(known[:, None], own[:, :2], plain[:, :2])
        spread = np.sqrt(np.maximum(tiered[..., 2:], 0.0))
        return Expectation(
            mean[:, 0],
            mean[:, 1],
            share,
            tiered[..., 0],
            tiered[..., 1],
            spread[..., 0],
            spread[..., 1],
        )

    def _known(self, places: Places) -> Places:
        """Return the places as the profile tells them apart."""
        voice = places.voice if self._voices else np.zeros(len(places.voice), np.intp)
        bar = np.where(places.bar == UNKNOWN, UNKNOWN, places.bar % self.bars)
        return places._replace(voice=voice, bar=bar)


@lru_cache(maxsize=32)
def expecter(profile: Profile, *, voices: bool = True) -> Expecter:
    """Return what a profile expects, learned once."""
    return Expecter(profile, voices=voices)


def plain_rungs(bars: int) -> tuple[Rung, ...]:
    """Return the rungs for notes whose tier is unknown."""
    groups = [("voice",), ("voice", "level"), ("voice", "place")]
    return (*groups, *(("voice", "place", *rung) for rung in BARS[bars]))


def tiered_rungs(bars: int) -> tuple[Rung, ...]:
    """Return the rungs for notes whose tier is known."""
    groups = [("voice",), ("voice", "tier"), ("voice", "level", "tier"), ("voice", "place", "tier")]
    return (*groups, *(("voice", "place", *rung, "tier") for rung in BARS[bars]))


def cell_places(profile: Profile) -> Places:
    """Return what the notes of each cell are: C places."""
    names = VOICES_OF[profile.part]
    rows = [
        (names.index(voice.name), cell.place, cell.bar - 1, TIERS.index(cell.tier))
        for voice in profile.voices
        for cell in voice.cells
    ]
    voice, place, bar, tier = np.array(rows, dtype=np.intp).T
    return Places(voice, level_of(profile, place), place, bar, tier)


def level_of(profile: Profile, place: np.ndarray) -> np.ndarray:
    """Return the metrical levels of places in the bar: (C,) int."""
    onset = place / STEPS
    notes = Notes(
        pitch=np.zeros(len(place)), onset=onset, duration=np.full(len(place), 1.0 / STEPS)
    )
    metre = profile.time_signature
    page = Features(Clip(notes, length=metre.bar, metre=(metre,), role="piano"))
    return places_of(page, "piano").level
