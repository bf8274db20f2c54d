"""Blend two grooves: somewhere on the way from one player to the other.

Letters: C cells.
"""

from typing import Literal

import numpy as np

from engines.profile.expectation import expecter, level_of
from engines.profile.place import Places
from engines.profile.profile import (
    MOST_CELLS,
    STEPS,
    TIERS,
    VOICES_OF,
    Cell,
    Drift,
    Profile,
    ProfileError,
    Voice,
)

FEWEST = 0.01
"""A blended cell has at least so many notes behind it, however little its profile is mixed in."""

SPANS: tuple[Literal[1, 2, 4], ...] = (4, 2, 1)
"""How many bars a profile may span, the longest first."""

Name = tuple[int, int, int, int]
"""A cell by voice, bar, place and tier, all from 0."""


def blend(first: Profile, second: Profile, mix: float) -> Profile:
    """Return a groove that is `mix`, 0 to 1, of the way from the first to the second.

    Where one player never played, what is expected of that player counts, with no notes behind it.
    It spans as many bars as the longer one, or fewer if that would be too many cells. The clock of
    neither is kept, for the mean of two clocks would stray less than both: another one is drawn, of
    a size and memory between theirs.

    Raises:
        ProfileError: the profiles are of different parts or metres, or `mix` is out of its range.
    """
    _check(first, second, mix)
    if mix in {0.0, 1.0}:
        return second if mix else first
    bars = _span(first, second)
    parts = ((1.0 - mix, first), (mix, second))
    return first.replace(
        voices=_voices(first, second, mix, bars),
        summary=" ".join(f"{much:.0%}: {p.summary or 'a groove.'}" for much, p in parts)[:200],
        source=" | ".join(dict.fromkeys(p.source for _, p in parts if p.source))[:400],
        bars=bars,
        bpm=_between(first.bpm, second.bpm, mix, 2),
        push_ms=_between(first.push_ms, second.push_ms, mix),
        swing=_between(first.swing, second.swing, mix),
        swing_grid=_swing_grid(first, second, mix),
        drift=Drift(
            _between(first.drift.size_ms, second.drift.size_ms, mix),
            _between(first.drift.memory_beats, second.drift.memory_beats, mix, 2),
        ),
    )


def _check(first: Profile, second: Profile, mix: float) -> None:
    if not 0.0 <= mix <= 1.0:
        raise ProfileError(f"mix is {mix:g}, allowed are numbers from 0 to 1")
    for name in ("part", "metre"):
        one, other = getattr(first, name), getattr(second, name)
        if one != other:
            raise ProfileError(
                f"{name} is {one} in one profile and {other} in the other,"
                f" allowed are profiles of one {name}"
            )


def _between(one: float, other: float, mix: float, digits: int = 1) -> float:
    return round((1.0 - mix) * one + mix * other, digits)


def _swing_grid(first: Profile, second: Profile, mix: float) -> Literal["8th", "16th"]:
    """Return which notes swing: those of the profile that brings more swing."""
    one, other = (1.0 - mix) * (first.swing - 50.0), mix * (second.swing - 50.0)
    return first.swing_grid if one >= other else second.swing_grid


def _span(first: Profile, second: Profile) -> Literal[1, 2, 4]:
    """Return how many bars the blend spans."""
    for bars in SPANS:
        if bars <= max(first.bars, second.bars) and len(_names(first, second, bars)) <= MOST_CELLS:
            return bars
    return 1


def _voices(first: Profile, second: Profile, mix: float, bars: int) -> tuple[Voice, ...]:
    """Return all cells that one of the profiles has; of too many, those with the most notes."""
    names = _names(first, second, bars)
    mean = (1.0 - mix) * _rows(first, names, bars) + mix * _rows(second, names, bars)
    mean[:, 0] = np.maximum(mean[:, 0], FEWEST)
    kept = np.sort(np.argsort(-mean[:, 0], kind="stable")[:MOST_CELLS])
    found: dict[int, list[Cell]] = {}
    for row in kept.tolist():
        voice, bar, place, tier = names[row]
        notes, *rest = mean[row].tolist()
        beat, rounded = round(1.0 + place / STEPS, 4), (round(value, 1) for value in rest)
        found.setdefault(voice, []).append(
            Cell(bar + 1, beat, TIERS[tier], round(notes, 2), *rounded)
        )
    every = VOICES_OF[first.part]
    return tuple(Voice(every[voice], tuple(cells)) for voice, cells in found.items())


def _names(first: Profile, second: Profile, bars: int) -> list[Name]:
    return sorted({*_gathered(first, bars), *_gathered(second, bars)})


def _gathered(profile: Profile, bars: int) -> dict[Name, list[Cell]]:
    """Return the cells that fall together over so many bars.

    Over more bars than it spans a profile is repeated, over fewer its bars are drawn together.
    """
    every, found = VOICES_OF[profile.part], dict[Name, list[Cell]]()
    for voice in profile.voices:
        for cell in voice.cells:
            for bar in range(cell.bar - 1, max(bars, cell.bar), profile.bars):
                name = (every.index(voice.name), bar % bars, cell.place, TIERS.index(cell.tier))
                found.setdefault(name, []).append(cell)
    return found


def _together(cells: list[Cell], share: float) -> np.ndarray:
    """Return what a share of the notes of some cells have in common: (5,)."""
    if len(cells) == 1:
        one = cells[0]
        values = (one.offset_ms, one.spread_ms, one.velocity, one.velocity_spread)
        return np.array([share * one.notes, *values])
    notes = np.array([cell.notes for cell in cells])
    common = [share * float(notes.sum())]
    for mean, spread in (("offset_ms", "spread_ms"), ("velocity", "velocity_spread")):
        means = np.array([getattr(cell, mean) for cell in cells])
        spreads = np.array([getattr(cell, spread) for cell in cells])
        middle = float(np.average(means, weights=notes))
        square = np.average(spreads**2 + (means - middle) ** 2, weights=notes)
        common += [middle, float(np.sqrt(square))]
    return np.array(common)


def _rows(profile: Profile, names: list[Name], bars: int) -> np.ndarray:
    """Return notes, offset, spread, velocity and its spread of each cell: (C, 5).

    A profile that is repeated has its notes shared out. Of cells that the profile does not have
    there are no notes, and what it expects.
    """
    voice, bar, place, tier = np.array(names).T
    places = Places(voice, level_of(profile, place), place, bar, tier)
    expected, every = expecter(profile).expect(places), np.arange(len(names))
    guessed = np.stack(
        [
            np.zeros(len(names)),
            expected.offset_ms,
            expected.offset_spread[every, tier],
            expected.velocity,
            expected.velocity_spread[every, tier],
        ],
        axis=1,
    )
    own, share = _gathered(profile, bars), min(profile.bars / bars, 1.0)
    return np.stack(
        [
            _together(own[name], share) if name in own else row
            for name, row in zip(names, guessed, strict=True)
        ]
    )
