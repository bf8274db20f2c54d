"""A player that is written down says what it said before."""

from pathlib import Path

import pytest
import torch

from engines.error import WeightsError
from engines.models.performer import READERS, Performer
from engines.performance.network import FORMAT, Network
from engines.training.export import compare, describe, export
from tests.training import drill


def player(seed: int) -> Performer:
    """Return a small player of both readers with weights drawn by lot."""
    torch.manual_seed(seed)
    shape = drill.small().shape
    readers = [read(shape) for read in READERS.values()]
    for reader in readers:
        reader.entry.edges.copy_(torch.linspace(-1.0, 1.0, shape.bins + 1))
    return Performer(readers)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "player.onnx"
    export(player(1), path, {"seed": 1})
    return path


def test_the_file_says_what_its_player_says(exported: Path) -> None:
    compare(player(1).eval(), exported)
    card = Network(exported).card
    assert (card["format"], card["seed"]) == (FORMAT, 1)


def test_a_file_of_another_player_is_refused(exported: Path) -> None:
    with pytest.raises(WeightsError, match=r"player.onnx differs by .*, allowed are 0.001 at most"):
        compare(player(2).eval(), exported)


def test_a_player_that_says_nothing_finite_is_refused(tmp_path: Path) -> None:
    broken = player(1)
    with torch.no_grad():
        next(broken.parameters()).fill_(torch.nan)
    with pytest.raises(WeightsError, match="differs by nan"):
        export(broken, tmp_path / "broken.onnx", {})


def test_one_player_is_written_in_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    export(player(1), tmp_path / "again.onnx", {"seed": 1})
    assert (tmp_path / "again.onnx").read_bytes() == exported.read_bytes()


def test_what_is_described_anew_plays_as_before(exported: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.onnx"
    copy.write_bytes(exported.read_bytes())
    describe(copy, {**Network(copy).card, "spread": {"velocity": 1.5}})
    compare(player(1).eval(), copy)
    assert Network(copy).card["spread"] == {"velocity": 1.5}
    assert list(tmp_path.iterdir()) == [copy]
