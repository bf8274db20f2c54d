"""Give a take's stiff self the groove of the take, and see how far that brings it back.

The stiff self has every stroke on the page's grid and one velocity, the mean of the take. What is
left of its errors, in timing and in velocity, is compared with templates as groove pools use them:
one offset and one velocity for each sixteenth of a bar, all voices alike.

Letters: N strokes, T takes.
"""

import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from engines.clip import Clip
from engines.preset import Chain
from engines.profile.extract import extract
from engines.profile.page import Grid, Page, written_down
from engines.profile.player import Player
from engines.profile.text import to_text
from engines.stage import Stage
from engines.training.evaluation.bootstrap import RESAMPLES, SEED, Figure, figure
from engines.training.evaluation.evaluation import Say
from engines.training.groove_midi import DrumTake, read_takes

GRIDS: tuple[Grid, ...] = ("16th", "auto")

SIXTEENTHS = 6
"""Places of a profile in a sixteenth."""

HALVES = 4
"""Takes of so many bars are also judged by halves."""

QUIET: dict[str, Any] = {"spread": 0.0}

WAYS: dict[str, dict[str, Any]] = {
    "profile": QUIET,
    "profile with its spread": {},
    "profile without its clock": {"spread": 0.0, "drift": 0.0},
}
"""The options of the engine by which a profile is played."""

WHOLE, SECOND = "the whole take", "the second half, from the first"

Played = tuple[np.ndarray, np.ndarray]
"""How late strokes are in ms and their velocities, (N,) each."""


class Share(msgspec.Struct, frozen=True):
    """Say what is left of the stiff self's errors, as a share of them, with 95 % intervals.

    `timing` and `velocity` are ratios of the means over takes, so that every take counts the same;
    `timing_notes` and `velocity_notes` are over all strokes. The errors are means over takes, in ms
    and of 127.
    """

    way: str
    on: str
    grid: str
    takes: int
    notes: int
    timing: Figure
    velocity: Figure
    timing_notes: Figure
    velocity_notes: Figure
    timing_error_ms: float
    velocity_error: float


class Report(msgspec.Struct, frozen=True):
    """Be what the round trip found; `against` are the profile's errors as shares of templates'."""

    shares: list[Share]
    against: list[Share]
    largest_bytes: int
    data: str
    split: str
    version: str = version("yuragi")
    seed: int = SEED
    resamples: int = RESAMPLES


class Trip(NamedTuple):
    """Hold the errors of one take's strokes by way: (N, 2) each, timing in ms and velocity."""

    on: str
    grid: str
    errors: dict[str, np.ndarray]
    bytes: int


def run(data: Path, split: str, *, limit: int | None, say: Say) -> Report:
    """Judge the takes of a split of the Groove MIDI Dataset.

    Raises:
        EngineError: the folder cannot be read.
    """
    takes = read_takes(data, (split,))[:limit]
    trips = []
    for done, take in enumerate(takes):
        say(take.name.rpartition("/")[2], done / len(takes))
        trips += list(_trips(take))
    groups = [(on, grid) for on in (WHOLE, SECOND) for grid in GRIDS]
    chosen = {key: [t for t in trips if (t.on, t.grid) == key] for key in groups}
    return Report(
        shares=[s for own in chosen.values() for s in _shares(own, "quantised")],
        against=[s for own in chosen.values() for s in _shares(own, "template")],
        largest_bytes=max((trip.bytes for trip in trips), default=0),
        data=str(data),
        split=split,
    )


def _trips(take: DrumTake) -> Iterator[Trip]:
    for grid in GRIDS:
        page = written_down(take.clip, grid)
        yield _trip(WHOLE, grid, (take.clip, page), (take.clip, page), WAYS)
        middle = _middle(page)
        if middle:
            halves = [_cut(take.clip, 0.0, middle), _cut(take.clip, middle, np.inf)]
            first, second = ((half, written_down(half, grid)) for half in halves)
            yield _trip(SECOND, grid, first, second, {"profile": WAYS["profile without its clock"]})


def _trip(
    on: str,
    grid: Grid,
    known: tuple[Clip, Page],
    judged: tuple[Clip, Page],
    ways: dict[str, dict[str, Any]],
) -> Trip:
    """Learn from one clip, and judge another."""
    text, page = to_text(extract(known[0], grid=grid)), judged[1]
    flat = np.full(len(page.velocity), page.velocity.mean())
    played: dict[str, Played] = {
        "quantised": (np.zeros(len(flat)), flat),
        "template": _template(known[1], page),
    }
    stiff = page.features.clip
    stiff = stiff.replace(notes=stiff.notes.replace(velocity=flat))
    for way, options in ways.items():
        played[way] = _played(stiff, {**options, "profile": tomllib.loads(text)})
    truth = np.stack([page.late_ms, page.velocity], axis=1)
    errors = {way: np.abs(np.stack(said, axis=1) - truth) for way, said in played.items()}
    return Trip(on, grid, errors, len(text.encode()))


