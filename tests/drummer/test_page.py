"""What a drummer sees of each hit on the page."""

from typing import Any

import numpy as np
import pytest

from engines.drummer.page import (
    COLUMNS,
    MOMENTS,
    PARTS,
    PLAYERS,
    REACH,
    STYLES,
    Sight,
    Telling,
    around,
    said,
)
from engines.kit import CLOSED_HAT, KICK, SNARE, STROKES, VOICES

STROKE_COLUMNS = [column for column in COLUMNS if column.startswith("stroke ")]


def sight(time: list[float], voice: list[int] | int = KICK, **changes: Any) -> Sight:
    hits = len(time)
    onset = np.array(time, dtype=float)
    given = {
        "time": onset,
        "voice": np.full(hits, voice),
        "stroke": np.zeros(hits, dtype=int),
        "beat": np.mod(onset, 4.0),
        "bar": np.full(hits, 4.0),
        "compound": np.zeros(hits),
        "bpm": np.full(hits, 120.0),
    }
    return Sight(**{**given, **{name: np.array(value) for name, value in changes.items()}})


def column(table: np.ndarray, name: str) -> list[float]:
    found: list[float] = table[:, COLUMNS.index(name)].tolist()
    return found


def test_every_hit_has_all_columns_and_all_that_is_around() -> None:
    seen = sight([0.0, 0.5])
    assert said(seen, Telling()).shape == (2, len(COLUMNS))
    assert around(seen).shape == (2, MOMENTS * len(VOICES))
    assert said(seen, Telling()).dtype == around(seen).dtype == np.float32


def test_no_hits_have_no_rows() -> None:
    assert said(sight([]), Telling()).shape == (0, len(COLUMNS))
    assert around(sight([])).shape == (0, MOMENTS * len(VOICES))


def test_the_voice_and_the_stroke_are_said() -> None:
    bell = next(i for i, stroke in enumerate(STROKES) if stroke.name == "ride bell")
    table = said(sight([0.0, 1.0], [KICK, SNARE], stroke=[0, bell]), Telling())
    assert column(table, "voice kick") == [1, 0]
    assert column(table, "voice snare") == [0, 1]
    assert column(table, "stroke ride bell") == [0, 1]
    assert column(table, "strokes are known") == [1, 1]


def test_a_stroke_of_hand_percussion_is_seen_as_its_voice_alone() -> None:
    conga = next(i for i, stroke in enumerate(STROKES) if stroke.name == "low conga")
    table = said(sight([0.0], stroke=[conga]), Telling())
    assert sum(column(table, name)[0] for name in STROKE_COLUMNS) == 0


def test_strokes_that_are_not_told_are_not_seen() -> None:
    table = said(sight([0.0]), Telling(strokes=False))
    assert sum(column(table, name)[0] for name in STROKE_COLUMNS) == 0
    assert column(table, "strokes are known") == [0]


def test_style_and_player_are_said_only_where_they_are_told() -> None:
    told = said(sight([0.0]), Telling("funk", "drummer7"))[0]
    names = {name for name, value in zip(COLUMNS, told, strict=True) if value == 1}
    assert {"style funk", "player drummer7"} <= names
    quiet = said(sight([0.0]), Telling())[0]
    silent = [f"style {name}" for name in STYLES] + [f"player {name}" for name in PLAYERS]
    assert not any(quiet[COLUMNS.index(name)] for name in silent)


def test_the_beat_turns_once_a_beat_and_the_bar_once_a_bar() -> None:
    table = said(sight([0.0, 0.25, 1.0, 4.0]), Telling())
    assert column(table, "sine of the beat, 1") == pytest.approx([0, 1, 0, 0], abs=1e-6)
    assert column(table, "sine of the bar, 1") == pytest.approx(
        [0, np.sin(np.pi / 8), 1, 0], abs=1e-6
    )
    assert column(table, "downbeat") == [1, 0, 0, 1]


def test_metre_and_tempo_are_said() -> None:
    table = said(sight([0.0], bar=[3.0], compound=[1.0], bpm=[60.0]), Telling(sixteenths=True))
    # 3 beats are a quarter less than 4; 60 bpm is an octave below 120
    assert [column(table, name)[0] for name in ("bar", "compound", "tempo", "sixteenths")] == [
        -0.25,
        1.0,
        -1.0,
        1.0,
    ]


def test_intervals_are_octaves_of_seconds() -> None:
    seen = sight([0.0, 0.0, 0.5, 2.5], [KICK, CLOSED_HAT, CLOSED_HAT, KICK])
    table = said(seen, Telling())
    # at 120 bpm half a beat is a quarter of a second; 2 s stand for ever and for more
    assert column(table, "since the last onset") == [1, 1, -2, 0]
    assert column(table, "to the next onset") == [-2, -2, 0, 1]
    assert column(table, "since the last of the voice") == pytest.approx(
        [1, 1, -2, np.log2(1.25)], abs=1e-6
    )
    assert column(table, "to the next of the voice") == pytest.approx(
        [np.log2(1.25), -2, 1, 1], abs=1e-6
    )
    assert column(table, "at once") == [0.5, 0.5, 0.25, 0.25]


def test_intervals_are_right_where_the_tempo_changes() -> None:
    # the first lasts half a beat at 60 bpm, the second half a beat at 240
    table = said(sight([100.0, 100.5, 101.0], bpm=[60.0, 240.0, 240.0]), Telling())
    assert column(table, "to the next onset") == pytest.approx([-1, -3, 1])
    assert column(table, "since the last of the voice") == pytest.approx([1, -1, -3])


def test_where_in_the_song_a_part_stands_does_not_matter() -> None:
    here, there = (sight([at, at + 0.5, at + 1.75]) for at in (0.0, 64.0))
    assert said(there, Telling()) == pytest.approx(said(here, Telling()), abs=1e-5)
    assert np.array_equal(around(there), around(here))


def test_what_is_around_a_hit_is_seen_two_beats_either_way() -> None:
    seen = sight([0.0, 2.0, 2.25, 4.0], [KICK, SNARE, CLOSED_HAT, KICK])
    found = around(seen).reshape(4, len(VOICES), MOMENTS)
    struck = {(int(voice), int(moment) - REACH) for voice, moment in np.argwhere(found[1])}
    assert struck == {
        (KICK, -2 * PARTS),
        (SNARE, 0),
        (CLOSED_HAT, PARTS // 4),
        (KICK, 2 * PARTS),
    }


def test_hits_before_the_beginning_are_seen_too() -> None:
    found = around(sight([-1.0, 0.0])).reshape(2, len(VOICES), MOMENTS)
    assert found[1, KICK].sum() == 2
