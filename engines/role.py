"""Tell what an instrument does in the music from channel, pads, program, name and range.

Source: General MIDI 1 sound set (programs by family of eight; channel 10 is percussion).
"""

import re

import numpy as np

from engines.clip import Clip
from engines.kit import Group, kit_of
from engines.word import words

DRUM_CHANNEL = 9
"""Channel 10 as musicians count. Source: General MIDI 1."""

FAMILIES = (
    (range(4), "piano"),
    (range(4, 24), "keys"),
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
    ("winds", r"bass (?:clarinet|flute|sax|saxophone|trombone)s?"),
    (
        "drums",
        r"(?:kick|snare)?drums?|drum(?:kit|set|rack|loop)s?|kits?|beats?|perc|percussion|808|909"
        r"|kicks?|bd|snares?|sd|claps?|rims?|rimshots?|hats?|hi ?hats?|hh|overheads?|cymbals?"
        r"|rides?|crash|toms?|shakers?|tambourine|cowbells?|congas?|bongos?|cajon|schlagzeug",
    ),
    ("bass", r"(?:synth|sub|contra|kontra)?bass(?:line|synth|guitar)?|sub"),
    ("guitar", r"guitars?|gtrs?|gitarren?|git|strum|ukuleles?|banjos?|mandolins?"),
    (
        "strings",
        r"(?:synth)?strings?|violins?|violas?|cello|cellos|celli|violoncello|quartet|orchestra"
        r"|geigen?|harps?|choirs?",
    ),
    (
        "winds",
        r"flutes?|oboes?|clarinets?|bassoons?|horns?|trumpets?|trombones?|brass"
        r"|sax|saxophones?|tubas?|(?:wood)?winds?|recorders?",
    ),
    (
        "keys",
        r"keys?|keyboards?|rhodes|wurli|wurlitzer|organs?|hammond|clav|clavinet|harpsichord|ep"
        r"|e ?piano|electric piano",
    ),
    ("piano", r"pianos?|pno|klavier|pianoforte|grand"),
    ("pad", r"(?:synth)?pads?|atmo|ambient|drones?"),
    (
        "lead",
        r"(?:synth)?leads?|melody|solo|voices?|vocals?|vox|singers?|sopranos?|altos?|tenors?|arps?"
        r"|plucks?",
    ),
)
"""Words in track, clip and device names, the first match wins: "piano bass" is a bass. General MIDI
has choirs and harps among the strings."""

ALONE = 0.1
"""A line has at most this share of notes that begin together. This and the next were set on POP909,
the Bach Chorales Figured Bass dataset (CC BY 4.0) and the Groove MIDI Dataset."""

MOMENT = 0.05
"""Onsets this close in beats count as one."""

LOW = 52
"""A line with its median pitch below is a bass, others are leads."""

TIME = (Group.HAT, Group.PEDAL, Group.RIDE)
"""What keeps time in a kit."""

CORE = (Group.KICK, Group.SNARE, *TIME)

KIT_CORE, KIT_TOGETHER = 0.55, 0.05
"""A kit plays more than these shares of its notes on kick, snare and cymbals, and together."""


def infer(clip: Clip) -> str:
    """Return the clip's role: the one given, else from channel and pads, name, program, notes."""
    if clip.role != "auto":
        return clip.role
    if clip.channel == DRUM_CHANNEL or clip.pads:
        return "drums"
    return _from_name(clip.name) or _from_program(clip.program) or _from_notes(clip)


def _from_name(name: str) -> str | None:
    """Return the role of the first kind of words that the name has; None if it has none."""
    spoken = " ".join(words(name))
    return next((role for role, known in WORDS if re.search(rf"\b(?:{known})\b", spoken)), None)


def _from_program(program: int | None) -> str | None:
    if program is None:
        return None
    return next((role for programs, role in FAMILIES if program in programs), None)


def _from_notes(clip: Clip) -> str:
    """Judge by register and texture: low and alone is a bass, high and alone a lead."""
    if not len(clip.notes):
        return "piano"
    together = _share_together(clip.notes.onset)
    if _is_kit(kit_of(clip).group[clip.notes.pitch], together):
        return "drums"
    if together > ALONE:
        return "piano"
    return "bass" if float(np.median(clip.notes.pitch)) < LOW else "lead"


def _share_together(onset: np.ndarray) -> float:
    """Return the share of notes that begin with, or a moment after, another."""
    gap = np.diff(np.sort(onset))
    return float((gap < MOMENT).mean()) if len(gap) else 0.0


def _is_kit(group: np.ndarray, together: float) -> bool:
    """Return whether the notes are those of kick, snare and cymbals, some of them at once."""
    core = float(np.isin(group, CORE).mean())
    found = set(group.tolist())
    keeps_time = not found.isdisjoint(TIME)
    return together > KIT_TOGETHER and core > KIT_CORE and Group.KICK in found and keeps_time
