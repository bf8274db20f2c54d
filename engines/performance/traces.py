"""Keep what real players did where something else was expected, and play from it.

Each note's parameters have a distribution of their own; what ties the notes together is a field of
noise that is normal at every note, so that mapping it through a note's distribution keeps that
distribution exact while neighbours stray together (a Gaussian copula). The field is a piece of what
a real player did, as normal scores in what was expected of that player: how far players stray, how
long they remember, what goes together in a hand comes with it, and need not be described.

Letters: N notes and O onsets of a clip, M notes and P onsets of all traces, D donors, B blocks of L
onsets, C places that are compared, V visits of an onset of the clip to one of a donor, R notes of
all visits.

Source: Nelsen (2006), An Introduction to Copulas, ch. 3 (the construction); Kuensch (1989), Annals
of Statistics 17(3), and Politis and Romano (1992), A circular block-resampling procedure for
stationary data (samples of what hangs together are drawn in blocks, round the end if need be).
"""

from math import log2
from typing import NamedTuple

import msgspec
import numpy as np

from engines.features import Features

PARAMETERS = 4
VELOCITY, STRETCH, ASYNCHRONY, ARTICULATION = range(PARAMETERS)
"""Velocity, stretch, asynchrony and articulation, as in `engines.performance.interpreter.SAMPLED`;
the notes of an onset have one stretch."""

UNIT = 1 / 32
"""A step of a score as it is kept."""

UNKNOWN = -128
"""What is kept for a score that nobody knows, such as the asynchrony of a note that is alone."""

FARTHEST = 3.2
"""No score is farther from 0."""

INTERVAL_UNIT = 1 / 16
"""A step of an inter-onset interval as it is kept, in octaves of seconds."""

SHORTEST_S = 0.02
"""Inter-onset intervals count as no shorter."""

BLOCK, FADE = 48, 4
"""Onsets that are taken from one place of a donor, and those over which the next place fades in."""

DONORS, PLACES = 6, 30
"""So many donors, and places of the one that is taken, are drawn to choose the likest from."""

CHORDS = 3.0
"""What a chord twice as large counts against a place, in octaves of inter-onset intervals. These
five were chosen by looking at performances: shorter blocks and more places follow the clip's rhythm
better, but remember less, and two performances are then too like each other."""

TOGETHER = 64
"""Blocks whose places are looked for at once; more would take much memory."""

RISE = np.arange(1, FADE + 1) / (FADE + 1)
"""Shares of the variance that the onsets which fade in have."""

SHARE = np.concatenate([RISE, np.ones(BLOCK - FADE), 1.0 - RISE])
"""Shares of the variance that the onsets of a block have."""


class Traces(msgspec.Struct, frozen=True, kw_only=True):
    """Be what D donors did, as a card keeps it.

    `score` (M, 4) int8 in steps of `UNIT`, the notes of an onset from low to high; `size` (P,)
    uint8, the notes of each onset; `interval` (P,) int8 in steps of `INTERVAL_UNIT`, log2 of the
    seconds to the next onset; `onsets` how many each donor has.

    Raises:
        ValueError: these do not belong together.
    """

    score: bytes
    size: bytes
    interval: bytes
    onsets: tuple[int, ...]

    def __post_init__(self) -> None:
        onsets, notes = len(self.size), sum(self.size)
        lengths = (len(self.score), len(self.interval), sum(self.onsets))
        if lengths != (PARAMETERS * notes, onsets, onsets) or not (self.size and all(self.size)):
            raise ValueError(f"traces of {onsets} onsets and {notes} notes have {lengths} numbers")
        if min(self.onsets) < 1:
            raise ValueError(f"traces have a donor of {min(self.onsets)} onsets")


class Trace(NamedTuple):
    """Be what one donor did.

    `score` (M, 4), NaN where nothing is known, notes from low to high onset by onset; `size` (P,)
    notes of each onset, `interval` (P,) log2 of the seconds to the next.
    """

    score: np.ndarray
    size: np.ndarray
    interval: np.ndarray

    def excerpt(self, start: int, end: int) -> "Trace":
        """Return the onsets from `start` to before `end`."""
        first, last = self.size[:start].sum(), self.size[:end].sum()
        return Trace(self.score[first:last], self.size[start:end], self.interval[start:end])


def traced(features: Features, score: np.ndarray) -> Trace:
    """Return the trace of who did so in a clip: (N, 4) scores, rows as in the clip."""
    page = _page(features)
    return Trace(score[page.order], page.size, page.interval)


def kept(traces: list[Trace]) -> Traces:
    """Return traces as a card keeps them."""
    score, size, interval = (np.concatenate(column) for column in zip(*traces, strict=True))
    steps = np.rint(np.clip(score, -FARTHEST, FARTHEST) / UNIT)
    return Traces(
        score=np.where(np.isnan(steps), UNKNOWN, steps).astype(np.int8).tobytes(),
        size=size.astype(np.uint8).tobytes(),
        interval=np.clip(np.rint(interval / INTERVAL_UNIT), -127, 127).astype(np.int8).tobytes(),
        onsets=tuple(len(trace.size) for trace in traces),
    )


