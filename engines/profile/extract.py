"""Take the groove of a take: part what all notes share from what belongs to voice, place and tier.

The push, the swing and the clock are taken out; what is left is told apart by cells. Clock and
cells depend on each other, so they are found in turns, each from what the other leaves.

Letters: N notes, C cells, Q quantities.

Source: Buja, Hastie and Tibshirani (1989), "Linear smoothers and additive models", Annals of
Statistics 17(2): backfitting.
"""

from typing import NamedTuple

import numpy as np

from engines.clip import Clip
from engines.profile import clock, swing_ratio
from engines.profile.expectation import OFFSET_K, VELOCITY_K, plain_rungs
from engines.profile.ladder import learn
from engines.profile.page import Grid, Page, written_down
from engines.profile.place import Places
from engines.profile.profile import (
    FARTHEST_MS,
    MOST_CELLS,
    STEPS,
    TIERS,
    VOICES_OF,
    Cell,
    Drift,
    Part,
    Profile,
    Voice,
)

TURNS = 4
"""How often clock and cells are found in turns; after these nothing moves by 0.1 ms."""

SPANS = (1, 2, 4)
"""How many bars a profile may span."""

LEAST_GAIN = 0.01
"""A longer span must take away so much more of what one mean for all notes leaves of errors in
timing and velocity, or the shorter one is taken."""


class Share(NamedTuple):
    """Part the lateness of N notes, (N,) each in ms: what the cells keep, and what the clock."""

    own: np.ndarray
    knots: np.ndarray
    step: float


def extract(clip: Clip, *, grid: Grid = "auto", summary: str = "", source: str = "") -> Profile:
    """Return the groove of a take, drums or pitched.

    Args:
        clip: as it was played, to a click or with its tempo map.
        grid: what may stand on the page.
        summary: a sentence for musicians.
        source: whose playing it is.

    Raises:
        ProfileError: the take has no note that can be read, or changes its metre.
    """
    page = written_down(clip, grid)
    metre, bpm = page.features.metres[0], float(clip.tempo.at(np.zeros(1))[0])
    ms_per_beat = 60e3 / clip.tempo.at(page.onset)
    swing, swing_grid, swung = swing_ratio.measured(page.features, page.late_ms / ms_per_beat)
    late = page.late_ms - swung * ms_per_beat
    push = round(float(late.sum() / (len(late) + 1.0)), 1)
    bars = _span(page, late)
    share = _parted(page, late - push, bars)
    part: Part = "drums" if page.features.role == "drums" else "pitched"
    return Profile(
        part=part,
        voices=_voices(page, share.own, bars, VOICES_OF[part]),
        summary=summary,
        source=source,
        metre=f"{metre.numerator}/{metre.denominator}",
        bars=bars,  # type: ignore[arg-type]
        bpm=round(float(np.clip(bpm, 1.0, 1000.0)), 2),
        push_ms=push,
        swing=swing,
        swing_grid=swing_grid,  # type: ignore[arg-type]
        drift=_drift(page, share),
    )


def _parted(page: Page, late: np.ndarray, bars: int) -> Share:
    """Part clock and cells."""
    own, share = late, Share(late, np.zeros(0), clock.BEAT)
    end = float(page.onset.max())
    for _ in range(TURNS):
        expected = _expected(page.places, own, bars)
        step, knots = clock.knots(page.onset, late - expected, end=end)
        knots = np.clip(knots, -FARTHEST_MS, FARTHEST_MS)
        own = late - np.interp(page.onset, np.arange(len(knots)) * step, knots)
        share = Share(own, knots, step)
    return share


def _expected(places: Places, late: np.ndarray, bars: int) -> np.ndarray:
    """Return what cells say of the notes that they were learned from, in ms: (N,)."""
    places = places._replace(bar=places.bar % bars)
    once, k = np.ones((len(late), 1)), np.full(1, OFFSET_K)
    return learn(places, plain_rungs(bars), late[:, None], once, k).at(places)[:, 0]


