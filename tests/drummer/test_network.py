"""A drummer's file of weights, and what is wrong with some."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from engines.drummer.network import FORMAT, Card, Network
from engines.drummer.page import COLUMNS, MOMENTS
from engines.error import MissingWeightsError, WeightsError
from engines.kit import VOICES
from engines.performance.weights import DRUMS, FOLDER

SHIPPED = FOLDER / f"{DRUMS}.onnx"


def changed(folder: Path, **told: Any) -> Path:
    """Return the shipped drummer with something else on its card; None takes it off."""
    model = onnx.load(str(SHIPPED))
    card = {entry.key: json.loads(entry.value) for entry in model.metadata_props}
    card = {name: value for name, value in {**card, **told}.items() if value is not None}
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, {name: json.dumps(value) for name, value in card.items()})
    path = folder / "drums.onnx"
    path.write_bytes(model.SerializeToString())
    return path


def refusal(path: Path) -> str:
    with pytest.raises(WeightsError) as error:
        Network(path)
    assert str(path) in str(error.value)
    return str(error.value)


def test_the_shipped_drummer_says_shares_of_its_bins() -> None:
    network = Network(SHIPPED)
    said = np.zeros((3, len(COLUMNS)), dtype=np.float32)
    around = np.zeros((3, MOMENTS * len(VOICES)), dtype=np.float32)
    velocity, late = network.run(said, around, np.arange(3.0))
    assert velocity.shape == (3, len(network.card.velocity_edge) - 1)
    assert late.shape == (3, len(network.card.late_edge) - 1)
    for shares in (velocity, late):
        assert shares.min() >= 0
        assert shares.sum(axis=1) == pytest.approx(1.0, abs=1e-4)


def test_the_shipped_drummer_knows_what_goes_together() -> None:
    shares = Network(SHIPPED).card.shares
    assert set(shares) == {"velocity", "late"}
    assert all(sum(share.parts) > 0 for share in shares.values())


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingWeightsError, match=r"drums.onnx is not there, allowed is a file of"):
        Network(tmp_path / "drums.onnx")


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:100_000], lambda _: b"MThd", lambda _: b""]
)
def test_a_damaged_file_is_refused_in_a_sentence(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "drums.onnx"
    path.write_bytes(damage(SHIPPED.read_bytes()))
    assert "cannot be read as ONNX: " in refusal(path)


def test_a_player_of_the_piano_is_no_drummer() -> None:
    assert "has a card that cannot be read: " in refusal(FOLDER / "default.onnx")


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, format="yuragi-drummer-0")
    assert f"holds yuragi-drummer-0 of {len(COLUMNS)} columns, allowed is {FORMAT}" in refusal(path)


def test_a_file_of_other_columns_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, columns=["voice kick"])
    assert f"of 1 columns, allowed is {FORMAT} with this version's {len(COLUMNS)}" in refusal(path)


@pytest.mark.parametrize(
    "told",
    [
        {"format": None},
        {"columns": 7},
        {"velocity_edge": [0.0]},
        {"velocity_edge": [0.0, 5.0, 5.0]},
        {"late_edge": "wide"},
        {"shares": {"late": {"clock": 2.0}}},
        {"shares": {"late": {"clock": float("nan")}}},
    ],
)
def test_a_card_that_makes_no_sense_is_refused(tmp_path: Path, told: dict[str, Any]) -> None:
    assert "has a card that cannot be read: " in refusal(changed(tmp_path, **told))


def test_bins_that_are_not_those_of_the_card_are_refused(tmp_path: Path) -> None:
    found = refusal(changed(tmp_path, late_edge=[-10.0, 0.0, 10.0]))
    assert "bins, allowed are its card's, " in found
    assert found.endswith("'late': 2}")


def test_a_card_may_say_more(tmp_path: Path) -> None:
    Network(changed(tmp_path, mood="calm"))


def test_what_cannot_be_run_is_an_error_in_a_sentence() -> None:
    narrow = np.zeros((3, 5), dtype=np.float32)
    with pytest.raises(WeightsError, match=r"drums.onnx cannot be run: "):
        Network(SHIPPED).run(narrow, narrow, np.arange(3.0))


def test_edges_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="allowed are rising ones"):
        Card(FORMAT, COLUMNS, (0.0, 1.0), (1.0, 0.0))
