from pathlib import Path

import numpy as np
import pytest

from engines.error import MissingWeightsError, WeightsError
from engines.lender import Lender
from engines.touch.hearing import COLUMNS
from engines.touch.network import LATENESS, VELOCITY, Network, drawn
from tests.touch.hands import SIZES, small


def test_a_file_says_what_was_written_into_it(tmp_path: Path) -> None:
    network = Network(small(tmp_path / "small.npz", steps=3))
    assert network.card["steps"] == 3
    assert network.width == SIZES["W"]


def test_the_same_hand_is_the_same_bytes(tmp_path: Path) -> None:
    one, other = (small(tmp_path / name).read_bytes() for name in ("a.npz", "b.npz"))
    assert one == other


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingWeightsError, match="is not there"):
        Network(tmp_path / "none.npz")


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = small(tmp_path / "small.npz")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(WeightsError, match="cannot be read"):
        Network(path)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    np.savez(path, something=np.zeros(3))
    with pytest.raises(WeightsError, match="holds another model, allowed is yuragi-hand-1"):
        Network(path)


def test_who_borrows_twice_gets_the_same_hand(tmp_path: Path) -> None:
    lender = Lender(small(tmp_path / "small.npz"), Network)
    assert lender.lend() is lender.lend()


def test_who_borrows_what_is_missing_is_told_to_install_again(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="install yuragi again"):
        Lender(tmp_path / "none.npz", Network).lend()


def test_a_state_is_as_wide_as_the_network_and_an_answer_as_the_bins(tmp_path: Path) -> None:
    network = Network(small(tmp_path / "small.npz"))
    view = np.ones(len(COLUMNS), np.float32)
    state = network.next_state(view, np.zeros(network.width, np.float32))
    answer = network.answer(state)
    assert state.shape == (network.width,)
    assert answer.velocity.shape == (len(VELOCITY) - 1,)
    assert network.late(answer, 3).shape == (len(LATENESS) - 1,)


def test_a_sure_distribution_is_drawn_within_its_bin() -> None:
    logits, edge = np.array([-50.0, 0.0, -50.0]), np.array([0.0, 2.0, 6.0, 8.0])
    value, row = drawn(logits, edge, 0.25)
    assert value == pytest.approx(3.0)  # a quarter of the way from 2 to 6
    assert row == 1


@pytest.mark.parametrize(("share", "value"), [(0.0, 0.0), (0.5, 1.0), (0.75, 2.0), (1.0, 3.0)])
def test_a_share_of_a_distribution_lies_below_what_is_drawn(share: float, value: float) -> None:
    # shares of one half, one quarter, one quarter in bins of width 1
    assert drawn(np.log([2.0, 1.0, 1.0]), np.arange(4.0), share)[0] == pytest.approx(value)
