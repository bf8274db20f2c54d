"""Play with the dynamics of a player, as learned from performances.

Letters: N notes.
"""

from typing import Annotated

import numpy as np

from engines.bounded import bounded
from engines.clip import Clip
from engines.drummer.drummer import Drummer
from engines.drummer.dynamics import Touch, struck
from engines.drummer.option import Accents, DrummerOption, Ghosts, StyleOption
from engines.drummer.page import Telling
from engines.drummer.take import take as drum_take
from engines.engine import Context
from engines.engine import Options as Root
from engines.headroom import squeezed, under_the_top
from engines.kit import unmapped_sentence
from engines.option import dial, note
from engines.performance.interpreter import Interpreter
from engines.performance.take import take
from engines.performance.weights import SHIPPED, Library, WeightsOption
from engines.rules import velocity as rules

TOP = 127.0

HEADROOM = 12.0
"""A clip at the top of the range is played at most so much softer, so that accents have room and
the balance with other parts stays."""


class VelocityOptions(Root, frozen=True):
    """Say how much of the player's dynamics, and how free."""

    amount: Annotated[float, dial(0, 2, "how much of the performance, 0 none, 1 all of it")] = 1.0
    keep_accents: Annotated[
        bool, note("add to the velocities that are there; off replaces them, at the same mean")
    ] = True
    variation: Annotated[
        float, dial(0, 2, "how far performances differ, 0 not at all, 1 as players' do")
    ] = 1.0
    range: Annotated[float, dial(1, 126, "widest span from soft to loud at amount 1")] = 100.0
    ghosts: Ghosts = 1.0
    accents: Accents = 1.0
    style: StyleOption = "any"
    drummer: DrummerOption = "any"
    weights: WeightsOption = "default"

    @property
    def replaced(self) -> float:
        """How much goes of the accents that are there, 0 to 1."""
        return 0.0 if self.keep_accents else min(self.amount, 1.0)


class Velocity:
    """Draw how loud each note is from what players do there."""

    name = "velocity"
    summary = "Plays dynamics as learned from pianists, and for drums from drummers."
    kind = "humanizer"
    Options = VelocityOptions

    def __init__(self, library: Library = SHIPPED) -> None:
        self._library = library

    def __call__(self, clip: Clip, options: VelocityOptions, context: Context) -> Clip:
        """Return the clip with new velocities; whole ones if all of them were whole."""
        if not options.amount or not len(clip.notes):
            return clip
        if context.features.role == "drums":
            return self._drummed(clip, options, context)
        interpreter = self._library.lend_or_warn(options.weights)
        if interpreter is None:
            return rules.Velocity()(clip, _by_rules(options), context)
        given = clip.notes.velocity
        base = given + options.replaced * (given.mean() - given)
        feel = squeezed(_feel(interpreter, options, context), options.range)
        played = _played(given, base, feel, options)
        return clip.replace(notes=clip.notes.replace(velocity=played))

    def _drummed(self, clip: Clip, options: VelocityOptions, context: Context) -> Clip:
        """Return the clip as a drummer strikes it; notes of no voice are not touched."""
        player = self._library.lend_drummer_or_warn()
        if player is None:
            return rules.Velocity()(clip, _by_rules(options), context)
        context.warn(context.features.once(unmapped_sentence))
        taken = drum_take(Drummer(player, Telling(options.style, options.drummer)), context)
        given, rows = clip.notes.velocity, taken.hits.mapped
        touch = Touch(options.variation, options.ghosts, options.accents, options.replaced)
        base, feel = struck(taken, given, context.features.notes.onset, touch)
        feel = _narrowed(feel[rows], options.range)
        played = given.copy()
        played[rows] = _played(given[rows], base[rows], feel, options)
        return clip.replace(notes=clip.notes.replace(velocity=played))


def _narrowed(feel: np.ndarray, span: float) -> np.ndarray:
    """Return the feel, (N,), narrowed if need be so that it spans no more than `span`.

    Unlike `squeezed` it leaves a drummer's ghost notes as far below the full strokes as they are.
    """
    if not len(feel):
        return feel
    return np.asarray(feel * min(1.0, span / max(float(feel.max() - feel.min()), 1e-9)))


def _by_rules(options: VelocityOptions) -> rules.VelocityOptions:
    plain = rules.VelocityOptions()
    return rules.VelocityOptions(
        amount=options.amount,
        keep_accents=options.keep_accents,
        variation=options.variation * plain.variation,
    )


def _feel(interpreter: Interpreter, options: VelocityOptions, context: Context) -> np.ndarray:
    """Return by how much each note is louder than the clip's mean in velocity, (N,)."""
    played = take(interpreter, context)
    return played.drawn("velocity", options.variation) - played.player.of("velocity").mean().mean()


def _played(
    given: np.ndarray, base: np.ndarray, feel: np.ndarray, options: VelocityOptions
) -> np.ndarray:
    """Return velocities with a feel, (N,), on what is left of those given: (N,)."""
    if not len(given):
        return given
    played = TOP + under_the_top(base - TOP, options.amount * feel, HEADROOM)
    played = bounded(played, 1.0, TOP)
    return np.rint(played) if (given == np.rint(given)).all() else played