class _Page(NamedTuple):
    """Be the onsets of a clip.

    `order` (N,) are its rows by onset, then pitch; `first` (O,) is where in it each onset begins,
    `size` (O,) how many notes it has, `interval` (O,) log2 of the seconds to the next.
    """

    order: np.ndarray
    first: np.ndarray
    size: np.ndarray
    interval: np.ndarray


def _page(features: Features) -> _Page:
    order, size = np.lexsort((features.notes.pitch, features.group)), features.group_size
    end = max(features.notes.end.max(), features.group_onset[-1])
    time_s = features.clip.tempo.seconds(np.append(features.group_onset, end))
    interval = np.log2(np.maximum(np.diff(time_s), SHORTEST_S))
    return _Page(order, np.cumsum(size) - size, size, interval)


class _Donor(NamedTuple):
    """Be where a donor's onsets are, their median interval in octaves and their mean size."""

    rows: slice
    pace: float
    size: float


class _Visits(NamedTuple):
    """Say which onset of the clip goes to which of all traces, and its share of the variance."""

    onset: np.ndarray
    source: np.ndarray
    share: np.ndarray


class Bank:
    """Draw fields of noise from traces."""

    def __init__(self, traces: Traces) -> None:
        steps = np.frombuffer(traces.score, np.int8).reshape(-1, PARAMETERS)
        self._size = np.frombuffer(traces.size, np.uint8).astype(np.intp)
        score = np.where(steps == UNKNOWN, np.nan, UNIT * steps)
        self._score = _levelled(score, _voices(self._size, traces.onsets))
        self._first = np.cumsum(self._size) - self._size
        self._log_size = np.log2(self._size)
        self._interval = INTERVAL_UNIT * np.frombuffer(traces.interval, np.int8)
        ends = np.cumsum(traces.onsets)
        self._donors = [
            self._donor_of(slice(end - of, end))
            for of, end in zip(traces.onsets, ends, strict=True)
        ]
        self._likeness = _likeness(self._score, np.repeat(np.arange(len(self._size)), self._size))
        self._likeness[STRETCH] = 1.0  # also where no donor has a chord

    def field(self, features: Features, rng: np.random.Generator) -> np.ndarray:
        """Return noise for a clip of at least one note, normal of variance 1: (N, 4)."""
        page = _page(features)
        donor = self._donor(page, rng)
        visits = self._visits(page, donor, rng)
        if features.clip.loop:
            visits = _round(visits, features, donor.start)
        return self._taken(page, visits, rng)

    def _donor_of(self, rows: slice) -> _Donor:
        return _Donor(rows, _pace(self._interval[rows]), float(self._size[rows].mean()))

    def _donor(self, page: _Page, rng: np.random.Generator) -> slice:
        """Return the likest of a few donors: in its pace, and in how full its chords are."""
        pace, size = _pace(page.interval), float(page.size.mean())

        def unlike(donor: _Donor) -> float:
            return abs(log2(donor.size / size)) + abs(donor.pace - pace)

        drawn = rng.permutation(len(self._donors))[:DONORS].tolist()
        return min((self._donors[number] for number in drawn), key=unlike).rows

    def _visits(self, page: _Page, donor: slice, rng: np.random.Generator) -> _Visits:
        """Return where a donor's blocks are taken, each fading into the next."""
        onsets = len(page.size)
        onset = np.arange(0, onsets, BLOCK)[:, None] + np.arange(BLOCK + FADE)
        share = np.tile(SHARE, (len(onset), 1))
        share[0, :FADE] = 1.0
        parts = np.array_split(onset, -(-len(onset) // TOGETHER))
        source = np.concatenate([self._places(page, part, donor, rng) for part in parts])
        inside = onset < onsets
        return _Visits(onset[inside], source[inside], share[inside])

    def _places(
        self, page: _Page, onset: np.ndarray, donor: slice, rng: np.random.Generator
    ) -> np.ndarray:
        """Return which onsets of a donor, of those drawn, are likest to blocks of onsets: (B, L).

        What is beyond the clip's last onset, in (B, L) too, counts as that one.
        """
        blocks, length = onset.shape
        onset, onsets = np.minimum(onset, len(page.size) - 1), donor.stop - donor.start
        drawn = rng.integers(0, max(onsets - length, 0) + 1, (blocks, PLACES, 1))
        tried = donor.start + (drawn + np.arange(length)) % onsets  # (B, C, L)
        unlike = np.abs(self._interval[tried] - page.interval[onset][:, None])
        unlike += CHORDS * np.abs(self._log_size[tried] - np.log2(page.size)[onset][:, None])
        return np.asarray(tried[np.arange(blocks), unlike.sum(axis=2).argmin(axis=1)])

    def _taken(self, page: _Page, visits: _Visits, rng: np.random.Generator) -> np.ndarray:
        """Return what the notes of a clip get from the onsets that they visit: (N, 4).

        From low to high, a chord takes the notes of a donor's chord, a note alone its top. The
        highest note for which a note is taken gets it as it is, for melodies hang together; lower
        ones only what is as like it as the notes of a chord are.
        """
        ours, theirs = page.size[visits.onset], self._size[visits.source]
        visit = np.repeat(np.arange(len(ours)), ours)
        rank = np.arange(len(visit)) - (np.cumsum(ours) - ours)[visit]
        height = np.where(ours[visit] > 1, rank / np.maximum(ours - 1, 1)[visit], 1.0)
        row = self._first[visits.source][visit] + np.rint(height * (theirs - 1)[visit]).astype(int)
        again = np.append(row[1:] == row[:-1], False) & (rank < (ours - 1)[visit])
        fresh = rng.standard_normal((len(row), PARAMETERS))
        score = self._score[row]
        score[again] = self._alike(score[again], fresh[again])
        score = np.where(np.isnan(score), fresh, score)
        note = page.order[page.first[visits.onset][visit] + rank]
        return _blended(score, note, visits.share[visit])

    def _alike(self, score: np.ndarray, fresh: np.ndarray) -> np.ndarray:
        """Return scores as like to others as the notes of a chord are: (R, 4)."""
        return self._likeness * score + np.sqrt(1.0 - self._likeness**2) * fresh


def _pace(interval: np.ndarray) -> float:
    """Return the median interval, of an even number the upper one."""
    return float(np.sort(interval)[len(interval) // 2])  # the checks of np.median cost more


def independent(features: Features, rng: np.random.Generator) -> np.ndarray:
    """Return noise that ties nothing together but the stretch of an onset's notes: (N, 4)."""
    field = rng.standard_normal((len(features.notes), PARAMETERS))
    field[:, STRETCH] = rng.standard_normal(len(features.group_onset))[features.group]
    return field


def _round(visits: _Visits, features: Features, begins: int) -> _Visits:
    """Return the visits of a loop whose end leads to what comes at its start.

    There it fades into what the donor, who begins at an onset of all traces, did before that.
    """
    start, end = features.clip.region()
    first, last = np.searchsorted(features.group_onset, [start, end])
    fade = min(FADE, (last - first) // 2)
    if fade < 1:
        return visits
    tail, rise = np.arange(last - fade, last), RISE[:fade]
    before = visits.source[visits.onset == first][-1] - fade + np.arange(fade)
    if before[0] < begins:
        return visits
    share = np.ones(len(features.group_onset))
    share[tail] -= rise
    return _Visits(
        np.append(visits.onset, tail),
        np.append(visits.source, before),
        np.append(visits.share * share[visits.onset], rise),
    )


def _blended(score: np.ndarray, note: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return what notes get from all that is taken for them, (R, 4): (N, 4) of variance 1."""
    weighed = np.sqrt(share)[:, None] * score
    total = np.stack([np.bincount(note, column) for column in weighed.T], axis=1)
    return total / np.sqrt(np.bincount(note, share))[:, None]


def _voices(size: np.ndarray, onsets: tuple[int, ...]) -> np.ndarray:
    """Number the voices of all donors, the highest notes of each and those below them: (M,) int."""
    donor = np.repeat(np.arange(len(onsets)), onsets)
    voice = np.repeat(2 * donor, size)
    voice[np.cumsum(size) - 1] += 1
    return voice


def _levelled(score: np.ndarray, voice: np.ndarray) -> np.ndarray:
    """Return scores, (M, 4), with a mean of 0 in each voice, (M,), and as wide in all as before.

    A voice that is louder than expected all along says more of the donor's piece, which was not
    foreseen, than of how people stray; played elsewhere it would drown another melody. The stretch
    is no voice's own.
    """
    level = score.copy()
    for parameter in (VELOCITY, ASYNCHRONY, ARTICULATION):
        level[:, parameter] = _parameter_levelled(score[:, parameter], voice)
    return level


def _parameter_levelled(score: np.ndarray, voice: np.ndarray) -> np.ndarray:
    known = ~np.isnan(score)
    many = np.bincount(voice[known], minlength=voice[-1] + 1)
    total = np.bincount(voice[known], score[known], len(many))
    level = score - (total / np.maximum(many, 1))[voice]
    return np.asarray(level * (_width(score[known]) / max(_width(level[known]), 1e-6)))


def _width(score: np.ndarray) -> float:
    return float(np.sqrt((score**2).mean())) if len(score) else 0.0


def _likeness(score: np.ndarray, onset: np.ndarray) -> np.ndarray:
    """Return how like the scores of two notes of one chord are, 0 to 1: (4,) of (M, 4)."""
    found = []
    for column in score.T:
        known = ~np.isnan(column)
        size = np.bincount(onset[known])
        total = np.bincount(onset[known], column[known])
        squares = np.bincount(onset[known], column[known] ** 2)
        pairs = float((np.maximum(size - 1, 0) * squares).sum())
        found.append(float((total**2 - squares).sum()) / pairs if pairs else 0.0)
    return np.clip(found, 0.0, 1.0)
