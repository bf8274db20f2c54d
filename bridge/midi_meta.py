"""Say in musical terms what meta events state, and build the events that state it.

Letters: T tempo changes.

Source: Standard MIDI Files 1.0 (RP-001), meta events.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from mido import MetaMessage

from bridge.midi_source import META, MidiFileError, Source, Track
from engines.clip import Key, Metre, Tempo

NAME, TEMPO, METRE, KEY = 0x03, 0x51, 0x58, 0x59
"""Kinds of meta events."""

MICROSECONDS = 6e7
"""Microseconds in a minute: divided by bpm they are the tempo as the file states it."""

SLOWEST = MICROSECONDS / 0xFFFFFF
"""The slowest tempo in bpm that fits the three bytes of a tempo event."""

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
"""Semitones above the tonic; a key signature knows no other scale."""

MAX_NAME = 256
"""The most letters that a clip's name may have."""


class Stated(NamedTuple):
    """Say what stands in a row of a track at a tick."""

    tick: int
    track: int
    row: int
    content: bytes


def stated(source: Source, kind: int) -> list[Stated]:
    """Return what the sound meta events of a kind state, the last one of each tick, by time."""
    found = [
        Stated(int(track.ticks[row]), index, row, content)
        for index, track in enumerate(source.tracks)
        for row, content in track.metas(kind)
        if SOUND[kind](content)
    ]
    return list({event.tick: event for event in sorted(found)}.values())


def flaws(source: Source) -> list[str]:
    """Say which meta events state something impossible; they stay in the file but not in clips."""
    return [
        f"track {index + 1} has an impossible {name} ({content.hex()}); it is kept unread"
        for kind, name in ((TEMPO, "tempo"), (METRE, "metre"), (KEY, "key"))
        for index, track in enumerate(source.tracks)
        for _, content in track.metas(kind)
        if not SOUND[kind](content)
    ]


def read_tempo(source: Source) -> Tempo:
    """Return the file's tempo map, a row for each of its stated tempi: T rows."""
    events = stated(source, TEMPO)
    tempi = [int.from_bytes(event.content) for event in events]
    return Tempo(time=_times(source, events), bpm=MICROSECONDS / np.array(tempi, dtype=float))


def read_metre(source: Source) -> tuple[Metre, ...]:
    """Return the file's time signatures."""
    events = stated(source, METRE)
    return tuple(
        Metre(time, event.content[0], 2 ** event.content[1])
        for time, event in zip(_times(source, events).tolist(), events, strict=True)
    )


def read_key(source: Source) -> Key | None:
    """Return the file's first key signature."""
    for event in stated(source, KEY):
        fifths, minor = _fifths(event.content), event.content[1]
        if minor:
            return Key((fifths * 7 + 9) % 12, MINOR, "Minor")
        return Key(fifths * 7 % 12, MAJOR, "Major")
    return None


def read_name(track: Track) -> str:
    """Return the track's name: UTF-8 where it is that, else Latin-1, which any bytes are."""
    content = next((content for _, content in track.metas(NAME)), b"")
    try:
        name = content.decode()
    except UnicodeDecodeError:
        name = content.decode("latin-1")
    return name.strip("\0 \t\r\n")[:MAX_NAME]


def name_event(name: str) -> bytes:
    """Return the event that states a track's name, in UTF-8."""
    return bytes(
        MetaMessage("track_name", name=name.encode("utf-8", "replace").decode("latin-1")).bytes()
    )


def tempo_event(bpm: float) -> bytes:
    """Return the event that states a tempo, to the nearest microsecond a quarter note.

    Raises:
        MidiFileError: the tempo is too slow for the format.
    """
    if bpm < SLOWEST:
        raise MidiFileError(f"tempo is {bpm:g} bpm, allowed are {SLOWEST:.3f} and more")
    return bytes(MetaMessage("set_tempo", tempo=round(MICROSECONDS / bpm)).bytes())


def metre_event(metre: Metre) -> bytes:
    """Return the event that states a time signature, with the usual 24 clocks a click."""
    numbers = {"numerator": metre.numerator, "denominator": metre.denominator}
    return bytes(MetaMessage("time_signature", **numbers).bytes())


def key_event(key: Key) -> bytes | None:
    """Return the event that states a key with the fewest accidentals, None for other scales."""
    if key.intervals not in (MAJOR, MINOR):
        return None
    minor = key.intervals == MINOR
    major = key.tonic + 3 if minor else key.tonic
    fifths = (major * 7 + 5) % 12 - 5
    return bytes((META, KEY, 2, fifths % 256, minor))


def _fifths(content: bytes) -> int:
    """Return the sharps, or the flats as a negative number."""
    return int.from_bytes(content[:1], signed=True)


def _times(source: Source, events: list[Stated]) -> np.ndarray:
    return np.array([event.tick for event in events], dtype=float) / source.ticks_per_beat


SOUND: dict[int, Callable[[bytes], bool]] = {
    TEMPO: lambda content: len(content) == 3 and any(content),
    METRE: lambda content: len(content) >= 2 and content[0] > 0 and content[1] <= 7,
    KEY: lambda content: len(content) >= 2 and abs(_fifths(content)) <= 7 and content[1] <= 1,
}
"""Whether a meta event of a kind states something that a clip can hold."""
