"""A child looks at plug-ins, whatever becomes of it."""

import sys
from threading import Thread
from time import monotonic

from bridge.sound.scanner import Scanned, Scanner


def scanner(code: str, limit_s: float = 30) -> Scanner:
    return Scanner(limit_s, (sys.executable, "-c", code))


def test_a_child_that_ends_without_a_word_crashed() -> None:
    crash = scanner("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert crash.look("X.vst3") == Scanned(why="crashed as it was loaded (SIGSEGV)")


def test_a_child_that_leaves_without_a_word_crashed() -> None:
    assert scanner("raise SystemExit(3)").look("X.vst3").why.endswith("(exit code 3)")


def test_a_child_that_says_nothing_for_too_long_hung() -> None:
    hang = scanner("while True: pass", limit_s=0.2)
    assert hang.look("X.vst3") == Scanned(why="hung: it did not load within 0.2 s")


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
