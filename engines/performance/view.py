"""Look at a written clip as the learned player does: a row of numbers for each note.

All of it is read from notes, metre and tempo alone, so that any clip can be looked at. What a score
says beyond that (marks and staves) is added where it is known.

Letters: N notes, O onsets, F columns.
"""

from collections.abc import Callable
from functools import cached_property

import numpy as np

from engines.features import Features

WINDOWS = (1.0, 4.0, 16.0)
"""Half widths in beats of the stretches of music that a note is compared with."""

SEAM = 4.0
"""What comes is compared with what was over this many beats."""

FARTHEST = 32.0
"""Distances in beats count up to here."""

MARKS = 13
"""How many kinds of marks there are; see `engines.training.recording`."""

MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
"""How well each step belongs to a key. Source: Krumhansl (1990), Cognitive Foundations of Musical
Pitch, table 2.1."""


class View:
    """Describe the N notes of a clip in F numbers each."""

    def __init__(self, features: Features) -> None:
        self.features = features
        self.notes = features.notes
        self.order = features.order
        self.group = features.group
        self.pitch = self.notes.pitch.astype(np.float64)

    def table(self) -> np.ndarray:
        """Return (N, F) float32, a column for each name in `COLUMNS`, finite everywhere."""
        columns = [column(self) for column in COLUMNS.values()]
        return np.nan_to_num(np.stack(columns, axis=1)).astype(np.float32)

    @cached_property
    def onset(self) -> np.ndarray:
        """The onsets in beats: (O,)."""
        return self.features.group_onset

    @cached_property
    def tempo(self) -> np.ndarray:
        """The written tempo at each onset in bpm: (O,)."""
        return self.features.clip.tempo.at(self.onset)

    @cached_property
    def top(self) -> np.ndarray:
        """The highest pitch of each onset: (O,)."""
        return self._extreme(np.maximum)

    @cached_property
    def bottom(self) -> np.ndarray:
        """The lowest pitch of each onset: (O,)."""
        return self._extreme(np.minimum)

    @cached_property
    def count(self) -> np.ndarray:
        """How many notes begin at each onset: (O,)."""
        return self.features.group_size.astype(np.float64)

    @cached_property
    def interval(self) -> np.ndarray:
        """Beats to the next onset, the last as long as its longest note: (O,)."""
        longest = np.zeros(len(self.onset))
        np.maximum.at(longest, self.group, self.notes.duration)
        return np.maximum(np.append(np.diff(self.onset), longest[-1:]), 1e-3)

    @cached_property
    def pitch_sum(self) -> np.ndarray:
        """The sum of the pitches of each onset: (O,)."""
        return np.bincount(self.group, self.pitch, len(self.onset))

    @cached_property
    def log_duration_sum(self) -> np.ndarray:
        """The sum of log2 of the durations of each onset: (O,)."""
        return np.bincount(self.group, log2(self.notes.duration), len(self.onset))

    @cached_property
    def chroma(self) -> np.ndarray:
        """How long each pitch class sounds from each onset on, at most a bar: (O, 12)."""
        chroma = np.zeros((len(self.onset), 12))
        np.add.at(chroma, (self.group, self.notes.pitch % 12), np.minimum(self.notes.duration, 4.0))
        return chroma

    def around(self, value: np.ndarray, before: float, after: float) -> np.ndarray:
        """Return the sum of onset values, (O,) or (O, K), from so many beats before to after."""
        total = np.concatenate([np.zeros((1, *value.shape[1:])), np.cumsum(value, axis=0)])
        first, last = self._span(before, after)
        return np.asarray(total[last] - total[first])

    def mean_around(self, value: np.ndarray, before: float, after: float) -> np.ndarray:
        """Return the mean by note of sums by onset, (O,), from so many beats before to after."""
        return self.around(value, before, after) / np.maximum(
            self.around(self.count, before, after), 1.0
        )

    def spread(self, by_onset: np.ndarray) -> np.ndarray:
        """Return an onset's value for each of its notes: (N,) for (O,)."""
        return np.asarray(by_onset[self.group])

    def neighbour(self, by_onset: np.ndarray, step: int) -> np.ndarray:
        """Return the value of the onset `step` later, of the last or first beyond the end: (O,)."""
        index = np.arange(len(by_onset)) + step
        return np.asarray(by_onset[np.clip(index, 0, len(by_onset) - 1)])

    @cached_property
    def sounding(self) -> np.ndarray:
        """How many earlier notes are still held at each onset: (O,)."""
        begun = np.searchsorted(np.sort(self.notes.onset), self.onset - 1e-6)
        ended = np.searchsorted(np.sort(self.notes.end), self.onset + 1e-3)
        return np.maximum(begun - ended, 0).astype(np.float64)

    @cached_property
    def key(self) -> np.ndarray:
        """How well the music around each onset fits each key, major then minor: (O, 24)."""
        local = self.around(self.chroma, WINDOWS[-1], WINDOWS[-1]) + 0.2 * self.chroma.sum(axis=0)
        local = local - local.mean(axis=1, keepdims=True)
        local = local / np.maximum(np.linalg.norm(local, axis=1, keepdims=True), 1e-9)
        return np.asarray(local @ KEYS.T)

    @cached_property
    def tonic(self) -> np.ndarray:
        """The tonic's pitch class at each onset: (O,) int."""
        return np.asarray(self.key.argmax(axis=1) % 12)

    @cached_property
    def degree(self) -> np.ndarray:
        """Semitones above the tonic of each note: (N,) int."""
        return (self.notes.pitch.astype(np.intp) - self.spread(self.tonic)) % 12

    @cached_property
    def harmony(self) -> np.ndarray:
        """What sounds about each onset, as shares of the pitch classes: (O, 12)."""
        return _shares(self.around(self.chroma, 1.0, 0.5))

    @cached_property
    def change(self) -> np.ndarray:
        """How far what comes is from what was in harmony, 0 to 1: (O,)."""
        after = _shares(self.around(self.chroma, 0.0, 1.0))
        before = _shares(self.around(self.chroma, 1.0, -1e-3))
        return 0.5 * np.abs(after - before).sum(axis=1)

    @cached_property
    def same_pitch(self) -> tuple[np.ndarray, np.ndarray]:
        """Beats since and until the pitch is struck, `FARTHEST` at most: (N,) twice."""
        by_pitch = np.lexsort((self.notes.onset, self.notes.pitch))
        wait = np.diff(self.notes.onset[by_pitch])
        wait = np.where(np.diff(self.pitch[by_pitch]) == 0, np.minimum(wait, FARTHEST), FARTHEST)
        since, until = np.full(len(self.pitch), FARTHEST), np.full(len(self.pitch), FARTHEST)
        since[by_pitch[1:]], until[by_pitch[:-1]] = wait, wait
        return since, until

    @cached_property
    def repeats(self) -> np.ndarray:
        """How each bar is heard again: (B, 4), see `_repeats`."""
        return _repeats(self.features, len(self.features.bar_onset) - 1)

    def _span(self, before: float, after: float) -> tuple[np.ndarray, np.ndarray]:
        return (
            np.searchsorted(self.onset, self.onset - before - 1e-6),
            np.searchsorted(self.onset, self.onset + after + 1e-6),
        )

    def _extreme(self, better: np.ufunc) -> np.ndarray:
        found = np.full(len(self.onset), 0.0 if better is np.maximum else 127.0)
        better.at(found, self.group, self.pitch)
        return found


