"""Choose for a part what plays it, and what it is called."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from bridge.sound.instruments import Instruments
from bridge.sound_protocol import Instrument
from engines.clip import Clip, Notes
from engines.role import DRUM_CHANNEL, infer
from engines.word import words

PROGRAMS = {"keys": 4, "bass": 33, "strings": 48, "guitar": 25, "winds": 73, "pad": 89}
"""What a soundfont plays for a part whose name tells its role but whose channel has no program:
electric piano, fingered bass, string ensemble, steel guitar, flute, warm pad. Any other is the
piano that General MIDI begins with. Source: General MIDI 1 sound set, from 0."""

LONGEST = 64
"""How many letters the names of several parts have at most when they stand in a row."""

MOST_LETTERS = 200
"""How many letters a part's name has at most: a track's may have 256, and a number comes behind."""

HANDS = re.compile(
    r"\b(?:(?:treble|bass) (?:clef|staff|stave)|treble|clef|staff|stave|upper|lower|right|left"
    r"|[rl] ?h|[rl]|hands?|rechte|linke|rechts|links|main (?:droite|gauche)"
    r"|mano (?:destra|sinistra))\b"
)
"""Words that tell the hands or the staves of one instrument apart."""


class Part(NamedTuple):
    """Be a part that is to be heard: what it is called, and who plays it on which channel.

    `told` is the role that somebody has told in words or by a program, `label` its name in small
    letters without what tells hands apart.
    """

    name: str
    role: str
    channel: int
    instrument: Instrument
    told: str
    label: str

    def is_beside(self, other: "Part") -> bool:
        """Return whether the names may be those of two hands of one instrument."""
        return self.label == other.label or not self.label or not other.label


def choose(clip: Clip, instruments: Instruments, *, own_name: bool = True) -> Part:
    """Return how a clip is played.

    Drums without a program are played on the channel of drums by a soundfont, wherever they were
    written, for on any other it would play them as a piano.

    Args:
        clip: the part.
        instruments: what there is to choose from.
        own_name: whether its name is not that of several parts.
    """
    label = " ".join(HANDS.sub(" ", " ".join(words(clip.name))).split()) if own_name else ""
    named = clip.replace(name=label)
    role, told = infer(named), infer(named.replace(notes=Notes()))
    channel = clip.channel or (DRUM_CHANNEL if clip.channel is None and role == "drums" else 0)
    instrument = instruments.for_part(clip.name, role)
    if instrument.plugin is None and clip.program is None:
        channel = DRUM_CHANNEL if role == "drums" else channel
        if instrument.program is None and channel != DRUM_CHANNEL:
            program = PROGRAMS.get(told)
            instrument = msgspec.structs.replace(instrument, program=program)
    name = "".join(letter for letter in clip.name if letter.isprintable()).strip()[:MOST_LETTERS]
    called = name if name and own_name else role.capitalize()
    return Part(called, role, channel, instrument, told, label)


def group_name(parts: Sequence[Part]) -> str:
    """Return what parts that are played as one are called."""
    names = list(dict.fromkeys(part.name for part in parts))
    roles = {part.role for part in parts}
    if len(names) == 1:
        return names[0]
    if len(roles) == 1:
        return parts[0].role.capitalize()
    row = " + ".join(names)
    return row if len(row) <= LONGEST else f"{names[0]} and {len(names) - 1} more"


def distinct(names: Iterable[str]) -> list[str]:
    """Return the names with a number behind each that was there before."""
    counts: Counter[str] = Counter()
    found: list[str] = []
    for name in names:
        new = name
        while new in found:
            counts[name] += 1
            new = f"{name} {counts[name] + 1}"
        found.append(new)
    return found
