"""Draw any clip that there may be: for the properties that hold without exception."""

from typing import Literal, get_args

import numpy as np
from hypothesis import strategies as st

from engines import Clip, Loop, Metre, Notes, Target, Tempo
from engines.clip import Role

TICK = 1 / 48
"""Most onsets lie on this grid in beats, so that notes meet, repeat and overlap."""

LATEST = st.sampled_from([0, 48, 480, 4800])
PITCH = st.integers(58, 62) | st.integers(0, 127)
PLACE = st.integers(0, 1000)
DURATION = st.sampled_from([0.0, 0.25, 1.0]) | st.integers(1, 10_000).map(lambda ms: ms / 1000)
VELOCITY = st.integers(1, 127) | st.floats(1, 127)
REPEATED = st.integers(60, 61)
"""Pitches that nearly every note of a clip shares with others."""

BPM = st.sampled_from([1.0, 60.0, 120.0, 140.5, 5e3, 60e6])
TEMPI = st.dictionaries(st.integers(0, 100), BPM, max_size=3)

DENOMINATOR: st.SearchStrategy[Literal[1, 2, 4, 8, 16, 128]] = st.sampled_from(
    [1, 2, 4, 8, 16, 128]
)
METRE = st.tuples(st.integers(1, 15), DENOMINATOR)
METRES = st.dictionaries(st.sampled_from([0.0, 3.0, 8.0, 200.0]), METRE, max_size=2)

ROLE: st.SearchStrategy[Role] = st.sampled_from(get_args(Role))
BEYOND = st.sampled_from([0.0, 0.5, 4.0])
LOOP = st.sampled_from([None, (0.0, 1.0), (0.25, 1.0), (0.0, 0.3)])


SPAN = st.none() | st.tuples(st.floats(0, 20), st.sampled_from([0.25, 1.0, 4.0, 20.0]))
SIDES = st.tuples(st.booleans(), st.booleans())
NOTE_IDS = st.none() | st.lists(st.integers(0, 12), max_size=6).map(tuple)


@st.composite
def any_target(draw: st.DrawFn) -> Target:
    """Draw a range of time that may be open on either side, some notes, both or neither."""
    span, (open_start, open_end) = draw(SPAN), draw(SIDES)
    start, length = span or (None, 0.0)
    end = None if start is None or open_end else start + length
    return Target(None if open_start else start, end, draw(NOTE_IDS))


@st.composite
def any_clip(draw: st.DrawFn, least: int = 0, pitch: st.SearchStrategy[int] = PITCH) -> Clip:
    """Draw a clip of `least` to 12 notes with any metre, tempo, role and loop."""
    note = st.tuples(pitch, PLACE, st.booleans(), DURATION, VELOCITY)
    latest = draw(LATEST)
    length = max(1.0, latest * TICK) + draw(BEYOND)
    loop = draw(LOOP)
    return Clip(
        _notes(draw(st.lists(note, min_size=least, max_size=12)), latest),
        length=length,
        tempo=_tempo(draw(TEMPI)),
        metre=tuple(Metre(time, *metre) for time, metre in sorted(draw(METRES).items())),
        role=draw(ROLE),
        loop=Loop(loop[0] * length, loop[1] * length) if loop else None,
    )


def _notes(rows: list[tuple[int, int, bool, float, float]], latest: int) -> Notes:
    """Put the notes at thousandths of the clip, mostly moved to the grid."""
    onset = np.array([place for _, place, _, _, _ in rows], float) * latest * TICK / 1000
    free = np.array([free for _, _, free, _, _ in rows], bool)
    return Notes(
        pitch=np.array([pitch for pitch, *_ in rows], "u1"),
        onset=np.where(free, onset, np.floor(onset / TICK) * TICK),
        duration=np.array([row[3] for row in rows], float),
        velocity=np.array([row[4] for row in rows], float),
    )


def _tempo(changes: dict[int, float]) -> Tempo:
    times = sorted(changes)
    return Tempo(time=np.array(times, float), bpm=np.array([changes[t] for t in times], float))


def overlaps(notes: Notes) -> set[tuple[int, int]]:
    """Return the pairs of rows with one pitch of which the second begins while the first sounds."""
    first, second = np.indices((len(notes), len(notes)))
    same = (notes.pitch[first] == notes.pitch[second]) & (first != second)
    begins_later = notes.onset[second] >= notes.onset[first]
    sounds = notes.end[first] > notes.onset[second] + 1e-9 * (1 + notes.onset[second])
    found = np.flatnonzero(same & begins_later & sounds)
    return {(int(first.flat[pair]), int(second.flat[pair])) for pair in found}


def stacks(notes: Notes) -> set[tuple[int, int]]:
    """Return the pairs of rows that share pitch and onset."""
    first, second = np.indices((len(notes), len(notes)))
    same = (notes.pitch[first] == notes.pitch[second]) & (first < second)
    found = np.flatnonzero(same & (notes.onset[first] == notes.onset[second]))
    return {(int(first.flat[pair]), int(second.flat[pair])) for pair in found}
