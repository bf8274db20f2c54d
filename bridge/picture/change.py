"""Say in numbers and in a sentence what happened to clips."""

from typing import NamedTuple

import msgspec
import numpy as np

from bridge.picture.pairing import pair, pair_clips, silenced
from bridge.picture.timing import MOVED_MS, grid_ms, grid_of, shift_ms
from engines.clip import SUSTAIN_PEDAL, Clip, Controllers, Tempo
from engines.role import infer

PEDAL_DOWN = 64
"""The least value that presses a pedal. Source: MIDI 1.0, table 3, note on controllers 64 to 69."""


LEANING = 0.75
"""How much of the mean shift must be left with its sign for notes to be mostly early or late."""


class Spread(NamedTuple):
    """Be the smallest, the mean and the largest of some numbers, all 0 if there are none."""

    low: float
    mean: float
    high: float


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Count what differs between clips before and after.

    `shift_ms` is the mean distance of the moved notes, `lateness_ms` their mean with its sign, late
    positive; `length_ratio` is the median of duration after over duration before of the notes
    whose length changed. Pedals are counted in presses, tempi are in bpm.
    """

    notes: int
    added: int
    removed: int
    moved: int
    shift_ms: float
    lateness_ms: float
    velocities_changed: int
    velocity_before: Spread
    velocity: Spread
    lengths_changed: int
    length_ratio: float
    pedal_before: int
    pedal: int
    tempo_before: Spread
    tempo: Spread
    tempo_changed: bool


def describe(before: tuple[Clip, ...], after: tuple[Clip, ...]) -> Change:
    """Compare the parts of a piece before and after; parts and notes are paired by `pairing`."""
    parts = [
        (first or silenced(second), second or silenced(first))  # type: ignore[arg-type]
        for first, second in pair_clips(before, after)
    ]
    rows = [_compare(first, second) for first, second in parts]
    shift, ratio, louder = (np.concatenate([np.empty(0), *column]) for column in _turned(rows))
    moved, relength = shift[np.abs(shift) >= MOVED_MS], ratio[ratio != 1.0]
    count, count_before = (sum(len(clip.notes) for clip in side) for side in (after, before))
    tempi = tuple(_tempo(side) for side in (before, after))
    return Change(
        notes=count,
        added=count - len(shift),
        removed=count_before - len(shift),
        moved=len(moved),
        shift_ms=_mean(np.abs(moved)),
        lateness_ms=_mean(moved),
        velocities_changed=int((np.abs(louder) >= 0.5).sum()),
        velocity_before=velocities(before),
        velocity=velocities(after),
        lengths_changed=len(relength),
        length_ratio=float(np.median(relength)) if len(relength) else 1.0,
        pedal_before=presses(before),
        pedal=presses(after),
        tempo_before=tempi[0],
        tempo=tempi[1],
        tempo_changed=_differ(_tempo_map(before), _tempo_map(after)),
    )


def sentence(change: Change) -> str:
    """Say what changed: "412 notes: 398 moved by 9 ms on average, velocities 64 to 101 ..."."""
    told = [
        f"{change.added} added" if change.added else "",
        f"{change.removed} removed" if change.removed else "",
        _moves(change),
        _velocities(change),
        _lengths(change),
        _pedal(change),
        _tempi(change),
    ]
    words = ", ".join(word for word in told if word)
    return f"{_count(change.notes)}: {words}" if words else f"{_count(change.notes)}, none changed"


def summary(clips: tuple[Clip, ...], *, with_tempo: bool = True) -> str:
    """Say what one version sounds like: "412 notes, 9 ms from the sixteenths on average, ..."."""
    told = [_count(sum(len(clip.notes) for clip in clips)), _looseness(clips)]
    if any(len(clip.notes) for clip in clips):
        told.append(_span("velocity", "velocities", velocities(clips)))
    told.append(_pressed(presses(clips)) if presses(clips) else "")
    if clips and with_tempo:
        told.append(f"tempo {_range(_tempo(clips))} bpm")
    return ", ".join(word for word in told if word)


def presses(clips: tuple[Clip, ...]) -> int:
    """Count how often a sustain pedal goes down."""
    return sum(_presses(clip.controllers.of(SUSTAIN_PEDAL)) for clip in clips)


def velocities(clips: tuple[Clip, ...]) -> Spread:
    """Return the spread of the velocities."""
    return _spread(np.concatenate([np.empty(0), *(clip.notes.velocity for clip in clips)]))


def _presses(pedal: Controllers) -> int:
    down = pedal.value >= PEDAL_DOWN
    return int((down & ~np.concatenate([[False], down[:-1]])).sum()) if len(down) else 0


def _compare(before: Clip, after: Clip) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return shifts in ms, ratios of length (1 if the same) and gains in velocity of all pairs.

    A drum rings as long as it rings, whatever its note's length.
    """
    pairs = pair(before.notes, after.notes)
    was, now = before.notes.take(pairs.before), after.notes.take(pairs.after)
    lengths_ms = [after.tempo.seconds(end) * 1e3 for end in (was.onset + now.duration, was.end)]
    ratio = now.duration / np.maximum(was.duration, 1e-9)
    kept = (np.abs(lengths_ms[0] - lengths_ms[1]) < MOVED_MS) | (infer(after) == "drums")
    return (
        shift_ms(before, after, pairs),
        np.where(kept, 1.0, ratio),
        now.velocity - was.velocity,
    )


