"""Collections in formats of their own are judged by what they know."""

from pathlib import Path

import numpy as np
import pytest

from engines.error import EngineError
from engines.training.evaluation.case import Case
from engines.training.evaluation.evaluation import evaluate
from engines.training.evaluation.metric import METRICS
from engines.training.evaluation.pack import judged, lessons
from engines.training.evaluation.report import Report, to_text
from engines.training.evaluation.run import run
from engines.training.evaluation.systems.jitter import Jitter
from engines.training.evaluation.systems.trees import Trees
from engines.training.evaluation.turing import windows_of
from tests.training.test_pop909 import pack as write_song

NOTES = 48
"""In each song's melody and in each solo; 32 make a window."""

RUNGS = ("constant", "mean", "matched", "lookup")

TIMING = {name for name in METRICS if name.startswith(("ioi", "slow tempo"))}
ARTICULATION = {name for name in METRICS if name.startswith("articulation")}
ASYNCHRONY = {name for name in METRICS if name.startswith("asynchrony")}
PEDAL = {name for name in METRICS if name.startswith("pedal")}


def ignore(_what: str, _share: float) -> None:
    """Say nothing."""


def write_songs(folder: Path) -> Path:
    """Songs drawn by lot: three to judge, one of them broken, and three to learn from."""
    rows = ["song_id,same_song_as,split"]
    for number, same, split in (
        ("367", "", "test"),
        ("820", "", "test"),
        ("821", "", "test"),
        ("001", "", "train"),
        ("002", "001", "train"),
        ("003", "820", "train"),
    ):
        rows.append(f"{number},{same},{split}")
        rng = np.random.default_rng(int(number))
        pitch, loud = rng.integers(60, 80, NOTES), rng.integers(50, 110, NOTES)
        melody = [(2 + at, int(pitch[at]), int(loud[at])) for at in range(NOTES)]
        piano = [(2 + at, 40, int(loud[at]) // 2) for at in range(0, NOTES, 2)]
        write_song(folder, number=number, melody=melody, piano=piano)
    (folder / "index.csv").write_text("\n".join(rows))
    return folder


def write_solos(folder: Path) -> Path:
    """Solos drawn by lot: two takes of a tune and another tune to judge, two to learn from."""
    for name in ("mcsv_melody", "mcsv_beat"):
        (folder / name).mkdir()
    rows = ["melody_file,beat_file,performer,title,split"]
    for at, (title, split) in enumerate(
        [("A-1", "test"), ("A-2", "test"), ("B", "test"), ("C", "train"), ("A", "train")]
    ):
        rows.append(f"{at}.csv,{at}.csv,Player {at},{title},{split}")
        (folder / "mcsv_melody" / f"{at}.csv").write_text(solo(np.random.default_rng(at)))
        (folder / "mcsv_beat" / f"{at}.csv").write_text(beats())
    (folder / "index.csv").write_text("\n".join(rows))
    return folder


def solo(rng: np.random.Generator) -> str:
    """Return eighths at half a second a beat, played early and late, from the first bar line."""
    rows = ["onset,duration,division,bar,beat,tatum,beat_duration,pitch,loud_median,phrase_begin"]
    late_s, loud = rng.normal(0, 0.02, NOTES), rng.normal(60, 5, NOTES)
    for at, pitch in enumerate(rng.integers(55, 80, NOTES)):
        beat, tatum = divmod(at, 2)
        place = f"2,{beat // 4 + 1},{beat % 4 + 1},{tatum + 1},0.5"
        rows.append(
            f"{10 + at / 4 + late_s[at]},{rng.uniform(0.1, 0.25)},{place},{pitch},{loud[at]},0"
        )
    return "\n".join(rows)


def beats() -> str:
    """Return the beats of those eighths."""
    rows = ["onset,period,bar,beat,signature,chord"]
    rows += [f"{10 + at / 2},4,{at // 4 + 1},{at % 4 + 1},'4/4'," for at in range(NOTES // 2)]
    return "\n".join(rows)


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_songs(tmp_path_factory.mktemp("songs"))


@pytest.fixture(scope="module")
def solos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_solos(tmp_path_factory.mktemp("solos"))


@pytest.fixture(scope="module")
def report_of_songs(songs: Path) -> Report:
    return run(songs, songs, RUNGS, limit=None, say=ignore)


@pytest.fixture(scope="module")
def report_of_solos(solos: Path) -> Report:
    return run(solos, solos, RUNGS, limit=None, say=ignore)


def names(cases: list[Case]) -> list[str]:
    return [case.recording.name for case in cases]


def test_songs_held_out_are_judged_but_for_the_broken(songs: Path) -> None:
    assert names(judged(songs)) == ["pop909_820", "pop909_821"]


def test_a_limit_counts_no_song_that_is_left_out(songs: Path) -> None:
    assert names(judged(songs, 1)) == ["pop909_820"]


def test_a_song_that_is_judged_is_not_learned_from_under_another_number(songs: Path) -> None:
    assert names(lessons(songs, None, judged(songs))) == ["pop909_001", "pop909_002"]


def test_a_limit_takes_each_tune_before_it_takes_one_again(solos: Path) -> None:
    assert names(judged(solos, 2)) == ["Player 0/A-1", "Player 2/B"]


def test_a_tune_that_is_judged_is_not_learned_from_by_another_player(solos: Path) -> None:
    assert names(lessons(solos, None, judged(solos))) == ["Player 3/C"]


def test_songs_tell_of_velocity_and_pedal_alone(report_of_songs: Report) -> None:
    found = {result.metric for result in report_of_songs.results}
    unknown = TIMING | ARTICULATION | ASYNCHRONY
    # the foot is down for 2 of 48 beats, less than a tenth: so much for F1 where it is used
    assert found == set(METRICS) - unknown - {"pedal f1", "pedal press f1, pedalled"}


def test_solos_tell_of_no_pedal_and_no_chords(report_of_solos: Report) -> None:
    found = {result.metric for result in report_of_solos.results}
    assert found == set(METRICS) - PEDAL - ASYNCHRONY


def test_tables_leave_out_what_is_not_known(report_of_solos: Report) -> None:
    text = to_text(report_of_solos)
    assert "intervals" in text
    assert "Pedal" not in text
    assert "asynchrony" not in text


def test_nobody_is_told_apart_by_what_is_not_known(songs: Path) -> None:
    case = judged(songs)[0]
    windows = windows_of(case, Jitter().sample(case, 0, False))
    unknown = np.isnan(windows.human).all(axis=0)
    assert unknown.any()
    assert (np.isnan(windows.guessed).all(axis=0) == unknown).all()


def test_what_is_not_known_is_not_learned(songs: Path) -> None:
    trees = Trees(rows=200, iterations=2)
    trees.fit(lessons(songs))
    guess = trees.predict(judged(songs)[0], False)
    assert np.ptp(guess.velocity) > 0
    assert not guess.stretch.any()
    assert not guess.articulation.any()


def test_marks_are_not_told_where_a_pack_has_none(songs: Path) -> None:
    trees = Trees(rows=200, iterations=2)
    results = evaluate([trees], judged(songs), lessons(songs), ignore)
    assert {result.marks for result in results} == {False}


def test_a_solo_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    write_solos(tmp_path)
    (tmp_path / "mcsv_melody" / "0.csv").unlink()
    with pytest.raises(EngineError, match=r"0\.csv cannot be read as a recording"):
        judged(tmp_path)


def test_a_folder_of_broken_songs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text("song_id,same_song_as,split\n367,,test\n")
    with pytest.raises(EngineError, match="has no recordings that are of use"):
        judged(tmp_path)


def test_an_unknown_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text("file,split\na.mid,test\n")
    with pytest.raises(EngineError, match="is no folder of recordings, allowed are"):
        judged(tmp_path)
