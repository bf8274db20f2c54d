"""Make the groove profiles that ship, from takes of the Groove MIDI Dataset's train split.

Source: Gillick et al. (2019), "Learning to Groove with Inverse Sequence Transformations", ICML;
CC BY 4.0.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from engines.error import EngineError
from engines.profile.extract import extract
from engines.profile.page import Grid, written_down
from engines.profile.profile import Profile
from engines.profile.text import to_text
from engines.training.groove_midi import DrumTake, read_takes

KNOTS = 256
"""How many knots of a take's clock are kept: 64 bars of 4/4."""


class Choice(NamedTuple):
    """Say which take a shipped profile is of, what stands on its page, and a sentence about it."""

    name: str
    take: str
    summary: str
    grid: Grid = "auto"


CHOICES = (
    Choice(
        "steady-rock",
        "drummer1/session3/9",
        "Steady rock: straight, backbeats right on the beat, hardly a ghost note.",
    ),
    Choice(
        "half-time-rock",
        "drummer8/session2/32",
        "Half-time rock: even eighths on the hats, one hard backbeat in the bar's middle.",
    ),
    Choice(
        "laid-back-rock",
        "drummer2/session1/2",
        "Rock that lies back: the backbeat falls well behind the kick.",
    ),
    Choice(
        "wide-rock", "drummer6/session3/3", "Heavy rock: everything loud, in time that breathes."
    ),
    Choice(
        "loose-rock",
        "drummer9/session1/14",
        "Loose rock: sixteenths swing a little, ghost notes between hard backbeats.",
    ),
    Choice(
        "slow-ballad",
        "drummer7/session3/1",
        "A slow ballad: a soft kick, no ghost notes, whispered sixteenths on the hats.",
    ),
    Choice(
        "six-eight",
        "drummer6/session1/2",
        "Slow rock in six eight, ahead of the beat and drifting widely.",
    ),
    Choice(
        "shuffle",
        "drummer8/session1/20",
        "A rock shuffle: eighths swing far, hard backbeats, hardly a ghost note.",
        "swung",
    ),
    Choice(
        "punk",
        "drummer1/session2/32",
        "Fast punk: open hats louder between the beats than on them.",
    ),
    Choice(
        "tight-funk",
        "drummer1/session3/16",
        "Tight funk: straight sixteenths, hard kick and snare, no ghost notes.",
    ),
    Choice(
        "ghosted-funk",
        "drummer8/session2/6",
        "Funk full of ghost notes: sixteenths lean, and hard backbeats stand out.",
    ),
    Choice(
        "new-orleans",
        "drummer5/session2/10",
        "New Orleans funk: a soft kick, busy ghost notes, sixteenths that lean.",
    ),
    Choice(
        "second-line",
        "drummer1/session1/100",
        "Second line: a rolling snare, most of it ghosted, a little ahead of the beat.",
    ),
    Choice(
        "motown",
        "drummer7/session2/54",
        "Motown: accented quarters on the hats, soft eighths between, hard backbeats.",
    ),
    Choice(
        "disco",
        "drummer8/session2/26",
        "Disco: straight and driving, full backbeats, quarters louder than what lies between.",
    ),
    Choice(
        "boom-bap",
        "drummer8/session1/14",
        "Boom bap: heavily swung sixteenths, a late backbeat, a carpet of ghost notes.",
    ),
    Choice(
        "slow-hip-hop",
        "drummer7/session2/87",
        "Slow hip hop: straight and ahead of the beat, whispers under hard backbeats.",
    ),
    Choice(
        "afrobeat",
        "drummer8/session2/4",
        "Afrobeat: ghost notes under hard accents, sixteenths that lean, four bars long.",
    ),
    Choice(
        "bossa-nova",
        "drummer5/session1/2",
        "Bossa nova: straight and soft, over a feathered kick.",
    ),
    Choice(
        "samba",
        "drummer5/session1/5",
        "Samba: a soft kick under restless strokes that stray far from the grid.",
    ),
    Choice(
        "reggae",
        "drummer1/session1/184",
        "Reggae: hats breathe on the off-beats, kick and snare half loud.",
    ),
    Choice(
        "jazz-swing",
        "drummer10/session1/1",
        "Jazz: swung eighths on the ride, its quarters louder, ahead of the beat.",
        "swung",
    ),
    Choice(
        "jazz-waltz",
        "drummer1/session2/4",
        "A jazz waltz in three: soft, with a wide swing and a murmuring snare.",
        "swung",
    ),
)
"""The profiles that ship, by the numbers of their takes in the index."""


def make_profiles(folder: Path, choices: Sequence[Choice] = CHOICES) -> dict[str, str]:
    """Return the text of each profile by its name.

    Raises:
        EngineError: the folder cannot be read, or lacks a take.
    """
    takes = read_takes(folder, ("train",))
    return {choice.name: to_text(_profile(choice, takes)) for choice in choices}


def _profile(choice: Choice, takes: list[DrumTake]) -> Profile:
    """Extract a take's profile; the constant lateness of its session is no part of the groove."""
    take = _find(choice, takes)
    made = extract(take.clip, grid=choice.grid, summary=choice.summary, source=_source(take))
    session = [written_down(one.clip).late_ms for one in takes if _session(one) == _session(take)]
    push = made.push_ms - float(np.median(np.concatenate(session)))
    return made.replace(
        push_ms=round(push, 1),
        drift=msgspec.structs.replace(made.drift, clock=made.drift.clock[:KNOTS]),
    )


def _find(choice: Choice, takes: list[DrumTake]) -> DrumTake:
    found = [take for take in takes if f"{take.name}_".startswith(f"{choice.take}_")]
    if len(found) != 1:
        raise EngineError(f"the index has {len(found)} takes {choice.take}, needed is one")
    return found[0]


def _session(take: DrumTake) -> str:
    return take.name.rpartition("/")[0]


def _source(take: DrumTake) -> str:
    return (
        f"Groove MIDI Dataset (Google LLC; Gillick et al. 2019), CC BY 4.0: {take.name},"
        f" {take.style}; measured from that take"
    )
