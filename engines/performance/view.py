"""Look at a written clip as the learned player does: a row of numbers for each note.

What a score says beyond notes, metre and tempo (marks and staves) is added where it is known, see
`engines.performance.interpreter`.

Letters: N notes, F columns.
"""

from collections.abc import Callable, Iterable

import numpy as np

from engines.bounded import bounded
from engines.performance.page import FARTHEST, Page, log2, mean

SEAM = 4.0
"""What comes is compared with what was over this many beats."""

MARKS = 13
"""How many kinds of marks there are; see `engines.training.recording`."""

NEIGHBOURS = np.array([-2, -1, 1, 2])
"""Each note is compared with the onsets so many later."""

WINDOWS = (1.0, 4.0, 16.0)
"""Each note is compared with what is so many beats around it."""

Block = Callable[[Page], np.ndarray]
"""Return a column, (N,), or several, (any, N)."""


def _spelled(names: str, places: Iterable[str]) -> str:
    """Return each of some names at each place, all of the first place first."""
    return " ".join(f"{name}_{place}" for place in places for name in names.split())


def _windows(page: Page) -> np.ndarray:
    """Compare each note with the music around it: (12, N)."""
    width = np.array(WINDOWS)[:, None]
    sums = page.sums_around([(beats, beats) for beats in WINDOWS])
    pitch, top, length = (mean(sums, name) for name in ("pitch", "top", "length"))
    notes = sums["notes"] / (2 * width) * page.tempo / 60
    by_onset = np.stack([pitch, (page.top - top) / 12, np.log2(notes + 0.1), length])
    pitch, over, density, length = by_onset[..., page.group]
    columns = [(page.pitch - pitch) / 12, over, density, page.octaves - length]
    return np.stack(columns, axis=1).reshape(-1, len(page.pitch))


def _neighbours(page: Page) -> np.ndarray:
    """Say how the note stands to the onsets around its own: (16, N)."""
    onset = np.arange(len(page.onset))
    neighbour = bounded(onset + NEIGHBOURS[:, None], 0, onset[-1])
    interval, count = log2(page.interval), np.minimum(page.count, 8) / 4
    by_onset = np.stack([page.top, page.bottom, interval, count])[:, neighbour]
    top, bottom, after, count = by_onset[..., page.group]
    columns = [
        bounded(top - page.pitch, -24, 24) / 12,
        bounded(bottom - page.pitch, -36, 36) / 12,
        after - page.spread(interval),
        count,
    ]
    return np.stack(columns, axis=1).reshape(-1, len(page.pitch))


def _coming(page: Page) -> np.ndarray:
    """Say how much more there is of something in what comes than in what was: (4, N)."""
    sums = page.sums_around([(0.0, SEAM), (SEAM, -1e-3)])
    means = [mean(sums, name) for name in ("pitch", "length", "chord")]
    notes = np.log2(sums["notes"] + 1)
    after, before = np.stack([means[0] / 12, *means[1:], notes], axis=1)
    return np.asarray((after - before)[:, page.group])


def _boundaries(page: Page) -> np.ndarray:
    """Return how many phrases, at most 2, are likely to begin soon, then, and lately: (3, N)."""
    sums = page.sums_around([(-1e-3, 2.0), (-2.0, 6.0), (2.0, -1e-3)])
    return np.minimum(sums["boundary"], 2.0)[:, page.group]


def _place_in_bar(page: Page) -> np.ndarray:
    """Return sine and cosine of the place in the beat, in the bar, and in half of it: (6, N)."""
    metres, beat = page.features.metres, page.features.beat
    bar = np.array([metre.bar for metre in metres])[page.features.metre_index]
    in_beat, in_bar = 2 * np.pi * beat / page.features.beat_length, 2 * np.pi * (beat / bar)
    turn = np.stack([in_beat, in_bar, 2 * in_bar])
    return np.stack([np.sin(turn), np.cos(turn)], axis=1).reshape(-1, len(beat))


def _piece(page: Page) -> np.ndarray:
    """Say of each note what the whole piece is like: (5, N)."""
    seconds = page.features.onset_s.max() - page.features.onset_s.min()
    facts = [
        (page.pitch.mean() - 60) / 12,
        page.pitch.std() / 12,
        np.log2(len(page.pitch) / max(seconds, 1.0)),
        np.log2(page.count.mean()),
        page.octaves.mean(),
    ]
    return np.tile(np.array(facts)[:, None], len(page.pitch))


def _belonging(page: Page) -> np.ndarray:
    """Say how the note belongs to its key, to what sounds, and how it clashes with that: (3, N).

    It clashes with the share of what sounds that is a semitone away.
    """
    step = page.notes.pitch.astype(np.intp) % 12
    harmony = page.harmony[page.group, [step, (step + 1) % 12, (step - 1) % 12]]
    return np.stack([page.key[page.group, step], harmony[0], harmony[1] + harmony[2]])


