"""Build scores that tests play, and check what came out."""

from collections import Counter
from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

from bridge.live.score import Moment, Score, lay_out, note
from engines.clip import Metre
from engines.live.event import Event, note_off, note_on

Played = tuple[float, float, int]
"""A note's beat, its end and its pitch."""


def score_of(notes: Iterable[Played], bars: int = 1, bar: int = 4) -> Score:
    """Return a score of so many bars at least, each of so many beats."""
    moments: list[Moment] = []
    for beat, end, pitch in notes:
        on, off = note_on(0, pitch, 100), note_off(0, pitch)
        moments += note(beat, end, on, off, len(moments))
    return lay_out(moments, end=bars * bar, metres=(Metre(0, bar),))


@st.composite
def scores(draw: st.DrawFn, low: int = 0) -> Score:
    """Draw a score of 1 to 4 bars whose notes lie on a grid of sixteenths; `low` is its pitch."""
    bars = draw(st.integers(1, 4))
    steps = st.integers(0, bars * 16 - 1)
    rows = draw(st.lists(st.tuples(steps, st.integers(0, 20), st.integers(low, low + 5))))
    ends = [(a / 4, min((a + b) / 4, bars * 4.0), pitch) for a, b, pitch in rows]
    return score_of(ends, bars)


def ons(events: Iterable[Event]) -> list[tuple[float, int]]:
    """Return when which notes begin."""
    return [(event.time_s, event.data[1]) for event in events if event.is_note_on]


def hung(events: Sequence[Event]) -> Counter[tuple[int, int]]:
    """Return what still sounds after events; an off without its on is an error."""
    down: Counter[tuple[int, int]] = Counter()
    for event in events:
        if event.is_note_on:
            down[event.key] += 1
        elif event.is_note_off:
            assert down[event.key] > 0, event
            down[event.key] -= 1
    return +down
