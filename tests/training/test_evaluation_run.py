import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bridge.command.evaluate import RUNGS, command
from engines.error import EngineError, WeightsError
from engines.training.evaluation.evaluation import Result, evaluate
from engines.training.evaluation.ladder import LADDER, climb
from engines.training.evaluation.metric import METRICS
from engines.training.evaluation.pack import judged, lessons, read_rows
from engines.training.evaluation.report import Report, to_text
from engines.training.evaluation.run import run
from tests.training.packs import row, write_pack, write_rows


def ignore(_what: str, _share: float) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def report(pack: Path) -> Report:
    return run(pack, pack, ["constant", "lookup", "humans"], limit=None, say=ignore)


def value(report: Report, system: str, metric: str) -> float:
    (found,) = (r.value for r in report.results if (r.system, r.metric) == (system, metric))
    return found


def test_a_machine_is_worse_than_a_person(report: Report) -> None:
    assert value(report, "constant", "velocity r") == 0.0
    assert value(report, "look-up", "velocity r") < value(report, "another human", "velocity r")


def test_every_metric_is_measured_of_people(report: Report) -> None:
    people = {result.metric for result in report.results if "human" in result.system}
    assert people == set(METRICS)


def test_every_value_lies_in_its_interval(report: Report) -> None:
    assert all(result.low <= result.value <= result.high for result in report.results)


def test_figures_count_pieces_and_recordings(report: Report) -> None:
    assert {(result.pieces, result.recordings) for result in report.results} == {(3, 9)}


def test_the_tables_have_every_system(report: Report) -> None:
    text = to_text(report)
    assert all(result.system in text for result in report.results)


def test_figures_are_printed_short_and_whole() -> None:
    result = Result("new", False, "velocity mae", 10.5, 9.04, 12.25, "test", 3, 9)
    assert "10.50 9.0-12.2" in to_text(Report([result], "here", "there", 0, 0))
    result = Result("new", False, "velocity r", -0.0521, -0.1, 0.6, "test", 3, 9)
    assert "-.052 -.10-.60" in to_text(Report([result], "here", "there", 0, 0))


def test_a_file_of_weights_that_is_not_there_is_named(pack: Path) -> None:
    with pytest.raises(WeightsError, match="nowhere"):
        run(pack, pack, ["constant"], ["nowhere.onnx"], limit=1, say=ignore)


def test_a_figure_without_a_value_is_a_dash() -> None:
    nan = float("nan")
    result = Result("new", True, "velocity r", nan, nan, nan, "test", 0, 0)
    line = to_text(Report([result], "here", "there", 0, 0)).splitlines()[2]
    assert line.split() == ["new,", "marks", "-"]


def test_what_was_measured_of_nobody_is_not_printed() -> None:
    result = Result("new", False, "velocity mae", 10.5, 9.04, 12.25, "test", 3, 9)
    (table,) = to_text(Report([result], "here", "there", 0, 0)).split("\n\n")
    assert table.splitlines()[1].split() == ["vel.", "error"]


def test_progress_rises_from_nothing_to_nearly_all(pack: Path) -> None:
    told: list[float] = []
    heard = judged(pack)
    evaluate(climb(["constant"], heard), heard, [], lambda _, share: told.append(share))
    assert told == sorted(told)
    assert 0.0 == told[0] < told[-1] < 1.0


def test_poorly_aligned_recordings_are_reported_apart(tmp_path: Path) -> None:
    write_pack(tmp_path)
    rows = read_rows(tmp_path)
    rows[0]["robust"] = "0"
    write_rows(tmp_path, rows)
    found = run(tmp_path, tmp_path, ["constant"], limit=None, say=ignore).results
    counts = {result.set: result.recordings for result in found}
    assert counts == {"test": 8, "poorly aligned": 1}


def test_pieces_that_are_judged_are_not_learned_from(tmp_path: Path) -> None:
    write_pack(tmp_path, pieces=1, learned=1)
    rows = read_rows(tmp_path)
    rows[1]["split"], rows[1]["paper23"] = "train", "0"
    write_rows(tmp_path, rows)
    heard = judged(tmp_path)
    assert {case.recording.piece for case in heard} == {"Lot/piece0"}
    assert {case.recording.piece for case in lessons(tmp_path, None, heard)} == {"Lot/piece1"}


def test_where_there_are_few_pieces_all_recordings_are_learned_from(pack: Path) -> None:
    assert len(lessons(pack)) == 2 * 3  # two pieces by three people


def test_a_limit_takes_each_piece_before_it_takes_one_again(pack: Path) -> None:
    assert len({case.recording.piece for case in judged(pack, 3)}) == 3


def test_a_pack_without_the_published_test_set_is_judged_by_its_test_split(tmp_path: Path) -> None:
    write_pack(tmp_path)
    rows = read_rows(tmp_path)
    write_rows(tmp_path, [{**each, "paper23": "0"} for each in rows])
    assert len(judged(tmp_path)) == 9


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="is no folder of recordings, allowed are"):
        judged(tmp_path)


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_text("file,composer\n", encoding="utf-8")
    with pytest.raises(EngineError, match="lacks the column 'piece', needed are"):
        judged(tmp_path)


def test_a_recording_that_is_none_is_named(tmp_path: Path) -> None:
    write_rows(tmp_path, [row("piece", "person")])
    (tmp_path / "piece_person.npz").write_bytes(b"no arrays")
    with pytest.raises(EngineError, match=r"piece_person\.npz cannot be read as a recording"):
        judged(tmp_path)


def test_an_unknown_rung_is_named(pack: Path) -> None:
    with pytest.raises(EngineError, match="systems has 'oracle', allowed are constant"):
        run(pack, pack, ["oracle"], limit=1, say=ignore)


def test_the_command_asks_for_the_whole_ladder() -> None:
    assert RUNGS.split(",") == list(LADDER)


def test_the_command_prints_tables_and_writes_figures(pack: Path, tmp_path: Path) -> None:
    output = tmp_path / "figures.json"
    asked = ["performance", "--data", str(pack), "--systems", "constant,mean", "--json"]
    answer = CliRunner().invoke(command, [*asked, str(output)], catch_exceptions=False)
    assert answer.exit_code == 0
    assert "train mean" in answer.output
    written = json.loads(output.read_text(encoding="utf-8"))
    assert {"system", "metric", "value", "low", "high"} <= set(written["results"][0])
    assert written["recordings"] == 9


def test_a_missing_library_is_one_sentence(pack: Path) -> None:
    code = (
        "import sys; sys.modules['sklearn'] = None; from bridge.command.main import main;"
        f"main(['evaluate', 'performance', '--data', {str(pack)!r}])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 2
    assert answer.stderr == (
        "yuragi: sklearn is not installed, which training and evaluation need:"
        " pip install yuragi[train]\n"
    )