def _is(name: str) -> Block:
    return lambda v: getattr(v.features, name)


BLOCKS: dict[str, Block] = {
    "pitch": lambda v: (v.pitch - 60) / 12,
    "pitch_high": lambda v: np.maximum(v.pitch - 76, 0) / 12,
    "pitch_low": lambda v: np.maximum(48 - v.pitch, 0) / 12,
    "over_piece": lambda v: (v.pitch - v.pitch.mean()) / 12,
    "below_top": lambda v: (v.spread(v.top) - v.pitch) / 12,
    "over_bottom": lambda v: (v.pitch - v.spread(v.bottom)) / 12,
    "gap_below gap_above": lambda v: v.gaps,
    "hand": lambda v: v.upper_hand,
    "hand_gap": lambda v: v.spread(v.hand_gap),
    "of_longest": lambda v: v.octaves - v.spread(log2(v.longest)),
    "duration": lambda v: v.octaves,
    "duration_s": lambda v: log2(v.notes.duration * 60 / v.spread(v.tempo)),
    "interval": lambda v: v.spread(log2(v.interval)),
    "interval_s": lambda v: v.spread(log2(v.interval * 60 / v.tempo)),
    "filled": lambda v: np.minimum(v.notes.duration / np.maximum(v.features.slot, 1e-3), 1.5),
    "slot": lambda v: log2(v.features.slot),
    "held_over": lambda v: v.octaves - v.spread(log2(v.interval)),
    "count": lambda v: v.spread(np.minimum(v.count, 8)) / 4,
    "sounding": lambda v: v.spread(np.minimum(v.sounding, 8)) / 4,
    "top": _is("top"),
    "bottom": _is("bottom"),
    "melody": _is("melody"),
    "strength": _is("strength"),
    "on_bar": lambda v: np.abs(v.features.beat) < 0.02,
    "on_beat": lambda v: np.abs((v.features.beat / v.features.beat_length + 0.5) % 1 - 0.5) < 0.02,
    "beat_sin beat_cos bar_sin bar_cos bar_sin_2 bar_cos_2": _place_in_bar,
    "bar": lambda v: log2(_bar_length(v)) - 2,
    "beat_length": lambda v: v.features.beat_length - 1,
    "tempo": lambda v: v.spread(np.log2(v.tempo / 120)),
    "boundary": _is("boundary"),
    "boundary_soon boundary_coming boundary_past": _boundaries,
    "phrase_left": lambda v: log2(v.features.phrase_onset[v.features.phrase + 1] - v.notes.onset),
    "phrase_position": _is("phrase_position"),
    "phrase_length": lambda v: log2(np.diff(v.features.phrase_onset)[v.features.phrase]) - 4,
    "from_start": lambda v: log2(np.minimum(v.notes.onset - v.onset[0] + 0.25, FARTHEST)),
    "to_end": lambda v: log2(np.minimum(v.onset[-1] - v.notes.onset + 0.25, FARTHEST)),
    "place": lambda v: v.notes.onset / max(v.features.clip.length, 1.0),
    "since_same until_same": lambda v: log2(v.same_pitch),
    "struck_again": lambda v: v.same_pitch[1] <= v.notes.duration * 1.01,
    "minor": lambda v: v.spread(v.key[:, 12:].max(axis=1) - v.key[:, :12].max(axis=1)),
    "clear_key": lambda v: v.spread(v.key.max(axis=1)),
    "belongs chordal clash": _belonging,
    "change": lambda v: v.spread(v.change),
    "change_next": lambda v: v.spread(np.append(v.change[1:], v.change[-1:])),
    "said_before said_again rhythm_before rhythm_again": lambda v: v.repeats[v.features.bar].T,
    "piece_pitch piece_range piece_notes piece_chords piece_length": _piece,
    _spelled("degree", map(str, range(12))): lambda v: v.degree == np.arange(12)[:, None],
    "coming_register coming_length coming_chords coming_density": _coming,
    _spelled("top bottom interval count", (f"{step:+d}" for step in NEIGHBOURS)): _neighbours,
    _spelled("pitch_over top_over notes longer", (f"{width:g}" for width in WINDOWS)): _windows,
}
"""What is said of each note, by the names of the columns."""

COLUMNS = tuple(" ".join(BLOCKS).split())
"""The names of all columns; the order is that of the shipped weights."""


def _bar_length(view: Page) -> np.ndarray:
    return np.diff(view.features.bar_onset)[view.features.bar]


class View(Page):
    """Describe the N notes of a clip in F numbers each."""

    def table(self) -> np.ndarray:
        """Return (N, F) float32, a column for each name in `COLUMNS`, finite everywhere.

        There must be a note.
        """
        columns = np.vstack([block(self) for block in BLOCKS.values()])
        return np.nan_to_num(columns.T.astype(np.float32), copy=False)
