"""What plays and makes the networks leaves no trace of its use, and sends none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engines.performance.weights import FOLDER

ROOT = Path(__file__).parents[2]

NEEDED = ("PATH", "SYSTEMROOT")
"""What a process needs of the environment; onnxruntime is quiet by itself where it sees a CI's."""

HOMES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA")

HUMANIZE = """
import sys
from bridge.command.main import main
main(["humanize", sys.argv[1], "-o", sys.argv[2], "--preset", "piano/played", "--seed", "1"])
"""

SHRINK = """
import shutil, sys
from pathlib import Path
from engines.training.shrink import shrink
shutil.copy(sys.argv[1], sys.argv[2])
shrink(Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    ("code", "source", "result"),
    [
        (HUMANIZE, ROOT / "examples" / "piano.mid", "piano.mid"),
        (SHRINK, FOLDER / "default.onnx", "player.onnx"),
    ],
)
def test_learned_engines_leave_no_trace_of_their_use(
    tmp_path: Path, code: str, source: Path, result: str
) -> None:
    env = {name: os.environ[name] for name in NEEDED if name in os.environ}
    env |= dict.fromkeys(HOMES, str(tmp_path))
    command = [sys.executable, "-c", code, str(source), str(tmp_path / result)]
    subprocess.run(command, env=env, check=True, capture_output=True, timeout=120)
    assert [path.name for path in tmp_path.iterdir()] == [result]
