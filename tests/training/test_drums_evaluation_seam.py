import numpy as np
import pytest

from engines.training.drums.evaluation.metric import seam
from engines.training.drums.evaluation.seam import Chunked, clips, seams
from engines.training.drums.evaluation.systems.even import Quantised
from engines.training.drums.evaluation.window import Heard, Played, Window, heard
from tests.training.takes import KICK, take_of


@pytest.fixture(scope="module")
def long_take() -> Heard:
    """A hit on each beat of 40 bars, all on the grid."""
    return heard(take_of([(float(place), KICK, 90) for place in range(160)]))


class Late(Quantised):
    """Play each hit 10 ms late, and 20 ms in the first beat of what it is given."""

    border_bars: int = 4

    def predict(self, window: Window) -> Played:
        first = window.step < 4
        return Played(np.full(len(first), 80.0), np.where(first, 20.0, 10.0))


def test_clips_of_32_bars_begin_at_each_bar_up_to_the_first_border(long_take: Heard) -> None:
    assert [clip.given.bar for clip in clips(long_take, 4)] == [0, 1, 2, 3]
    assert {clip.given.bars for clip in clips(long_take, 4)} == {32}


def test_short_takes_have_no_seams() -> None:
    take = heard(take_of([(float(place), KICK, 90) for place in range(34 * 4)]))
    assert seams(Late(), take) == {}


def test_who_errs_alike_everywhere_has_no_seam(long_take: Heard) -> None:
    found = seams(Late(), long_take)  # its only border is where the clip begins
    assert seam(found["timing seam"]) == pytest.approx(0.0)
    assert seam(found["velocity seam"]) == pytest.approx(0.0)


def test_chunks_are_heard_where_they_meet(long_take: Heard) -> None:
    found = seams(Chunked(Late()), long_take)
    assert seam(found["timing seam"]) == pytest.approx(100.0)  # 20 ms to 10 ms
    assert seam(found["velocity seam"]) == pytest.approx(0.0)


def test_each_bar_line_but_the_ends_is_counted(long_take: Heard) -> None:
    _, border, _, inside = seams(Late(), long_take)["timing seam"]
    assert (border, inside) == (4 * 7, 4 * 24)  # of 31 lines every fourth is a border


def test_chunks_answer_each_hit_in_its_place(long_take: Heard) -> None:
    case = next(clips(long_take, 4))
    late = Chunked(Late()).predict(case.given).offset_ms
    assert np.flatnonzero(late == 20.0).tolist() == list(range(0, 128, 16))
