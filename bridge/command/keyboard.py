"""Read single keys from the terminal without waiting for them."""

import codecs
import os
import re
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ESCAPE = "\x1b"
"""The key Esc."""

ESCAPES = {"\x1b[A": "up", "\x1b[B": "down", "\x1b[C": "right", "\x1b[D": "left"}
"""What terminals send for arrows. Source: ECMA-48, cursor keys."""

KEY = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~])|.", re.DOTALL)
"""A key that has a letter, or one that sends several: no letter in it is one that was pressed.
Source: ECMA-48, control sequences; VT100, function keys."""

TYPED = 4096
"""So many bytes a terminal keeps at most. Source: Linux, N_TTY_BUF_SIZE."""

WINDOWS = {"H": "up", "P": "down", "M": "right", "K": "left"}
"""What follows the prefix of an arrow. Source: Microsoft, `_getch`."""


class Keyboard:
    """Be the keys that are pressed in a terminal; use `keyboard()`."""

    def pressed(self) -> str:
        """Return the next key: a letter, `up`, `down`, `left`, `right`, or nothing."""
        return ""


class PosixKeyboard(Keyboard):
    """Read a terminal's file as it fills.

    Args:
        file: its number.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._typed = ""

    def pressed(self) -> str:
        """Return the next key."""
        if select.select([self._file], [], [], 0)[0]:
            self._typed += self._decoder.decode(os.read(self._file, TYPED))
        found = KEY.match(self._typed)
        if found is None:
            return ""
        self._typed = self._typed[found.end() :]
        return ESCAPES.get(found[0], found[0])


class WindowsKeyboard(Keyboard):
    """Ask the console."""

    def pressed(self) -> str:
        """Return the next key."""
        import msvcrt  # noqa: PLC0415 - it is there on Windows

        if not msvcrt.kbhit():  # type: ignore[attr-defined]
            return ""
        key: str = msvcrt.getwch()  # type: ignore[attr-defined]
        return WINDOWS.get(msvcrt.getwch(), "") if key in "\x00\xe0" else key  # type: ignore[attr-defined]


@contextmanager
def keyboard() -> Iterator[Keyboard]:
    """Yield the terminal's keys, each as it is pressed; the terminal is as it was afterwards.

    Where there is no terminal, no key is ever pressed.
    """
    if not sys.stdin.isatty():
        yield Keyboard()
    elif sys.platform == "win32":
        yield WindowsKeyboard()
    else:
        import termios  # noqa: PLC0415 - it is not there on Windows
        import tty  # noqa: PLC0415

        before = termios.tcgetattr(sys.stdin)
        try:
            tty.setcbreak(sys.stdin)
            yield PosixKeyboard(sys.stdin.fileno())
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
