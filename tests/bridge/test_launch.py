"""A server writes down how it is started, where a Live device finds it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.address import DEFAULT_ADDRESS
from bridge.client import Client
from bridge.error import BridgeError
from bridge.launch import (
    launch_path,
    leave_word,
    present_launch,
    remember_launch,
    remembered_launch,
)
from tests.conftest import Ran, serve

Run = Callable[..., Ran]

ELSEWHERE = "tcp://127.0.0.1:5578"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where it is written down, in a folder of this test's own that is not there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = launch_path()
    assert path.is_relative_to(tmp_path)
    return path


def test_a_server_writes_down_its_interpreter_and_its_version(path: Path) -> None:
    with serve():
        written = json.loads(path.read_text(encoding="utf-8"))
    assert written["command"] == [sys.executable, "-P", "-m", "bridge.command"]
    assert written["version"] == present_launch().version
    assert remembered_launch() == present_launch()


def test_what_is_written_down_starts_a_server_from_any_folder(path: Path, tmp_path: Path) -> None:
    remember_launch()
    command = json.loads(path.read_text(encoding="utf-8"))["command"]
    for ours in ("bridge", "engines"):  # packages of the same names, but not ours
        (tmp_path / ours).mkdir()
        (tmp_path / ours / "__init__.py").write_text("raise SystemExit(9)", encoding="utf-8")
    options = ["serve", "--bind", "tcp://127.0.0.1:0", "--leave-after", "1"]
    process = subprocess.Popen(
        [*command, *options], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with Client(process.stdout.readline().split()[-1]) as client:
        assert client.hello().version == present_launch().version
    assert process.wait(timeout=10) == 0
    process.stdout.close()


def test_what_is_there_already_is_not_written_again(path: Path) -> None:
    remember_launch()
    first = path.stat()
    remember_launch()
    assert path.stat().st_mtime_ns == first.st_mtime_ns
    assert path.stat().st_ino == first.st_ino


def write(path: Path, program: str) -> None:
    path.parent.mkdir(parents=True)
    launch = {"command": [program, "-P", "-m", "bridge.command"], "version": "0.0.1"}
    path.write_text(json.dumps(launch), encoding="utf-8")


def test_a_server_at_the_default_address_replaces_what_another_left(path: Path) -> None:
    write(path, sys.executable)
    leave_word(DEFAULT_ADDRESS)
    assert remembered_launch() == present_launch()


def test_a_server_elsewhere_does_not_replace_a_program_that_is_there(path: Path) -> None:
    write(path, sys.executable)
    before = path.read_bytes()
    leave_word(ELSEWHERE)
    assert path.read_bytes() == before


def test_a_server_elsewhere_replaces_a_program_that_is_gone(path: Path, tmp_path: Path) -> None:
    write(path, str(tmp_path / "python"))
    leave_word(ELSEWHERE)
    assert remembered_launch() == present_launch()


def test_a_server_elsewhere_replaces_what_cannot_be_read(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("?", encoding="utf-8")
    leave_word(ELSEWHERE)
    assert remembered_launch() == present_launch()


def test_a_folder_that_cannot_be_made_is_not_in_the_servers_way(path: Path) -> None:
    path.parent.parent.write_text("a file where the folder should be", encoding="utf-8")
    with serve() as served, Client(served.address) as client:
        assert client.ping() > 0


def test_nothing_is_remembered_before_a_server_ran(path: Path) -> None:
    assert not path.exists()
    assert remembered_launch() is None


@pytest.mark.parametrize("text", ["", "{}", '{"command": [], "version": "1"}', "[]"])
def test_a_file_that_says_something_else_is_told(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BridgeError, match=r"server\.json cannot be read: "):
        remembered_launch()


@pytest.mark.usefixtures("path")
def test_doctor_says_that_nothing_is_remembered_yet(run_yuragi: Run) -> None:
    assert "ok   Live devices do not know yet how to start" in run_yuragi("doctor").out


@pytest.mark.usefixtures("path")
def test_doctor_says_what_is_remembered(run_yuragi: Run) -> None:
    remember_launch()
    words = f"with {sys.executable} -P -m bridge.command"
    assert f"ok   Live devices start yuragi {present_launch().version} {words}\n" in (
        run_yuragi("doctor").out
    )


def test_doctor_finds_a_program_that_is_gone(run_yuragi: Run, path: Path, tmp_path: Path) -> None:
    path.parent.mkdir(parents=True)
    command = [str(tmp_path / "python"), "-m", "bridge.command"]
    path.write_text(json.dumps({"command": command, "version": "0.0.1"}), encoding="utf-8")
    ran = run_yuragi("doctor")
    assert f"BAD  Live devices start yuragi 0.0.1 with {' '.join(command)}, which is not" in ran.out


def test_doctor_tells_of_a_file_that_cannot_be_read(run_yuragi: Run, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("?", encoding="utf-8")
    assert "server.json cannot be read: " in run_yuragi("doctor").out
