"""The figures of the live hand's model card, from the file that holds them."""

from typing import Any

import msgspec
import pytest

from engines.touch.hearing import COLUMNS
from engines.touch.network import LATENESS, VELOCITY
from engines.touch.weights import SHIPPED
from engines.training.live.evaluation import Figures
from tests.training.scripts import DOCS, script_of


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return script_of("make_live_card.py")


@pytest.fixture(scope="module")
def written() -> str:
    return (DOCS / "models" / "live.md").read_text(encoding="utf-8")


def test_the_card_says_what_was_measured(script: dict[str, Any], written: str) -> None:
    assert written == script["card"](written), "run: python docs/make_live_card.py"


def test_the_card_knows_the_hand_that_comes_with_the_program(written: str) -> None:
    assert f"{len(COLUMNS)} columns" in written
    assert f"{len(VELOCITY) - 1} bins of velocity" in written
    assert f"of {len(LATENESS) - 1} bins of lateness" in written
    assert f"layer of {SHIPPED.lend().width}" in written


def test_the_hand_beats_what_needs_no_learning() -> None:
    found = msgspec.json.decode((DOCS / "models" / "live.json").read_bytes(), type=list[Figures])
    for one in found:
        trivial = min(one.nats["jitter"].value, one.nats["histogram"].value)
        assert one.nats["stiff, pulse"].value < trivial, f"{one.pack}, {one.what}"
