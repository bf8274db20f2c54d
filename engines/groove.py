"""Play in time as a player does, as learned from performances: fine timing and chords that part.

Letters: N notes, O onsets.
"""

from typing import Annotated

import numpy as np

from engines.band import TOGETHER, Leader, Together, pull
from engines.bounded import bounded
from engines.clip import Clip
from engines.drummer.drummer import Drummer
from engines.drummer.option import DrummerOption, StyleOption, Tightness, VoicePush
from engines.drummer.page import Telling
from engines.drummer.take import take as drum_take
from engines.drummer.timing import Lean, lateness_s, room, together
from engines.engine import Context
from engines.engine import Options as Root
from engines.kit import unmapped_sentence
from engines.option import dial
from engines.performance.interpreter import Interpreter
from engines.performance.pace import drawn_stretch, fine_shift
from engines.performance.take import take
from engines.performance.weights import SHIPPED, Library, WeightsOption
from engines.placement import (
    LONGEST_PUSH,
    Drift,
    Edge,
    Push,
    Shifts,
    Swing,
    SwingGrid,
    clock,
    placed,
    swung,
)
from engines.rules import groove as rules
from engines.rules.asynchrony import first_of_unison

WIDEST_S = 0.1
"""The notes of a chord fall apart by at most this much either way; farther is an arpeggio."""


MOST_BY_RULES = 30.0
"""The end of the rules' dial `deviation` in ms."""


class GrooveOptions(Root, frozen=True, kw_only=True):
    """Say how much of each kind of timing."""

    amount: Annotated[float, dial(0, 2, "how much of all of it, 0 none, 1 as dialled")] = 1.0
    swing: Swing = 50.0
    swing_grid: SwingGrid = "8th"
    push: Push = 0.0
    drift: Drift = 4.0
    deviation: Annotated[
        float,
        dial(0, 60, "straying of each onset as players do, at most so much on average", "ms"),
    ] = 10.0
    asynchrony: Annotated[
        float, dial(0, 2, "how far chords fall apart and their melody leads, 1 as a player's")
    ] = 1.0
    variation: Annotated[
        float, dial(0, 2, "how far performances differ beside the drift, 1 as players' do")
    ] = 1.0
    leader: Leader = "auto"
    together: Together = TOGETHER
    tightness: Tightness = 0.4
    kick_push: VoicePush = 0.0
    snare_push: VoicePush = 0.0
    hat_push: VoicePush = 0.0
    tom_push: VoicePush = 0.0
    cymbal_push: VoicePush = 0.0
    style: StyleOption = "any"
    drummer: DrummerOption = "any"
    edge: Edge = "hold"
    weights: WeightsOption = "default"

    @property
    def lean(self) -> Lean:
        """How free a drummer is, and how each part of the kit leans."""
        return Lean(
            variation=self.variation,
            tightness=self.tightness,
            kick=self.kick_push,
            snare=self.snare_push,
            hat=self.hat_push,
            tom=self.tom_push,
            cymbal=self.cymbal_push,
        )


