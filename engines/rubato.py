"""Bend the tempo as a player does, as learned from performances.

Letters: N notes, O onsets, G cells of the curve's grid.
"""

from typing import Annotated

import numpy as np

from engines.clip import Clip
from engines.engine import Context
from engines.engine import Options as Root
from engines.features import Features
from engines.option import dial
from engines.performance.interpreter import Interpreter
from engines.performance.pace import drawn_stretch, slow
from engines.performance.take import take
from engines.performance.weights import SHIPPED, Library, WeightsOption
from engines.rules import rubato as rules
from engines.tempo_curve import Anchor, Curve, Grid, Write, performed


class RubatoOptions(Root, frozen=True, kw_only=True):
    """Choose how far the tempo bends, and how it is written."""

    amount: Annotated[float, dial(0, 2, "how far the tempo bends, 1 as a player's")] = 1.0
    write: Write = "notes"
    anchor: Anchor = "bars"
    variation: Annotated[
        float, dial(0, 2, "how far performances differ, 0 not at all, 1 as players' do")
    ] = 1.0
    weights: WeightsOption = "default"


class Rubato:
    """Give all parts of a request one curve of tempo, drawn from what the leader's player does."""

    name = "rubato"
    summary = "Bends the tempo as learned from pianists, one curve for all tracks."
    kind = "humanizer"
    Options = RubatoOptions

    def __init__(self, library: Library = SHIPPED) -> None:
        self._library = library

    def __call__(self, clip: Clip, options: RubatoOptions, context: Context) -> Clip:
        """Return the clip with another tempo map or other times of notes and controllers."""
        if options.amount == 0 or not any(len(part.notes) for part in context.ensemble):
            return clip
        interpreter = self._library.lend_or_warn(options.weights)
        if interpreter is None:
            return rules.Rubato()(clip, _by_rules(options), context)

        def bend(leader: Features, grid: Grid) -> Curve:
            return _bend(interpreter, leader, grid, (options, context))

        return performed(clip, context, bend, write=options.write, anchor=options.anchor)


def _by_rules(options: RubatoOptions) -> rules.RubatoOptions:
    plain = rules.RubatoOptions()
    return rules.RubatoOptions(
        amount=options.amount,
        write=options.write,
        anchor=options.anchor,
        wander=options.variation * plain.wander,
    )


def _bend(
    interpreter: Interpreter, leader: Features, grid: Grid, asked: tuple[RubatoOptions, Context]
) -> Curve:
    """Return the curve that all parts share: the leader's pace, smooth, at the written mean."""
    options, context = asked
    played = take(interpreter, context, context.readings.index(leader))
    stretch = drawn_stretch(leader, played, options.variation)
    loop = (grid.start, grid.start + grid.period) if grid.period else None
    octaves = slow(leader, stretch, grid.start + grid.middle, loop)
    return grid.curve(grid.levelled(leader, -options.amount * np.log(2.0) * octaves))
