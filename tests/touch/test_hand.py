"""What a hand hears of a part, by a network that writes down what it is shown."""

from pathlib import Path

import numpy as np
import pytest

from engines.touch.hand import STILL, Hand, Note
from engines.touch.hearing import COLUMNS, DRUMS, LINE, LOUDER
from engines.touch.network import Network
from tests.touch.hands import small


class Witness(Network):
    """Be a small hand that keeps what it was shown."""

    def __init__(self, path: Path) -> None:
        super().__init__(small(path))
        self.shown: list[dict[str, float]] = []

    def next_state(self, view: np.ndarray, state: np.ndarray) -> np.ndarray:
        """Keep the view, and go on."""
        self.shown.append(dict(zip(COLUMNS, view.tolist(), strict=True)))
        return super().next_state(view, state)


@pytest.fixture
def network(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "small.npz")


def hand(network: Witness, channel: int = 0, style: int | None = None) -> Hand:
    return Hand(network, np.random.default_rng(0), style, channel)


def struck(row: int, velocity: int = 80, pitch: int = 60, channel: int = 0) -> Note:
    return Note(row / 4, channel, pitch, velocity, None, None)


def test_single_notes_are_a_line_and_chords_a_piano(network: Witness) -> None:
    alone, chords = hand(network), hand(network)
    for row in range(20):
        alone.touch(struck(row), keep_accents=True)
    assert [bool(view["line"]) for view in network.shown] == [False] * 16 + [True] * 4
    network.shown.clear()
    for row in range(40):
        chords.touch(struck(row // 2, pitch=60 + row % 2), keep_accents=True)
    assert all(view["piano"] for view in network.shown)


def test_channel_10_is_drums(network: Witness) -> None:
    hand(network, channel=9).touch(struck(0, pitch=38, channel=9), keep_accents=True)
    assert (network.shown[0]["drums"], network.shown[0]["snare"]) == (1.0, 1.0)


def test_a_style_that_is_asked_for_is_played(network: Witness) -> None:
    asked = hand(network, style=DRUMS)
    asked.touch(struck(0, pitch=36), keep_accents=True)
    asked.turn(LINE)
    asked.touch(struck(1), keep_accents=True)
    assert (network.shown[0]["kick"], network.shown[1]["line"]) == (1.0, 1.0)


def test_drums_of_no_voice_are_not_heard(network: Witness) -> None:
    assert hand(network, style=DRUMS).touch(struck(0, pitch=1), keep_accents=True) == STILL
    assert network.shown == []


def test_velocities_that_differ_are_heard_as_those_of_a_player(network: Witness) -> None:
    one = hand(network)
    for row in range(12):
        one.touch(struck(row, velocity=60 + 3 * row), keep_accents=True)
    alive = [view["played alive"] for view in network.shown]
    # the share of new velocities passes one half with the seventh: 1 - 0.9 ** 7 = 0.52
    assert alive == [0.0] * 6 + [1.0] * 6
    assert network.shown[-1]["played louder"] > 0.0


def test_two_velocities_by_turns_are_those_of_a_machine(network: Witness) -> None:
    one = hand(network)
    for row in range(30):
        one.touch(struck(row, velocity=127 if row % 4 == 0 else 90), keep_accents=True)
    assert not any(view["played alive"] for view in network.shown)


def test_velocities_are_not_heard_where_they_are_replaced(network: Witness) -> None:
    one = hand(network)
    for row in range(30):
        one.touch(struck(row, velocity=60 + 2 * row), keep_accents=False)
    assert not any(view["played louder"] for view in network.shown)


def test_replaced_velocities_are_as_far_from_the_level_as_the_hand_says(network: Witness) -> None:
    one, other = hand(network), hand(network)
    kept = [one.touch(struck(row), keep_accents=True) for row in range(4)]
    loud = [other.touch(struck(row, 80 + 20 * (row == 3)), keep_accents=False) for row in range(4)]
    # the running mean is 80 and goes a quarter of the way: the accent is 15 above it
    assert loud[3].louder == pytest.approx(kept[3].louder - 15.0)


def test_each_drum_has_a_level_of_its_own(network: Witness) -> None:
    one = hand(network, channel=9)
    for row in range(20):
        pitch, velocity = ((36, 110), (42, 50))[row % 2]
        one.touch(struck(row, velocity + row, pitch, 9), keep_accents=True)
    heard = [view["played louder"] * LOUDER for view in network.shown[10:]]
    assert max(heard) < 12.0  # between the drums there are 60
