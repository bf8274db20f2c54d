"""Decide how long each note is held: legato, detached, staccato, breathing between phrases.

Letters: N notes, O onsets, P phrases.
"""

from typing import Annotated, Literal

import numpy as np

from engines import engine
from engines.clip import Clip
from engines.engine import Context
from engines.option import dial, note

Style = Literal["as written", "legato", "detached", "staccato"]


class ArticulationOptions(engine.Options, frozen=True, kw_only=True):
    """Choose the touch and how much each rule says."""

    amount: Annotated[float, dial(0, 2, "how far from the written lengths to the player's")] = 1.0
    style: Annotated[Style, note("the touch; as written reads it from the notes' lengths")] = (
        "as written"
    )
    legato: Annotated[float, dial(0, 2, "how much connected notes overlap, 1 as pianists do")] = 1.0
    gap: Annotated[float, dial(0, 80, "silence before the same key is struck again", "%")] = 30.0
    breath: Annotated[float, dial(0, 300, "silence before a new phrase", "ms")] = 60.0
    variation: Annotated[float, dial(0, 2, "unevenness from note to note, 1 as pianists do")] = 1.0


class Articulation:
    """Give every note the length that its context asks for."""

    name = "articulation"
    summary = "Connects, separates and shortens notes as fingers do, and breathes between phrases."
    kind = "humanizer"
    Options = ArticulationOptions

    def __call__(self, clip: Clip, options: ArticulationOptions, context: Context) -> Clip:
        """Return the clip with other durations; drums keep theirs."""
        if not options.amount or not len(clip.notes) or context.features.role == "drums":
            return clip
        features = context.features
        held = np.maximum(features.notes.duration, 1e-3)
        slot = np.maximum(features.slot, 1e-3)
        per_s = clip.tempo.at(clip.notes.onset) / 60.0
        slot_s = slot / per_s
        overlap = options.legato * key_overlap_s(slot_s) * per_s
        ratio = held / slot
        connected = ratio > 0.85
        target = np.where(connected, slot + overlap, held)
        if options.style == "detached":
            target = DETACHED * slot
        elif options.style == "staccato":
            target = STACCATO * slot
        rng = context.rng("touch")
        target = target * np.exp(0.06 * options.variation * rng.standard_normal(len(target)))
        played = clip.notes.duration * (target / held) ** options.amount
        return clip.replace(notes=clip.notes.replace(duration=np.minimum(played, _room(clip))))


DETACHED = 0.75
STACCATO = 0.4


def key_overlap_s(interval_s: np.ndarray) -> np.ndarray:
    """Return how long two connected keys are down together, in seconds."""
    interval = np.minimum(1000.0 * interval_s, 787.0)
    return np.asarray((17.1683 - 0.0109 * interval) * interval / 100.0 / 1000.0)


def _room(clip: Clip) -> np.ndarray:
    """Return the longest duration that each note may have, in beats, (N,)."""
    notes = clip.notes
    order = np.lexsort((notes.onset, notes.pitch))
    again = np.diff(notes.pitch[order].astype(int), append=-1) == 0
    gap = np.where(again, np.diff(notes.onset[order], append=0.0), np.inf)
    room = np.empty(len(notes))
    room[order] = np.where(gap > 0, gap, np.inf)
    return room
