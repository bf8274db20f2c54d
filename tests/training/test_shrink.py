"""A file that was made smaller says nearly the same."""

from pathlib import Path

from engines.performance.network import Network
from engines.training.export import NEARNESS, compare, export
from engines.training.shrink import shrink
from tests.training.test_export import player


def test_a_shrunk_file_says_nearly_the_same(tmp_path: Path) -> None:
    path, one = tmp_path / "player.onnx", player(1)
    export(one, path, {"weights": "small"})
    size, card = path.stat().st_size, Network(path).card
    shrink(path)
    assert path.stat().st_size < 0.75 * size  # a small player has many small arrays
    assert Network(path).card == card
    compare(one, path, NEARNESS)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
