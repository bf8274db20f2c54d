"""Make lessons of what was played: what a hand heard of each note, and what was done with it.

Letters: N notes, O onsets, F columns of the view.
"""

from typing import NamedTuple

import numpy as np

from engines.touch.hearing import COLUMNS, Heard, Hearing

REACH_S, NEIGHBOURS, WINDOW = 0.3, 1, 40
"""Local tempo is that of the onsets around one, within about so many seconds or so many onsets each
way, whichever is farther; at most so many onsets each way are looked at. Our choice: what is
shorter is felt as early or late, what is longer as tempo."""

LATEST_MS = 80.0
"""Notes that are farther from the local tempo teach no lateness: they are breaks or errors."""

UNKNOWN_MS = 12.0
"""Standard deviation of the lateness that is made up where none is known, so that a hand does not
take silence about it for a style. It is about that of the others."""

NERVES_MS = 12.0
"""Notes are heard up to so unevenly, for who plays a controller is no machine. Our choice."""


class Page(NamedTuple):
    """Be N notes as they are written, and how they were played.

    Attributes:
        piece: which piece it is, the same for all its performances.
        style: index into `STYLES`.
        beat: (N,) written onsets in beats.
        time_s: (N,) the same in seconds of the local tempo.
        pitch: (N,) int.
        voice: (N,) int, index into `VOICES` for drums, or -1.
        louder: (N,) velocities about the part's level.
        late_ms: (N,) about the local tempo.
        known: (N, 2) bool, of which notes velocity and lateness are to be learned.
        bpm: quarter notes a minute.
    """

    piece: str
    style: int
    beat: np.ndarray
    time_s: np.ndarray
    pitch: np.ndarray
    voice: np.ndarray
    louder: np.ndarray
    late_ms: np.ndarray
    known: np.ndarray
    bpm: float


class Lesson(NamedTuple):
    """Be N notes in the order in which they were heard.

    `view` (N, F) float32 with nothing hidden; `played` (N, 2) float32, velocity and ms; `known`
    (N, 2) bool; `row` (N,) which of the page's notes each is.
    """

    piece: str
    style: int
    view: np.ndarray
    played: np.ndarray
    known: np.ndarray
    row: np.ndarray


def lesson(page: Page, draw: np.random.Generator) -> Lesson:
    """Return what a page teaches; heard as a machine plays it, or about as often unevenly."""
    nerves = draw.choice((0.0, draw.uniform(0.0, NERVES_MS)))
    heard_s = page.time_s + 1e-3 * nerves * draw.standard_normal(len(page.beat))
    among = page.pitch if draw.random() < 0.5 else draw.random(len(page.beat))
    return _heard(page, heard_s, np.lexsort((among, heard_s)), draw)


def stiff_lesson(page: Page, draw: np.random.Generator) -> Lesson:
    """Return what a page teaches; heard as a machine plays it, chords from below."""
    return _heard(page, page.time_s, np.lexsort((page.pitch, page.time_s)), draw)


def _heard(page: Page, heard_s: np.ndarray, row: np.ndarray, draw: np.random.Generator) -> Lesson:
    """Return the lesson of notes that are heard at times (N,) s, in an order of rows."""
    made_up = UNKNOWN_MS * draw.standard_normal(len(row))
    late = np.where(page.known[:, 1], page.late_ms, made_up).clip(-LATEST_MS, LATEST_MS)
    played = np.stack([page.louder, late], axis=1)[row]
    view = _views(page, heard_s, row, played)
    return Lesson(page.piece, page.style, view, played.astype(np.float32), page.known[row], row)


def _views(page: Page, heard_s: np.ndarray, order: np.ndarray, played: np.ndarray) -> np.ndarray:
    """Return the views of all notes if they were played so: (N, F) float32."""
    hearing, views = Hearing(page.style), np.zeros((len(order), len(COLUMNS)), np.float32)
    beats = page.beat + (heard_s - page.time_s) * page.bpm / 60.0
    columns = (heard_s, page.pitch, page.voice, beats)
    rows = zip(*(column[order].tolist() for column in columns), played.tolist(), strict=True)
    for row, (time_s, pitch, voice, beat, (louder, late)) in enumerate(rows):
        heard = Heard(time_s, pitch, louder, alive=True, beat=beat, bpm=page.bpm, voice=voice)
        views[row] = hearing.hear(heard)
        hearing.said(louder, late)
    return views


def local_time(written: np.ndarray, played_s: np.ndarray) -> np.ndarray:
    """Return when notes would have been played in the local tempo: (N,) s.

    A line is laid through the onsets around each, the nearer the heavier.

    Source: Cleveland (1979), Robust locally weighted regression and smoothing scatterplots,
    J. Am. Stat. Assoc. 74(368), here with normal weights and one pass.

    Args:
        written: (N,) where they are written in beats, or come in a performance to compare with.
        played_s: (N,) when they were played.
    """
    onset, which = np.unique(written, return_inverse=True)
    time = np.bincount(which, played_s) / np.bincount(which)
    if len(onset) < 2:
        return np.asarray(time[which])
    line = [_on_line(onset, time, row) for row in range(len(onset))]
    return np.asarray(np.array(line)[which])


def _on_line(onset: np.ndarray, time: np.ndarray, row: int) -> float:
    """Return the time of an onset on the line through those around it."""
    near = slice(max(row - WINDOW, 0), row + WINDOW + 1)
    next_to = np.clip([row - NEIGHBOURS, row + NEIGHBOURS], 0, len(time) - 1)
    reach = max(REACH_S, float(np.abs(time[next_to] - time[row]).max()))
    x, y = onset[near], time[near]
    weight = np.exp(-0.5 * ((y - time[row]) / reach) ** 2)
    weight = weight / weight.sum()
    mean_x, mean_y = weight @ x, weight @ y
    slope = weight @ ((x - mean_x) * (y - mean_y)) / max(weight @ (x - mean_x) ** 2, 1e-12)
    return float(mean_y + slope * (onset[row] - mean_x))


def without_swing(beat: np.ndarray, late_ms: np.ndarray) -> np.ndarray:
    """Return lateness, (N,) ms, without what is the same wherever a beat is divided so.

    What a solo's eighths swing is a matter of how they are written, not of touch.
    """
    place = np.rint(np.mod(beat, 1.0) * 12.0).astype(int) % 12
    middle = [np.median(late_ms[place == at]) if (place == at).any() else 0.0 for at in range(12)]
    return np.asarray(late_ms - np.array(middle)[place])


def balanced(voice: np.ndarray, velocity: np.ndarray) -> np.ndarray:
    """Return velocities about the mean of each voice, (N,): balance is the matter of the kit."""
    count = np.bincount(voice)
    mean = np.bincount(voice, velocity) / np.maximum(count, 1)
    return np.asarray(velocity - mean[voice])
