"""Tell what an instrument does in the music from channel, program, name and range.

Source: General MIDI 1 sound set (programs by family of eight; channel 10 is percussion).
"""

import re

import numpy as np

from engines.clip import Clip
from engines.kit import HAT, KICK, PEDAL, RIDE, SNARE, voices

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

ALONE = 0.1
"""A line has at most this share of notes that begin together. This and the next were set on POP909,
the chorales and the Groove MIDI Dataset."""

MOMENT = 0.05
"""Onsets this close in beats count as one."""

LOW = 52
"""A line with its median pitch below is a bass, others are leads."""

KIT_CORE, KIT_TOGETHER = 0.55, 0.05
"""A kit plays more than these shares of its notes on kick, snare and cymbals, and together."""


def infer(clip: Clip) -> str:
    """Return the clip's role: the one given, else from channel, name, program, then its notes."""
    if clip.role != "auto":
        return clip.role
    if clip.channel == DRUM_CHANNEL:
        return "drums"
    return _from_name(clip.name) or _from_program(clip.program) or _from_notes(clip)


def _from_name(name: str) -> str | None:
    for role, words in WORDS:
        if re.search(rf"\b(?:{words})\b", name, re.IGNORECASE):
            return role
    return None


def _from_program(program: int | None) -> str | None:
    if program is None:
        return None
    return next((role for programs, role in FAMILIES if program in programs), None)


def _from_notes(clip: Clip) -> str:
    """Judge by register and texture: low and alone is a bass, high and alone a lead."""
    if not len(clip.notes):
        return "piano"
    together = _share_together(clip.notes.onset)
    if _is_kit(clip.notes.pitch, together):
        return "drums"
    if together > ALONE:
        return "piano"
    return "bass" if float(np.median(clip.notes.pitch)) < LOW else "lead"


def _share_together(onset: np.ndarray) -> float:
    """Return the share of notes that begin with, or a moment after, another."""
    gap = np.diff(np.sort(onset))
    return float((gap < MOMENT).mean()) if len(gap) else 0.0


def _is_kit(pitch: np.ndarray, together: float) -> bool:
    """Return whether the notes are those of kick, snare and cymbals, some of them at once."""
    voice = voices(pitch)
    core = float(np.isin(voice, (KICK, SNARE, HAT, PEDAL, RIDE)).mean())
    found = set(voice.tolist())
    keeps_time = bool(found & {HAT, PEDAL, RIDE})
    return together > KIT_TOGETHER and core > KIT_CORE and KICK in found and keeps_time
