import numpy as np
import pytest

from engines.kit import SNARE
from engines.touch.hearing import COLUMNS, DRUMS, LATER, LOUDER, PULSE, Heard, Hearing


def seen(hearing: Hearing, note: Heard) -> dict[str, float]:
    return dict(zip(COLUMNS, hearing.hear(note).tolist(), strict=True))


def test_a_first_note_is_after_silence_and_in_no_chord() -> None:
    view = seen(Hearing(), Heard(10.0, 60))
    assert view["after silence"] == 1.0
    assert view["in chord"] == 0.0


def test_notes_within_30_ms_are_one_chord() -> None:
    hearing = Hearing()
    views = [seen(hearing, Heard(time_s, 60)) for time_s in (1.0, 1.02, 1.029, 1.06)]
    assert [view["in chord"] for view in views] == [0.0, 1.0, 1.0, 0.0]
    assert [view["order in chord"] for view in views] == [0.0, 0.25, 0.5, 0.0]


def test_an_interval_is_counted_in_half_octaves_of_a_quarter_second() -> None:
    hearing = Hearing()
    hearing.hear(Heard(1.0, 60))
    assert seen(hearing, Heard(2.0, 60))["interval"] == pytest.approx(1.0)  # log2(1 / 0.25) / 2


def test_a_chord_has_the_interval_from_the_onset_before_it() -> None:
    hearing = Hearing()
    views = [seen(hearing, Heard(time_s, 60)) for time_s in (1.0, 1.25, 1.26)]
    assert [view["interval"] for view in views[1:]] == [0.0, 0.0]


def test_what_the_hand_did_is_heard_with_the_next_note_and_with_the_same_key() -> None:
    hearing = Hearing()
    hearing.hear(Heard(1.0, 60))
    hearing.said(LOUDER, -2 * LATER)
    other = seen(hearing, Heard(1.5, 64))
    hearing.said(0.0, 0.0)
    same = seen(hearing, Heard(2.0, 60))
    assert (other["last louder"], other["last later"]) == (1.0, -2.0)
    assert (other["same key louder"], same["same key louder"]) == (0.0, 1.0)
    assert same["last louder"] == 0.0


def test_without_a_pulse_nothing_is_known_of_the_beat() -> None:
    assert not Hearing().hear(Heard(1.0, 60))[PULSE].any()


def test_with_a_pulse_the_phase_of_the_beat_is_known() -> None:
    view = seen(Hearing(), Heard(1.0, 60, beat=3.25, bpm=120.0))
    assert view["pulse"] == 1.0
    assert view["tempo"] == 0.0
    assert view["sine of 1"] == pytest.approx(1.0)  # a quarter of the way round
    assert view["cosine of 2"] == pytest.approx(np.cos(1.25 * np.pi))


def test_the_velocity_of_stiff_notes_is_not_heard() -> None:
    assert seen(Hearing(), Heard(1.0, 60, louder=30.0))["played louder"] == 0.0
    assert seen(Hearing(), Heard(1.0, 60, louder=LOUDER, alive=True))["played louder"] == 1.0


def test_drums_are_heard_by_voice_and_not_by_height() -> None:
    hearing = Hearing(DRUMS)
    hearing.hear(Heard(1.0, 36, voice=0))
    view = seen(hearing, Heard(2.0, 38, voice=SNARE))
    assert view["snare"] == view["drums"] == 1.0
    assert view["height"] == view["above last"] == view["kick"] == 0.0
