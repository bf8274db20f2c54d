"""Say which note number a new stroke of a voice gets in a clip, and how loud it is written.

Letters: N notes, V voices, S steps.
"""

import numpy as np

from engines.clip import Clip
from engines.kit import (
    CLOSED_HAT,
    RIDE,
    STROKES,
    UNMAPPED,
    VOICES,
    kit_of,
)

PLAIN = np.array(
    [next(stroke.notes[0] for stroke in STROKES if stroke.name == name) for name in VOICES]
)
"""The note number of each voice's plain stroke in General MIDI: (V,)."""

PEDAL = next(row for row, stroke in enumerate(STROKES) if stroke.name == "pedal hat")

LAST_OF_KIT = next(row for row, stroke in enumerate(STROKES) if stroke.name == "ride edge")
"""The strokes after it are percussion, which other hands play."""


def voices_of(clip: Clip) -> np.ndarray:
    """Return the voice of each note, (N,) int; `UNMAPPED` for percussion, and what is muted."""
    kit, pitch = kit_of(clip), clip.notes.pitch
    drums = (kit.stroke[pitch] >= 0) & (kit.stroke[pitch] <= LAST_OF_KIT)
    return np.where(drums & (clip.notes.mute == 0), kit.voice[pitch], UNMAPPED).astype(np.intp)


def pitches(clip: Clip) -> np.ndarray:
    """Return the note number for each voice, (V,) int; `UNMAPPED` where the rack has no such pad.

    It is the one that the clip plays most, else General MIDI's.
    """
    kit = kit_of(clip)
    voice = np.where(kit.stroke <= LAST_OF_KIT, kit.voice, UNMAPPED)
    count = np.bincount(clip.notes.pitch, minlength=128).astype(float)
    there = np.ones(128, dtype=bool)
    if clip.pads:
        there[:] = False
        there[[pad.pitch for pad in clip.pads]] = True
    count[PLAIN] += 0.5
    return np.array([_most_played(count, (voice == row) & there) for row in range(len(VOICES))])


def played_pitches(hits: np.ndarray, clip: Clip) -> np.ndarray:
    """Return the note number of each voice on each step: (S, V) int.

    A closed hat beside the ride is played by the foot, for both hands are elsewhere.
    """
    kit, found = kit_of(clip), np.tile(pitches(clip), (len(hits), 1))
    pedal = np.flatnonzero(kit.stroke == PEDAL)
    pads = [pad.pitch for pad in clip.pads]
    if len(pedal) and (not pads or pedal[0] in pads):
        found[hits[:, RIDE] > 0, CLOSED_HAT] = pedal[0]
    return found


def _most_played(count: np.ndarray, fits: np.ndarray) -> int:
    """Return the note number that fits, (128,) bool, with the highest count, or `UNMAPPED`."""
    return int(np.where(fits, count, -1.0).argmax()) if fits.any() else UNMAPPED
