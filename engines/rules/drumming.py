"""Say how a drummer plays a written pattern: how loud each stroke is and how late it falls.

The figures are rounded means over the 225 straight 4/4 beats of at least 100 strokes, and over 308
fills, of the Groove MIDI Dataset; hand percussion, which it lacks, is our guess.

Letters: N notes, V groups of strokes (`engines.kit.Group`), L levels of
`engines.grid.LEVEL_STRENGTH`.

Source: Gillick et al. (2019), "Learning to groove with inverse sequence transformations", ICML
(the data); Iyer (2002), "Embodied mind, situated cognition, and expressive microtiming in
African-American music", Music Perception 19(3): the backbeat falls late.
"""

from collections.abc import Mapping

import numpy as np

from engines.features import Features
from engines.grid import LEVEL_STRENGTH
from engines.kit import Group, read_kit

ACCENT_DB = {
    Group.KICK: (2.5, 1.0, 0.0, -1.0, -2.0, -3.5),
    Group.SNARE: (-2.5, -0.5, 0.0, -3.5, -5.0, -7.0),
    Group.SIDE: (-1.0, -0.5, 0.5, -1.0, -1.0, -1.5),
    Group.TOM: (1.0, 0.5, 0.5, -0.5, -0.5, -1.0),
    Group.HAT: (1.0, 0.5, 1.0, -1.5, -2.5, -3.5),
    Group.PEDAL: (0.0, 0.0, 0.0, 0.0, -1.0, -2.0),
    Group.RIDE: (1.5, 1.0, 1.0, -1.5, -2.0, -3.0),
    Group.CRASH: (0.5, 0.5, 0.5, 0.0, -0.5, -1.0),
    Group.HAND: (1.5, 1.0, 0.5, -1.0, -1.5, -2.5),
}
"""Level of a stroke by voice and metrical level (bar, half bar, beat, half, third, quarter)."""

BEAT = LEVEL_STRENGTH.index(0.5)
"""The metrical level of the beat, at which the snare's backbeat is struck wherever it falls."""

BACKBEAT_VOICES = (Group.SNARE, Group.SIDE, Group.HAT, Group.RIDE)
"""The snare and what keeps time, which stress the backbeat: 2 and 4, or 3 in half time."""

BACKBEAT_DB = 1.5
"""How much louder they are there."""

BACKBEAT_SHARE = 0.5
"""A beat with more than this share of the strokes on the snare's fullest beat is a backbeat. Our
choice: a fill or a missing stroke changes nothing."""

FILL_DB = 5.0
"""Growth of level from the first to the last stroke of a fill: the median of 308 fills."""

FILL_STROKES = 3
"""A bar with this many tom strokes is a fill, unless half of the bars are so."""

ROLL_STROKES = 16
"""A bar with this many snare strokes is a roll, whose strokes are even: none of them is a ghost."""

LATENESS_MS = {
    Group.TOM: -3.0,
    Group.HAT: 3.0,
    Group.PEDAL: -5.0,
    Group.RIDE: 3.0,
    Group.CRASH: -2.0,
}
"""How late each voice falls against the kick."""

BACKBEAT_MS = 4.0
"""How late the snare's backbeat falls against the kick: 1 in rock, 4 in hip-hop, 5 in funk."""


def stroke_levels(features: Features, level: np.ndarray) -> np.ndarray:
    """Return what a drummer adds to each stroke in dB: (N,) float64.

    Every voice keeps its mean level but the snare, whose full strokes stay and whose ghosts sink;
    a ghost that was written soft, as `level` in dB (N,) tells, is left so.
    """
    voice = _groups(features)
    fill = _fill(features, voice)
    backbeat = _on_backbeat(features, voice)
    rank = np.where(backbeat & (voice == Group.SNARE), BEAT, _metrical_level(features))
    accent = _table(ACCENT_DB)[voice, rank]
    accent += BACKBEAT_DB * (backbeat & np.isin(voice, BACKBEAT_VOICES))
    accent = np.where(voice == Group.SNARE, _ghosts(features, voice, accent, level), accent)
    accent = np.where(np.isnan(fill), accent, FILL_DB * (np.nan_to_num(fill) - 0.5))
    return accent - _voice_mean(accent, voice)


def lateness_ms(features: Features) -> np.ndarray:
    """Return how late each stroke falls against the kick in milliseconds: (N,) float64."""
    voice = _groups(features)
    late = np.zeros(len(Group))
    late[list(LATENESS_MS)] = list(LATENESS_MS.values())
    snare = (voice == Group.SNARE) | (voice == Group.SIDE)
    return late[voice] + BACKBEAT_MS * (snare & _on_backbeat(features, voice))


