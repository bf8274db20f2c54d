"""Play with dynamics: shape the velocities as a player would.

Letters: N notes.
"""

from collections.abc import Callable
from typing import Annotated

import numpy as np

from engines.bounded import bounded
from engines.clip import Clip
from engines.engine import Context
from engines.engine import Options as Root
from engines.features import Features
from engines.fluctuation import Waves, fluctuate
from engines.headroom import squeezed, under_the_top
from engines.loudness import to_level, to_velocity
from engines.option import dial, note
from engines.rules import dynamics
from engines.rules.drumming import stroke_levels

WAVES = Waves(slowest=32.0, fastest=0.75)
"""Spectrum of the fluctuation: from eight bars to a dotted eighth. Source: Voss and Clarke (1975),
"1/f noise in music and speech", Nature 258: loudness fluctuates as 1/f."""

NOTE_SHARE = 0.2
"""Share of `variation`'s power that is new at each note; the rest wanders from note to note."""

HEADROOM_DB = 1.5
"""A clip at the top of the range is played at most this much softer, some seven velocity units, so
that accents have room and the balance with other parts stays."""

WEIGHT = {
    "high_loud": {"bass": 0.5, "pad": 0.5, "guitar": 0.5},
    "melody": {"guitar": 0.5, "pad": 0.5, "strings": 0.75},
    "metre": {"pad": 0.5, "strings": 0.75, "winds": 0.75},
}
"""How much of a rule each role takes, 1 where nothing is said. Our choice: a pad swells and does
not stress, a strummed chord has no singing top."""


class VelocityOptions(Root, frozen=True):
    """Say how much of each rule."""

    amount: Annotated[float, dial(0, 2, "how much of the performance, 0 none, 1 all of it")] = 1.0
    keep_accents: Annotated[
        bool, note("add to the velocities that are there; off replaces them, at the same mean")
    ] = True
    metre: Annotated[float, dial(0, 2, "stress on strong beats")] = 1.0
    phrase: Annotated[float, dial(0, 2, "swelling and sinking over each phrase")] = 1.0
    high_loud: Annotated[float, dial(0, 2, "higher notes louder")] = 1.0
    melody: Annotated[float, dial(0, 2, "melody over accompaniment")] = 1.0
    contrast: Annotated[float, dial(0, 2, "short notes softer")] = 1.0
    variation: Annotated[
        float, dial(0, 6, "fluctuation beyond all rules, as a standard deviation", "dB")
    ] = 1.2
    range: Annotated[float, dial(1, 40, "widest span from soft to loud at amount 1", "dB")] = 20.0


class Velocity:
    """Add the rules in decibels, let the sum fluctuate, and turn it into velocities."""

    name = "rules.velocity"
    summary = "Shapes dynamics: strong beats, phrases, melody over chords, ghost notes on drums."
    kind = "humanizer"
    Options = VelocityOptions

    def __call__(self, clip: Clip, options: VelocityOptions, context: Context) -> Clip:
        """Return the clip with new velocities; whole ones if all of them were whole."""
        given = clip.notes.velocity
        if not options.amount or not len(given):
            return clip
        level = to_level(given)
        base = level if options.keep_accents else _mean_level(context.features, level)
        feel = _rules(context.features, options, base) + _fluctuation(clip, options, context)
        feel = options.amount * squeezed(feel, options.range)
        base = level + min(options.amount, 1.0) * (base - level)
        played = under_the_top(base, feel, HEADROOM_DB)
        velocity = bounded(to_velocity(played), 1.0, 127.0)
        whole = bool((given == np.rint(given)).all())
        return clip.replace(
            notes=clip.notes.replace(velocity=np.rint(velocity) if whole else velocity)
        )


RULES: dict[str, Callable[[Features], np.ndarray]] = {
    "metre": dynamics.metre,
    "phrase": dynamics.phrase_arch,
    "high_loud": dynamics.high_loud,
    "melody": dynamics.melody,
    "contrast": dynamics.duration_contrast,
}
"""The rule behind each dial."""


def _rules(features: Features, options: VelocityOptions, level: np.ndarray) -> np.ndarray:
    """Return what the rules say in dB, (N,); a drummer knows metre and fills only."""
    if features.role == "drums":
        return options.metre * stroke_levels(features, level)
    total = np.zeros(len(level))
    for name, rule in RULES.items():
        weight = getattr(options, name) * WEIGHT.get(name, {}).get(features.role, 1.0)
        if weight:
            total += weight * features.once(rule)
    return total - total.mean()


def _fluctuation(clip: Clip, options: VelocityOptions, context: Context) -> np.ndarray:
    """Return the fluctuation in dB, (N,): smooth from note to note, a little free at each."""
    start, end = clip.region()
    features = context.features
    smooth = fluctuate(
        context.rng("smooth"),
        features.group_onset - start,
        WAVES,
        period=end - start if clip.loop else None,
    )[features.group]
    free = context.rng("note").standard_normal(len(features.notes))
    return options.variation * (np.sqrt(1 - NOTE_SHARE) * smooth + np.sqrt(NOTE_SHARE) * free)


def _mean_level(features: Features, level: np.ndarray) -> np.ndarray:
    """Return the mean of the levels in dB for each note, (N,); on drums that of its own sound."""
    if features.role != "drums":
        return np.full(len(level), level.mean())
    pitch = features.notes.pitch
    return np.asarray((np.bincount(pitch, level) / np.maximum(np.bincount(pitch), 1))[pitch])