def _played(stiff: Clip, options: dict[str, Any]) -> Played:
    """Return how the engine plays the stiff clip."""
    chain = Chain((Stage(Player.name, options),))
    notes = chain.render((stiff,), seed=SEED)[0].notes
    late_s = stiff.tempo.seconds(notes.onset) - stiff.tempo.seconds(stiff.notes.onset)
    return 1e3 * late_s, notes.velocity


def _template(known: Page, page: Page) -> Played:
    """Return what one offset and one velocity for each sixteenth of a bar say of a page."""
    where, asked = (_sixteenth(one) for one in (known, page))
    count = max(int(where.max()), int(asked.max())) + 1
    notes = np.bincount(where, minlength=count)
    said = []
    for value in (known.late_ms, known.velocity):
        mean = np.bincount(where, value, count) / np.maximum(notes, 1)
        said.append(np.where(notes > 0, mean, value.mean())[asked])
    return said[0], said[1]


def _sixteenth(page: Page) -> np.ndarray:
    sixteenths = max(round(4 * page.features.metres[0].bar), 1)
    return np.rint(page.places.place / SIXTEENTHS).astype(np.intp) % sixteenths


def _middle(page: Page) -> float:
    """Return the bar line in the middle of a take in beats, 0 if it is too short."""
    bars = int(page.places.bar.max()) + 1
    return page.features.metres[0].bar * (bars // 2) if bars >= HALVES else 0.0


def _cut(clip: Clip, start: float, end: float) -> Clip:
    """Return the strokes between two bar lines; one that is a hair early belongs to its bar."""
    onset = written_down(clip).onset
    rows = (onset >= start) & (onset < end)
    notes = clip.notes.take(rows)
    return clip.replace(notes=notes.replace(onset=np.maximum(notes.onset - start, 0.0)))


def _shares(trips: list[Trip], base: str) -> list[Share]:
    """Return what each way leaves of the errors of one of them."""
    if not trips:
        return []
    ways = [way for way in trips[0].errors if way not in {base, "quantised"}]
    return [_share(trips, way, base) for way in ways]


def _share(trips: list[Trip], way: str, base: str) -> Share:
    pairs = [(trip.errors[way], trip.errors[base]) for trip in trips]
    by_take = np.array([[one.mean(axis=0), other.mean(axis=0)] for one, other in pairs])
    by_note = np.array([[one.sum(axis=0), other.sum(axis=0)] for one, other in pairs])
    figures = [figure(kept[:, :, of], _ratio) for kept in (by_take, by_note) for of in (0, 1)]
    errors_ms, errors = by_take[:, 0].mean(axis=0).tolist()
    return Share(
        way,
        trips[0].on,
        trips[0].grid,
        len(trips),
        sum(len(one) for one, _ in pairs),
        figures[0],
        figures[1],
        figures[2],
        figures[3],
        round(errors_ms, 2),
        round(errors, 2),
    )


def _ratio(pairs: np.ndarray) -> np.ndarray:
    """Return the sum of the first numbers over that of the second ones of (..., T, 2).

    It is NaN where the second ones are all 0.
    """
    left, whole = pairs[..., 0].sum(axis=-1), pairs[..., 1].sum(axis=-1)
    return np.divide(left, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)


def to_table(report: Report) -> str:
    """Return the figures as tables."""
    return "\n\n".join(
        f"{title}\n{_table(shares)}"
        for title, shares in (
            ("What is left of the stiff take's errors", report.shares),
            ("The same, as a share of what templates leave", report.against),
        )
    )


def _table(shares: list[Share]) -> str:
    head = f"{'':<64}{'timing':<18}{'velocity':<18}{'timing, notes':<18}{'velocity, notes':<18}"
    lines = [head]
    for share in shares:
        name = f"{share.way}; {share.on}; {share.grid}; {share.takes} takes"
        figures = (share.timing, share.velocity, share.timing_notes, share.velocity_notes)
        lines.append(f"{name:<64}" + "".join(f"{_cell(one):<18}" for one in figures))
    return "\n".join(line.rstrip() for line in lines)


def _cell(one: Figure) -> str:
    return f"{one.value:.3f} {one.low:.2f}-{one.high:.2f}"
