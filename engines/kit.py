"""Know the drum kit: which voice and which stroke each note number plays.

A voice is what the hands and feet of a drummer go to; a stroke is one way to sound it. Hand
percussion is played like the nearest voice of the kit: who shakes keeps time as on a closed hat.

Source: General MIDI 1 percussion map (35 to 81) and General MIDI 2 (82); where the two differ, the
notes of the Roland TD-11 as in the Groove MIDI Dataset (Gillick et al. 2019, ICML, appendix):
22, 26 and 59 are the edges of hats and ride, 40 is the snare's rim and 58 that of the low tom.
"""

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np

from engines.clip import Clip, Pad
from engines.note_name import note_name
from engines.pad_name import NO_STROKE, named_stroke

VOICES = (
    "kick",
    "snare",
    "closed hat",
    "open hat",
    "low tom",
    "mid tom",
    "high tom",
    "crash",
    "ride",
)
"""The voices, as learned drumming tells them apart."""

KICK, SNARE, CLOSED_HAT, OPEN_HAT, LOW_TOM, MID_TOM, HIGH_TOM, CRASH, RIDE = range(len(VOICES))

UNMAPPED = -1
"""The voice and the stroke of a note number that plays none."""


LISTED = 6
"""So many note numbers are named in a sentence."""


class Group(IntEnum):
    """Be a group of strokes that rules play alike."""

    KICK = 0
    SNARE = 1
    SIDE = 2
    """Side stick and clap."""
    TOM = 3
    HAT = 4
    """Hats by hand, and what keeps time as they do."""
    PEDAL = 5
    RIDE = 6
    CRASH = 7
    HAND = 8
    """All other percussion, and what is unmapped."""


class Stroke(NamedTuple):
    """Be one way to sound a voice; of its note numbers the first is its own."""

    name: str
    voice: int
    group: Group
    notes: tuple[int, ...] = ()


STROKES = (
    Stroke("kick", KICK, Group.KICK, (36, 35)),
    Stroke("snare", SNARE, Group.SNARE, (38,)),
    Stroke("rimshot", SNARE, Group.SNARE, (40,)),
    Stroke("side stick", SNARE, Group.SIDE, (37,)),
    Stroke("clap", SNARE, Group.SIDE, (39,)),
    Stroke("closed hat", CLOSED_HAT, Group.HAT, (42,)),
    Stroke("closed hat edge", CLOSED_HAT, Group.HAT, (22,)),
    Stroke("pedal hat", CLOSED_HAT, Group.PEDAL, (44,)),
    Stroke("open hat", OPEN_HAT, Group.HAT, (46,)),
    Stroke("open hat edge", OPEN_HAT, Group.HAT, (26,)),
    Stroke("low tom", LOW_TOM, Group.TOM, (43, 41)),
    Stroke("low tom rim", LOW_TOM, Group.TOM, (58,)),
    Stroke("mid tom", MID_TOM, Group.TOM, (45, 47)),
    Stroke("high tom", HIGH_TOM, Group.TOM, (48, 50)),
    Stroke("crash", CRASH, Group.CRASH, (49, 57)),
    Stroke("splash", CRASH, Group.CRASH, (55,)),
    Stroke("china", CRASH, Group.CRASH, (52,)),
    Stroke("ride", RIDE, Group.RIDE, (51,)),
    Stroke("ride bell", RIDE, Group.RIDE, (53,)),
    Stroke("ride edge", RIDE, Group.RIDE, (59,)),
    Stroke("tambourine", CLOSED_HAT, Group.HAT, (54,)),
    Stroke("cabasa", CLOSED_HAT, Group.HAT, (69,)),
    Stroke("maracas", CLOSED_HAT, Group.HAT, (70,)),
    Stroke("shaker", CLOSED_HAT, Group.HAT, (82,)),
    Stroke("short guiro", CLOSED_HAT, Group.HAND, (73,)),
    Stroke("long guiro", OPEN_HAT, Group.HAND, (74,)),
    Stroke("mute triangle", CLOSED_HAT, Group.HAND, (80,)),
    Stroke("open triangle", OPEN_HAT, Group.HAND, (81,)),
    Stroke("high bongo", HIGH_TOM, Group.HAND, (60,)),
    Stroke("low bongo", MID_TOM, Group.HAND, (61,)),
    Stroke("mute high conga", HIGH_TOM, Group.HAND, (62,)),
    Stroke("open high conga", MID_TOM, Group.HAND, (63,)),
    Stroke("low conga", LOW_TOM, Group.HAND, (64,)),
    Stroke("high timbale", HIGH_TOM, Group.HAND, (65,)),
    Stroke("low timbale", MID_TOM, Group.HAND, (66,)),
    Stroke("mute cuica", HIGH_TOM, Group.HAND, (78,)),
    Stroke("open cuica", MID_TOM, Group.HAND, (79,)),
    Stroke("cowbell", RIDE, Group.HAND, (56,)),
    Stroke("high agogo", RIDE, Group.HAND, (67,)),
    Stroke("low agogo", RIDE, Group.HAND, (68,)),
    Stroke("claves", RIDE, Group.HAND, (75,)),
    Stroke("high wood block", RIDE, Group.HAND, (76,)),
    Stroke("low wood block", RIDE, Group.HAND, (77,)),
    Stroke("short whistle", CRASH, Group.HAND, (71,)),
    Stroke("long whistle", CRASH, Group.HAND, (72,)),
    Stroke("vibraslap", CRASH, Group.HAND),
    Stroke("percussion", MID_TOM, Group.HAND),
)
"""Every stroke, with the voice that it is played like. General MIDI's vibraslap is the low tom's
rim of the Roland kits, so it is found by its name alone, as is what is called no more than
percussion, which is played like a conga."""