def log2(beats: np.ndarray) -> np.ndarray:
    """Return log2 of lengths, (N,), of which none counts as shorter than a 256th note."""
    return np.log2(np.maximum(beats, 1 / 64))


def _keys() -> np.ndarray:
    profiles = [np.roll(profile, step) for profile in (MAJOR, MINOR) for step in range(12)]
    keys = np.array(profiles) - np.mean(profiles, axis=1, keepdims=True)
    return np.asarray(keys / np.linalg.norm(keys, axis=1, keepdims=True))


KEYS = _keys()
"""The profiles of the 24 keys, of mean 0 and length 1: (24, 12)."""


def _shares(chroma: np.ndarray) -> np.ndarray:
    return np.asarray(chroma / np.maximum(chroma.sum(axis=1, keepdims=True), 1e-9))


def _repeats(features: Features, bars: int) -> np.ndarray:
    """Return for each bar whether its notes came before, come again, and its rhythm likewise.

    The four columns of (B, 4) are shares from 0 to 1: the notes came before (1 in the bar before,
    less the longer ago), they come again, the rhythm came just before, it comes just after.
    """
    rows = features.order
    starts = np.searchsorted(features.bar[rows], np.arange(bars + 1))
    beat = np.rint(features.beat[rows] * 48).astype(np.int32)
    full = (beat * 128 + features.notes.pitch[rows]).astype(np.int32)
    pairs = list(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True))
    said = [full[a:b].tobytes() for a, b in pairs]
    rhythm = [np.unique(beat[a:b]).tobytes() for a, b in pairs]
    found = np.zeros((bars, 4))
    found[:, 0], found[:, 1] = _nearness(said), _nearness(said[::-1])[::-1]
    alike = np.array([bool(a) and a == b for a, b in zip(rhythm, rhythm[1:], strict=False)])
    found[1:, 2] = found[:-1, 3] = alike
    return found


