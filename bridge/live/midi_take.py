"""Finish takes: make a MIDI file of a journal, with everything that came.

`python -m bridge.live.midi_take JOURNAL [--keep]` does so where nothing is played; what is wrong
then is its only output.

Letters: R events of one port.

Source: Standard MIDI Files 1.0 (RP-001), sysex and escapes.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from mido.midifiles.meta import encode_variable_int

from bridge.error import BridgeError
from bridge.live.beat_map import BeatMap, beat_map
from bridge.live.score import metres_of
from bridge.live.take_journal import Heard, Take, is_written, read_take
from bridge.midi_meta import metre_event, name_event, tempo_event
from bridge.midi_source import DATA_BYTES, PACKET, SYSEX, Source, Track, encode
from bridge.write_whole import write_whole
from engines.live.event import SYSTEM, Event, note_off

FINE = 960
"""Ticks a beat: half a millisecond at 120 bpm."""

SUFFIX = ".take"
"""How the names of journals end."""

CLOCK = {0xF8, 0xFA, 0xFB, 0xFC, 0xFE}
"""What a clock says, and active sensing: the file has its own time."""


def finish(journal: Path, *, keep: bool = False) -> Path:
    """Write a journal's take as the MIDI file that it is for, and then remove the journal.

    Args:
        journal: the journal.
        keep: whether the journal is to stay.

    Raises:
        BridgeError: it is no journal, it is being written, or a file of the name is there.
    """
    if is_written(journal):
        raise BridgeError(f"{journal} is being recorded, allowed are takes that are over")
    take = read_take(journal)
    path = output_of(journal, take)
    write_whole(path, midi_take(take), overwrite=take.head.overwrite)
    if not keep:
        journal.unlink(missing_ok=True)
    return path


def output_of(journal: Path, take: Take) -> Path:
    """Return the MIDI file that a take is for: what it says, or else one beside its journal."""
    return Path(take.head.output) if take.head.output else journal.with_suffix(".mid")


def unfinished(folder: Path) -> list[Path]:
    """Return the journals in a folder that have no MIDI file and that nobody writes, by name."""
    journals = sorted(folder.glob(f"*{SUFFIX}"))
    return [
        path for path in journals if not path.with_suffix(".mid").exists() and not is_written(path)
    ]


def midi_take(take: Take) -> bytes:
    """Return a take as a MIDI file: tempo and metre, then a track for each port."""
    last_s = max([take.closed_s or take.head.start_s, *(heard.time_s for heard in take.heard)])
    first_s = min((heard.time_s for heard in take.heard), default=take.head.start_s)
    beats = beat_map(take.head, take.marks, first_s)
    ports = range(max([len(take.head.ports), *(heard.port + 1 for heard in take.heard)]))
    tracks = [_track(take, port, beats, last_s) for port in ports]
    return encode(Source(1, FINE, (_conductor(take, beats), *tracks)))


def _conductor(take: Take, beats: BeatMap) -> Track:
    tempo = beats.tempo()
    ticks = np.rint(tempo.time * FINE).astype(np.int64)
    events = [tempo_event(bpm) for bpm in tempo.bpm.tolist()]
    for metre in metres_of(take.head.bar):
        ticks, events = np.append(0, ticks), [metre_event(metre), *events]
    return Track(ticks, tuple(events), int(ticks[-1]))


def _track(take: Take, port: int, beats: BeatMap, last_s: float) -> Track:
    """Return what came at a port; notes without an end are ended with the take."""
    heard = [one for one in take.heard if one.port == port and _is_kept(one)]
    order = np.argsort([one.time_s for one in heard], kind="stable")
    heard = [heard[row] for row in order.tolist()]
    heard += [Heard(last_s, port, note_off(*key)) for key in _hanging(heard)]
    times = np.array([one.time_s for one in heard])
    ticks = np.maximum.accumulate(np.rint(beats.beats(times) * FINE).clip(0)).astype(np.int64)
    name = take.head.ports[port] if port < len(take.head.ports) else ""
    end = int(max(ticks[-1] if len(ticks) else 0, 0))
    events = tuple(_event(one.data) for one in heard)
    return Track(np.append(0, ticks), (name_event(name), *events), end)


def _is_kept(heard: Heard) -> bool:
    """Return whether a file can hold a message, and should."""
    data = heard.data
    if not data or data[0] in CLOCK or max(data[1:-1], default=0) >= 0x80:
        return False
    return data[0] >= SYSTEM or len(data) == DATA_BYTES.get(data[0], -1) + 1


def _hanging(heard: Iterable[Heard]) -> list[tuple[int, int]]:
    """Return channel and pitch of each note on that no note off follows."""
    down: Counter[tuple[int, int]] = Counter()
    for one in heard:
        event = Event(one.time_s, one.data)
        if event.is_note_on:
            down[event.key] += 1
        elif event.is_note_off and down[event.key]:
            down[event.key] -= 1
    return list(down.elements())


def _event(data: bytes) -> bytes:
    """Return a message as a file has it: sysex and other system messages state their sizes."""
    if data[0] < SYSTEM:
        return data
    content = data[1:] if data[0] == SYSEX else data
    status = SYSEX if data[0] == SYSEX else PACKET
    return bytes([status, *encode_variable_int(len(content))]) + content


def main() -> None:
    """Finish the take that is named."""
    journal, *options = sys.argv[1:]
    try:
        finish(Path(journal), keep="--keep" in options)
    except BridgeError as error:
        sys.stdout.write(str(error))
        sys.exit(2)


if __name__ == "__main__":
    main()
