import sys
import tempfile
from pathlib import Path
from time import monotonic

import pytest

from bridge.message import Code
from bridge.sound.fault import SoundError
from bridge.sound.host_process import END_S, HostProcess
from tests.bridge.sound.playing import WAIT_S, is_gone

LEAVES_ONE = """
import subprocess, sys
print(subprocess.Popen(["sleep", "600"]).pid, file=open(sys.argv[1], "w"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no groups of processes")
def test_what_a_process_has_started_ends_with_it(tmp_path: Path) -> None:
    process = HostProcess((sys.executable, "-c", LEAVES_ONE, str(tmp_path / "pid")))
    by_s = monotonic() + WAIT_S
    while process.ended is None:
        assert monotonic() < by_s
    begun_s = monotonic()
    process.end()
    assert monotonic() - begun_s < END_S
    assert is_gone(int((tmp_path / "pid").read_text()))


def test_a_process_that_has_no_room_for_its_witness_tells_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(SoundError, match=r"cannot be started: .*No such file") as caught:
        HostProcess()
    assert caught.value.code == Code.INTERNAL
