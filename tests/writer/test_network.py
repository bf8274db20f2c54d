from pathlib import Path

import numpy as np
import pytest

from engines import Metre
from engines.error import MissingWeightsError, WeightsError
from engines.kit import VOICES
from engines.writer.grid import beats_between, grid_of
from engines.writer.hand import Memory
from engines.writer.network import FILE, Network
from engines.writer.score import TIERS
from engines.writer.view import MEMORY, memory
from engines.writer.weights import PATH

SIZES = {"W": 4, "3W": 12, "I": 3}


def small(path: Path, **card: object) -> Path:
    rng = np.random.default_rng(0)
    shapes = {
        name: tuple(SIZES[size] if isinstance(size, str) else size for size in shape)
        for name, shape in FILE.shapes.items()
    }
    FILE.write(path, {name: rng.normal(size=shape) for name, shape in shapes.items()}, dict(card))
    return path


def test_a_file_says_what_was_written_into_it(tmp_path: Path) -> None:
    network = Network(small(tmp_path / "small.npz", takes=3))
    assert network.card["takes"] == 3
    assert network.width == SIZES["W"]


def test_the_same_writer_is_the_same_bytes(tmp_path: Path) -> None:
    one, other = (small(tmp_path / name).read_bytes() for name in ("a.npz", "b.npz"))
    assert one == other


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingWeightsError, match="is not there"):
        Network(tmp_path / "none.npz")


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = small(tmp_path / "small.npz")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(WeightsError, match="cannot be read"):
        Network(path)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    np.savez(path, something=np.zeros(3))
    with pytest.raises(WeightsError, match="holds another model, allowed is yuragi-writer-1"):
        Network(path)


def test_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "pickled.npz"
    np.savez(path, card=np.array([{"format": "yuragi-writer-1"}], dtype=object))
    with pytest.raises(WeightsError, match="cannot be read"):
        Network(path)


def test_arrays_of_another_view_are_refused(tmp_path: Path) -> None:
    path = small(tmp_path / "small.npz")
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    arrays["seen"] = arrays["seen"][1:]
    np.savez(path, **arrays)
    with pytest.raises(WeightsError, match="has seen of shape"):
        Network(path)


def test_what_is_remembered_at_play_is_what_was_remembered_in_training() -> None:
    rng = np.random.default_rng(0)
    beats = beats_between((Metre(),), 0.0, 16.0)
    grid = grid_of(beats, rng.integers(0, 4, len(beats.start)))
    hits = rng.integers(0, TIERS, (len(grid.time), len(VOICES))).astype(np.int8)
    hits[rng.random(hits.shape) < 0.7] = 0
    meant, told = memory(hits, grid), Memory(grid)
    for step, row in enumerate(hits):
        columns = np.zeros(MEMORY)
        columns[told.columns(step)] = 1
        assert columns.tolist() == meant[step].tolist()
        told.note(row)


def test_the_shipped_writer_is_small_and_names_its_source() -> None:
    assert PATH.stat().st_size < 1.5e6
    assert "Groove MIDI Dataset" in Network(PATH).card["attribution"]
