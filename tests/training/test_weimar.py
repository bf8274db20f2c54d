from pathlib import Path

import numpy as np
import pytest

from engines.clip import Chord, Metre
from engines.training.weimar import Solo, read_solos, symbol_of, velocities

INDEX = """melody_file,beat_file,performer,title,split
a.csv,b.csv,Someone,Some Blues-2,valid
"""

NOTES = """onset,duration,division,bar,beat,tatum,beat_duration,pitch,loud_median,phrase_begin
10.4,0.2,1,0,4,1,0.5,60,60,1
10.52,0.05,2,1,1,1,0.5,62,,0
10.84,0.1,3,1,1,3,0.5,64,64,0
12.1,0.9,4,1,4,2,0.5,65,62,1
"""
"""An upbeat, a beat of two and then of three parts, and the second quarter of a beat."""


def beats() -> str:
    """Return a track of two bars of half a second a beat, from the third beat of bar 0 on."""
    rows = ["onset,period,bar,beat,signature,chord"]
    for place in range(10):
        bar, beat = divmod(place + 2, 4)
        chord = {0: "NC", 2: "Ebj7911#", 4: "Ab-7"}.get(place, "")
        rows.append(f"{9.5 + 0.5 * place},4,{bar},{beat + 1},'4/4',{chord}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def solo(tmp_path: Path) -> Solo:
    for name in ("mcsv_melody", "mcsv_beat"):
        (tmp_path / name).mkdir()
    (tmp_path / "index.csv").write_text(INDEX)
    (tmp_path / "mcsv_melody" / "a.csv").write_text(NOTES)
    (tmp_path / "mcsv_beat" / "b.csv").write_text(beats())
    (only,) = read_solos(tmp_path)
    return only


def test_a_solo_is_written_on_the_parts_of_its_beats(solo: Solo) -> None:
    # beat 0 is the line of bar 0; bar 1 begins on beat 4
    assert solo.recording.clip.notes.onset == pytest.approx([3.0, 4.0, 4 + 2 / 3, 7.25])


def test_notes_are_written_as_long_as_they_sound_in_beats_on_their_grid(solo: Solo) -> None:
    # 0.4 and 0.1 beats on quarters of a beat, 0.2 too, 1.8 beats
    assert solo.recording.clip.notes.duration == pytest.approx([0.5, 0.25, 0.25, 1.75])


def test_a_solo_is_played_as_it_was_recorded(solo: Solo) -> None:
    played = solo.recording.played
    assert played.onset_s.tolist() == [10.4, 10.52, 10.84, 12.1]
    assert played.release_s == pytest.approx([10.6, 10.57, 10.94, 13.0])


def test_phrases_begin_where_the_annotators_heard_them(solo: Solo) -> None:
    assert solo.begins.tolist() == [True, False, False, True]


def test_the_metre_and_the_chords_come_from_the_beats(solo: Solo) -> None:
    assert solo.recording.clip.metre == (Metre(0.0, 4, 4),)
    assert solo.recording.clip.chords == (Chord(4.0, "Ebmaj7(9,#11)"), Chord(6.0, "Abm7"))


def test_takes_of_one_tune_are_one_piece(solo: Solo) -> None:
    recording = solo.recording
    assert (recording.piece, recording.player, recording.split) == (
        "Some Blues",
        "Someone",
        "valid",
    )
    assert recording.clip.role == "winds"


def test_an_unknown_loudness_lies_between_its_neighbours(solo: Solo) -> None:
    velocity = solo.recording.played.velocity
    assert velocity[1] == pytest.approx((velocity[0] + velocity[2]) / 2)


def test_loudness_becomes_velocities_about_eighty() -> None:
    # quartiles of a normal distribution are 1.349 standard deviations apart
    loud = velocities(np.random.default_rng(0).normal(60.0, 5.0, 20_000))
    assert (loud.mean(), loud.std()) == (pytest.approx(80.0, abs=0.3), pytest.approx(12, abs=0.3))


def test_a_note_that_was_not_found_is_soft_and_moves_no_other() -> None:
    loud = np.linspace(50.0, 70.0, 41)
    lost = np.append(loud, -66.0)
    assert velocities(lost)[-1] == pytest.approx(80 - 3 * 12)
    assert velocities(lost)[:-1] == pytest.approx(velocities(loud), abs=1.0)


def test_without_loudness_all_notes_are_alike() -> None:
    assert velocities(np.full(3, np.nan)).tolist() == [80.0] * 3


@pytest.mark.parametrize(
    ("word", "symbol"),
    [
        ("Bb7", "Bb7"),
        ("D-7", "Dm7"),
        ("Ebj7", "Ebmaj7"),
        ("Am7b5", "Am7b5"),
        ("G-j7", "Gm(maj7)"),
        ("C79b", "C7(b9)"),
        ("Fsus7913", "F7sus(9,13)"),
        ("F-7/Bb", "Fm7/Bb"),
        ("Bo7", "Bdim7"),
        ("B+7", "Baug7"),
        ("E7alt", "E7alt"),
        ("F69", "F6(9)"),
        ("NC", "NC"),
    ],
)
def test_chords_are_spelled_as_usual(word: str, symbol: str) -> None:
    assert symbol_of(word) == symbol
