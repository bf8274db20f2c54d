"""Read packs of notated music: what a score asks of a player, without a performance.

Letters: N notes.

Source: the packs lieder and string_quartets (OpenScore, CC0), MusicXML and an index.csv.
"""

import csv
import logging
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines.clip import Clip, Notes, Role, Tempo
from engines.error import EngineError
from engines.role import infer
from engines.training.barline import Movement, movements
from engines.training.musicxml import read_score
from engines.training.recording import FLAT, GRACE, GRACE_BEATS
from engines.training.tie import Written, sounding, tabulate
from engines.training.written import Direction, Event, Part, SlurEnd
from engines.training.written_dynamic import written_dynamic

LOG = logging.getLogger(__name__)

SOUNDS: tuple[tuple[str, Role], ...] = (
    ("keyboard.piano", "piano"),
    ("keyboard", "keys"),
    ("voice", "lead"),
    ("strings", "strings"),
    ("wind", "winds"),
    ("brass", "winds"),
    ("pluck.bass", "bass"),
    ("pluck.harp", "strings"),
    ("pluck", "guitar"),
    ("drum", "drums"),
)
"""How the names of MusicXML's sounds begin, and the role that plays them, the first match wins."""

SLOWEST, FASTEST = 10.0, 600.0
"""Written tempi beyond these many quarter notes a minute are mistakes."""


class Notated(NamedTuple):
    """Be one part of one movement as a clip, and what is written at each of its N notes.

    `clip` has its notes sorted by onset, then pitch, all of velocity 64; repeats are played once,
    grace notes last `GRACE_BEATS`. Row by row: `marks` uint16 are bits as in
    `engines.training.recording` and `.written`; `dynamic` float32 is a velocity, NaN before the
    first mark.
    """

    name: str
    work: str
    split: str
    clip: Clip
    marks: np.ndarray
    dynamic: np.ndarray

    @property
    def grace(self) -> np.ndarray:
        """Whether each note is a grace note: (N,) bool."""
        return (self.marks & GRACE) > 0


def read_notation(folder: Path) -> Iterator[Notated]:
    """Yield the parts of a pack's scores, in the order of its index.csv.

    A file that cannot be read is left out, and the log says why.
    """
    with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                yield from read_parts(folder / row["file"], row)
            except (EngineError, OSError) as fault:
                LOG.warning("%s is left out: %s", row["file"], fault)


def read_parts(path: Path, row: dict[str, str]) -> list[Notated]:
    """Return the parts of one score, a movement after the other; `row` is its line of the index.

    Raises:
        EngineError: the file is no score, or asks for notes that there are not.
    """
    parts = read_score(path)
    return [
        notated
        for number, movement in enumerate(movements(parts), 1)
        for notated in _movement(parts, movement, f"{path.stem}/{number}", row)
    ]


def _movement(
    parts: list[Part], movement: Movement, name: str, row: dict[str, str]
) -> Iterator[Notated]:
    events = [_events(part, movement) for part in parts]
    tempo = _tempo([event for of_part in events for event in of_part])
    for number, part in enumerate(parts, 1):
        notes = _notes(part, movement)
        if notes is None:
            continue
        yield Notated(
            name=f"{name}/{number}",
            work=row["set"],
            split=row["split"],
            clip=_clip(part, notes, movement, tempo),
            marks=notes.marks.astype(np.uint16),
            dynamic=written_dynamic(notes.onset, notes.staff, events[number - 1]),
        )


def _notes(part: Part, movement: Movement) -> Written | None:
    """Return the notes that the part has in a movement, None if it has none."""
    low = bisect_left(part.tones, movement.first, key=lambda tone: tone.measure)
    high = bisect_left(part.tones, movement.last, key=lambda tone: tone.measure)
    if low == high:
        return None
    bar_line = np.concatenate([np.zeros(movement.first), movement.start])
    slurs = [
        SlurEnd(end.tone - low, end.number, end.starts)
        for end in part.slurs
        if low <= end.tone < high
    ]
    return sounding(tabulate(part.tones[low:high], bar_line), slurs)


def _events(part: Part, movement: Movement) -> list[Event]:
    def inside(direction: Direction) -> bool:
        return movement.first <= direction.measure < movement.last

    def time(direction: Direction) -> float:
        return float(movement.start[direction.measure - movement.first]) + direction.beat

    return [Event(time(d), d.staff, d.kind, d.text) for d in part.directions if inside(d)]


def _clip(part: Part, notes: Written, movement: Movement, tempo: Tempo) -> Clip:
    grace = (notes.marks & GRACE) > 0
    clip = Clip(
        notes=Notes(
            pitch=notes.pitch,
            onset=notes.onset,
            duration=np.where(grace, GRACE_BEATS, notes.length),
            velocity=np.full(len(notes.onset), FLAT),
        ),
        length=movement.length,
        tempo=tempo,
        metre=movement.metre,
        name=part.name[:256],
        program=part.program,
    )
    return clip.replace(role=_role(part.sound) or infer(clip))


def _tempo(events: list[Event]) -> Tempo:
    """Return the tempo marks of all parts, the first one's where several stand together."""
    marks = dict[float, float]()
    for event in events:
        if event.kind == "tempo" and SLOWEST <= float(event.text) <= FASTEST:
            marks.setdefault(round(max(event.time, 0.0), 6), float(event.text))
    ordered = sorted(marks.items())
    return Tempo(np.array([t for t, _ in ordered]), np.array([bpm for _, bpm in ordered]))


def _role(sound: str) -> Role | None:
    """Return the role of a sound's kind, None if it has none."""
    return next((role for kind, role in SOUNDS if sound.startswith(kind)), None)
