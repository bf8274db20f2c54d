"""Replace the last beats before a boundary by a fill, in the style of what precedes them.

Letters: N notes on the page, B beats, S steps, V voices.
"""

from typing import Annotated, Any, NamedTuple

import numpy as np

from engines.clip import Clip
from engines.drummer.quantise import EARLY
from engines.engine import Context
from engines.engine import Options as Root
from engines.error import EngineError, OptionError
from engines.kit import UNMAPPED, VOICES
from engines.lender import Lender
from engines.option import dial
from engines.target import Target
from engines.writer.dials import Density, Style, Temperature
from engines.writer.grid import (
    SAME,
    THREES,
    Beats,
    Grid,
    beats_between,
    divisions,
    grid_of,
    placed,
    steps_at,
)
from engines.writer.habit import fill_division, usual_in_fill
from engines.writer.hand import COLDEST, Task, write
from engines.writer.network import Network
from engines.writer.pads import pitches, voices_of
from engines.writer.part import joined, strokes
from engines.writer.score import hits_of, loudest
from engines.writer.view import STYLES, Wish
from engines.writer.weights import SHIPPED

CONTEXT_BARS = 8
"""How many bars before the fill are listened to."""


class FillOptions(Root, frozen=True, kw_only=True):
    """Say how long the fill is and how it is played."""

    beats: Annotated[int, dial(1, 8, "how many beats before the end are replaced", "beats")] = 2
    density: Density = 1.0
    temperature: Temperature = 0.8
    style: Style = "auto"


class Span(NamedTuple):
    """Say from where on a clip is listened to, and which of its beats are written anew."""

    beats: Beats
    start: float
    """Where the fill starts, in quarter notes."""

    @property
    def end(self) -> float:
        """Where it ends, in quarter notes."""
        beats = self.beats
        return float(beats.start[-1] + beats.share[-1] * beats.unit[-1])

    @property
    def fill(self) -> np.ndarray:
        """The beats of the fill: (B,) bool."""
        ends = np.append(self.beats.start[1:], self.end)
        return np.asarray(ends > self.start + SAME)


class Page(NamedTuple):
    """Be the strokes that are heard or replaced, and where they stand."""

    grid: Grid
    row: np.ndarray
    """(N,) int, which of the clip's notes they are."""
    voice: np.ndarray
    """(N,) int."""
    step: np.ndarray
    """(N,) int, -1 for one that belongs to the beat after the end."""
    replaced: np.ndarray
    """(N,) bool."""
    new: np.ndarray
    """(S,) bool, the steps that are written anew."""


class Fill:
    """Write a fill up to the end of the clip, its loop, or what the request may change."""

    name = "fill"
    summary = "Replaces the last beats before the end of clip, loop or target by a drum fill."
    kind = "generator"
    Options = FillOptions
    reads = "drums"

    def __init__(self, lender: Lender[Network] = SHIPPED) -> None:
        self._lender = lender

    def __call__(self, clip: Clip, options: FillOptions, context: Context) -> Clip:
        """Return the clip with other strokes in its last beats; all other notes stay.

        Percussion, what is on no voice of the kit and notes that are switched off stay too.

        Raises:
            EngineError: the clip is not drums, or too short; or the weights cannot be loaded.
            CancelledError: passed on from `context.progress`.
        """
        _check(clip, context)
        network, span = self._lender.lend(), _span(clip, options, context)
        page = _page(clip, span, options, context, network.card)
        wish = _wish(clip, span, page, options, network.card)
        known = ~page.new[:, None] | (wish.strokes > 0)
        task = Task(span.beats, page.grid, wish, known, pitches(clip) != UNMAPPED)
        hits = write(network, task, options.temperature, context)
        new = strokes(network, clip, page.grid, np.where(known, 0, hits))
        kept = np.delete(np.arange(len(clip.notes)), page.row[page.replaced])
        return clip.replace(notes=joined(clip, clip.notes.take(kept), new))


def _check(clip: Clip, context: Context) -> None:
    if (role := context.features.role) != "drums":
        raise EngineError(f"the clip plays {role}, allowed for a fill are drums")
    if not (voices_of(clip) != UNMAPPED).any():
        raise EngineError("the clip has no strokes of a drum kit; a fill needs a beat to go by")


def _span(clip: Clip, options: FillOptions, context: Context) -> Span:
    low, high = _range(clip, context.target)
    beats = beats_between(context.features.metres, low, high)
    count = len(beats.start)
    if options.beats >= count:
        raise OptionError(
            "beats",
            f"is {options.beats}, allowed are less than the {count} beats from {low:g} to"
            f" {high:g}, so that something precedes the fill",
        )
    start = max(float(beats.start[-options.beats]), context.target.start or 0.0)
    near = beats.bar >= beats.bar[-options.beats] - CONTEXT_BARS
    return Span(Beats(*(column[near] for column in beats)), start)


def _range(clip: Clip, target: Target) -> tuple[float, float]:
    """Return what the fill ends: the loop or the clip, cut off where the target ends."""
    low, high = clip.region()
    if target.end is None:
        return low, high
    end = min(target.end, clip.length)
    return (low if low < end <= high else 0.0), end


def _page(
    clip: Clip, span: Span, options: FillOptions, context: Context, card: dict[str, Any]
) -> Page:
    onset, voice = clip.notes.onset, voices_of(clip)
    begin = span.beats.start[0] - EARLY
    row = np.flatnonzero((onset >= begin) & (onset < span.end) & (voice != UNMAPPED))
    beat, tick = placed(onset[row], span.beats)
    heard = onset[row] < span.start
    division = divisions(beat[heard], tick[heard], span.beats)
    chance = context.rng("division").random() if options.temperature >= COLDEST else None
    threes = float(np.isin(division[~span.fill], THREES).mean()) > 0.5
    own = fill_division(card, _tempo(clip, span), chance, threes=threes)
    dotted = span.beats.unit != 1.0
    grid = grid_of(span.beats, np.where(span.fill & ~dotted, own, division))
    step, new = steps_at(beat, tick, grid), grid.time >= span.start - SAME
    return Page(grid, row, voice[row], step, ~heard & (step >= 0), new)


def _wish(clip: Clip, span: Span, page: Page, options: FillOptions, card: dict[str, Any]) -> Wish:
    """Ask for a fill as dense as drummers play after what is heard, times the dial."""
    heard = ~page.replaced & (page.step >= 0)
    notes = clip.notes.take(page.row[heard])
    strokes_heard = hits_of(loudest(notes, page.voice[heard], span.beats, page.grid))
    beats = max(float(span.beats.share[~span.fill].sum()), 1.0)
    groove = max(np.count_nonzero(strokes_heard[~page.new]) / beats, 0.5)
    fill = options.density * usual_in_fill(card, groove)
    return Wish(
        bpm=_tempo(clip, span),
        style=STYLES.index(options.style),
        density=np.where(page.new, fill, groove),
        fill=span.fill,
        tap=None,
        kind=-1,
        given=np.zeros(len(VOICES), dtype=bool),
        strokes=strokes_heard,
    )


def _tempo(clip: Clip, span: Span) -> float:
    """Return the felt beats a minute where the fill starts."""
    return float(clip.tempo.at(np.array([span.start]))[0] / span.beats.unit[-1])
