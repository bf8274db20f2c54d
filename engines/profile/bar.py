"""Write a groove as one bar of notes, for the groove pool of Ableton Live.

Source: Ableton Live's manual, "Using Grooves": a groove is how far notes are from the nearest line
of its Base, and how loud they are; it knows no voices, and its own files hold one line of C1.
"""

import numpy as np

from engines.clip import Clip, Notes, Tempo
from engines.features import Features
from engines.profile import swing_ratio
from engines.profile.expectation import Expectation, expecter, level_of
from engines.profile.page import PARTS_OF_BEAT
from engines.profile.place import UNKNOWN, Places
from engines.profile.profile import STEPS, VOICES_OF, Profile, ProfileError

PITCH = 36
"""C1 as Live counts octaves: what its own grooves are written on."""

LENGTH = 1 / 16
"""How long the notes are, in beats."""


def one_bar(profile: Profile, *, voice: str = "", base: str = "16th", bpm: float = 0.0) -> Clip:
    """Return a clip of one bar with a note on each line of a grid, as late and loud as played.

    Swing is in it. Push, drift and spread are not: what all notes share is for a track's delay, and
    Live draws its own Random. What would come before the bar line is written on it.

    Args:
        profile: the groove; if it spans several bars, what they have in common.
        voice: whose timing and accents; all voices alike where none is named.
        base: the grid, a key of `PARTS_OF_BEAT`; in Live it has to be the groove's Base.
        bpm: the tempo it is written for, 0 for its own.

    Raises:
        ProfileError: the profile has no such voice, or there is no such grid.
    """
    metre, bpm = profile.time_signature, bpm or profile.bpm
    steps = _steps(base)
    onset = np.arange(max(round(metre.bar * steps), 1)) / steps
    written = Clip(
        _line(onset, np.full(len(onset), 100.0)),
        length=metre.bar,
        tempo=Tempo(time=np.zeros(1), bpm=np.full(1, bpm)),
        metre=(metre,),
        name=f"groove {voice}".strip(),
        role="drums",
    )
    expected = _expected(profile, voice, onset)
    swung = swing_ratio.added(Features(written), profile.swing, profile.swing_grid)
    played = onset + swung + expected.offset_ms * bpm / 60e3
    velocity = np.clip(np.rint(expected.velocity), 1.0, 127.0)
    return written.replace(notes=_line(np.clip(played, 0.0, metre.bar - LENGTH), velocity))


def _steps(base: str) -> int:
    if base not in PARTS_OF_BEAT:
        raise ProfileError(f"base is {base!r}, allowed are {', '.join(PARTS_OF_BEAT)}")
    return PARTS_OF_BEAT[base]


def _expected(profile: Profile, voice: str, onset: np.ndarray) -> Expectation:
    """Return what is expected at onsets of any bar."""
    known = [one.name for one in profile.voices]
    if voice and voice not in known:
        raise ProfileError(f"voice is {voice!r}, allowed are {', '.join(known)}")
    row = VOICES_OF[profile.part].index(voice) if voice else 0
    place = np.rint(onset * STEPS).astype(np.intp)
    unknown = np.full(len(onset), UNKNOWN)
    places = Places(np.full(len(onset), row), level_of(profile, place), place, unknown, unknown)
    return expecter(profile, voices=bool(voice)).expect(places)


def _line(onset: np.ndarray, velocity: np.ndarray) -> Notes:
    return Notes(
        pitch=np.full(len(onset), PITCH),
        onset=onset,
        duration=np.full(len(onset), LENGTH),
        velocity=velocity,
    )
