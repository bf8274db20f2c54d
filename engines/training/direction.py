"""Read from a score's directions where they ask for pedal and for a slower tempo.

Letters: N notes; S spans.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from engines.training.barline import SAME
from engines.training.written import Kind

SLOWER = re.compile(
    r"\b(?:rit|ritard|ritardando|riten|ritenuto|rall|rallent|rallentando|allarg|allargando"
    r"|slentando|calando|morendo|smorz|smorzando|retenu|retenez|cédez|ralentir|ralentissez"
    r"|zurückhaltend|zögernd|verzögernd|langsamer werdend|nachlassend)\b"
)
IN_TEMPO = re.compile(r"\b(?:tempo|zeitma(?:ss|ß)|mouv(?:ement)?|mosso|accel\w*|string\w*)\b")
"""Words that end a ritardando."""

LONGEST_RITARD = 16.0
"""A ritardando that nothing ends is over after so many beats."""

DOWN, UP = ("start", "resume", "change"), ("stop", "discontinue")


class Event(NamedTuple):
    """Be a direction at its time in beats; the rest as in `engines.training.written`."""

    time: float
    staff: int
    kind: Kind
    text: str


def pedal_down(onset: np.ndarray, events: Iterable[Event]) -> np.ndarray:
    """Return whether the written pedal is down at each onset: (N,) float32, NaN without pedal."""
    signs = [e for e in events if e.kind == "pedal" and e.text in DOWN + UP]
    if not any(sign.text in DOWN for sign in signs):
        return np.full(len(onset), np.nan, dtype=np.float32)
    ordered = sorted((sign.time, sign.text in DOWN) for sign in signs)
    time, down = (np.array(column) for column in zip(*ordered, strict=True))
    last = np.searchsorted(time, onset + SAME, side="right") - 1
    return np.where(last >= 0, down[last], False).astype(np.float32)


def ritards(events: Iterable[Event]) -> np.ndarray:
    """Return where the words of all parts ask to slow down: (S, 2) starts and ends, rising."""
    spans = list[tuple[float, float]]()
    for time, starts in sorted(set(_changes(list(events)))):
        if spans and spans[-1][1] > time:
            spans[-1] = (spans[-1][0], time)
        if starts:
            spans.append((time, time + LONGEST_RITARD))
    return np.array(spans).reshape(-1, 2)


def within(onset: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Return whether each onset is in one of the spans (S, 2): (N,) bool."""
    if not len(spans):
        return np.zeros(len(onset), dtype=bool)
    last = np.searchsorted(spans[:, 0], onset + SAME, side="right") - 1
    return (last >= 0) & (onset < spans[last, 1] - SAME)


def _changes(events: list[Event]) -> Iterator[tuple[float, bool]]:
    """Yield when a ritardando starts (True) or ends; a tempo beside its words is no end."""
    words = [e for e in events if e.kind == "words"]
    slower = {round(e.time, 6) for e in words if SLOWER.search(e.text)}
    yield from ((time, True) for time in slower)
    for event in events:
        ends = event.kind == "tempo" or (event.kind == "words" and IN_TEMPO.search(event.text))
        if ends and round(event.time, 6) not in slower:
            yield round(event.time, 6), False
