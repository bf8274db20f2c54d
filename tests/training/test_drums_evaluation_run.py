import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bridge.command.evaluate import DRUM_RUNGS, command
from engines.error import EngineError, WeightsError
from engines.training.drums.evaluation.evaluation import evaluate
from engines.training.drums.evaluation.kept import count_hits, written_down
from engines.training.drums.evaluation.ladder import HUMANS, LADDER
from engines.training.drums.evaluation.metric import METRICS
from engines.training.drums.evaluation.report import DrumReport, to_text
from engines.training.drums.evaluation.run import judged, learned, run
from engines.training.drums.evaluation.systems.trees import Trees
from engines.training.drums.evaluation.window import heard
from engines.training.groove_midi import read_takes
from tests.training.takes import TOM, beat, row, take_of, write_midi, write_rows, write_takes


def ignore(_what: str, _share: float) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_takes(tmp_path_factory.mktemp("takes"))


@pytest.fixture(scope="module")
def report(pack: Path) -> DrumReport:
    return run(pack, pack, ["quantised", "jitter", "table", "humans"], limit=None, say=ignore)


def value(report: DrumReport, system: str, metric: str) -> float:
    (found,) = (r.value for r in report.results if (r.system, r.metric) == (system, metric))
    return found


def test_the_test_split_is_judged_and_the_train_split_learned_from(pack: Path) -> None:
    takes = read_takes(pack)
    heard = judged(takes, (), None)
    assert [take.whole.given.take for take in heard] == ["take3", "take4", "take5"]
    names = {case.given.take for case in learned(takes, heard, (), None)}
    assert names == {"take0", "take1", "take2"}


def test_drummers_who_are_left_out_are_judged_and_not_learned_from(pack: Path) -> None:
    takes = read_takes(pack)
    heard = judged(takes, ["drummer2"], None)
    assert [take.whole.given.take for take in heard] == ["take1", "take4"]
    names = {case.given.take for case in learned(takes, heard, ["drummer2"], None)}
    assert names == {"take0", "take2"}


def test_nothing_that_is_judged_is_learned_from(pack: Path) -> None:
    takes = [take._replace(split="train") for take in read_takes(pack)]
    heard = judged([take._replace(split="test") for take in takes[:2]], (), None)
    names = {case.given.take for case in learned(takes, heard, (), None)}
    assert names == {"take2", "take3", "take4", "take5"}


def test_a_drummer_who_is_not_there_is_named(pack: Path) -> None:
    with pytest.raises(EngineError, match="no beat in 4/4 of nobody, at least one is needed"):
        run(pack, pack, ["quantised"], drummers=["nobody"], limit=None, say=ignore)


def test_a_folder_with_nothing_to_learn_from_is_refused(tmp_path: Path) -> None:
    write_rows(tmp_path, [row("take", split="test")])
    write_midi(tmp_path / "take.mid", beat(2, seed=1))
    with pytest.raises(EngineError, match="no other beat in 4/4 of split 'train' to learn from"):
        run(tmp_path, tmp_path, ["quantised"], limit=None, say=ignore)


def test_an_unknown_rung_is_named(pack: Path) -> None:
    with pytest.raises(EngineError, match="systems has 'oracle', allowed are quantised"):
        run(pack, pack, ["oracle"], limit=1, say=ignore)


def test_a_file_of_weights_that_is_not_there_is_named(pack: Path) -> None:
    with pytest.raises(WeightsError, match="nowhere"):
        run(pack, pack, ["quantised"], ["nowhere.onnx"], limit=1, say=ignore)


def test_the_command_asks_for_the_whole_ladder() -> None:
    assert DRUM_RUNGS.split(",") == [*LADDER, HUMANS]


def test_all_is_measured_but_the_seams_of_who_looks_at_single_hits(report: DrumReport) -> None:
    measured = {result.metric for result in report.results if result.system == "table"}
    assert measured == {name for name in METRICS if "seam" not in name}


def test_jitter_is_compared_with_itself(report: DrumReport) -> None:
    assert value(report, "DAW jitter", "timing js, of jitter's") == pytest.approx(1.0)


def test_habits_of_a_voice_are_worth_more_than_noise(report: DrumReport) -> None:
    for metric in ("timing mae", "velocity mae", "timing js", "velocity js"):
        assert value(report, "table", metric) < value(report, "DAW jitter", metric), metric


def test_every_value_lies_in_its_interval(report: DrumReport) -> None:
    assert all(result.low <= result.value <= result.high for result in report.results)


def test_figures_count_takes_and_windows(report: DrumReport) -> None:
    assert (report.pieces, report.recordings) == (3, 3 * 19)
    counts = {(r.pieces, r.recordings) for r in report.results if r.system == "table"}
    assert counts == {(3, 3 * 19)}


def test_the_tables_have_every_system_and_the_count(report: DrumReport) -> None:
    text = to_text(report)
    assert all(result.system in text for result in report.results)
    hits = sum(len(take.clip.notes) for take in read_takes(Path(report.data)))
    assert text.endswith(f"hits: {hits:,} in, {hits:,} out, of 7 takes, all pitches as they were")


def test_long_takes_are_listened_to_for_seams() -> None:
    takes = [heard(take_of(beat(bars, seed=bars), f"take{bars}")) for bars in (4, 35)]
    found = evaluate([Trees(iterations=2)], takes[1:], takes[0].windows, "test", ignore)
    seams = {(result.system, result.metric) for result in found if "seam" in result.metric}
    assert seams == {
        (system, f"{what} seam")
        for system in ("boosted trees", "boosted trees, chunks")
        for what in ("timing", "velocity")
    }


def test_hits_of_one_voice_on_one_tick_are_counted_too() -> None:
    kept = count_hits([take_of([(0.0, TOM, 90), (0.03, TOM, 50), (0.5, 3, 60)])])
    assert (kept.takes, kept.given, kept.returned, kept.changed) == (1, 3, 3, 0)


def test_a_take_is_written_down_at_one_velocity() -> None:
    notes = written_down(take_of([(0.01, TOM, 90), (0.52, TOM, 50)]).clip).notes
    assert notes.onset.tolist() == [0.0, 0.5]
    assert np.ptp(notes.velocity) == 0.0


def test_the_command_prints_tables_and_writes_figures(pack: Path, tmp_path: Path) -> None:
    output = tmp_path / "figures.json"
    asked = ["groove", "--data", str(pack), "--systems", "mean", "--json", str(output)]
    arguments = [*asked, "--drummers", "drummer1,drummer2", "--limit", "1"]
    answer = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert answer.exit_code == 0
    assert "1 takes of drummer1, drummer2" in answer.output
    written = json.loads(output.read_text(encoding="utf-8"))
    assert {"system", "metric", "value", "low", "high"} <= set(written["results"][0])
    assert {result["set"] for result in written["results"]} == {"drummer1,drummer2"}
    assert written["kept"]["given"] == written["kept"]["returned"]
