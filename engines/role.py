"""Tell what an instrument does in the music from channel, program, name and range.

Source: General MIDI 1 sound set (programs by family of eight; channel 10 is percussion).
"""

import re

import numpy as np

from engines.clip import Clip

DRUM_CHANNEL = 9
"""Channel 10 as musicians count. Source: General MIDI 1."""

FAMILIES = (
    (range(8), "piano"),
    (range(8, 24), "keys"),
    (range(24, 32), "guitar"),
    (range(32, 40), "bass"),
    (range(40, 56), "strings"),
    (range(56, 80), "winds"),
    (range(80, 88), "lead"),
    (range(88, 104), "pad"),
    (range(104, 109), "guitar"),
    (range(112, 120), "drums"),
)
"""General MIDI programs from 0 and the role that they mostly play."""

WORDS = (
    ("drums", r"drums?|perc|percussion|kit|beat|kick|snare|hats?|hi-?hat|cymbals?|toms?|808|909"),
    ("bass", r"bass|contrabass|kontrabass|sub"),
    ("guitar", r"guitars?|gtr|git|strum|ukulele|banjo"),
    ("strings", r"strings?|violins?|violas?|cellos?|violoncello|quartet|orchestra"),
    (
        "winds",
        r"flute|oboe|clarinet|bassoon|horns?|trumpet|trombone|brass|sax|saxophone|tuba|winds?",
    ),
    ("keys", r"keys?|rhodes|wurli|wurlitzer|organ|clav|epiano|e-piano|electric piano|harpsichord"),
    ("piano", r"piano|klavier|pianoforte|grand"),
    ("pad", r"pads?|atmo|ambient"),
    ("lead", r"lead|melody|solo|voice|vocals?|singer|soprano|alto|tenor|arp|pluck"),
)
"""Words in track, clip and device names, the first match wins: "piano bass" is a bass."""


def infer(clip: Clip) -> str:
    """Return the clip's role: the one given, else from channel, name, program, then range."""
    if clip.role != "auto":
        return clip.role
    if clip.channel == DRUM_CHANNEL:
        return "drums"
    return _from_name(clip.name) or _from_program(clip.program) or _from_range(clip)


def _from_name(name: str) -> str | None:
    for role, words in WORDS:
        if re.search(rf"\b(?:{words})\b", name, re.IGNORECASE):
            return role
    return None


def _from_program(program: int | None) -> str | None:
    if program is None:
        return None
    return next((role for programs, role in FAMILIES if program in programs), None)


def _from_range(clip: Clip) -> str:
    """Judge by register and texture: low and alone is a bass, high and alone a lead."""
    if not len(clip.notes):
        return "piano"
    alone = len(np.unique(clip.notes.onset)) >= 0.9 * len(clip.notes)
    middle = float(np.median(clip.notes.pitch))
    if alone and middle < 52:
        return "bass"
    return "lead" if alone and middle > 64 else "piano"
