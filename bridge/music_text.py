"""Read the words that musicians type: metres such as 7/8, keys such as F# minor, pads of drums."""

import re
from difflib import get_close_matches

import msgspec

from bridge.error import BridgeError
from engines.clip import Key, Metre, Pad
from engines.kit import STROKES, VOICES, is_known
from engines.live.scale import INTERVALS

TONICS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

NAMES = (
    "major",
    "minor",
    "dorian",
    "phrygian",
    "lydian",
    "mixolydian",
    "locrian",
    "harmonic minor",
    "melodic minor",
    "major pentatonic",
    "minor pentatonic",
    "blues",
    "chromatic",
)

SCALES = {name: INTERVALS[name] for name in NAMES}
"""Scales by the names that Live gives them, in lower case; steps in semitones."""


def parse_metre(text: str) -> Metre:
    """Read a metre such as "6/8".

    Raises:
        BridgeError: the text is none.
    """
    numerator, _, denominator = text.partition("/")
    try:
        numbers = {"numerator": int(numerator), "denominator": int(denominator)}
        return msgspec.convert(numbers, Metre)
    except ValueError:
        what = f"metre is {text!r}, allowed are 1 to 255 over 1, 2, 4, 8, 16, 32, 64 or 128"
        raise BridgeError(what) from None


def parse_key(text: str) -> Key:
    """Read a key such as "C minor", "F#" (major) or "Bb dorian".

    Raises:
        BridgeError: the text is none.
    """
    parts = re.fullmatch(r"\s*([A-Ga-g])([#b♯♭]?)\s*([A-Za-z ]*?)\s*", text)
    scale = (parts[3].lower() or "major") if parts else ""
    if parts is None or scale not in SCALES:
        what = f"key is {text!r}, allowed are a tonic and a scale: {', '.join(SCALES)}"
        raise BridgeError(what)
    shift = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}[parts[2]]
    tonic = (TONICS[parts[1].upper()] + shift) % 12
    return Key(tonic, SCALES[scale], scale.title())


def parse_pads(text: str) -> tuple[Pad, ...]:
    """Read what note numbers play, such as "60=kick, 61=open hat"; no text is no pad.

    Raises:
        BridgeError: a part is no number and a known name, or a number comes twice.
    """
    pads = tuple(_parse_pad(part.strip()) for part in text.split(",")) if text.strip() else ()
    for row, pad in enumerate(pads):
        if any(pad.pitch == before.pitch for before in pads[:row]):
            raise BridgeError(f"pads has {pad.pitch} twice, allowed is each note number once")
    return pads


def _parse_pad(text: str) -> Pad:
    number, _, name = (part.strip() for part in text.partition("="))
    is_number = re.fullmatch("[0-9]{1,3}", number) and int(number) < 128
    if is_number and "=" not in name and is_known(name):
        return Pad(int(number), name)
    voices = ", ".join(VOICES)
    known = [] if is_known(name) else [stroke.name for stroke in STROKES]
    near = get_close_matches(name.lower(), known, n=1)
    raise BridgeError(
        f"pads is {text!r}, allowed are a note number from 0 to 127, = and what it plays: {voices},"
        f" another stroke of a kit, or none{''.join(f'; did you mean {one}?' for one in near)}"
    )
