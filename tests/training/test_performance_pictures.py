"""The pictures of people and machines, drawn by the command from a small pack."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from tests.training.packs import write_pack
from tests.training.scripts import DOCS, script_of


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return script_of("make_performance_pictures.py")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("pack"), pieces=2, people=2, learned=1)


@pytest.fixture
def shown(script: dict[str, Any], pack: Path) -> list[Any]:
    case = script["people"](pack, "Lot/piece0")
    rows: list[Any] = script["rows"](case, script["Constant"](), seed=1)
    return rows


def run(script: dict[str, Any], *arguments: str) -> Result:
    return CliRunner().invoke(script["main"], ["--weights", "default", *arguments])


def test_the_command_draws_each_excerpt(script: dict[str, Any], pack: Path, tmp_path: Path) -> None:
    excerpts = ["--excerpt", "Lot/piece0:1-12", "--excerpt", "Lot/piece1:3-4"]
    answer = run(script, "--data", str(pack), "--output", str(tmp_path), *excerpts)
    assert answer.exit_code == 0, answer.output
    drawn = sorted(tmp_path.iterdir())
    assert [path.name for path in drawn] == [
        "performance-lot-piece0.png",
        "performance-lot-piece1.png",
    ]
    # the width stands in the header after the signature, a length and a name
    assert {struct.unpack(">I", path.read_bytes()[16:20]) for path in drawn} == {(1600,)}


def test_everybody_has_a_row(script: dict[str, Any], shown: list[Any]) -> None:
    svg = script["draw"](shown, (1, 4), title="A piece", foot="A source")
    names = ("Pianist A", "Pianist B", "seed 1", "seed 2", "Rules", "DAW jitter", "The score")
    assert all(words in svg for words in (*names, "A piece", "A source"))


def test_who_plays_without_pedal_is_said_to(script: dict[str, Any], shown: list[Any]) -> None:
    svg = script["draw"](shown, (1, 4), title="", foot="")
    # jitter, the score, and the two rows that play as written
    assert svg.count("no pedal") == 4


def test_pedal_bars_lie_where_the_foot_was_down(script: dict[str, Any], shown: list[Any]) -> None:
    presses = script["draw"].__globals__["presses"](shown[0])
    # the pack's people press 0.3 s after every fourth beat, whose period is 0.5 s give or take 0.1,
    # and lift 0.1 s after the next fourth one
    down, up = presses.reshape(-1, 2).T
    assert np.abs(down % 4 - 0.6).max() < 0.25
    assert np.abs(up[:-1] % 4 - 0.2).max() < 0.2


@pytest.mark.parametrize(
    ("excerpt", "fault"),
    [
        ("Lot/piece0", "excerpt is 'Lot/piece0', allowed is such as Chopin"),
        ("Lot/piece0:1-99", "bars are 1-99, allowed are 1 to 12"),
        ("Lot/piece9:1-2", "no held-out recording with pedal of the piece 'Lot/piece9'"),
        ("Lot/piece2:1-2", "no held-out recording with pedal of the piece 'Lot/piece2'"),
    ],
)
def test_an_excerpt_that_cannot_be_drawn_is_one_sentence(
    script: dict[str, Any], pack: Path, tmp_path: Path, excerpt: str, fault: str
) -> None:
    answer = run(script, "--data", str(pack), "--output", str(tmp_path), "--excerpt", excerpt)
    assert answer.exit_code == 1
    assert fault in answer.output


def test_weights_that_are_not_there_are_named(script: dict[str, Any], pack: Path) -> None:
    answer = CliRunner().invoke(script["main"], ["--data", str(pack), "--weights", "no.onnx"])
    assert answer.exit_code == 1
    assert "no.onnx is not there" in answer.output


def test_the_page_shows_every_picture(script: dict[str, Any]) -> None:
    page = (DOCS / "models" / "pictures.md").read_text(encoding="utf-8")
    for piece in script["TITLES"]:
        name = script["picture_name"](piece)
        assert f"(../pictures/{name})" in page
        assert (DOCS / "pictures" / name).is_file()
