"""Measure what a hand does with a page beside what the player did.

Letters: N notes, K bins, L lags.

Source: Lin (1991), "Divergence measures based on the Shannon entropy", IEEE Transactions on
Information Theory 37(1): the Jensen-Shannon divergence, whose square root is a distance; to base 2
it is from 0 to 1.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from engines.touch.hand import Hand, Note
from engines.touch.hearing import DRUMS, LOUDER, PLAYED, PULSE, VOICE
from engines.touch.network import LATENESS, VELOCITY, Network
from engines.training.live.lesson import Lesson, Page

EDGES = VELOCITY, LATENESS
"""Of the bins of what is measured: velocity, and lateness in ms."""

STRAY = 6.0
"""Standard deviation of the errors in velocities that are told, where some are."""

FLAT = 64
"""The velocity of stiff notes."""


def bins_of(played: np.ndarray) -> np.ndarray:
    """Return the bins of velocities and lateness, (N, 2): (N, 2) int."""
    columns = [
        np.searchsorted(edge[1:-1], played[:, column], side="right")
        for column, edge in enumerate(EDGES)
    ]
    return np.stack(columns, axis=1)


def counted(values: np.ndarray, edge: np.ndarray) -> np.ndarray:
    """Return how many values are in each bin, (K,); the outermost reach on."""
    bins = np.searchsorted(edge[1:-1], values, side="right")
    return np.bincount(bins, minlength=len(edge) - 1).astype(float)


def unlikely(values: np.ndarray, expected: np.ndarray, edge: np.ndarray) -> np.ndarray:
    """Return how unlikely values, (N,), are by expected counts of bins, (K,): (N,) nats."""
    nats = -np.log(expected / expected.sum() / np.diff(edge))
    return np.asarray(nats[np.searchsorted(edge[1:-1], values, side="right")])


def surprise(network: Network, view: np.ndarray, played: np.ndarray) -> np.ndarray:
    """Return how unlikely what was played is to a hand that hears a view: (N, 2) nats.

    They are those of densities, in velocities and in milliseconds. What came before is told.
    """
    recalls = network.card["shape"]["recalls"]
    bins, found = bins_of(played), np.empty((len(view), 2))
    nothing = state = np.zeros(network.width, np.float32)
    width = [np.log(np.diff(edge)) for edge in EDGES]
    for row, (louder, late) in enumerate(bins.tolist()):
        state = network.next_state(view[row], state if recalls else nothing)
        answer = network.answer(state)
        for column, (logits, told) in enumerate(
            ((answer.velocity, louder), (network.late(answer, louder), late))
        ):
            all_of = float(np.logaddexp.reduce(logits))
            found[row, column] = all_of - float(logits[told]) + width[column][told]
    return found


def told(view: np.ndarray, *, pulse: bool, draw: np.random.Generator | None = None) -> np.ndarray:
    """Return a view, (N, F), with or without a pulse, of stiff notes or of strayed velocities.

    Args:
        view: with nothing hidden.
        pulse: whether there is one.
        draw: what velocities stray by; None for stiff notes.
    """
    heard = view.copy()
    if not pulse:
        heard[:, PULSE] = 0.0
    if draw is None:
        heard[:, PLAYED] = 0.0
    else:
        heard[:, PLAYED.start] += STRAY / LOUDER * draw.standard_normal(len(heard))
    return heard


def performed(network: Network, page: Page, taught: Lesson, seed: int) -> np.ndarray:
    """Return what a hand does with stiff notes and a pulse: (N, 2) velocities and ms.

    It is told nothing of what the player did: what came before is its own.
    """
    hand = Hand(network, np.random.default_rng(seed), page.style, 0)
    found = np.empty((len(taught.row), 2))
    columns = (page.time_s, page.pitch, page.beat)
    rows = zip(*(column[taught.row].tolist() for column in columns), strict=True)
    for row, (time_s, pitch, beat) in enumerate(rows):
        note = Note(time_s, 0, pitch, FLAT, beat, page.bpm)
        found[row] = hand.touch(note, keep_accents=True)
    return found


class Deed(NamedTuple):
    """Be what somebody did with the notes of a page in one respect: (N,), and what is known."""

    taught: Lesson
    done: np.ndarray
    known: np.ndarray


def alike(deeds: Iterable[Deed]) -> float:
    """Return the correlation of neighbouring notes.

    Of drums the neighbour is the stroke before on the same voice, else the note before.
    """
    total = np.zeros(3)
    for deed in deeds:
        voice = np.zeros(len(deed.done), dtype=int)
        if deed.taught.style == DRUMS:
            voice = deed.taught.view[:, VOICE].argmax(axis=1)
        for each in np.unique(voice):
            some = deed.done[(voice == each) & deed.known]
            if len(some) > 2:
                one = some - some.mean()
                total += one[1:] @ one[:-1], one[:-1] @ one[:-1], one[1:] @ one[1:]
    return float(total[0] / max(np.sqrt(total[1] * total[2]), 1e-12))


def distance(one: np.ndarray, other: np.ndarray) -> float:
    """Return the Jensen-Shannon distance of two counts of bins, (K,) each, from 0 to 1."""
    p, q = one / one.sum(), other / other.sum()
    middle = (p + q) / 2
    return float(np.sqrt(max(_entropy(middle) - (_entropy(p) + _entropy(q)) / 2, 0.0)))


def _entropy(share: np.ndarray) -> float:
    some = share[share > 0]
    return float(-(some * np.log2(some)).sum())
