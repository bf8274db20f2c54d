"""Write a drum part to a rhythm: a bass line, stabs of chords, taps on one pad, a kick alone.

Letters: B beats, S steps, V voices.
"""

from typing import Annotated, Any, NamedTuple

import numpy as np

from engines.bars import end_of_bars
from engines.clip import MAX_BEATS, NO_CONTROLLERS, Clip, Loop, Notes
from engines.engine import Context
from engines.engine import Options as Root
from engines.error import EngineError
from engines.kit import UNMAPPED, VOICES
from engines.lender import Lender
from engines.option import dial, note
from engines.writer.dials import Density, Style, Temperature
from engines.writer.grid import SAME, Beats, Grid, beats_between, divisions, grid_of, placed
from engines.writer.habit import usual, usual_in_fill
from engines.writer.hand import Task, write
from engines.writer.network import Network
from engines.writer.pads import pitches, voices_of
from engines.writer.part import joined, strokes
from engines.writer.rhythm import Rhythm, rhythm_of, strength
from engines.writer.score import hits_of, loudest
from engines.writer.view import KINDS, STYLES, Wish
from engines.writer.weights import SHIPPED

MOST_BEATS = 4_000
"""The longest part that is written: 1,000 bars of four beats."""

FILL_BEATS = 2
"""How many beats a fill takes of a bar that is longer."""


KIND_OF = {"bass": "bass", "drums": "onsets"}
"""What the rhythm is that of, by the role of the clip; others may be anything."""


FULL = (
    "all voices of the kit play already, so none has joined them; keep off writes another part to"
    " their rhythm"
)


class DrumifyOptions(Root, frozen=True, kw_only=True):
    """Say how long the part is and how it is played."""

    bars: Annotated[int, dial(0, 32, "how many bars to write; 0 as long as the clip", "bars")] = 0
    density: Density = 1.0
    temperature: Temperature = 0.8
    fills: Annotated[
        int, dial(0, 32, "a fill at the end of every so many bars; 0 for none", "bars")
    ] = 0
    style: Style = "auto"
    keep: Annotated[
        bool, note("a drum clip's strokes stay and other voices join; off takes their rhythm alone")
    ] = True


class Page(NamedTuple):
    """Be what the part is written on, and the rhythm that it follows."""

    start: float
    """In beats; the first beat may begin before it."""
    end: float
    beats: Beats
    grid: Grid
    rhythm: Rhythm
    kind: int
    """What the rhythm is that of, index into `KINDS` or -1."""


class Drumify:
    """Write drums that follow the clip's rhythm, step by step, as learned from drummers."""

    name = "drumify"
    summary = "Writes a drum part that follows the clip's rhythm: taps, a bass line, one drum."
    kind = "generator"
    Options = DrumifyOptions
    reads = "auto"

    def __init__(self, lender: Lender[Network] = SHIPPED) -> None:
        self._lender = lender

    def __call__(self, clip: Clip, options: DrumifyOptions, context: Context) -> Clip:
        """Return the part: new strokes, beside those that a drum clip keeps.

        A clip without notes gets a beat of the writer's own.

        Raises:
            EngineError: the part would be too long, or the weights cannot be loaded.
            CancelledError: passed on from `context.progress`.
        """
        network, role = self._lender.lend(), context.features.role
        is_kit = role == "drums"
        keeps, page = is_kit and options.keep, _page(clip, options, context)
        given = _voices(clip, page) & keeps
        if given.all():
            context.warn(FULL)
            return clip
        wish = _wish(clip, page, given, options, network.card)
        known = np.broadcast_to(given, wish.strokes.shape)
        task = Task(page.beats, page.grid, wish, known, pitches(clip) != UNMAPPED)
        hits = write(network, task, options.temperature, context)
        before = page.grid.time[:, None] < page.start - SAME
        new = strokes(network, clip, page.grid, np.where(known | before, 0, hits))
        if keeps:
            new = Notes.concatenate(page.rhythm.repeated, new)
        part = joined(clip, clip.notes if keeps else Notes(), new)
        return _clip(clip, part, page.end, is_kit=is_kit)


def _page(clip: Clip, options: DrumifyOptions, context: Context) -> Page:
    start, end = clip.region()
    metres = context.features.metres
    if options.bars:
        end = end_of_bars(start, options.bars, metres)
    if end - start > MOST_BEATS or end >= MAX_BEATS:
        raise EngineError(
            f"the clip's region has {end - start:g} beats, allowed are up to {MOST_BEATS} to write"
            " drums to: set bars"
        )
    beats, rhythm = beats_between(metres, start, end), rhythm_of(clip, end)
    division = divisions(*placed(rhythm.notes.onset, beats), beats)
    kind = KIND_OF.get(context.features.role)
    grid, known = grid_of(beats, division), -1 if kind is None else KINDS.index(kind)
    return Page(start, end, beats, grid, rhythm, known)


def _voices(clip: Clip, page: Page) -> np.ndarray:
    """Return which voices the rhythm plays: (V,) bool."""
    return np.isin(np.arange(len(VOICES)), voices_of(clip)[page.rhythm.row])


def _wish(
    clip: Clip, page: Page, given: np.ndarray, options: DrumifyOptions, card: dict[str, Any]
) -> Wish:
    notes, style = page.rhythm.notes, STYLES.index(options.style)
    tap = loudest(notes, np.zeros(len(notes), np.intp), page.beats, page.grid)[:, 0]
    count = float(page.beats.share.sum())
    sparse = np.count_nonzero(tap) / count if len(notes) else -1.0
    dense, fill = usual(card, sparse, style), _fills(page.beats, options.fills)
    voice = voices_of(clip)[page.rhythm.row]
    return Wish(
        bpm=_felt_tempo(clip, page),
        style=style,
        density=options.density * np.where(fill[page.grid.beat], usual_in_fill(card, dense), dense),
        fill=fill,
        tap=strength(tap) if len(notes) else None,
        kind=KINDS.index("voices") if given.any() else page.kind,
        given=given,
        strokes=hits_of(loudest(notes, voice, page.beats, page.grid)),
    )


def _felt_tempo(clip: Clip, page: Page) -> float:
    """Return the felt beats a minute at the start."""
    return float(clip.tempo.at(page.beats.start[:1])[0] / page.beats.unit[0])


def _fills(beats: Beats, every: int) -> np.ndarray:
    """Return the beats of fills: the last of every so many bars, (B,) bool."""
    if not every:
        return np.zeros(len(beats.bar), dtype=bool)
    return ((beats.bar + 1) % every == 0) & (beats.left < FILL_BEATS) & (beats.number > 0)


def _clip(clip: Clip, part: Notes, end: float, *, is_kit: bool) -> Clip:
    """Return the part as a clip; what belonged to another instrument stays behind."""
    loop = clip.loop and Loop(clip.loop.start, max(clip.loop.end, end))
    whole = clip.replace(notes=part, length=max(clip.length, end), loop=loop, role="drums")
    if is_kit:
        return whole
    return whole.replace(controllers=NO_CONTROLLERS, channel=None, program=None)
