"""From packs to a file of weights, by the command."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from bridge.command.main import cli
from engines.error import EngineError
from engines.features import Features
from engines.models.performer import READERS
from engines.performance.interpreter import Interpreter
from engines.performance.network import Network
from engines.training.player import Order, train_player
from engines.training.recording import read_pack
from tests.training.packs import write_pack


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "vienna4x22").mkdir()
    write_pack(folder / "vienna4x22", pieces=2, people=2, learned=1)
    return folder


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the command has left what it trained."""
    out = tmp_path_factory.mktemp("out")
    arguments = "train performance --weights default --pack vienna4x22 --steps 2 --workers 1"
    ended = CliRunner().invoke(cli, [*arguments.split(), "--data", str(data), "--out", str(out)])
    assert ended.exit_code == 0, ended.output
    return out


def refused(order: Order) -> str:
    """Return in which sentence an order is refused, before anything is read."""
    said: list[str] = []
    with pytest.raises(EngineError) as error:
        train_player(order, lambda what, _share: said.append(what))
    assert not said
    return str(error.value)


def test_the_command_trains_a_player_that_plays(data: Path, trained: Path) -> None:
    network = Network(trained / "default.onnx")
    recording = next(read_pack(data / "vienna4x22"))
    played = Interpreter(network)(Features(recording.clip))
    assert np.isfinite(played.mixture.mean()).all()
    assert set(network.card) >= {"packs", "steps", "seed", "spread", "traces", "press"}
    assert network.card["packs"] == {"vienna4x22": {"share": 0.25, "notes": 6 * 96}}


def test_each_reader_draws_by_a_seed_of_its_own(trained: Path) -> None:
    states = [torch.load(trained / "default" / f"{name}.pt") for name in READERS]
    plans = [json.loads(state["plan"]) for state in states]
    assert [(plan[0], plan[3]) for plan in plans] == [("recurrent", 0), ("wide", 1)]


def test_the_draft_of_a_run_that_was_killed_at_once_is_no_run(data: Path, tmp_path: Path) -> None:
    studio = tmp_path / "default"
    studio.mkdir()
    (studio / ".recurrent.0a1b2c3d.pt").write_bytes(b"half")
    (studio / "order.json").write_text("another")
    order = Order("default", data, tmp_path, steps=2, packs=("vienna4x22",), workers=1)
    train_player(order, lambda _what, _share: None)
    assert (tmp_path / "default.onnx").is_file()


def test_the_same_order_gives_the_same_bytes(data: Path, trained: Path, tmp_path: Path) -> None:
    order = Order("default", data, tmp_path, steps=2, packs=("vienna4x22",), workers=1)
    again = train_player(order, lambda _what, _share: None)
    assert again.read_bytes() == (trained / "default.onnx").read_bytes()


def test_a_run_does_not_go_on_with_other_lessons(data: Path, trained: Path) -> None:
    order = Order("default", data, trained, steps=2, packs=("vienna4x22",), limit=1, workers=1)
    assert "allowed is the same order or another folder" in refused(order)


def test_a_pack_of_another_recipe_is_refused(data: Path, tmp_path: Path) -> None:
    order = Order("default", data, tmp_path, packs=("asap_notes",))
    assert refused(order).startswith("packs has asap_notes, allowed are vienna4x22, ")


def test_a_pack_that_is_needed_at_the_end_is_missed_at_once(data: Path, tmp_path: Path) -> None:
    order = Order("research", data, tmp_path, packs=("vienna4x22",))
    assert "holds no pack asap_notes" in refused(order)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there_is_refused(data: Path, tmp_path: Path) -> None:
    assert refused(Order("default", data, tmp_path, device="cuda")).startswith("device is cuda")


def test_a_pack_without_lessons_is_named(tmp_path: Path) -> None:
    (tmp_path / "vienna4x22").mkdir()
    write_pack(tmp_path / "vienna4x22", pieces=0, people=0, learned=0)
    order = Order("default", tmp_path, tmp_path, packs=("vienna4x22",), workers=1)
    with pytest.raises(EngineError, match="vienna4x22 has 0 lessons to learn from"):
        train_player(order, lambda _what, _share: None)
