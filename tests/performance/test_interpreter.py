from typing import Any

import msgspec
import numpy as np
import pytest

from engines.error import WeightsError
from engines.features import Features
from engines.performance.interpreter import (
    PARAMETERS,
    STYLES,
    UNITS,
    WINDOW,
    Interpreter,
    interpret,
    log_odds,
    said,
)
from engines.performance.traces import Traces
from engines.performance.view import MARKS
from tests.clips import stiff_clip
from tests.performance.fake_network import FakeNetwork, Said


def rising(beats: np.ndarray) -> np.ndarray:
    return np.tile(beats[:, None] / 100.0, (1, PARAMETERS))


def test_means_come_back_in_their_units_and_in_the_clip_s_rows() -> None:
    clip = stiff_clip(9)
    shuffled = clip.replace(notes=clip.notes.take(np.array([4, 8, 0, 2, 6, 1, 3, 5, 7])))
    found = interpret(Features(shuffled), FakeNetwork(rising))
    for mean, unit in zip(found.mixture.mean(), UNITS, strict=True):
        assert mean == pytest.approx(unit * shuffled.notes.onset / 100.0)


def test_odds_become_probabilities_by_onset() -> None:
    network = FakeNetwork(lambda beats: np.full((len(beats), PARAMETERS), np.log(3.0)))
    found = interpret(Features(stiff_clip(4)), network)
    # odds of 3 to 1
    assert found.down == pytest.approx(0.75)
    assert found.press == pytest.approx(0.75)


def test_the_notes_of_a_loose_chord_are_read_as_one_onset() -> None:
    clip = stiff_clip(9)
    pitch, onset = 60 + 4 * np.tile(np.arange(3), 3), np.repeat(np.arange(3.0), 3)
    late = 0.004 * np.tile(np.arange(3), 3)  # a millisecond or two: a hand's, not a player's will
    found = [
        interpret(
            Features(clip.replace(notes=clip.notes.replace(pitch=pitch, onset=onset + apart))),
            FakeNetwork(rising),
        )
        for apart in (0.0, late)
    ]
    assert (found[0].of("velocity").mean() == found[1].of("velocity").mean()).all()


@pytest.mark.parametrize("notes", [1, 511, 512, 513, 1000, 2000])
def test_windows_leave_no_seam(notes: int) -> None:
    network = FakeNetwork(rising)
    clip = stiff_clip(notes)
    found = interpret(Features(clip), network)
    assert found.of("stretch").mean() == pytest.approx(clip.notes.onset / 100.0)
    assert max(network.windows) == min(notes, WINDOW)


def test_the_cost_is_linear_in_the_notes() -> None:
    looked = []
    for notes in (4000, 8000):
        network = FakeNetwork()
        interpret(Features(stiff_clip(notes)), network)
        looked.append(sum(network.windows))
    assert looked[1] == pytest.approx(2 * looked[0], rel=0.1)


def test_a_role_says_its_style_and_no_marks() -> None:
    features = Features(stiff_clip(3, role="strings"))
    table = said(features, None, "strings")
    assert table[:, : MARKS + 2].sum() == 0
    assert table[:, MARKS + 2 + STYLES.index("strings")].tolist() == [1, 1, 1]


def test_a_clip_is_interpreted_once() -> None:
    network = FakeNetwork()
    interpreter, features = Interpreter(network), Features(stiff_clip(5))
    network.windows.clear()
    assert features.once(interpreter) is features.once(interpreter)
    assert network.windows == [5]


def test_an_onset_s_pedal_is_what_its_notes_say_on_average() -> None:
    chord = stiff_clip(4)
    chord = chord.replace(notes=chord.notes.replace(onset=np.array([0.0, 0.0, 0.0, 1.0])))
    odds = iter([0.0, 0.0, 3.0, 1.0])
    network = FakeNetwork(lambda beats: np.tile([[next(odds)] for _ in beats], (1, PARAMETERS)))
    down = interpret(Features(chord), network).down
    # log odds of 1 each; not those of the note that comes last
    assert down == pytest.approx(1 / (1 + np.exp(-1.0)))


