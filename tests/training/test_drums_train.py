"""From takes to a drummer's file of weights."""

import json
from pathlib import Path

import numpy as np
import pytest

from engines.drummer.drummer import Drummer as Asked
from engines.drummer.network import Network
from engines.drummer.page import Telling, around, said
from engines.error import EngineError
from engines.features import Features
from engines.models.drummer import Drummer
from engines.training.apprentice import Apprentice, Loss, Plan
from engines.training.drums.lesson import page_lesson
from engines.training.drums.school import Example, School, judge
from engines.training.drums.train import Order, train_drummer
from tests.drummer.beat import rock
from tests.training.takes import beat, row, take_of, write_midi, write_rows
from tests.training.test_drums_school import SMALL


def write_data(folder: Path, **changes: str) -> Path:
    """Write takes of two drummers to learn from, and one to measure with."""
    rows = []
    for number, split in enumerate(("train", "train", "validation")):
        write_midi(folder / f"take{number}.mid", beat(13, number))
        row_of = {"split": split, "drummer": f"drummer{number % 2 + 1}", **changes}
        rows.append(row(f"take{number}", **row_of))
    write_rows(folder, rows)
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


def order(data: Path, folder: Path, steps: int = 2) -> Order:
    return Order(data, folder, steps=steps, shape=SMALL)


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_drummer(order(data, tmp_path_factory.mktemp("out")), lambda _what, _share: None)


def refusal(asked: Order) -> str:
    """Return in which sentence an order is refused, before any step."""
    said: list[str] = []
    with pytest.raises(EngineError) as error:
        train_drummer(asked, lambda what, _share: said.append(what))
    assert not [what for what in said if what.startswith("velocity")]
    return str(error.value)


def test_a_drummer_is_trained_that_plays(trained: Path) -> None:
    network = Network(trained)
    found = Asked(network, Telling())(Features(rock(4)))
    assert np.isfinite(found.velocity.mean()).all()
    assert set(network.card.shares) == {"velocity", "late"}


def test_the_curve_has_a_line_a_step(trained: Path) -> None:
    lines = (trained.parent / "drummer.jsonl").read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    assert [line["step"] for line in told] == [1, 2]
    assert all(len(line["losses"]) == 2 for line in told)


def test_the_same_order_gives_the_same_bytes(data: Path, trained: Path, tmp_path: Path) -> None:
    again = train_drummer(order(data, tmp_path), lambda _what, _share: None)
    assert again.read_bytes() == trained.read_bytes()


def test_what_is_being_done_is_told(data: Path, tmp_path: Path) -> None:
    said: list[tuple[str, float]] = []
    train_drummer(order(data, tmp_path), lambda *told: said.append(told))
    whats = [what.split()[0] for what, _ in said]
    assert list(dict.fromkeys(whats)) == ["reading", "velocity", "calibrating"]
    assert all(0 <= share <= 1 for _, share in said)


def test_a_run_of_another_order_is_refused(data: Path, trained: Path) -> None:
    found = refusal(order(data, trained.parent, steps=3))
    assert "allowed is the same plan" in found
    without = order(data, trained.parent)._replace(without=("drummer2",))
    assert "allowed is the same plan" in refusal(without)


def test_takes_of_some_drummers_can_be_left_out(data: Path, tmp_path: Path) -> None:
    alone = order(data, tmp_path)._replace(without=("drummer2",))
    train_drummer(alone, lambda _what, _share: None)
    assert (tmp_path / "drums.onnx").is_file()
    nobody = alone._replace(without=("drummer1", "drummer2"))
    assert "has 0 takes of drums of the split train" in refusal(nobody)


def test_a_drummer_nobody_knows_is_refused(data: Path, tmp_path: Path) -> None:
    asked = order(data, tmp_path)._replace(without=("ringo",))
    assert "without has 'ringo', allowed are drummer1, " in refusal(asked)


def test_data_that_is_needed_at_the_end_is_missed_at_once(tmp_path: Path) -> None:
    data = write_data(tmp_path, split="train")
    assert "has 0 takes of drums of the split validation, needed" in refusal(order(data, tmp_path))


def test_takes_without_a_drum_are_no_takes(tmp_path: Path) -> None:
    write_midi(tmp_path / "organ.mid", [(float(at), 100, 90.0) for at in range(8)])
    write_rows(tmp_path, [row("organ")])
    assert "has 0 takes of drums of the split train" in refusal(order(tmp_path, tmp_path))


def test_a_drummer_learns_a_batch_by_heart() -> None:
    lesson = page_lesson(take_of(beat(2, 0)))
    examples = [Example(said(lesson.sight, lesson.telling), around(lesson.sight), lesson)]

    def again(net: Drummer, _draw: np.random.Generator) -> Loss:
        parts = judge(net, examples)
        return Loss(parts.sum(), parts)

    shape = SMALL._replace(width=32)
    plan = Plan(
        "drummer", shape, 10_000, fastest=5e-3
    )  # far from the end, where the rate of learning falls
    apprentice = Apprentice(plan, lambda: Drummer(shape))
    losses = np.array([apprentice.learn(again) for _ in range(60)])
    # 31 hits in bins of four velocities and 4 ms
    assert (losses[-1] < 0.3 * losses[0]).all()


def test_a_school_of_takes_is_learned_from() -> None:
    lessons = [page_lesson(take_of(beat(13, seed))) for seed in range(2)]
    plan = Plan("drummer", SMALL, 10_000, fastest=1e-2)
    apprentice = Apprentice(plan, lambda: Drummer(SMALL))
    school = School(lessons, lessons)
    losses = np.array([apprentice.learn(school) for _ in range(12)])
    assert (losses[-1] < losses[0]).all()
