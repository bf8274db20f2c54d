"""Look at the screen of `yuragi live` in a terminal, and press its keys."""

import os
import pty
import signal
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import Popen

import pytest

from bridge.command.keyboard import PosixKeyboard
from bridge.live.jack_musician import READY_S, Musician, wait_until
from engines.live.event import note_on


class Terminal:
    """Be a terminal in which the command runs."""

    def __init__(self, *arguments: str) -> None:
        self.text = ""
        self._own, self._theirs = pty.openpty()
        self.before = termios.tcgetattr(self._theirs)
        command = [sys.executable, "-m", "bridge.command.main", *arguments]
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "50"}
        ends = {"stdin": self._theirs, "stdout": self._theirs, "stderr": self._theirs}
        self.process = Popen(command, env=environment, **ends)  # type: ignore[call-overload]
        os.set_blocking(self._own, False)

    def press(self, key: str) -> None:
        os.write(self._own, key.encode())

    def shows(self, text: str) -> bool:
        """Return whether a text came to the screen since the last time one did."""
        try:
            self.text += os.read(self._own, 1 << 16).decode(errors="replace")
        except BlockingIOError:
            return False
        found = text in self.text
        self.text = "" if found else self.text
        return found

    def left(self) -> int | None:
        """Return the command's exit status if it has left; a terminal that nobody reads is full."""
        self.shows("\0")
        return self.process.poll()

    def is_as_before(self) -> bool:
        return termios.tcgetattr(self._theirs) == self.before

    def close(self) -> None:
        self.process.kill()
        self.process.wait(READY_S)
        os.close(self._own)
        os.close(self._theirs)


@contextmanager
def terminal(player: Musician, *options: str) -> Iterator[Terminal]:
    ports = ("--in", f"{player.name}:out", "--out", f"{player.name}:in")
    one = Terminal("live", *ports, *options)
    try:
        wait_until(lambda: one.shows("panic"), "the screen")
        yield one
    finally:
        one.close()


def test_ports_preset_and_keys_are_shown(player: Musician) -> None:
    with terminal(player, "--preset", "live/latched") as screen:
        wait_until(lambda: screen.shows(f"{player.name}:in"), "the port")
        wait_until(lambda: screen.shows("live/latched"), "the preset")


def test_the_space_bar_ends_what_sounds(player: Musician) -> None:
    with terminal(player) as screen:
        player.play(note_on(0, 60, 90))
        player.wait_for(note_on(0, 60, 90))
        screen.press(" ")
        wait_until(lambda: player.sounding.silent, "silence")


def test_arrows_turn_options_and_p_changes_the_preset(player: Musician) -> None:
    with terminal(player, "--preset", "live/latched") as screen:
        screen.press("p")
        wait_until(lambda: screen.shows("live/loose"), "the next preset")
        screen.press("\x1b[D")
        wait_until(lambda: screen.shows(" 0.9"), "the first option, a step lower")


def test_m_binds_an_option_to_a_controller(player: Musician) -> None:
    with terminal(player, "--preset", "live/loose") as screen:
        screen.press("m")
        wait_until(lambda: screen.shows("move a controller for amount"), "the sentence")
        player.play(bytes((0xB0, 21, 0)))
        wait_until(lambda: screen.shows("controller 21 of channel 1 turns amount"), "the binding")


def test_keys_that_are_pressed_at_once_all_count(player: Musician) -> None:
    with terminal(player, "--preset", "live/loose") as screen:
        player.play(note_on(0, 60, 90))
        wait_until(lambda: not player.sounding.silent, "the note")
        screen.press("m ")
        wait_until(lambda: player.sounding.silent, "silence")


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (b"m ", ["m", " "]),
        (b"\x1b ", ["\x1b", " "]),
        (b"\x1b[Ap\x1b[D", ["up", "p", "left"]),
        ("é音 ".encode(), ["é", "音", " "]),
        (b"\xff ", ["\ufffd", " "]),
        (b"\x1bOQ\x1b[3~q", ["\x1bOQ", "\x1b[3~", "q"]),
    ],
)
def test_no_key_is_lost_or_taken_for_another(typed: bytes, keys: list[str]) -> None:
    into, out = os.pipe()
    os.write(out, typed)
    board = PosixKeyboard(into)
    assert [board.pressed() for _ in keys] == keys
    assert board.pressed() == ""
    os.close(into)
    os.close(out)


def test_a_letter_of_several_bytes_may_come_in_two_parts() -> None:
    into, out = os.pipe()
    board = PosixKeyboard(into)
    os.write(out, "é".encode()[:1])
    assert board.pressed() == ""
    os.write(out, "é".encode()[1:])
    assert board.pressed() == "é"
    os.close(into)
    os.close(out)


@pytest.mark.parametrize(("how", "status"), [("q", 0), ("Ctrl-C", 130)])
def test_leaving_gives_the_terminal_back_as_it_was(player: Musician, how: str, status: int) -> None:
    with terminal(player) as screen:
        player.play(note_on(0, 60, 90))
        player.wait_for(note_on(0, 60, 90))
        if how == "q":
            screen.press(how)
        else:
            screen.process.send_signal(signal.SIGINT)
        wait_until(lambda: screen.left() is not None, "the command to leave")
        assert screen.process.returncode == status
        assert screen.is_as_before()
        wait_until(lambda: player.sounding.silent, "silence")


def test_a_port_that_goes_is_shown(player: Musician) -> None:
    begun = time.monotonic()
    with terminal(player) as screen:
        player.client.deactivate()
        wait_until(lambda: screen.shows("gone, waiting for it"), "the sentence")
    assert time.monotonic() - begun < READY_S
