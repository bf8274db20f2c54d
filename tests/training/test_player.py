"""From packs to a file of weights, by the command."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bridge.command.main import cli
from engines.features import Features
from engines.performance.interpreter import Interpreter
from engines.performance.network import Network
from engines.training.recording import read_pack
from engines.training.shelf import keep, take
from tests.training import drill
from tests.training.packs import write_pack


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "vienna4x22").mkdir()
    write_pack(folder / "vienna4x22", pieces=2, people=2, learned=1)
    return folder


def test_the_command_trains_a_player_that_plays(data: Path, tmp_path: Path) -> None:
    arguments = "train performance --weights default --pack vienna4x22 --steps 2 --workers 1"
    ended = CliRunner().invoke(
        cli, [*arguments.split(), "--data", str(data), "--out", str(tmp_path)]
    )
    assert ended.exit_code == 0, ended.output
    network = Network(tmp_path / "default.onnx")
    recording = next(read_pack(data / "vienna4x22"))
    played = Interpreter(network)(Features(recording.clip))
    assert np.isfinite(played.velocity.mean()).all()
    assert set(network.card) >= {"packs", "steps", "seed", "spread", "memory"}


def test_lessons_on_the_shelf_are_those_that_were_read(data: Path, tmp_path: Path) -> None:
    lessons = drill.lessons(data / "vienna4x22")
    keep(lessons, tmp_path / "shelf" / "pack.npz")
    kept = take(tmp_path / "shelf" / "pack.npz")
    assert kept is not None
    for one, other in zip(lessons, kept, strict=True):
        assert one.piece == other.piece
        assert all(np.array_equal(a, b) for a, b in zip(one[1:], other[1:], strict=True))
