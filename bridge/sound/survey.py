"""Look into many files of plug-ins, several at once, and once more into those that are slow."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from bridge.error import BridgeError
from bridge.sound.scanner import Scanned, Scanner

JOBS = max(2, os.cpu_count() or 1)
"""How many files are looked into at once: beside one that hangs the others go on."""

Tell = Callable[[int, int], None]
"""Hears of a scan how many files are done, and how many there are."""

Note = Callable[[str, Scanned], None]
"""Hears what is in a file."""


def silent(done: int, total: int) -> None:
    """Tell nobody how far a scan is."""


def survey(
    scanner: Scanner, first: Sequence[str], others: Sequence[str], note: Note, tell: Tell
) -> None:
    """Look into files; one that hangs beside others has a second look, alone.

    Args:
        scanner: what looks; it is stopped at the end.
        first: what is looked into before all else.
        others: what follows, several at once.
        note: hears what is in each file; where it raises, the survey ends.
        tell: hears how far it is.

    Raises:
        BridgeError: no look can be taken, or somebody else has stopped the scanner.
    """
    total = len(first) + len(others)
    tell(0, total)
    with ThreadPoolExecutor(JOBS) as pool:
        try:
            for done, (path, scanned) in enumerate(_looks(scanner, pool, first, others), 1):
                if scanner.stopped:  # nothing is known of this one
                    raise BridgeError("the look for plug-ins was ended before all were known")
                note(path, scanned)
                tell(done, total)
        finally:
            scanner.stop()


def _looks(
    scanner: Scanner, pool: ThreadPoolExecutor, first: Sequence[str], others: Sequence[str]
) -> Iterator[tuple[str, Scanned]]:
    """Yield what is in each file, as soon as it is known."""
    for path in first:
        yield path, scanner.look(path, alone=True)
    looks = {pool.submit(scanner.look, path): path for path in others}
    slow = []
    for look in as_completed(looks):
        path, scanned = looks[look], look.result()
        if scanned.slow:
            slow.append(path)
        else:
            yield path, scanned
    for path in slow:
        yield path, scanner.look(path, alone=True)
