"""Finish takes that nobody could finish: the program was killed, or the machine lost its power."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from bridge.error import BridgeError
from bridge.home import home
from bridge.live.midi_take import midi_take, output_of, unfinished
from bridge.live.take_journal import Take, read_take
from bridge.write_whole import write_whole
from engines.live.event import Event


def takes_folder() -> Path:
    """Return the folder of the takes that are being recorded; it need not exist."""
    return home() / "takes"


def recover(folder: Path) -> Iterator[str]:
    """Make a MIDI file of each take in a folder that was broken off; yield a sentence each.

    A file that is there is never replaced: the take gets a number then.
    """
    for journal in unfinished(folder):
        try:
            yield _recovered(journal)
        except (BridgeError, OSError) as error:
            yield f"a take could not be finished: {error}"


def summary(notes: int, seconds: float, path: Path) -> str:
    """Return what is said of a take that is over."""
    return f"{notes} note{'s' if notes != 1 else ''} in {seconds:.1f} s: {path}"


def _recovered(journal: Path) -> str:
    take = read_take(journal)
    path = output_of(journal, take)
    path = path if path.parent.is_dir() else journal.with_suffix(".mid")
    if not take.heard:
        journal.unlink(missing_ok=True)
        return f"a take that was broken off for {path} had nothing in it"
    content = midi_take(take)
    path = _free(path, content)
    if not path.exists():
        write_whole(path, content)
    journal.unlink(missing_ok=True)
    return f"a take that was broken off is kept, {summary(*_size(take), path)}"


def _free(path: Path, content: bytes) -> Path:
    """Return a name that no file has, or one that has exactly this content."""
    for number in count(1):
        name = path if number == 1 else path.with_stem(f"{path.stem} {number}")
        if not name.exists() or (name.is_file() and name.read_bytes() == content):
            return name
    raise AssertionError("count() has no end")


def _size(take: Take) -> tuple[int, float]:
    """Return how many notes a take has, and how many seconds."""
    notes = sum(Event(one.time_s, one.data).is_note_on for one in take.heard)
    last_s = max([take.closed_s or take.head.start_s, *(one.time_s for one in take.heard)])
    return notes, last_s - take.head.start_s
