"""Show how far a rendering is, and let Ctrl-C end it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from bridge.command.stopping import stopping
from bridge.message import Code
from bridge.sound.fault import SoundError


@contextmanager
def told(label: str) -> Iterator[tuple[Callable[[float], None], threading.Event]]:
    """Yield what shows a share from 0 to 1, and what Ctrl-C sets; what that ends is an abort."""
    with stopping() as over:
        try:
            with click.progressbar(length=1000, label=label, show_pos=False) as bar:
                yield lambda share: bar.update(int(share * 1000) - bar.pos), over
        except SoundError as error:
            if error.code == Code.CANCELLED and over.is_set():
                raise click.Abort from None
            raise
