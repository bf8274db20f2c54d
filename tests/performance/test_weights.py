import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from engines.error import WeightsError
from engines.features import Features
from engines.performance.weights import DEFAULT, FOLDER, Library
from tests.clips import stiff_clip

SHIPPED_FILE = FOLDER / f"{DEFAULT}.onnx"


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
    assert record.getMessage() == (
        f"the learned engines play by rules: {tmp_path / 'default.onnx'} is not there, allowed is a"
        " file of weights; install yuragi again"
    )


def test_missing_default_weights_are_known_before_anybody_plays(tmp_path: Path) -> None:
    assert Library(tmp_path).lack() == (
        f"the learned engines play by rules: {tmp_path / 'default.onnx'} is not there, allowed is a"
        " file of weights; install yuragi again"
    )
    assert Library().lack() == ""


def test_damaged_default_weights_are_known_once_somebody_has_played(tmp_path: Path) -> None:
    (tmp_path / "default.onnx").write_bytes(b"MThd\x00\x00\x00\x06")
    library = Library(tmp_path)
    assert library.lack() == ""
    with pytest.raises(WeightsError):
        library.lend(DEFAULT)
    assert "default.onnx cannot be read as ONNX: " in library.lack()


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