class Groove:
    """Shift every onset by swing, push and clock, and by what players do there."""

    name = "groove"
    summary = (
        "Moves notes in time as learned from pianists and drummers; swing, push, a band in time."
    )
    kind = "humanizer"
    Options = GrooveOptions

    def __init__(self, library: Library = SHIPPED) -> None:
        self._library = library

    def __call__(self, clip: Clip, options: GrooveOptions, context: Context) -> Clip:
        """Return the clip with new onsets and durations."""
        if not options.amount or not len(clip.notes):
            return clip
        return self._played(clip, options, context, pull(context, options, self._played))

    def _played(
        self, clip: Clip, options: GrooveOptions, context: Context, drawn: np.ndarray
    ) -> Clip:
        """Return the clip as dialled, its notes drawn to others by so many seconds, (N,)."""
        if context.features.role == "drums":
            return self._drummed(clip, options, context, drawn)
        interpreter = self._library.lend_or_warn(options.weights)
        if interpreter is None:
            return rules.played(clip, _by_rules(options), context, drawn)
        features, tempo = context.features, clip.tempo.at(clip.notes.onset)
        per_s = options.amount * tempo / 60.0
        hand = options.amount * _hand(interpreter, options, context)
        shifts = Shifts(
            swing=swung(features, options.swing, options.swing_grid, options.amount),
            band=per_s * (options.push + options.drift * clock(clip, context)) / 1e3,
            hand=hand + tempo / 60.0 * drawn,
            habit=per_s * _habit(interpreter, options, context),
        )
        return placed(clip, features, shifts, options.edge)

    def _drummed(
        self, clip: Clip, options: GrooveOptions, context: Context, drawn: np.ndarray
    ) -> Clip:
        """Return the clip as a drummer plays it; notes of no voice are not touched.

        All notes of a hit move as its stroke does, and hits of one moment as the first of them.
        """
        player = self._library.lend_drummer_or_warn()
        if player is None:
            return rules.played(clip, _by_rules(options), context, drawn)
        context.warn(context.features.once(unmapped_sentence))
        taken = drum_take(Drummer(player, Telling(options.style, options.drummer)), context)
        features, is_hit, stroke = context.features, taken.hits.mapped, taken.hits.leader
        per_s = clip.tempo.at(clip.notes.onset)[stroke] / 60.0
        common = options.amount * (options.push + options.drift * clock(clip, context)) / 1e3
        swing = swung(features, options.swing, options.swing_grid, options.amount)
        band = bounded(per_s * (common + drawn)[stroke], -LONGEST_PUSH, LONGEST_PUSH)
        nothing = np.zeros(len(clip.notes))
        shifts = Shifts(
            swing=together(features, swing[stroke] + band),
            band=nothing,
            hand=nothing,
            habit=per_s * options.amount * lateness_s(taken, options.lean),
        )
        played = placed(clip, features, shifts, options.edge, room_of=room)
        if taken.hits.all_mapped:
            return played
        onset = np.where(is_hit, played.notes.onset, clip.notes.onset)
        duration = np.where(is_hit, played.notes.duration, clip.notes.duration)
        return clip.replace(notes=clip.notes.replace(onset=onset, duration=duration))


def _by_rules(options: GrooveOptions) -> rules.GrooveOptions:
    plain = rules.GrooveOptions()
    return rules.GrooveOptions(
        amount=options.amount,
        swing=options.swing,
        swing_grid=options.swing_grid,
        push=options.push,
        drift=options.drift,
        deviation=min(options.deviation, MOST_BY_RULES),
        spread=options.asynchrony * plain.spread,
        melody_lead=options.asynchrony * plain.melody_lead,
        edge=options.edge,
    )


def _hand(interpreter: Interpreter, options: GrooveOptions, context: Context) -> np.ndarray:
    """Return how late each note's onset comes by the player's fine timing in beats, (N,).

    Soloists take all the time that they want. Where they are to stay in time, where they linger and
    hurry is kept, and how far is drawn in as a whole.
    """
    features = context.features
    stretch = drawn_stretch(features, take(interpreter, context), options.variation)
    late = fine_shift(features, stretch)
    late_ms = late * 60e3 / features.clip.tempo.at(features.group_onset)
    share = options.deviation / max(float(np.sqrt(np.mean(late_ms**2))), options.deviation, 1e-9)
    return share * late[features.group]


def _habit(interpreter: Interpreter, options: GrooveOptions, context: Context) -> np.ndarray:
    """Return how late each note comes after its onset's own time in seconds, (N,), 0 on average.

    Notes of one pitch stay together.
    """
    features = context.features
    late = take(interpreter, context).drawn("asynchrony", options.variation)
    late = np.clip(late, -WIDEST_S, WIDEST_S)
    late = late[first_of_unison(features)]
    mean = np.bincount(features.group, late) / features.group_size
    return options.asynchrony * (late - mean[features.group])
