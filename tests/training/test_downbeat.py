import numpy as np
import pytest

from engines.training.downbeat import beat_phase, beats_a_bar, first_downbeat


def chords(*steps: float, start: float = 0, times: int = 20) -> np.ndarray:
    return start + np.concatenate([[0], np.cumsum(steps * times)])


@pytest.mark.parametrize(
    ("steps", "bar"),
    [((4,), 4), ((2,), 4), ((3, 1), 4), ((2, 1, 1), 4), ((3,), 3), ((2, 1), 3), ((6,), 3)],
)
def test_bars_have_as_many_beats_as_lie_between_like_changes(
    steps: tuple[float, ...], bar: int
) -> None:
    assert beats_a_bar(chords(*steps)) == bar


def test_a_bar_that_is_too_short_changes_no_metre() -> None:
    assert beats_a_bar(np.concatenate([chords(3), chords(3, start=61)])) == 3


def test_beats_may_be_half_a_beat_off() -> None:
    assert beat_phase(chords(4, start=2.5)) == 0.5
    assert beat_phase(chords(4, start=2)) == 0


def test_bars_begin_where_most_chords_change() -> None:
    assert first_downbeat(chords(4, 4, 4, 3, 1, start=6), 4, None) == 2


def test_a_song_without_chords_is_in_four_from_its_start() -> None:
    nothing = np.zeros(0)
    assert (beat_phase(nothing), beats_a_bar(nothing), first_downbeat(nothing, 4, None)) == (
        0,
        4,
        0,
    )
