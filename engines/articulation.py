"""Decide how long each note is held, as learned from performances.

Letters: N notes. Lengths are in beats, touches in log2 of the held over the written length.
"""

from typing import Annotated

import numpy as np

from engines.clip import SUSTAIN_PEDAL, Clip, Controllers
from engines.engine import Context
from engines.engine import Options as Root
from engines.option import dial, note
from engines.performance.interpreter import Interpreter
from engines.performance.pedalling import DOWN
from engines.performance.take import take
from engines.performance.weights import SHIPPED, Library, WeightsOption
from engines.rules import articulation as rules

DRY_SHARE = 0.25
"""How much of a pianist's unevenness is left without a pedal: what fingers do under it is not
heard, and scatters as wide as 0.9; connected notes without it scatter by 0.14 to 0.2. Measured on
the Vienna 4x22 corpus (Goebl 1999, CC BY 4.0)."""

WIDEST = 1.0
"""Without a pedal no touch is farther from the rules' than this."""

LONGEST = 0.6
"""Under a pedal no key is held longer than by so many octaves: 98 of 100 are not, in that corpus.
"""

NEARLY = 0.85
"""A note sounds on as long as it should if the pedal holds it for this share of that."""

SHORTEST_S = 0.04
"""No key is let go sooner: of 100 notes in the Vienna 4x22 corpus one is."""

SHORTEST = 1e-3
"""Lengths in beats count as no shorter."""

RIDGE = 8.0
"""The touch of so many notes keeps what depends on length from being read out of a few."""

PLAIN, JOINED = rules.ArticulationOptions(), rules.ArticulationOptions(style="legato")

DETACHED = np.log2(rules.DETACHED_SHARE)
"""The touch at the lower end of the dial `legato`."""


class ArticulationOptions(Root, frozen=True, kw_only=True):
    """Choose how much of the player's touch."""

    amount: Annotated[float, dial(0, 2, "how far from the written lengths to the player's")] = 1.0
    legato: Annotated[
        float, dial(-1, 1, "below 0 notes are kept apart, above 0 they are joined")
    ] = 0.0
    under_pedal: Annotated[
        bool,
        note(
            "let keys go as early as pianists do, often at half of the note, where the clip's"
            " sustain pedal sounds on; off, and without a pedal, holds them as long as rules say,"
            " with the player's differences from note to note"
        ),
    ] = True
    variation: Annotated[
        float, dial(0, 2, "how far performances differ, 0 not at all, 1 as players' do")
    ] = 1.0
    weights: WeightsOption = "default"


class Articulation:
    """Draw how long each key is held from what players do there; drums keep their lengths.

    It knows of the pedal that the clip has: its stage comes after that of the pedal.
    """

    name = "articulation"
    summary = "Holds and releases notes as learned from pianists, with or without a pedal."
    kind = "humanizer"
    Options = ArticulationOptions

    def __init__(self, library: Library = SHIPPED) -> None:
        self._library = library

    def __call__(self, clip: Clip, options: ArticulationOptions, context: Context) -> Clip:
        """Return the clip with other durations."""
        if options.amount == 0 or not len(clip.notes) or context.features.role == "drums":
            return clip
        interpreter = self._library.lend_or_warn(options.weights)
        if interpreter is None:
            return rules.Articulation()(clip, _by_rules(options), context)
        reading = rules.Reading(clip, context.features)
        touch = _touch(interpreter, reading, options, context)
        touch += _joined(reading, touch, options.legato)
        shortest = np.log2(np.minimum(SHORTEST_S / reading.pace / reading.held, 1.0))
        touch = np.maximum(options.amount * touch, shortest)
        duration = reading.fitted(clip.notes.duration * 2.0**touch)
        return clip.replace(notes=clip.notes.replace(duration=duration))


def _by_rules(options: ArticulationOptions) -> rules.ArticulationOptions:
    style: rules.Style = "as written"
    if abs(options.legato) >= 0.5:
        style = "legato" if options.legato > 0 else "detached"
    return rules.ArticulationOptions(
        amount=options.amount, style=style, variation=options.variation
    )


def _touch(
    interpreter: Interpreter, reading: rules.Reading, options: ArticulationOptions, context: Context
) -> np.ndarray:
    """Return one performance's touch, (N,)."""
    features = context.features
    played = take(interpreter, context)
    drawn = played.drawn("articulation", options.variation)
    # the mean and not the median, which would have to be drawn
    usual = played.player.of("articulation").mean()
    page = _by_the_page(reading)
    explained = [features.notes.duration, played.player.down[features.group], page]
    own = _unexplained(usual, explained) + DRY_SHARE * (drawn - usual)
    dry = page + np.clip(own, -WIDEST, WIDEST)
    if not options.under_pedal:
        return dry
    wet = np.minimum(drawn, LONGEST)
    return np.where(_sounds_on(reading.clip, wet, dry), wet, dry)


def _sounds_on(clip: Clip, early: np.ndarray, late: np.ndarray) -> np.ndarray:
    """Return which notes, let go by one touch, sound on under the pedal as by another: (N,) bool.

    A note that the pedal stops a little sooner than the late touch would counts as well.
    """
    onset, duration = clip.notes.onset, clip.notes.duration
    release = onset + duration * 2.0**early
    ring = _rings_until(clip.controllers.of(SUSTAIN_PEDAL), release)
    return (ring > release) & (ring >= onset + NEARLY * duration * 2.0**late)


def _rings_until(pedal: Controllers, release: np.ndarray) -> np.ndarray:
    """Return when notes that are released at some beats, (N,), are damped: (N,) beats."""
    if not len(pedal):
        return release
    up = np.append(pedal.value < DOWN, True)
    lift = np.append(pedal.time, np.inf)
    next_lift = np.minimum.accumulate(np.where(up, lift, np.inf)[::-1])[::-1]
    now = np.searchsorted(pedal.time, release, side="right") - 1
    held = (now >= 0) & ~up[now]
    return np.where(held, next_lift[now], release)


def _unexplained(touch: np.ndarray, by: list[np.ndarray]) -> np.ndarray:
    """Return what of touches neither lengths, nor a pedal that is down, nor the page explain: (N,).

    Under a pedal long notes are let go early, and so are all others, the surer it is down; what the
    page says is not to be said twice.

    Args:
        touch: (N,).
        by: lengths in beats, how likely a pedal is down, and the page's touches: (N,) each.
    """
    length, down, page = by
    seen = np.stack([np.log2(np.maximum(length, SHORTEST)), down, page])
    seen -= seen.mean(axis=1, keepdims=True)
    own = touch - touch.mean()
    weight = np.linalg.solve(seen @ seen.T + RIDGE * np.eye(len(seen)), seen @ own)
    return np.asarray(own - weight @ seen)


def _by_the_page(reading: rules.Reading) -> np.ndarray:
    """Return the touch that rules read from the page, (N,)."""
    held = np.minimum(reading.styled(PLAIN), reading.until_struck_again(PLAIN.gap / 100))
    held = np.minimum(held, reading.until_breath(PLAIN.breath / 1000))
    return np.log2(np.maximum(held, SHORTEST) / reading.held)


def _joined(reading: rules.Reading, touch: np.ndarray, legato: float) -> np.ndarray:
    """Return what the dial `legato` adds to touches, (N,): (N,)."""
    if legato <= 0:
        return np.full(len(touch), -legato * DETACHED)
    held = np.minimum(reading.styled(JOINED), reading.until_struck_again(JOINED.gap / 100))
    joined = np.log2(np.maximum(held, SHORTEST) / reading.held)
    return legato * np.maximum(joined - touch, 0.0)
