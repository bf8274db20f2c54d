"""Look at a written clip as the learned player does: a row of numbers for each note.

What a score says beyond notes, metre and tempo (marks and staves) is added where it is known, see
`engines.performance.interpreter`.

Letters: N notes, O onsets, F columns.
"""

from collections.abc import Callable

import numpy as np

from engines.performance.page import FARTHEST, Page, Summed, log2

SEAM = 4.0
"""What comes is compared with what was over this many beats."""

MARKS = 13
"""How many kinds of marks there are; see `engines.training.recording`."""

Column = Callable[[Page], np.ndarray]


def _window_columns(width: float) -> dict[str, Column]:
    """Compare each note with the music so many beats around it."""
    return {
        f"pitch_over_{width:g}": lambda v: (
            (v.pitch - v.spread(v.mean_around("pitch", width, width))) / 12
        ),
        f"top_over_{width:g}": lambda v: v.spread(v.top - v.mean_around("top", width, width)) / 12,
        f"notes_{width:g}": lambda v: v.spread(
            np.log2(v.sum_around("notes", width, width) / (2 * width) * v.tempo / 60 + 0.1)
        ),
        f"longer_{width:g}": lambda v: (
            log2(v.notes.duration) - v.spread(v.mean_around("length", width, width))
        ),
    }


def _neighbour_columns(step: int) -> dict[str, Column]:
    """Say how the note stands to the onset so many later."""
    return {
        f"top_{step:+d}": lambda v: (
            np.clip(v.spread(v.neighbour(v.top, step)) - v.pitch, -24, 24) / 12
        ),
        f"bottom_{step:+d}": lambda v: (
            np.clip(v.spread(v.neighbour(v.bottom, step)) - v.pitch, -36, 36) / 12
        ),
        f"interval_{step:+d}": lambda v: v.spread(
            log2(v.neighbour(v.interval, step)) - log2(v.interval)
        ),
        f"count_{step:+d}": lambda v: v.spread(np.minimum(v.neighbour(v.count, step), 8) / 4),
    }


def _coming(view: Page, name: Summed) -> np.ndarray:
    """Return how much more of something a note of what comes has than of what was: (N,)."""
    after, before = view.mean_around(name, 0.0, SEAM), view.mean_around(name, SEAM, -1e-3)
    return view.spread(after - before)


def _coming_density(view: Page) -> np.ndarray:
    after, before = view.sum_around("notes", 0.0, SEAM), view.sum_around("notes", SEAM, -1e-3)
    return view.spread(np.log2((after + 1) / (before + 1)))


def _degree_column(degree: int) -> Column:
    return lambda v: (v.degree == degree).astype(np.float64)


def _is(name: str) -> Column:
    return lambda v: getattr(v.features, name).astype(np.float64)


def _clash(view: Page) -> np.ndarray:
    """Return the share of what sounds that is a semitone away from each note: (N,)."""
    harmony, step = view.spread(view.harmony), view.notes.pitch.astype(np.intp)
    rows = np.arange(len(step))
    return harmony[rows, (step + 1) % 12] + harmony[rows, (step - 1) % 12]


COLUMNS: dict[str, Column] = {
    "pitch": lambda v: (v.pitch - 60) / 12,
    "pitch_high": lambda v: np.maximum(v.pitch - 76, 0) / 12,
    "pitch_low": lambda v: np.maximum(48 - v.pitch, 0) / 12,
    "over_piece": lambda v: (v.pitch - v.pitch.mean()) / 12,
    "below_top": lambda v: (v.spread(v.top) - v.pitch) / 12,
    "over_bottom": lambda v: (v.pitch - v.spread(v.bottom)) / 12,
    "gap_below": lambda v: v.gaps[0],
    "gap_above": lambda v: v.gaps[1],
    "hand": lambda v: v.upper_hand,
    "hand_gap": lambda v: v.spread(v.hand_gap),
    "of_longest": lambda v: log2(v.notes.duration) - v.spread(log2(v.longest)),
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
    "boundary_soon": lambda v: v.spread(v.likely_boundary(-1e-3, 2.0)),
    "boundary_coming": lambda v: v.spread(v.likely_boundary(-2.0, 6.0)),
    "boundary_past": lambda v: v.spread(v.likely_boundary(2.0, -1e-3)),
    "phrase_left": lambda v: log2(v.features.phrase_onset[v.features.phrase + 1] - v.notes.onset),
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
    "clash": _clash,
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
    "coming_register": lambda v: _coming(v, "pitch") / 12,
    "coming_length": lambda v: _coming(v, "length"),
    "coming_chords": lambda v: _coming(v, "chord"),
    "coming_density": _coming_density,
    **_neighbour_columns(-2),
    **_neighbour_columns(-1),
    **_neighbour_columns(1),
    **_neighbour_columns(2),
    **_window_columns(1.0),
    **_window_columns(4.0),
    **_window_columns(16.0),
}
"""What is said of each note; the order is that of the shipped weights."""


def _bar_length(view: Page) -> np.ndarray:
    return np.diff(view.features.bar_onset)[view.features.bar]


def _in_bar(view: Page) -> np.ndarray:
    """Return the position in the bar: (N,) 0 to 1, above it where bars are counted together."""
    bars = np.array([metre.bar for metre in view.features.metres])[view.features.metre_index]
    return view.features.beat / bars


def _notes_a_second(view: Page) -> float:
    seconds = view.features.onset_s.max() - view.features.onset_s.min()
    return float(len(view.pitch) / max(seconds, 1.0))


class View(Page):
    """Describe the N notes of a clip in F numbers each."""

    def table(self) -> np.ndarray:
        """Return (N, F) float32, a column for each name in `COLUMNS`, finite everywhere.

        There must be a note.
        """
        columns = np.empty((len(COLUMNS), len(self.pitch)), dtype=np.float32)
        for row, column in zip(columns, COLUMNS.values(), strict=True):
            row[:] = column(self)
        return np.nan_to_num(columns.T)