_GROUP = np.array([*(stroke.group for stroke in STROKES), Group.HAND], dtype=np.int8)
_VOICE = np.array([*(stroke.voice for stroke in STROKES), UNMAPPED], dtype=np.int8)
"""What each stroke is, and in the last row what `UNMAPPED` is."""


class Kit(NamedTuple):
    """Say what each note number plays.

    Attributes:
        voice: (128,) int8, index into `VOICES` or `UNMAPPED`.
        stroke: (128,) int8, index into `STROKES` or `UNMAPPED`.
    """

    voice: np.ndarray
    stroke: np.ndarray

    @property
    def group(self) -> np.ndarray:
        """The `Group` of each note number: (128,) int8."""
        return np.asarray(_GROUP[self.stroke])


def kit_of(clip: Clip) -> Kit:
    """Return what each note number plays in a clip: by its pads' names, else by the number."""
    return _kit(clip.pads)


def is_known(name: str) -> bool:
    """Return whether a pad's name says what it plays, or that it plays no voice of a kit."""
    by_number = _BY_NAME["kick"]
    return _called(name, UNMAPPED) != UNMAPPED or _called(name, by_number) == UNMAPPED


class Reading(Protocol):
    """Be what was read from a clip: `engines.features.Features`, which need this module's kit."""

    clip: Clip


def read_kit(features: Reading) -> Kit:
    """Return the clip's kit, for `Features.once`."""
    return kit_of(features.clip)


def unmapped_sentence(features: Reading) -> str:
    """Return what to tell the user of a clip's notes that play no voice; empty if all do.

    For `Features.once`.
    """
    clip, pitch = features.clip, features.clip.notes.pitch
    unmapped = pitch[kit_of(clip).voice[pitch] == UNMAPPED]
    if not len(unmapped):
        return ""
    count, found = len(unmapped), np.unique(unmapped).tolist()
    name = "".join(letter for letter in clip.name if letter.isprintable()).strip()
    return (
        f"track {name or 'without a name'}: {count} {'notes' if count > 1 else 'note'} of"
        f" {_listed(found)} {'are' if count > 1 else 'is'} on no voice of the kit and"
        f" {'pass' if count > 1 else 'passes'} untouched; name their pads, such as"
        f" {found[0]}=snare"
    )


def _listed(pitches: list[int]) -> str:
    names = [f"{pitch} ({note_name(pitch)})" for pitch in pitches[:LISTED]]
    more = len(pitches) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


@lru_cache(maxsize=16)
def _kit(pads: tuple[Pad, ...]) -> Kit:
    stroke = np.full(128, UNMAPPED, dtype=np.int8)
    for index, known in enumerate(STROKES):
        stroke[list(known.notes)] = index
    for pad in pads:
        stroke[pad.pitch] = _called(pad.name, int(stroke[pad.pitch]))
    kit = Kit(_VOICE[stroke], stroke)
    for table in kit:
        table.flags.writeable = False
    return kit


def _called(name: str, by_number: int) -> int:
    """Return the stroke of a pad by its name, that of its note number where the name is silent."""
    known = _BY_NAME.get(" ".join(name.lower().split()))
    if known is not None:
        return known
    found = named_stroke(name, STROKES[by_number].name if by_number != UNMAPPED else NO_STROKE)
    return _BY_NAME.get(found, UNMAPPED)


_BY_NAME = {stroke.name: index for index, stroke in enumerate(STROKES)}
"""All voices are strokes too: a voice's name stands for its plain stroke."""
