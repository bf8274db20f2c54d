import numpy as np
import pytest

from bridge.error import BridgeError
from bridge.picture.part import Part, parts_of
from bridge.picture.window import MOST_BARS, MOST_NOTES, Window, bar_lines, excerpt, whole
from engines import Clip, Metre
from tests.clips import stiff_clip


def spread(onset: np.ndarray, **fields: object) -> tuple[Part, ...]:
    """Return a part with notes at the given onsets."""
    clip: Clip = stiff_clip(len(onset), **fields)
    return parts_of((clip.replace(notes=clip.notes.replace(onset=onset)),), None)


def test_a_short_piece_is_shown_whole() -> None:
    parts = spread(np.arange(16.0), length=16.0)
    assert excerpt(parts, None, None) == whole(parts, None, None) == (0.0, 16.0)


def test_a_thin_piece_is_shown_as_far_as_beats_read_well() -> None:
    # 64 beats of 3/4: 21 bars are 63
    parts = spread(np.arange(0, 300, 3.0), length=300.0, metre=(Metre(0, 3, 4),))
    assert excerpt(parts, None, None) == (0.0, 63.0)


def test_a_dense_piece_is_shown_as_far_as_notes_read_well() -> None:
    # 40 notes a bar: five bars are 200, six would be more than are readable
    assert MOST_NOTES == 220
    assert excerpt(spread(np.arange(0, 80, 0.1), length=80.0), None, None) == (0.0, 20.0)


def test_a_bar_is_shown_however_full_it_is() -> None:
    assert excerpt(spread(np.linspace(0, 7.9, 900), length=8.0), None, None) == (0.0, 4.0)


def test_silence_at_the_start_is_left_out_of_a_picture() -> None:
    assert excerpt(spread(np.array([9.0, 10.0]), length=16.0), None, None) == (8.0, 16.0)


def test_what_was_asked_for_is_shown() -> None:
    assert excerpt(spread(np.arange(16.0), length=16.0), 2.0, 7.0) == (2.0, 7.0)


@pytest.mark.parametrize(("start", "end"), [(4.0, 4.0), (5.0, 1.0), (16.0, None), (0.0, np.nan)])
def test_a_stretch_without_length_is_refused(start: float, end: float | None) -> None:
    with pytest.raises(BridgeError, match="allowed are beats after"):
        excerpt(spread(np.arange(16.0), length=16.0), start, end)


def test_an_endless_piece_is_cut() -> None:
    assert whole(spread(np.array([0.0, 9e5]), length=1e6), None, None) == (0.0, MOST_BARS * 4.0)


def test_bars_are_numbered_from_the_start_of_the_piece() -> None:
    lines = bar_lines(spread(np.arange(40.0), length=40.0))
    assert Window(8.0, 20.0, 100.0, lines).first_bar == 3
    assert Window(9.0, 11.0, 100.0, lines).first_bar == 3


def test_places_are_parts_of_the_width() -> None:
    window = Window(4.0, 8.0, 100.0, np.array([0.0, 4.0, 8.0]))
    assert window.percent(np.array([4.0, 5.0])) == ["0.0000%", "25.0000%"]
    # a sixteenth would be 6.25 px wide, a hundredth of a beat 0.25
    assert window.percent_wide(np.array([0.25, 0.01]), 2.0) == ["6.2500%", "2.0000%"]
