"""How far players stray from what a network expects."""

from pathlib import Path

import numpy as np
import pytest

from engines.error import EngineError
from engines.performance.interpreter import SAMPLED, Interpreter
from engines.training.calibration import NARROWEST, WIDEST, calibrate
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
    # normal scores of logistics are no straight line, but nearly
    assert narrow == pytest.approx(2.0 * wide, rel=0.1)


@pytest.mark.parametrize(("scale", "bound"), [(1e-3, WIDEST), (1e3, NARROWEST)])
def test_no_player_is_widened_or_narrowed_beyond_bounds(
    data: Path, scale: float, bound: float
) -> None:
    assert spread(data, scale)["velocity"] == bound


def test_what_is_found_is_what_a_card_says(data: Path) -> None:
    found = calibrate(FakeNetwork(), "default", data)
    assert set(found["spread"]) == set(found["memory"]) == set(SAMPLED)
    assert (
        Interpreter(FakeNetwork(**found)).memory["velocity"]._asdict()
        == (found["memory"]["velocity"])
    )


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
    assert set(found["spread"]) == set(found["memory"]) == set(SAMPLED) - {"asynchrony"}


def test_a_pack_without_recordings_to_judge_on_is_named(tmp_path: Path) -> None:
    (tmp_path / "vienna4x22").mkdir()
    write_pack(tmp_path / "vienna4x22", pieces=0, people=1, learned=1)
    with pytest.raises(EngineError, match="vienna4x22 has 0 recordings of the split test"):
        calibrate(FakeNetwork(), "default", tmp_path)