def _groups(features: Features) -> np.ndarray:
    """Return the group of strokes that each note is of: (N,) int8."""
    return np.asarray(features.once(read_kit).group[features.notes.pitch])


def _table(rows: Mapping[Group, tuple[float, ...]]) -> np.ndarray:
    """Return the table (V, L + 1); its last column is for strokes off any grid."""
    return np.array([(*rows[group], rows[group][-1]) for group in Group])


def _metrical_level(features: Features) -> np.ndarray:
    """Return which of `LEVEL_STRENGTH` each note has, one past the last if none: (N,) int."""
    weakest_first = np.array(LEVEL_STRENGTH[::-1])
    return len(LEVEL_STRENGTH) - np.searchsorted(weakest_first, features.strength, side="right")


def _on_backbeat(features: Features, voice: np.ndarray) -> np.ndarray:
    """Return which notes fall on a beat of the bar that the snare marks: (N,) bool."""
    count, snare = _beat_count(features), (voice == Group.SNARE) | (voice == Group.SIDE)
    nearest = np.rint(count)
    on_beat = np.abs(count - nearest) < 0.1
    beat = np.maximum(nearest, 0).astype(np.intp)
    return np.asarray(on_beat & _backbeats(features, beat, on_beat & snare)[beat])


def _backbeats(features: Features, beat: np.ndarray, strikes: np.ndarray) -> np.ndarray:
    """Return which beats of the bar the clip's snare marks, the even ones if it says nothing.

    The bar line is none of them, and a snare on all beats says nothing. Strokes count by velocity,
    so that ghosts weigh little.

    Args:
        features: those of the N notes.
        beat: (N,) the nearest beat of the bar, from 0.
        strikes: (N,) bool, whether the note is a snare on it.
    """
    size = int(beat.max(initial=0)) + 1
    strokes = np.bincount(beat[strikes], features.notes.velocity[strikes], size)
    marked = strokes > BACKBEAT_SHARE * strokes.max()
    says = marked[1:].any() and not marked[0]
    marked[0] = False
    return marked if says else np.arange(size) % 2 == 1


def _beat_count(features: Features) -> np.ndarray:
    """Return the place in the bar counted in felt beats from 0: (N,) float64."""
    return np.asarray(features.beat / features.beat_length)


def _ghosts(
    features: Features, voice: np.ndarray, accent: np.ndarray, level: np.ndarray
) -> np.ndarray:
    """Return the snare's accents: no deeper than needed, and shallow in a roll."""
    snare = voice == Group.SNARE
    if not snare.any():
        return accent
    strokes = np.bincount(features.bar[snare], minlength=features.bar.max() + 1)[features.bar]
    depth = 1.0 - 0.6 * np.clip((strokes - 4) / (ROLL_STROKES - 4), 0.0, 1.0)
    written = np.minimum(level - np.quantile(level[snare], 0.9), 0.0)
    return np.where(accent < 0, np.minimum(accent * depth - written, 0.0), accent)


def _fill(features: Features, voice: np.ndarray) -> np.ndarray:
    """Return the place of each stroke in its fill, 0 to 1, NaN outside of fills: (N,) float64."""
    place = np.full(len(voice), np.nan)
    toms = voice == Group.TOM
    bars = features.bar.max() + 1
    filled = np.bincount(features.bar[toms], minlength=bars) >= FILL_STROKES
    if not filled.any() or filled.sum() >= max(2, 0.5 * bars):
        return place
    first = np.full(bars, np.inf)
    np.minimum.at(first, features.bar[toms], np.floor(_beat_count(features)[toms] + 0.1))
    start = first[features.bar] * features.beat_length
    inside = filled[features.bar] & (toms | (voice == Group.SNARE)) & (features.beat >= start - 0.1)
    length = np.diff(features.bar_onset)[features.bar] - start
    place[inside] = ((features.beat - start)[inside] / length[inside]).clip(0.0, 1.0)
    return place


def _voice_mean(accent: np.ndarray, voice: np.ndarray) -> np.ndarray:
    count = np.bincount(voice, minlength=len(Group))
    mean = np.bincount(voice, accent, minlength=len(Group)) / np.maximum(count, 1)
    mean[Group.SNARE] = 0.0
    return np.asarray(mean[voice])
