"""Count hits: what goes into the engines for drums comes out again, at the same pitches."""

from collections.abc import Sequence

import msgspec
import numpy as np

from engines.clip import Clip
from engines.drummer.quantise import quantised
from engines.preset import Chain
from engines.stage import Stage
from engines.training.groove_midi import DrumTake

STAGES = (Stage("velocity", {"keep_accents": False}), Stage("groove"))
"""The engines that humanize drums, as dialled by default."""

FLAT = 100.0
"""All written hits have this velocity."""


class Kept(msgspec.Struct, frozen=True):
    """Say how many hits went into the engines and came out, in how many takes.

    `changed` counts the takes whose pitches are not, one by one, what they were.
    """

    takes: int
    given: int
    returned: int
    changed: int


def count_hits(takes: Sequence[DrumTake]) -> Kept:
    """Write takes down, fills and all metres too, humanize them, and count."""
    chain = Chain(STAGES)
    given = [written_down(take.clip) for take in takes]
    played = [chain.render((clip,), seed=seed)[0] for seed, clip in enumerate(given)]
    same = [
        np.array_equal(one.notes.pitch, other.notes.pitch)
        for one, other in zip(given, played, strict=True)
    ]
    return Kept(
        takes=len(takes),
        given=sum(len(take.clip.notes) for take in takes),
        returned=sum(len(clip.notes) for clip in played),
        changed=len(same) - sum(same),
    )


def written_down(clip: Clip) -> Clip:
    """Return a take as it stands on the page, all hits at one velocity."""
    notes = clip.notes
    velocity = np.full(len(notes), FLAT)
    return clip.replace(
        notes=notes.replace(onset=quantised(notes.onset).clip(min=0.0), velocity=velocity)
    )