def test_the_card_says_what_players_did() -> None:
    steps = np.repeat(np.array([[32], [-32], [-64], [64]], dtype=np.int8), 4, axis=1)
    told = Traces(score=steps.tobytes(), size=bytes([1] * 4), interval=bytes(4), onsets=(2, 2))
    noisy = Interpreter(FakeNetwork(traces=msgspec.to_builtins(told)))
    features, rng = Features(stiff_clip(1)), np.random.default_rng(0)
    drawn = {float(noisy.noise(features, rng)[0, 0]) for _ in range(20)}
    # steps of 1/32; a note alone comes from where either donor begins
    assert drawn == {1.0, -2.0}


def test_without_traces_noise_is_each_note_s_own() -> None:
    noise = Interpreter(FakeNetwork()).noise(Features(stiff_clip(4000)), np.random.default_rng(0))
    assert noise.std(axis=0) == pytest.approx(1.0, abs=0.05)
    assert np.corrcoef(noise.T) == pytest.approx(np.eye(4), abs=0.05)


def test_the_card_says_how_much_more_often_the_pedal_is_pressed() -> None:
    network = FakeNetwork(press=float(np.log(3.0)))
    # odds of 1 to 1, made 3 to 1
    assert Interpreter(network)(Features(stiff_clip(4))).press == pytest.approx(0.75)


def test_the_card_s_spread_widens_the_distributions() -> None:
    features, share = Features(stiff_clip(5)), np.full(5, 0.9)
    plain, wide = (
        Interpreter(FakeNetwork(spread={"velocity": factor}))(features) for factor in (1.0, 1.5)
    )
    assert wide.of("velocity").quantile(share) == pytest.approx(
        1.5 * plain.of("velocity").quantile(share)
    )
    assert wide.of("stretch").scale == pytest.approx(plain.of("stretch").scale)


@pytest.mark.parametrize(
    "card",
    [
        {"spread": {"velocity": None}},
        {"spread": {"velocity": "wide"}},
        {"spread": {"velocity": -1.0}},
        {"spread": {"velocity": float("nan")}},
        {"spread": {"loudness": 1.0}},
        {"press": "often"},
        {"press": float("inf")},
        {"traces": [1]},
        {"traces": {"score": "AAAA", "size": "AQ==", "interval": "AA=="}},
        {"traces": {"score": "?", "size": "AQ==", "interval": "AA==", "onsets": [1]}},
        {"traces": {"score": "AAAA", "size": "AQ==", "interval": "AA==", "onsets": [1]}},
    ],
)
def test_a_card_that_makes_no_sense_is_refused(card: dict[str, Any]) -> None:
    with pytest.raises(WeightsError, match=r"fake.onnx has a card that cannot be read: .*allowed"):
        Interpreter(FakeNetwork(**card))


def test_a_card_may_say_more() -> None:
    Interpreter(FakeNetwork(mood="calm"))


@pytest.mark.parametrize(
    "says", [lambda beats: np.zeros((len(beats), 3)), lambda beats: rising(beats) * np.nan]
)
def test_a_network_that_says_something_else_is_refused(says: Said) -> None:
    with pytest.raises(WeightsError, match=r"allowed are \(6,\) and \(4, any, 3\)"):
        Interpreter(FakeNetwork(says))


def test_even_chances_have_no_log_odds_and_certain_ones_not_endless_ones() -> None:
    found = log_odds(np.array([0.0, 0.5, 0.75, 1.0]))
    assert np.isfinite(found).all()
    # 3 to 1
    assert found[1:3].tolist() == pytest.approx([0.0, np.log(3.0)])
    assert found[3] == pytest.approx(-found[0])
