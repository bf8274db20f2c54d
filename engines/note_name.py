"""Name note numbers as musicians do.

Source: middle C (60) is C4, as in scientific pitch notation.
"""

SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


def note_name(pitch: int, names: tuple[str, ...] = SHARPS) -> str:
    """Return a name such as "F#3" by the twelve names of an octave."""
    return f"{names[pitch % 12]}{pitch // 12 - 1}"
