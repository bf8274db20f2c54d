"""A child looks at plug-ins, whatever becomes of it."""

import sys
from threading import Thread
from time import monotonic

import pytest

from bridge.error import BridgeError
from bridge.sound.scanner import Scanned, Scanner


def scanner(code: str, limit_s: float = 30) -> Scanner:
    return Scanner(limit_s, (sys.executable, "-c", code), alone_s=limit_s)


def test_a_child_that_ends_without_a_word_crashed() -> None:
    crash = scanner("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert crash.look("X.vst3") == Scanned(why="crashed as it was loaded (SIGSEGV)")


def test_a_child_that_leaves_without_a_word_crashed_in_no_plugin() -> None:
    assert scanner("raise SystemExit(3)").look("X.vst3") == Scanned(failed="exit code 3")


def test_a_child_that_somebody_else_ended_crashed_in_no_plugin() -> None:
    kill = scanner("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert kill.look("X.vst3") == Scanned(failed="SIGKILL")


def test_a_child_that_says_nothing_for_too_long_hung() -> None:
    hang = scanner("while True: pass", limit_s=0.2)
    assert hang.look("X.vst3") == Scanned(why="hung: it did not load within 0.2 s")


def test_a_child_that_may_take_longer_alone_is_only_slow() -> None:
    hang = Scanner(0.2, (sys.executable, "-c", "while True: pass"), alone_s=0.4)
    assert hang.look("X.vst3").slow
    alone = hang.look("X.vst3", alone=True)
    assert alone == Scanned(why="hung: it did not load within 0.4 s")


def test_a_child_that_cannot_be_started_is_one_sentence() -> None:
    gone = Scanner(command=("/no/such/python",))
    with pytest.raises(BridgeError) as refused:
        gone.look("X.vst3")
    assert str(refused.value) == "plug-ins cannot be looked into: No such file or directory"


def test_what_a_plugin_started_does_not_hold_the_scan_up() -> None:
    start = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'input()'])"
    began_s = monotonic()
    assert scanner(f"{start}; print('[]')").look("X.vst3") == Scanned()
    assert monotonic() - began_s < 30


def test_a_scan_that_is_stopped_finds_nothing() -> None:
    slow = scanner("while True: pass", limit_s=60)
    found: list[Scanned] = []
    thread = Thread(target=lambda: found.append(slow.look("X.vst3")))
    thread.start()
    slow.stop()
    thread.join(30)
    assert found == [Scanned()]
