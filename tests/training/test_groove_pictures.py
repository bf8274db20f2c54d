"""The pictures of a drummer and machines, drawn by the command from a small folder."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines.error import EngineError
from engines.training.drums.evaluation.systems.even import Quantised
from engines.training.drums.evaluation.window import Case, cut, reduced
from engines.training.groove_midi import read_takes
from tests.training.scripts import script_of
from tests.training.takes import write_takes


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return script_of("make_groove_pictures.py")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_takes(tmp_path_factory.mktemp("takes"), bars=6)


@pytest.fixture(scope="module")
def case(pack: Path) -> Case:
    return cut(reduced(read_takes(pack)[3]), 2, 4)


def test_everybody_has_a_row(script: dict[str, Any], pack: Path, case: Case) -> None:
    lessons = script["lessons"](read_takes(pack))
    shown = script["rows"](case, Quantised(), lessons, seed=5)
    svg = script["draw"](case, shown, title="A beat", foot="A source")
    names = ("The drummer", "seed 5", "seed 6", "Rules", "DAW jitter", "The page")
    assert all(words in svg for words in (*names, "A beat", "A source"))


def test_bars_are_numbered_as_in_the_take(script: dict[str, Any], pack: Path, case: Case) -> None:
    shown = script["rows"](case, Quantised(), script["lessons"](read_takes(pack)), seed=1)
    svg = script["draw"](case, shown, title="A beat", foot="A source")
    assert [svg.count(f">{bar}</text>") for bar in range(1, 8)] == [0, 0, 2, 2, 2, 2, 0]


def test_every_hit_is_drawn_twice_for_each_row(script: dict[str, Any], case: Case) -> None:
    row = script["Row"]("The drummer", "drummer1", case.played)
    svg = script["draw"](case, [row], title="A beat", foot="A source")
    key = 4
    assert svg.count("h0") == 2 * len(case.given.step) + key


def test_hits_far_from_the_grid_stand_at_the_end_of_the_scale(
    script: dict[str, Any], case: Case
) -> None:
    far = case.played._replace(offset_ms=np.full(len(case.given.step), 500.0))
    svg = script["draw"](case, [script["Row"]("", "", far)], title="", foot="")
    assert svg.count(" 0.00h0") == len(case.given.step)


def test_a_picture_is_a_file_of_its_take(
    script: dict[str, Any], pack: Path, case: Case, tmp_path: Path
) -> None:
    lessons = script["lessons"](read_takes(pack))
    shown = script["rows"](case, Quantised(), lessons, seed=1)
    path = tmp_path / script["picture_name"]("drummer1/take_1")
    assert path.name == "groove-drummer1-take-1.png"
    svg = script["draw"](case, shown, title="A beat", foot="A source")
    path.write_bytes(script["png"](svg, 400))
    # the width stands in the header after the signature, a length and a name
    assert struct.unpack(">I", path.read_bytes()[16:20]) == (400,)


def test_an_excerpt_that_cannot_be_drawn_is_named(script: dict[str, Any], pack: Path) -> None:
    with pytest.raises(EngineError, match=r"excerpt is 'rock', allowed is such as drummer7"):
        script["_excerpt"]("rock")
    with pytest.raises(EngineError, match=r"no take 'rock', allowed are such as 'take0'"):
        script["_take"](read_takes(pack), "rock")
    with pytest.raises(EngineError, match=r"bars are 5-9, allowed are 1 to 6"):
        script["_bars"](read_takes(pack)[0], script["_excerpt"]("take0:5-9"))