def _nearness(said: list[bytes]) -> np.ndarray:
    """Return 1 over the bars since the same was said, 0 if it is new or a rest: (B,)."""
    seen: dict[bytes, int] = {}
    near = np.zeros(len(said))
    for bar, what in enumerate(said):
        if what and what in seen:
            near[bar] = 1.0 / (bar - seen[what])
        seen[what] = bar
    return near


Column = Callable[[View], np.ndarray]


def _window_columns() -> dict[str, Column]:
    """Compare each note with the music around it, and what comes with what was."""
    columns: dict[str, Column] = {}
    for width in WINDOWS:
        columns[f"pitch_over_{width:g}"] = lambda v, w=width: (
            (v.pitch - v.spread(v.mean_around(v.pitch_sum, w, w))) / 12
        )
        columns[f"top_over_{width:g}"] = lambda v, w=width: (
            v.spread(
                v.top - v.around(v.top * v.count, w, w) / np.maximum(v.around(v.count, w, w), 1)
            )
            / 12
        )
        columns[f"notes_{width:g}"] = lambda v, w=width: v.spread(
            np.log2(v.around(v.count, w, w) / (2 * w) * v.tempo / 60 + 0.1)
        )
        columns[f"longer_{width:g}"] = lambda v, w=width: (
            log2(v.notes.duration) - v.spread(v.mean_around(v.log_duration_sum, w, w))
        )
    for name, value in {
        "register": lambda v: v.pitch_sum / 12,
        "length": lambda v: v.log_duration_sum,
    }.items():
        columns[f"coming_{name}"] = lambda v, value=value: v.spread(
            v.mean_around(value(v), 0.0, SEAM) - v.mean_around(value(v), SEAM, -1e-3)
        )
    columns["coming_density"] = lambda v: v.spread(
        np.log2((v.around(v.count, 0.0, SEAM) + 1) / (v.around(v.count, SEAM, -1e-3) + 1))
    )
    columns["coming_chords"] = lambda v: v.spread(
        v.mean_around(v.count**2, 0.0, SEAM) - v.mean_around(v.count**2, SEAM, -1e-3)
    )
    return columns


def _neighbour_columns() -> dict[str, Column]:
    """Say how the note stands to the onsets next to it."""
    columns: dict[str, Column] = {}
    for step in (-2, -1, 1, 2):
        columns[f"top_{step:+d}"] = lambda v, s=step: (
            np.clip(v.spread(v.neighbour(v.top, s)) - v.pitch, -24, 24) / 12
        )
        columns[f"bottom_{step:+d}"] = lambda v, s=step: (
            np.clip(v.spread(v.neighbour(v.bottom, s)) - v.pitch, -36, 36) / 12
        )
        columns[f"interval_{step:+d}"] = lambda v, s=step: v.spread(
            log2(v.neighbour(v.interval, s)) - log2(v.interval)
        )
        columns[f"count_{step:+d}"] = lambda v, s=step: v.spread(
            np.minimum(v.neighbour(v.count, s), 8) / 4
        )
    return columns


def _degree_column(degree: int) -> Column:
    return lambda v: (v.degree == degree).astype(np.float64)


def _is(name: str) -> Column:
    return lambda v: getattr(v.features, name).astype(np.float64)


