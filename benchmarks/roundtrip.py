"""Show that MIDI files survive being read and written.

Every file is written twice: once with what a preset of amount 0 makes of its clips, and once with
all notes a little later, which is written at a finer resolution. mido, which does not read events
where this is tried, reads both and the original, and what it says is compared event by event.

    python -m benchmarks.roundtrip DIRECTORY [--jobs 2]
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

import mido

from bridge.midi_file import MidiFileError, Song, read_song, write_song
from bridge.shelf import Shelf
from engines.preset import Chain

DELAY = 1 / 7
"""How much later in beats the notes of the changed song are: on no grid."""

DELAYED = ("note_on", "note_off")
"""The events that are later in the changed song."""

Event = tuple[object, ...]
"""An event's type and bytes, without its time."""


class Count(NamedTuple):
    """Count what became of a file's events."""

    events: int = 0
    lost: int = 0
    gained: int = 0
    moved: int = 0
    reordered: int = 0

    def plus(self, other: "Count") -> "Count":
        """Add field by field."""
        return Count(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def faults(self) -> int:
        """How many events are not as they should be."""
        return sum(self[1:])


class Outcome(NamedTuple):
    """Tell what became of one file.

    `refused` says why the file was not read, `unjudged` why mido could not read it.
    """

    path: str
    unchanged: Count = Count()
    delayed: Count = Count()
    warnings: tuple[str, ...] = ()
    refused: str = ""
    unjudged: str = ""


def main() -> int:
    """Compare all files, print the counts, and return 1 if an event was lost or moved."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--jobs", type=int, default=1, help="processes, default 1")
    arguments = parser.parse_args()
    files = arguments.directory.rglob("*")
    paths = sorted(path for path in files if path.suffix.lower() in (".mid", ".midi"))
    with Pool(arguments.jobs) as pool:
        outcomes = sorted(pool.imap_unordered(judge, paths, chunksize=8))
    sys.stdout.writelines(line + "\n" for line in report(outcomes))
    return int(any(o.unchanged.faults or o.delayed.faults for o in outcomes))


def judge(path: Path) -> Outcome:
    """Write one file anew in both ways and compare what mido reads."""
    try:
        song = read_song(path)
    except MidiFileError as error:
        return Outcome(str(path), refused=str(error))
    try:
        old = mido.MidiFile(path)
    except Exception as error:
        return Outcome(str(path), warnings=song.warnings, unjudged=f"{path}: {error!r}")
    with tempfile.TemporaryDirectory() as folder:
        unchanged = compare(old, _written(_humanized(song), Path(folder, "same.mid")), delay=0.0)
        later = _written(_delayed(song), Path(folder, "delayed.mid"))
    delayed = Count() if _has_loose_ends(song) else compare(old, later, delay=DELAY)
    return Outcome(str(path), unchanged, delayed, song.warnings)


def compare(old: mido.MidiFile, new: mido.MidiFile, *, delay: float) -> Count:
    """Compare two files track by track; the new one's notes are expected later by `delay` beats."""
    total = Count(lost=abs(len(old.tracks) - len(new.tracks)) + int(old.type != new.type))
    tolerance = (0.5 + 1e-6) / max(old.ticks_per_beat, new.ticks_per_beat)
    for was, now in zip(old.tracks, new.tracks, strict=False):
        before, after = _events(was, old.ticks_per_beat), _events(now, new.ticks_per_beat)
        total = total.plus(_compare_track(list(before), list(after), delay, tolerance))
    return total


def report(outcomes: list[Outcome]) -> Iterator[str]:
    """Yield counts, then by name what was refused, not judged, odd or faulty."""
    yield f"files      {len(outcomes)}"
    yield f"refused    {sum(bool(o.refused) for o in outcomes)}"
    yield f"not judged {sum(bool(o.unjudged) for o in outcomes)}"
    for way in ("unchanged", "delayed"):
        total, files = Count(), 0
        for count in (getattr(outcome, way) for outcome in outcomes):
            total, files = total.plus(count), files + (count.events > 0)
        numbers = " ".join(f"{name} {number}" for name, number in total._asdict().items())
        yield f"{way:10} files {files} {numbers}"
    for outcome in outcomes:
        yield from (f"  {text}" for text in (outcome.refused, outcome.unjudged) if text)
        yield from (f"  {outcome.path}: {warning}" for warning in outcome.warnings)
        if outcome.unchanged.faults or outcome.delayed.faults:
            yield f"  {outcome.path}: unchanged {outcome.unchanged}, delayed {outcome.delayed}"


def _compare_track(
    was: list[tuple[float, Event]], now: list[tuple[float, Event]], delay: float, tolerance: float
) -> Count:
    before, after = _by_event(was), _by_event(now)
    lost = gained = moved = 0
    for event in before.keys() | after.keys():
        lost += max(0, len(before[event]) - len(after[event]))
        gained += max(0, len(after[event]) - len(before[event]))
        shift = delay if event[0] in DELAYED else 0.0
        for a, b in zip(before[event], after[event], strict=False):
            pushed = delay > 0 and event[0] == "end_of_track" and b >= a
            moved += abs(b - a - shift) > tolerance and not pushed
    return Count(len(was), lost, gained, moved, _in_order(was, delay) != _in_order(now, delay))


def _written(song: Song, path: Path) -> mido.MidiFile:
    write_song(song, path)
    return mido.MidiFile(path)


def _humanized(song: Song) -> Song:
    """Return what the command's default preset makes of a song at amount 0."""
    chain = Chain(Shelf(Path("no presets of a user")).find("band/natural").stages, amount=0.0)
    return song.with_clips(chain.render(song.clips, seed=1))


def _delayed(song: Song) -> Song:
    return song.with_clips(
        [c.replace(notes=c.notes.replace(onset=c.notes.onset + DELAY)) for c in song.clips]
    )


def _has_loose_ends(song: Song) -> bool:
    """Tell whether notes lack their ends, or ends their notes: those are not simply delayed."""
    return any(" without a" in warning for warning in song.warnings)


def _events(track: mido.MidiTrack, ticks_per_beat: int) -> Iterator[tuple[float, Event]]:
    """Yield beats and events, and the end of track once, at the end."""
    tick = 0
    for message in track:
        tick += message.time
        if message.type != "end_of_track":
            yield tick / ticks_per_beat, (message.type, *message.bytes())
    yield tick / ticks_per_beat, ("end_of_track",)


def _by_event(events: list[tuple[float, Event]]) -> defaultdict[Event, list[float]]:
    beats: defaultdict[Event, list[float]] = defaultdict(list)
    for beat, event in events:
        beats[event].append(beat)
    return beats


def _in_order(events: list[tuple[float, Event]], delay: float) -> list[Event]:
    """Return the events whose order must not change: all of them, or those not delayed."""
    return [event for _, event in events if not (delay and event[0] in DELAYED)]


if __name__ == "__main__":
    sys.exit(main())
