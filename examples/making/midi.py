"""Write pieces of tracks as standard MIDI files, type 1.

Source: Standard MIDI Files 1.0 (MIDI Association, RP-001).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from mido import Message, MetaMessage, MidiFile, MidiTrack, bpm2tempo

Beats = Fraction | float
"""Quarter notes from the start of the piece."""

SHARPEST = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
RELATIVES = ("Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")
"""Tonics of the major and of the minor keys from seven flats to seven sharps."""


@dataclass(frozen=True)
class Note:
    """State one note to write: pitch and velocity are MIDI numbers."""

    onset: Beats
    duration: Beats
    pitch: int
    velocity: int = 80

    @property
    def end(self) -> Beats:
        """Return where the key comes up."""
        return self.onset + self.duration


@dataclass(frozen=True)
class Controller:
    """State one controller event: number and value are MIDI numbers."""

    onset: Beats
    number: int
    value: int


@dataclass
class Track:
    """Hold the notes of one instrument; channels count from 0, drums are on 9."""

    name: str
    notes: list[Note]
    program: int = 0
    channel: int = 0
    controllers: list[Controller] = field(default_factory=list)


@dataclass
class Piece:
    """Hold the tracks and what the first track of the file says about all of them."""

    title: str
    credit: str
    length: Beats
    tracks: list[Track]
    tempos: dict[Beats, float] = field(default_factory=lambda: {0: 120.0})
    metres: dict[Beats, tuple[int, int]] = field(default_factory=lambda: {0: (4, 4)})
    keys: dict[Beats, str] = field(default_factory=dict)
    ticks: int = 480


def key(fifths: int, *, minor: bool = False) -> str:
    """Return the name of the key with so many sharps, or flats below 0: "Bb", "F#m"."""
    return RELATIVES[fifths + 7] + "m" if minor else SHARPEST[fifths + 7]


def untangle(notes: Iterable[Note]) -> list[Note]:
    """Return the notes such that no pitch sounds twice at once.

    Of two that begin together the longer stays; one that lasts into the next is cut off there.
    """
    kept: dict[int, list[Note]] = {}
    for note in sorted(notes, key=lambda note: (note.onset, note.pitch, -note.duration)):
        line = kept.setdefault(note.pitch, [])
        if line and line[-1].onset == note.onset:
            continue
        if line and line[-1].end > note.onset:
            line[-1] = replace(line[-1], duration=note.onset - line[-1].onset)
        line.append(note)
    return sorted((note for line in kept.values() for note in line), key=lambda note: note.onset)


def save(piece: Piece, path: Path) -> None:
    """Write the piece to the path."""
    file = MidiFile(type=1, ticks_per_beat=piece.ticks)
    file.tracks.append(_lay(_conductor(piece), piece))
    file.tracks.extend(_lay(_part(track), piece) for track in piece.tracks)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(path)


def _conductor(piece: Piece) -> list[tuple[Beats, MetaMessage]]:
    name = MetaMessage("track_name", name=piece.title)
    events = [(0, name), (0, MetaMessage("copyright", text=piece.credit))]
    for beat, bpm in piece.tempos.items():
        events.append((beat, MetaMessage("set_tempo", tempo=bpm2tempo(bpm))))
    for beat, (numerator, denominator) in piece.metres.items():
        metre = MetaMessage("time_signature", numerator=numerator, denominator=denominator)
        events.append((beat, metre))
    events.extend((beat, MetaMessage("key_signature", key=key)) for beat, key in piece.keys.items())
    return events


def _part(track: Track) -> list[tuple[Beats, Message | MetaMessage]]:
    on = {"channel": track.channel}
    events: list[tuple[Beats, Message | MetaMessage]] = [
        (0, MetaMessage("track_name", name=track.name)),
        (0, Message("program_change", program=track.program, **on)),
    ]
    for note in track.notes:
        struck = Message("note_on", note=note.pitch, velocity=note.velocity, **on)
        events.append((note.onset, struck))
        events.append((note.end, Message("note_off", note=note.pitch, velocity=64, **on)))
    for moved in track.controllers:
        change = Message("control_change", control=moved.number, value=moved.value, **on)
        events.append((moved.onset, change))
    return events


def _lay(events: list[tuple[Beats, Message | MetaMessage]], piece: Piece) -> MidiTrack:
    """Return the track with the events in order, key-ups before key-downs of the same tick."""
    placed = [(round(beat * piece.ticks), event) for beat, event in events]
    placed.append((max(round(piece.length * piece.ticks), *(tick for tick, _ in placed)), END))
    placed.sort(key=lambda entry: (entry[0], ORDER.index(entry[1].type)))
    now, track = 0, MidiTrack()
    for tick, event in placed:
        track.append(event.copy(time=tick - now))
        now = tick
    return track


END = MetaMessage("end_of_track")

ORDER = (
    "track_name",
    "copyright",
    "set_tempo",
    "time_signature",
    "key_signature",
    "program_change",
    "note_off",
    "control_change",
    "note_on",
    "end_of_track",
)
"""Kinds of event in the order in which those of one tick are written."""