def _span(page: Page, late: np.ndarray) -> int:
    """Return how many bars the places span: what foretells half of the take best from the other.

    The halves are every other group of the longest span that the take has twice.
    """
    played = int(page.places.bar.max()) + 1
    spans = [bars for bars in SPANS if 2 * bars <= played and _cells(page, bars) <= MOST_CELLS]
    if len(spans) < 2:
        return 1
    fold = page.places.bar // spans[-1] % 2
    if fold.min() == fold.max():
        return 1
    misses = [_miss(page, late, bars, fold) for bars in spans]
    best = 0
    for row in range(1, len(spans)):
        best = row if misses[row] < misses[best] - LEAST_GAIN else best
    return spans[best]


def _miss(page: Page, late: np.ndarray, bars: int, fold: np.ndarray) -> float:
    """Return how far notes are from what the other fold says of them, timing and velocity.

    It is 2 where that says no more than one mean for all notes. Shorter spans have their last rung
    more than once: each rung lets go of what was believed too little, and all spans need as many.
    """
    rungs, total = plain_rungs(bars), 0.0
    rungs += rungs[-1:] * (len(plain_rungs(SPANS[-1])) - len(rungs))
    places = page.places._replace(bar=page.places.bar % bars)
    for value, k in ((late, OFFSET_K), (page.velocity, VELOCITY_K)):
        spread = max(float(np.abs(value - value.mean()).mean()), 1e-9)
        for one in (0, 1):
            others = (fold != one).astype(float)[:, None]
            ladder = learn(places, rungs, value[:, None], others, np.full(1, k))
            away = np.abs(value - ladder.at(places)[:, 0])[fold == one]
            total += float(away.sum()) / len(value) / spread
    return total


def _cells(page: Page, bars: int) -> int:
    return len(np.unique(_cell_of(page.places, bars)))


def _cell_of(places: Places, bars: int) -> np.ndarray:
    """Return a number for the cell of each note, rising by voice, bar, place and tier: (N,)."""
    places_in_all = int(places.place.max()) + 1
    cell = (places.voice * bars + places.bar % bars) * places_in_all + places.place
    return cell * len(TIERS) + places.tier


def _voices(page: Page, own: np.ndarray, bars: int, names: tuple[str, ...]) -> tuple[Voice, ...]:
    """Return the cells by voice; of too many, those with the most notes."""
    places = page.places
    _, first, cell = np.unique(_cell_of(places, bars), return_index=True, return_inverse=True)
    notes = np.bincount(cell)
    offset, offset_spread = _mean_and_spread(cell, np.clip(own, -FARTHEST_MS, FARTHEST_MS))
    velocity, velocity_spread = _mean_and_spread(cell, page.velocity)
    kept = np.zeros(len(notes), bool)
    kept[np.argsort(-notes, kind="stable")[:MOST_CELLS]] = True
    found: dict[int, list[Cell]] = {}
    for row in np.flatnonzero(kept).tolist():
        note = first[row]
        made = Cell(
            bar=int(places.bar[note]) % bars + 1,
            beat=round(1.0 + float(places.place[note]) / STEPS, 4),
            tier=TIERS[places.tier[note]],
            notes=int(notes[row]),
            offset_ms=round(float(offset[row]), 1),
            spread_ms=round(float(offset_spread[row]), 1),
            velocity=round(float(velocity[row]), 1),
            velocity_spread=round(float(velocity_spread[row]), 1),
        )
        found.setdefault(int(places.voice[note]), []).append(made)
    return tuple(Voice(names[voice], tuple(cells)) for voice, cells in sorted(found.items()))


def _mean_and_spread(cell: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the means and standard deviations of the notes of each cell: (C,) both."""
    notes = np.bincount(cell)
    mean = np.bincount(cell, value) / notes
    return mean, np.sqrt(np.bincount(cell, (value - mean[cell]) ** 2) / notes)


def _drift(page: Page, share: Share) -> Drift:
    heard = np.interp(page.onset, np.arange(len(share.knots)) * share.step, share.knots)
    return Drift(
        size_ms=round(float(heard.std()), 1),
        memory_beats=round(clock.memory(share.knots, share.step), 2),
        step_beats=share.step,
        clock=tuple(round(float(late), 1) for late in share.knots),
    )
