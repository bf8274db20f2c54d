"""Name pitches and drums.

Source: drums are those of the General MIDI 1 percussion key map, 22 and 26 the hi-hat edges of
Roland's electronic kits.
"""

from engines.clip import Key
from engines.note_name import FLATS, SHARPS, note_name

FLAT_KEYS = frozenset({5, 10, 3, 8, 1})
"""Tonics of the major keys that are written with flats: F, Bb, Eb, Ab, Db."""

BLACK = frozenset({1, 3, 6, 8, 10})
"""Pitch classes of the black keys."""

DRUMS = {
    35: "Low kick",
    36: "Kick",
    37: "Side stick",
    38: "Snare",
    40: "Snare rim",
    39: "Clap",
    41: "Low floor tom",
    43: "Floor tom",
    45: "Low tom",
    47: "Low-mid tom",
    48: "Mid tom",
    50: "High tom",
    44: "Hi-hat pedal",
    42: "Hi-hat closed",
    22: "Hi-hat edge",
    46: "Hi-hat open",
    26: "Open hat edge",
    51: "Ride",
    59: "Ride edge",
    53: "Ride bell",
    49: "Crash",
    57: "Crash 2",
    55: "Splash",
    52: "China",
    54: "Tambourine",
    56: "Cowbell",
    27: "High Q",
    28: "Slap",
    31: "Sticks",
    58: "Vibraslap",
    60: "High bongo",
    61: "Low bongo",
    62: "Mute conga",
    63: "Open conga",
    64: "Low conga",
    65: "High timbale",
    66: "Low timbale",
    67: "High agogo",
    68: "Low agogo",
    69: "Cabasa",
    70: "Maracas",
    71: "Short whistle",
    72: "Long whistle",
    73: "Short guiro",
    74: "Long guiro",
    75: "Claves",
    76: "High block",
    77: "Low block",
    78: "Mute cuica",
    79: "Open cuica",
    80: "Mute triangle",
    81: "Triangle",
    82: "Shaker",
}
"""Kick first, then snare, toms, hi-hat, cymbals and what the hand plays."""

PLACES = {pitch: place for place, pitch in enumerate(DRUMS)}


def pitch_name(pitch: int, key: Key | None = None) -> str:
    """Return a name such as "F#3", with flats where the key is written with flats."""
    return note_name(pitch, FLATS if key is not None and _is_flat(key) else SHARPS)


def drum_name(pitch: int) -> str:
    """Return the drum that the pitch stands for, or the pitch's own name if it stands for none."""
    return DRUMS.get(pitch, f"Drum {pitch_name(pitch)}")


def drum_place(pitch: int) -> int:
    """Return how far up a drum stands in a chart of the kit; unknown ones are on top."""
    return PLACES.get(pitch, len(PLACES) + pitch)


def _is_flat(key: Key) -> bool:
    """Judge by the major key with the same notes: a minor third above a minor tonic."""
    minor = 3 in key.intervals and 4 not in key.intervals
    return (key.tonic + 3 if minor else key.tonic) % 12 in FLAT_KEYS
