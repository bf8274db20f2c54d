"""The hand that comes with the program says what it has learned from."""

import numpy as np
import pytest

from engines.touch.hand import Hand, Note
from engines.touch.weights import PATH, SHIPPED

ALLOWED = {"vienna4x22", "pop909", "weimar_jazz", "groove"}
"""Packs whose licences allow every use."""


def test_it_has_learned_from_packs_that_allow_every_use_and_names_them() -> None:
    card = SHIPPED.lend().card
    assert set(card["packs"]) == ALLOWED
    assert len(card["attribution"]) == len(ALLOWED)


def test_it_has_learned_from_all_pieces() -> None:
    assert SHIPPED.lend().card["without"] == []


def test_it_is_smaller_than_a_megabyte() -> None:
    assert PATH.stat().st_size < 1_000_000


@pytest.mark.parametrize(("channel", "pitches"), [(0, (60, 64, 67, 72)), (9, (36, 42, 38, 42))])
def test_stiff_notes_are_not_stiff_any_more(channel: int, pitches: tuple[int, ...]) -> None:
    hand = Hand(SHIPPED.lend(), np.random.default_rng(0), None, channel)
    notes = [Note(row / 8, channel, pitches[row % 4], 80, row / 4, 120.0) for row in range(400)]
    touches = np.array([hand.touch(note, keep_accents=True) for note in notes])
    louder, late_ms = touches.T
    # of the players 8 to 30 velocities and 14 to 25 ms, see docs/models/live.md
    assert 5.0 < louder.std() < 35.0
    assert 7.0 < late_ms.std() < 35.0
    assert abs(louder.mean()) < 10.0
    assert abs(late_ms.mean()) < 8.0
