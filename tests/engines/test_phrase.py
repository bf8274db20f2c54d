import numpy as np

from engines.phrase import UNHEARD, local_boundaries, log_odds, segment

BARS = np.arange(0.0, 65.0, 4.0)


def quarters(*rests: float) -> np.ndarray:
    """Return every beat of 16 bars but those."""
    return np.setdiff1d(np.arange(64.0), rests)


def strength(onset: np.ndarray, pitch: np.ndarray | None = None) -> np.ndarray:
    pitches = np.full(len(onset), 60.0) if pitch is None else pitch
    return local_boundaries(pitches, onset, onset + 1.0)


def heard(onset: np.ndarray, *starts: float) -> np.ndarray:
    """Return log-odds that are high at those starts and low elsewhere."""
    return np.where(np.isin(onset, starts), 2.0, -4.0)


def test_the_strongest_boundary_is_after_the_longest_note() -> None:
    onset = quarters(7, 14, 15)
    assert onset[strength(onset).argmax()] == 16.0


def test_a_leap_is_a_boundary() -> None:
    onset = quarters()
    pitch = np.where(onset < 20, 60.0, 72.0)
    assert onset[strength(onset, pitch).argmax()] == 20.0


def test_an_even_line_has_no_boundaries() -> None:
    assert not strength(quarters()).any()


def test_two_notes_have_no_boundaries() -> None:
    assert strength(np.array([0.0, 4.0])).tolist() == [0.0, 0.0]


def test_one_long_silence_does_not_hide_the_others() -> None:
    onset = np.append(quarters(15, 31), 400.0)
    short = local_boundaries(np.full(len(onset), 60.0), onset, onset + 0.5, longest=4.0)
    endless = local_boundaries(np.full(len(onset), 60.0), onset, onset + 0.5)
    at_bar_five = np.flatnonzero(onset == 16.0)[0]
    assert short[at_bar_five] > 3 * endless[at_bar_five]


def test_log_odds_are_even_at_one_half_and_bounded() -> None:
    # log(0.9 / 0.1) = log 9 = 2.197
    found = log_odds(np.array([0.0, 0.1, 0.5, 0.9, 1.0]))
    assert np.allclose(found, [UNHEARD, -2.197, 0.0, 2.197, -UNHEARD], atol=1e-3)


def test_where_nothing_is_heard_phrases_have_four_bars_each() -> None:
    onset = quarters()
    silence = np.full(len(onset), 3 * UNHEARD)
    assert segment(silence, onset, BARS).tolist() == [0, 16, 32, 48, 64]


def test_a_phrase_begins_where_it_is_heard_wherever_it_falls() -> None:
    onset = quarters()
    assert {23, 39} < set(segment(heard(onset, 23, 39), onset, BARS).tolist())


def test_an_upbeat_belongs_to_the_phrase_that_it_leads_to() -> None:
    onset = quarters(13, 14)
    assert segment(heard(onset, 15), onset, BARS)[1] == 15.0


def test_what_is_heard_within_a_phrase_s_usual_length_leaves_no_room_for_guesses() -> None:
    onset = quarters()
    assert segment(heard(onset, 24, 48), onset, BARS).tolist() == [0, 24, 48, 64]


def test_the_likeliest_place_breaks_a_stretch_of_which_little_is_heard() -> None:
    onset = quarters()
    hint = np.where(onset == 28, -3.0, UNHEARD)
    assert 28.0 in segment(hint, onset, BARS)


def test_silence_is_one_phrase() -> None:
    assert segment(np.empty(0), np.empty(0), BARS).tolist() == [0.0, 64.0]


def test_a_note_far_beyond_the_longest_phrase_is_reached() -> None:
    onset, bars = np.array([0.0, 1.0, 400.0, 401.0]), np.arange(0.0, 405.0, 4.0)
    assert segment(np.zeros(4), onset, bars).tolist() == [0.0, 400.0, 404.0]
