"""Play the sustain pedal as learned from performances.

Letters: O onsets, G presses of the pedal, P pedal events. Times are in beats, in seconds where the
name ends in `_s`.
"""

from typing import Annotated

import numpy as np

from engines.clip import SUSTAIN_PEDAL, Clip, Controllers
from engines.engine import Context
from engines.engine import Options as Root
from engines.features import Features
from engines.option import dial
from engines.performance.footwork import decode_pedal
from engines.performance.interpreter import Interpreter
from engines.performance.pedalling import Gestures, events, gesture_times
from engines.performance.weights import SHIPPED, Library, WeightsOption
from engines.rules import pedal as rules

CLOSEST_S = 1e-4
"""Onsets that are played at once count as so far apart."""


class PedalOptions(Root, frozen=True, kw_only=True):
    """Choose how deep and how long the pedal is held, and for whom."""

    amount: Annotated[
        float,
        dial(0, 2, "below 1 the share of each press that is held; above 1 releases come later"),
    ] = 1.0
    depth: Annotated[float, dial(64, 127, "how far the pedal goes down, on average")] = 91.0
    ramps: rules.Ramps = True
    roles: rules.Roles = "piano and keys"
    replace: rules.Replace = False
    variation: Annotated[
        float, dial(0, 2, "how far performances differ, 0 not at all, 1 as players' do")
    ] = 0.5
    weights: WeightsOption = "default"


class Pedal:
    """Write controller 64 as the likeliest foot, or one drawn from what feet do there."""

    name = "pedal"
    summary = "Plays the sustain pedal as learned from pianists."
    kind = "humanizer"
    Options = PedalOptions

    def __init__(self, library: Library = SHIPPED) -> None:
        self._library = library

    def __call__(self, clip: Clip, options: PedalOptions, context: Context) -> Clip:
        """Return the clip with a sustain pedal, its notes as they were."""
        if not rules.wanted(clip, _by_rules(options), context.features):
            return clip
        interpreter = self._library.lend_or_warn(options.weights)
        if interpreter is None:
            return rules.Pedal()(clip, _by_rules(options), context)
        onset_s = _onset_times(clip, context.features)
        foot = _foot(interpreter, onset_s, options, (clip, context))
        time_s, level = _shaped(foot, onset_s, clip, options.amount)
        pedal = _written(clip, *events(time_s, level, options.ramps))
        return clip.replace(controllers=rules.merged(clip.controllers, pedal))


def _by_rules(options: PedalOptions) -> rules.PedalOptions:
    return rules.PedalOptions(
        amount=options.amount,
        depth=options.depth,
        ramps=options.ramps,
        roles=options.roles,
        replace=options.replace,
    )


def _onset_times(clip: Clip, features: Features) -> np.ndarray:
    """Return when each onset is played, rising: (O,) seconds."""
    played_s = clip.tempo.seconds(features.first_played(clip.notes.onset))
    step = CLOSEST_S * np.arange(len(played_s))
    return np.asarray(np.maximum.accumulate(played_s - step) + step)


def _foot(
    interpreter: Interpreter,
    onset_s: np.ndarray,
    options: PedalOptions,
    played: tuple[Clip, Context],
) -> Gestures:
    """Return one way of playing the pedal."""
    clip, context = played
    player = context.features.once(interpreter)
    end_s = clip.tempo.seconds(clip.notes.end.max())
    interval_s = np.maximum(np.diff(onset_s, append=max(end_s, onset_s[-1])), CLOSEST_S)
    return decode_pedal(
        player.down,
        player.press,
        interval_s,
        context.rng("foot"),
        variation=options.variation,
        depth=options.depth,
    )


def _shaped(
    foot: Gestures, onset_s: np.ndarray, clip: Clip, amount: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return when the pedal goes down and up, (2G,) seconds, and where to, (2, G).

    Presses are as long as the amount wants, none over the seam of a loop or the end.
    """
    down_s, up_s = gesture_times(foot, onset_s).reshape(-1, 2).T
    later_s = np.minimum(up_s + rules.LATER_S * max(amount - 1.0, 0.0), _latest(down_s))
    up_s = down_s + min(amount, 1.0) * (np.maximum(later_s, up_s) - down_s)
    _, end = clip.region()
    seam = np.where(clip.tempo.beats(down_s) < end, end, max(end, clip.length))
    up_s = np.minimum(up_s, clip.tempo.seconds(seam) - rules.FALL_S)
    long = up_s - down_s >= rules.SHORTEST_GAP_S
    time_s = np.stack([down_s[long], up_s[long]], axis=1).ravel()
    return time_s, np.stack([foot.depth[long], foot.rest[long]])


def _latest(down_s: np.ndarray) -> np.ndarray:
    """Return until when each press may last before the next one, (G,) seconds."""
    return np.append(down_s[1:], np.inf) - rules.SHORTEST_GAP_S


def _written(clip: Clip, time_s: np.ndarray, value: np.ndarray) -> Controllers:
    """Return pedal events at times in seconds, (P,), within the clip."""
    time = np.clip(clip.tempo.beats(time_s), 0.0, clip.length)
    number = np.full(len(time), SUSTAIN_PEDAL)
    return Controllers(number=number, time=time, value=value)