def _turned(
    rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def _tempo_map(clips: tuple[Clip, ...]) -> Tempo:
    """Return the tempo of the piece, which all its parts share."""
    return clips[0].tempo if clips else Tempo()


def _differ(before: Tempo, after: Tempo) -> bool:
    """Tell whether two tempo maps ever part by more than files round: a hundredth bpm."""
    times = np.union1d(np.union1d(before.time, after.time), [0.0])
    return bool((np.abs(before.at(times) - after.at(times)) > 0.01).any())


def _tempo(clips: tuple[Clip, ...]) -> Spread:
    """Return the tempi that sound before the end, the mean by beats."""
    length = max((clip.length for clip in clips), default=1.0)
    tempo = _tempo_map(clips)
    start = np.unique(np.concatenate([[0.0], tempo.time[tempo.time < length]]))
    bpm = tempo.at(start)
    beats = np.diff(np.append(start, length))
    return Spread(float(bpm.min()), float((bpm * beats).sum() / beats.sum()), float(bpm.max()))


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 0.0


def _spread(values: np.ndarray) -> Spread:
    if not len(values):
        return Spread(0.0, 0.0, 0.0)
    return Spread(float(values.min()), float(values.mean()), float(values.max()))


def _count(notes: int) -> str:
    return "1 note" if notes == 1 else f"{notes:,} notes"


def _range(spread: Spread) -> str:
    low, high = f"{spread.low:.0f}", f"{spread.high:.0f}"
    return low if low == high else f"{low}\N{EN DASH}{high}"


def _span(one: str, many: str, spread: Spread) -> str:
    return f"{one if spread.low == spread.high else many} {_range(spread)}"


def _moves(change: Change) -> str:
    if not change.moved:
        return ""
    who = "all" if change.moved == change.notes > 1 else f"{change.moved:,}"
    return f"{who} moved by {_ms(change.shift_ms)} on average{_leaning(change)}"


def _leaning(change: Change) -> str:
    """Say where the notes went if most went one way."""
    if abs(change.lateness_ms) < LEANING * change.shift_ms:
        return ""
    return " (mostly late)" if change.lateness_ms > 0 else " (mostly early)"


def _ms(value: float) -> str:
    return f"{value:.0f} ms" if value >= 9.95 else f"{value:.1f} ms"


def _velocities(change: Change) -> str:
    if not change.velocities_changed:
        return ""
    said, was = _span("velocity", "velocities", change.velocity), _range(change.velocity_before)
    if was == _range(change.velocity):
        return f"{change.velocities_changed:,} velocities changed ({was})"
    return f"{said} instead of {was}"


def _lengths(change: Change) -> str:
    percent = round(100 * change.length_ratio) - 100
    if not change.lengths_changed:
        return ""
    who = "lengths" if change.lengths_changed > 0.9 * change.notes else _some_lengths(change)
    if abs(percent) < 2:
        return f"{who} changed"
    if percent >= 100:
        return f"{who} \N{MULTIPLICATION SIGN} {change.length_ratio:.1f}"
    return f"{who} {abs(percent)} % {'longer' if percent > 0 else 'shorter'}"


def _some_lengths(change: Change) -> str:
    return f"{change.lengths_changed:,} length{'s' * (change.lengths_changed > 1)}"


def _pedal(change: Change) -> str:
    if change.pedal == change.pedal_before:
        return ""
    instead = f" instead of {change.pedal_before}" if change.pedal_before else ""
    return f"{_pressed(change.pedal)}{instead}"


def _pressed(count: int) -> str:
    return f"pedal {count:,} press{'es' if count != 1 else ''}"


def _tempi(change: Change) -> str:
    if not change.tempo_changed:
        return ""
    now, was = _range(change.tempo), _range(change.tempo_before)
    return f"tempo {now} bpm" + (f" instead of {was}" if now != was else "")


def _looseness(clips: tuple[Clip, ...]) -> str:
    """Say how far the notes lie from the grid that the fullest part is played on."""
    fullest = max(clips, key=lambda clip: len(clip.notes), default=None)
    if fullest is None or not len(fullest.notes):
        return ""
    grid = grid_of(fullest)
    if grid is None:
        return ""
    distance = _mean(np.abs(np.concatenate([grid_ms(clip, grid) for clip in clips])))
    if distance < MOVED_MS:
        return f"on the {grid.name}"
    return f"{_ms(distance)} from the {grid.name} on average"
