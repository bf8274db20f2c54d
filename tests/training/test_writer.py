"""The writer learns what drummers write, and a run that was stopped goes on as before."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.drummer.quantise import DIVISIONS
from engines.error import EngineError
from engines.kit import CLOSED_HAT, KICK, SNARE, VOICES
from engines.models.writer import Shape, Writer
from engines.training.apprentice import train
from engines.training.drums import writer_evaluation
from engines.training.drums.writer import Order, arrays, train_writer
from engines.training.drums.writer_class import (
    Batch,
    Class,
    cut,
    density_of,
    example,
    spliced,
    stacked,
)
from engines.training.drums.writer_course import begin, loss, writer_plan
from engines.training.drums.writer_course import lesson as lesson_of
from engines.training.drums.writer_lesson import Lesson, lessons
from engines.training.drums.writer_rung import Nearest, rock, unigram, windows_of
from engines.training.drums.writer_tap import all_onsets, drawn_tap
from engines.writer.network import FILE, Network
from engines.writer.score import hits_of
from engines.writer.view import COLUMNS, MEMORY
from tests.training.takes import KICK as KICK_NOTE
from tests.training.takes import TOM, beat, take_of, write_takes

SHAPE = Shape(width=12, inner=8, dropout=0.0)
SMALL = writer_plan(SHAPE, steps=8)._replace(every=3)


def order(data: Path, folder: Path, steps: int = 1) -> Order:
    return Order(data, folder, steps, shape=SHAPE, windows=3)


def lesson(bars: int = 12, seed: int = 0, **changes: str) -> Lesson:
    return lessons([take_of(beat(bars, seed), **changes)])[0]


def with_fill(bars: int = 8, at: int = 5) -> list[tuple[float, int, float]]:
    """A plain beat with toms in the last two beats of a bar."""
    plain = [hit for hit in beat(bars, 0) if hit[1] != TOM]
    start, end = 4.0 * at + 2.0, 4.0 * at + 4.0
    kept = [hit for hit in plain if not start - 0.1 <= hit[0] < end - 0.1]
    return sorted(kept + [(start + place / 4, TOM, 90.0) for place in range(8)])


def test_a_take_is_written_down_on_sixteenths() -> None:
    read = lesson(2)
    assert len(read.grid.time) == 32  # 2 bars of 16
    hats = np.flatnonzero(read.hits[:, CLOSED_HAT])
    assert hats.tolist() == list(range(0, 32, 2))
    assert np.flatnonzero(read.hits[:, SNARE]).tolist() == [4, 12, 20, 28]


def test_a_fill_is_found_before_its_bar_line() -> None:
    read = lessons([take_of(with_fill())])[0]
    assert np.flatnonzero(read.fill).tolist() == [22, 23]  # the last two beats of the sixth bar


def test_a_beat_without_fills_has_none() -> None:
    plain = [hit for hit in beat(12, 0) if hit[1] != TOM]
    assert not lessons([take_of(plain)])[0].fill.any()


def test_all_of_a_take_that_is_a_fill_is_one() -> None:
    assert lessons([take_of(beat(1, 0), kind="fill")])[0].fill.all()


def test_a_window_may_end_in_the_fill_of_another_take() -> None:
    fill = lessons([take_of([(place / 4, TOM, 90.0) for place in range(16)], kind="fill")])[0]
    window = spliced(cut(lesson(), 2, 8), fill, 3)
    assert window.beats.bar.tolist() == [bar for bar in (2, 3, 4, 5) for _ in range(4)]
    assert np.flatnonzero(window.fill).tolist() == [12, 13, 14, 15]


def test_density_is_told_of_groove_and_fill_apart() -> None:
    window = cut(lessons([take_of(with_fill())])[0], 4, 6)
    dense = density_of(window)
    assert dense[window.fill[window.grid.beat]] == pytest.approx(4.0)  # 4 toms a beat
    # of 6 beats the kick has 3, the snare 3 and the hat 12
    assert dense[~window.fill[window.grid.beat]] == pytest.approx(18 / 6)


def test_a_rhythm_is_drawn_where_something_sounds() -> None:
    velocity, rng = lesson().velocity, np.random.default_rng(0)
    for _ in range(20):
        tap, _ = drawn_tap(velocity, rng)
        assert ((tap > 0) & (all_onsets(velocity) > 0)).sum() >= 0.5 * (tap > 0).sum()
        assert tap.max() <= 1.0


def test_batches_have_the_columns_of_the_view() -> None:
    batch = Class([lesson(), lesson(seed=1)]).batch(np.random.default_rng(0), 4)
    assert batch.view.shape[::2] == (4, COLUMNS)
    assert batch.memory.shape[::2] == (4, MEMORY)
    assert batch.hits.shape == batch.weight.shape


def test_the_writer_learns_a_batch_by_heart() -> None:
    torch.set_num_threads(1)
    school = Class([lesson()])
    batch = school.batch(np.random.default_rng(0), 3)

    class Same(Class):
        def batch(self, rng: np.random.Generator, windows: int = 3) -> Batch:  # noqa: ARG002
            return batch

    same = Same([lesson()])
    apprentice = begin(writer_plan(Shape(32, 16, 0.0), steps=1_000))
    losses = [apprentice.learn(lesson_of(same, 3))[0] for _ in range(110)]
    assert np.mean(losses[-4:]) < 0.25 * np.mean(losses[:4])


def test_a_run_that_was_stopped_goes_on_with_the_same_curve(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for folder in (whole, broken):
        folder.mkdir()
    school = lesson_of(Class([lesson(), lesson(seed=1)]), 3)

    def stop(step: int, _loss: np.ndarray) -> None:
        if step == 5:  # the checkpoint is of step 3
            raise KeyboardInterrupt

    meant = train(begin(SMALL), school, whole, lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        train(begin(SMALL), school, broken, stop)
    found = train(begin(SMALL), school, broken, lambda *_: None)
    curves = [(folder / "writer.jsonl").read_text() for folder in (whole, broken)]
    assert curves[0] == curves[1]
    assert [json.loads(line)["step"] for line in curves[0].splitlines()] == list(range(1, 9))
    for one, other in zip(meant.parameters(), found.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_checkpoint_of_another_plan_is_refused(tmp_path: Path) -> None:
    train(
        begin(SMALL._replace(steps=1)), lesson_of(Class([lesson()]), 3), tmp_path, lambda *_: None
    )
    with pytest.raises(EngineError, match="allowed is the same plan"):
        train(begin(SMALL), lesson_of(Class([lesson()]), 3), tmp_path, lambda *_: None)


def test_takes_become_a_file_that_writes(tmp_path: Path) -> None:
    data, told = write_takes(tmp_path, bars=12), list[str]()
    path = train_writer(order(data, tmp_path / "run", 3), lambda what, _: told.append(what))
    card = Network(path).card
    assert card["attribution"].endswith("CC BY 4.0.")
    assert (card["takes"], card["steps"], card["seed"]) == (3, 3, 0)
    assert np.shape(card["levels"]) == (len(VOICES), 3)
    assert np.shape(card["division"]["fours"]) == (3, len(DIVISIONS))
    assert told[0] == "reading takes"


def test_what_was_written_says_what_was_trained(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net = Writer(Shape(12, 8, 0.0)).eval()
    torch.nn.init.normal_(net.chain, std=0.3)
    path = tmp_path / "writer.npz"
    FILE.write(path, arrays(net), {})
    window = windows_of(lesson())[0]
    wish = writer_evaluation.asked(window, all_onsets(window.velocity))
    meant = writer_evaluation.loss(Network(path), window, wish).mean()
    batch = stacked([example(window, wish)])
    with torch.no_grad():
        assert float(loss(net, batch)) == pytest.approx(meant, rel=1e-2)  # half the digits


def test_takes_without_a_groove_are_refused(tmp_path: Path) -> None:
    write_takes(tmp_path, bars=2)
    index = (tmp_path / "info.csv").read_text(encoding="utf-8").replace(",beat,", ",fill,")
    (tmp_path / "info.csv").write_text(index, encoding="utf-8")
    with pytest.raises(EngineError, match="no grooves to learn from"):
        train_writer(order(tmp_path, tmp_path / "run"), lambda *_: None)


def test_the_nearest_of_training_is_itself_among_what_was_trained() -> None:
    taught = [lesson(), lessons([take_of([(at / 2, KICK_NOTE, 90.0) for at in range(96)])])[0]]
    window = windows_of(taught[1])[0]
    found = Nearest(taught)(window, all_onsets(window.velocity))
    assert np.array_equal(found, hits_of(window.velocity))


def test_a_rock_beat_is_kick_and_snare_in_turn() -> None:
    window = windows_of(lesson())[0]
    hits = rock(window, all_onsets(window.velocity))
    assert np.flatnonzero(hits[:16, KICK]).tolist() == [0, 8]
    assert np.flatnonzero(hits[:16, SNARE]).tolist() == [4, 12]
    assert np.flatnonzero(hits[:16, CLOSED_HAT]).tolist() == list(range(0, 16, 2))


def test_what_was_often_played_is_likely() -> None:
    taught = unigram([lesson(40)])
    plain, filled = windows_of(lessons([take_of(with_fill())])[0])  # bars 1 to 4 and 5 to 8
    assert taught.loss(plain).mean() < taught.loss(filled).mean()


def test_the_writer_is_judged_beside_its_ladder(tmp_path: Path) -> None:
    data = write_takes(tmp_path, bars=10)
    path = train_writer(order(data, tmp_path / "run"), lambda *_: None)
    report = writer_evaluation.evaluate(data, path, lambda *_: None)
    assert (report["takes"], report["windows"]) == (3, 6)  # two windows of 4 bars each
    figures = report["figures"]
    # the takes to judge have the beat of those that were learned from
    assert figures["F1 onsets: nearest"][0] > 0.9
    assert figures["F1 bass: copied"][0] < figures["F1 bass: rock"][0]
    for value, low, high in figures.values():
        assert low <= value <= high
    assert "F1 onsets: nearest" in writer_evaluation.to_table(report)
    assert report["takes"] == 3


def test_a_folder_without_takes_to_judge_is_refused(tmp_path: Path) -> None:
    data = write_takes(tmp_path, bars=2)
    path = train_writer(order(data, tmp_path / "run"), lambda *_: None)
    with pytest.raises(EngineError, match="no test takes of 4 bars"):
        writer_evaluation.evaluate(data, path, lambda *_: None)
