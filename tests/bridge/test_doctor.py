"""What the doctor finds, check for check."""

from pathlib import Path

from bridge.command.doctor import check_weights
from engines.performance.weights import DRUMS, FOLDER, Library


def found(folder: Path) -> dict[str, bool]:
    """Return whether all is well by the sentences of the checks of the weights."""
    return {finding.sentence: finding.well for finding in check_weights(Library(folder))}


def test_all_weights_that_ship_can_be_played() -> None:
    assert all(found(FOLDER).values())
    assert {"weights drums can be played", "weights live can be played"} <= set(found(FOLDER))


def test_weights_that_are_not_there_are_wrong(tmp_path: Path) -> None:
    default, drums, live = found(tmp_path)
    assert default.startswith(f"weights default are not in {tmp_path}: the learned engines play by")
    assert drums.startswith("weights drums cannot be played: ")
    assert live.startswith("weights live cannot be played: ")
    assert drums.endswith("is not there, allowed is a file of weights; install yuragi again")
    assert not any(found(tmp_path).values())


def test_damaged_drums_are_wrong(tmp_path: Path) -> None:
    shipped = FOLDER / f"{DRUMS}.onnx"
    (tmp_path / shipped.name).write_bytes(shipped.read_bytes()[:1000])
    (sentence,) = (one for one in found(tmp_path) if one.startswith("weights drums"))
    assert "drums.onnx cannot be read as ONNX: " in sentence
