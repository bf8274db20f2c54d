"""How far players stray from what a network expects."""

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from engines.error import EngineError
from engines.features import Features
from engines.performance.interpreter import SAMPLED, Interpreter
from engines.performance.traces import FARTHEST, UNIT, UNKNOWN, Trace, Traces
from engines.training.calibration import NARROWEST, WIDEST, calibrate, excerpt
from engines.training.lesson import lesson
from engines.training.recording import Recording, read_pack
from tests.clips import stiff_clip
from tests.performance.fake_network import FakeNetwork
from tests.training.packs import Arrays, performance, row, score, write_pack, write_rows


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "vienna4x22").mkdir()
    write_pack(folder / "vienna4x22", pieces=2, people=2, learned=1)
    return folder


def spread(data: Path, scale: float) -> dict[str, float]:
    found: dict[str, float] = calibrate(FakeNetwork(scale=scale), "default", data)["spread"]
    return found


def test_a_player_is_widened_by_as_much_as_it_is_too_sure(data: Path) -> None:
    wide, narrow = spread(data, 0.8)["velocity"], spread(data, 0.4)["velocity"]
    assert NARROWEST < wide < narrow < WIDEST
    assert narrow == pytest.approx(2.0 * wide, rel=0.01)


@pytest.mark.parametrize(("scale", "bound"), [(1e-3, WIDEST), (1e3, NARROWEST)])
def test_no_player_is_widened_or_narrowed_beyond_bounds(
    data: Path, scale: float, bound: float
) -> None:
    assert spread(data, scale)["velocity"] == bound


def bank(found: dict[str, Any]) -> Traces:
    return msgspec.convert(found["traces"], Traces)


def scores(found: dict[str, Any]) -> np.ndarray:
    """Return what a card keeps of the players, (M, 4), NaN where nothing is known."""
    steps = np.frombuffer(bank(found).score, np.int8).reshape(-1, 4)
    return np.where(steps == UNKNOWN, np.nan, UNIT * steps)


def test_what_is_found_is_what_a_card_says(data: Path) -> None:
    found = json.loads(json.dumps(calibrate(FakeNetwork(), "default", data)))
    assert set(found["spread"]) == set(SAMPLED)
    features = Features(stiff_clip(40))
    noise = Interpreter(FakeNetwork(**found)).noise(features, np.random.default_rng(0))
    assert np.isfinite(noise).all()


def test_players_are_kept_as_noise_of_variance_one(data: Path) -> None:
    found = scores(calibrate(FakeNetwork(scale=0.5), "default", data))
    # kept in steps of 1/32, and no farther out than 3.2
    assert np.nanmean(found, axis=0) == pytest.approx(0.0, abs=0.02)
    assert np.nanstd(found, axis=0) == pytest.approx(1.0, abs=0.03)
    assert np.nanmax(np.abs(found)) <= FARTHEST


def test_the_last_onset_and_asynchrony_of_notes_alone_are_not_known(data: Path) -> None:
    found = calibrate(FakeNetwork(), "default", data)
    # a melody of 48 quarters, three pieces played by two people
    assert bank(found).onsets == (47,) * 6
    known = ~np.isnan(scores(found))
    size = np.frombuffer(bank(found).size, np.uint8).astype(int)
    assert known[:, [0, 1, 3]].all()
    assert np.array_equal(known[:, 2], np.repeat(size > 1, size))


def test_louder_players_have_higher_scores(data: Path) -> None:
    heard = [one.played.velocity for one in read_pack(data / "vienna4x22")]
    first, found = heard[0], scores(calibrate(FakeNetwork(), "default", data))[:, 0]
    last = len(first) - 1  # the last onset is one of the melody
    assert np.corrcoef(found[:last], first[:last])[0, 1] > 0.9


def test_what_was_expected_unheard_is_left_out(data: Path) -> None:
    def knows(recording: Recording) -> np.ndarray:
        taught = lesson(recording)
        back = np.argsort(Features(recording.clip).order)
        return np.asarray(taught.target[back, :4])

    found = calibrate(FakeNetwork(), "default", data, unheard=knows)
    # who did all that was expected strays by nothing
    assert set(found["spread"].values()) == {NARROWEST}
    assert np.nanstd(scores(found)[:, 0]) < 0.1


def test_the_pedal_is_pressed_as_often_as_players_do(data: Path) -> None:
    often = FakeNetwork(lambda beats: np.full((len(beats), 6), 0.5))
    press = calibrate(often, "default", data)["press"]
    # written_pack's pedal moves at each bar of 48 beats but the last: on 11 or 12 of 48 onsets
    odds = 0.5 + press
    assert 11 / 48 - 0.01 < 1 / (1 + np.exp(-odds)) < 12 / 48 + 0.01


def test_a_card_has_room_for_so_many_notes_from_all_over() -> None:
    size = np.array([2, 1, 3, 1, 1, 2])
    trace = Trace(np.arange(10.0)[:, None] * np.ones(4), size, np.zeros(6))
    taken = [excerpt(trace, 4, place) for place in (0.0, 0.5, 0.99)]
    # 2 + 1 notes, as 3 more are too many; 3 + 1; 1 + 1 + 2
    assert [one.size.tolist() for one in taken] == [[2, 1], [3, 1], [1, 1, 2]]
    assert [one.score[0, 0] for one in taken] == [0.0, 3.0, 6.0]


def test_the_same_recordings_say_the_same(data: Path) -> None:
    first, again = (calibrate(FakeNetwork(), "default", data) for _ in range(2))
    assert first == again


def melody(written: Arrays) -> Arrays:
    """Return the notes of a score that are alone at their onset."""
    _, place, count = np.unique(written["score_on"], return_inverse=True, return_counts=True)
    alone = count[place] == 1
    return {k: v[alone] if len(v) == len(alone) else v for k, v in written.items()}


def test_without_chords_nothing_is_said_of_asynchrony(tmp_path: Path) -> None:
    pack = tmp_path / "vienna4x22"
    pack.mkdir()
    facts = row("piece", "person")
    np.savez(pack / facts["file"], **performance(melody(score(1)), 1))  # type: ignore[arg-type]
    write_rows(pack, [facts])
    found = calibrate(FakeNetwork(), "default", tmp_path)
    assert set(found["spread"]) == set(SAMPLED) - {"asynchrony"}
    assert np.isnan(scores(found)[:, 2]).all()


def test_a_pack_without_recordings_to_judge_on_is_named(tmp_path: Path) -> None:
    (tmp_path / "asap_notes").mkdir()
    write_pack(tmp_path / "asap_notes", pieces=1, people=1, learned=1)
    with pytest.raises(EngineError, match="asap_notes has 0 recordings of the split valid"):
        calibrate(FakeNetwork(), "research", tmp_path)
