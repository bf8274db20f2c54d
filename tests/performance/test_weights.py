import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from engines.error import WeightsError
from engines.features import Features
from engines.performance.weights import DEFAULT, DRUMS, FOLDER, Library
from tests.clips import stiff_clip

SHIPPED_FILE, SHIPPED_DRUMS = FOLDER / f"{DEFAULT}.onnx", FOLDER / f"{DRUMS}.onnx"


def missing(folder: Path, name: str, sentence: str) -> str:
    """Return what is said of weights that are not there."""
    path = folder / f"{name}.onnx"
    return f"{sentence}: {path} is not there, allowed is a file of weights; install yuragi again"


def test_the_default_weights_ship_and_can_be_played() -> None:
    features = Features(stiff_clip(5))
    assert np.isfinite(Library().lend(DEFAULT)(features).mixture.mean()).all()


def test_weights_are_read_once_whoever_asks() -> None:
    library = Library()
    with ThreadPoolExecutor(4) as pool:
        lent = list(pool.map(library.lend, [DEFAULT] * 8))
    assert len(set(map(id, lent))) == 1


def test_missing_default_weights_are_a_warning_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = Library(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert library.lend_or_warn(DEFAULT) is None
        assert library.lend_or_warn(DEFAULT) is None
    (record,) = caplog.records
    assert record.getMessage() == missing(tmp_path, "default", "the learned engines play by rules")


def test_missing_drums_are_a_warning_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = Library(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert library.lend_drummer_or_warn() is None
        assert library.lend_drummer_or_warn() is None
    (record,) = caplog.records
    assert record.getMessage() == missing(tmp_path, "drums", "drums are played by rules")


def test_missing_default_weights_are_known_before_anybody_plays(tmp_path: Path) -> None:
    assert Library(tmp_path).lack() == [
        missing(tmp_path, "default", "the learned engines play by rules"),
        missing(tmp_path, "drums", "drums are played by rules"),
    ]
    assert Library().lack() == []


def test_each_of_the_default_weights_may_be_missing_alone(tmp_path: Path) -> None:
    (tmp_path / "default.onnx").write_bytes(SHIPPED_FILE.read_bytes())
    assert Library(tmp_path).lack() == [missing(tmp_path, "drums", "drums are played by rules")]
    (tmp_path / "default.onnx").rename(tmp_path / "drums.onnx")
    assert Library(tmp_path).lack() == [
        missing(tmp_path, "default", "the learned engines play by rules")
    ]


def test_damaged_default_weights_are_known_once_somebody_has_played(tmp_path: Path) -> None:
    for name in (DEFAULT, DRUMS):
        (tmp_path / f"{name}.onnx").write_bytes(b"MThd\x00\x00\x00\x06")
    library = Library(tmp_path)
    assert library.lack() == []
    with pytest.raises(WeightsError):
        library.lend(DEFAULT)
    (default,) = library.lack()
    assert "default.onnx cannot be read as ONNX: " in default
    with pytest.raises(WeightsError):
        library.lend_drummer()
    _, drums = library.lack()
    assert drums.startswith("drums are played by rules: ")
    assert "drums.onnx cannot be read as ONNX: " in drums


def test_weights_that_were_lent_are_not_lacking_when_their_files_go(tmp_path: Path) -> None:
    for shipped in (SHIPPED_FILE, SHIPPED_DRUMS):
        (tmp_path / shipped.name).write_bytes(shipped.read_bytes())
    library = Library(tmp_path)
    library.lend(DEFAULT)
    library.lend_drummer()
    for shipped in (SHIPPED_FILE, SHIPPED_DRUMS):
        (tmp_path / shipped.name).unlink()
    assert library.lack() == []


def test_the_drummer_is_read_once_whoever_asks() -> None:
    library = Library()
    with ThreadPoolExecutor(4) as pool:
        lent = list(pool.map(lambda _: library.lend_drummer(), range(8)))
    assert len(set(map(id, lent))) == 1


def test_a_drummer_that_cannot_be_lent_is_refused_alike_each_time(tmp_path: Path) -> None:
    (tmp_path / "drums.onnx").write_bytes(SHIPPED_FILE.read_bytes())
    library, said = Library(tmp_path), set()
    for _ in range(2):
        with pytest.raises(WeightsError, match=r"drums.onnx has a card that cannot be read") as one:
            library.lend_drummer()
        said.add(str(one.value))
    assert len(said) == 1


def test_the_drummer_is_no_player_of_other_parts(tmp_path: Path) -> None:
    assert DRUMS not in Library().installed()
    (tmp_path / "default.onnx").write_bytes(SHIPPED_DRUMS.read_bytes())
    with pytest.raises(WeightsError, match=r"default.onnx holds "):
        Library(tmp_path).lend(DEFAULT)


def test_missing_weights_that_were_asked_for_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"weights is research, and .*research.onnx is not the"):
        Library(tmp_path).lend_or_warn("research")


def test_a_truncated_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "default.onnx").write_bytes(SHIPPED_FILE.read_bytes()[:100_000])
    with pytest.raises(WeightsError, match=r"default.onnx cannot be read as ONNX: "):
        Library(tmp_path).lend(DEFAULT)


def test_a_file_that_is_no_model_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "default.onnx").write_bytes(b"MThd\x00\x00\x00\x06")
    with pytest.raises(WeightsError, match=r"default.onnx cannot be read as ONNX: "):
        Library(tmp_path).lend(DEFAULT)


def test_weights_do_not_pass_for_others(tmp_path: Path) -> None:
    (tmp_path / "research.onnx").write_bytes(SHIPPED_FILE.read_bytes())
    with pytest.raises(WeightsError, match=r"holds the weights 'default', allowed are 'research'"):
        Library(tmp_path).lend("research")