COLUMNS: dict[str, Column] = {
    "pitch": lambda v: (v.pitch - 60) / 12,
    "pitch_high": lambda v: np.maximum(v.pitch - 76, 0) / 12,
    "pitch_low": lambda v: np.maximum(48 - v.pitch, 0) / 12,
    "over_piece": lambda v: (v.pitch - v.pitch.mean()) / 12,
    "below_top": lambda v: (v.spread(v.top) - v.pitch) / 12,
    "over_bottom": lambda v: (v.pitch - v.spread(v.bottom)) / 12,
    "duration": lambda v: log2(v.notes.duration),
    "duration_s": lambda v: log2(v.notes.duration * 60 / v.spread(v.tempo)),
    "interval": lambda v: v.spread(log2(v.interval)),
    "interval_s": lambda v: v.spread(log2(v.interval * 60 / v.tempo)),
    "filled": lambda v: np.minimum(v.notes.duration / np.maximum(v.features.slot, 1e-3), 1.5),
    "slot": lambda v: log2(v.features.slot),
    "held_over": lambda v: log2(v.notes.duration) - v.spread(log2(v.interval)),
    "count": lambda v: v.spread(np.minimum(v.count, 8)) / 4,
    "sounding": lambda v: v.spread(np.minimum(v.sounding, 8)) / 4,
    "top": _is("top"),
    "bottom": _is("bottom"),
    "melody": _is("melody"),
    "strength": _is("strength"),
    "on_bar": lambda v: (np.abs(v.features.beat) < 0.02).astype(np.float64),
    "on_beat": lambda v: (
        np.abs((v.features.beat / v.features.beat_length + 0.5) % 1 - 0.5) < 0.02
    ).astype(np.float64),
    "beat_sin": lambda v: np.sin(2 * np.pi * v.features.beat / v.features.beat_length),
    "beat_cos": lambda v: np.cos(2 * np.pi * v.features.beat / v.features.beat_length),
    "bar_sin": lambda v: np.sin(2 * np.pi * _in_bar(v)),
    "bar_cos": lambda v: np.cos(2 * np.pi * _in_bar(v)),
    "bar_sin_2": lambda v: np.sin(4 * np.pi * _in_bar(v)),
    "bar_cos_2": lambda v: np.cos(4 * np.pi * _in_bar(v)),
    "bar": lambda v: log2(_bar_length(v)) - 2,
    "beat_length": lambda v: v.features.beat_length - 1,
    "tempo": lambda v: v.spread(np.log2(v.tempo / 120)),
    "boundary": _is("boundary"),
    "phrase_position": _is("phrase_position"),
    "phrase_length": lambda v: log2(np.diff(v.features.phrase_onset)[v.features.phrase]) - 4,
    "from_start": lambda v: log2(np.minimum(v.notes.onset - v.onset[0] + 0.25, FARTHEST)),
    "to_end": lambda v: log2(np.minimum(v.onset[-1] - v.notes.onset + 0.25, FARTHEST)),
    "place": lambda v: v.notes.onset / max(v.features.clip.length, 1.0),
    "since_same": lambda v: log2(v.same_pitch[0]),
    "until_same": lambda v: log2(v.same_pitch[1]),
    "struck_again": lambda v: (v.same_pitch[1] <= v.notes.duration * 1.01).astype(np.float64),
    "minor": lambda v: v.spread(v.key[:, 12:].max(axis=1) - v.key[:, :12].max(axis=1)),
    "clear_key": lambda v: v.spread(v.key.max(axis=1)),
    "belongs": lambda v: v.spread(v.key)[np.arange(len(v.pitch)), v.notes.pitch % 12],
    "chordal": lambda v: v.spread(v.harmony)[np.arange(len(v.pitch)), v.notes.pitch % 12],
    "change": lambda v: v.spread(v.change),
    "change_next": lambda v: v.spread(v.neighbour(v.change, 1)),
    "said_before": lambda v: v.repeats[v.features.bar, 0],
    "said_again": lambda v: v.repeats[v.features.bar, 1],
    "rhythm_before": lambda v: v.repeats[v.features.bar, 2],
    "rhythm_again": lambda v: v.repeats[v.features.bar, 3],
    "piece_pitch": lambda v: np.full(len(v.pitch), (v.pitch.mean() - 60) / 12),
    "piece_range": lambda v: np.full(len(v.pitch), v.pitch.std() / 12),
    "piece_notes": lambda v: np.full(len(v.pitch), np.log2(_notes_a_second(v))),
    "piece_chords": lambda v: np.full(len(v.pitch), np.log2(v.count.mean())),
    "piece_length": lambda v: np.full(len(v.pitch), log2(v.notes.duration).mean()),
    **{f"degree_{degree}": _degree_column(degree) for degree in range(12)},
    **_neighbour_columns(),
    **_window_columns(),
}
"""What is said of each note; the order is that of the shipped weights."""


def _bar_length(view: View) -> np.ndarray:
    return np.diff(view.features.bar_onset)[view.features.bar]


def _in_bar(view: View) -> np.ndarray:
    """Return the position in the bar, 0 to 1: (N,)."""
    bars = np.array([metre.bar for metre in view.features.metres])[view.features.metre_index]
    return view.features.beat / bars


def _notes_a_second(view: View) -> float:
    seconds = view.features.onset_s.max() - view.features.onset_s.min()
    return float(len(view.pitch) / max(seconds, 1.0))
