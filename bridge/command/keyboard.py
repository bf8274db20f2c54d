"""Read single keys from the terminal without waiting for them."""

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ESCAPES = {"\x1b[A": "up", "\x1b[B": "down", "\x1b[C": "right", "\x1b[D": "left"}
"""What terminals send for arrows. Source: ECMA-48, cursor keys."""

WINDOWS = {"H": "up", "P": "down", "M": "right", "K": "left"}
"""What follows the prefix of an arrow. Source: Microsoft, `_getch`."""


class Keyboard:
    """Be the keys that are pressed in a terminal; use `keyboard()`."""

    def pressed(self) -> str:
        """Return the next key: a letter, `up`, `down`, `left`, `right`, or nothing."""
        return ""


class PosixKeyboard(Keyboard):
    """Read the terminal's file as it fills."""

    def pressed(self) -> str:
        """Return the next key."""
        if not select.select([sys.stdin], [], [], 0)[0]:
            return ""
        text = os.read(sys.stdin.fileno(), 3).decode(errors="replace")
        return ESCAPES.get(text, text[:1])


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
            yield PosixKeyboard()
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
