"""Read the messages that a clip plays once, from its beginning to its end.

Letters: N notes, C controller events.
"""

import numpy as np

from bridge.live.clip_score import drawn
from bridge.sound.messages import AT_ONCE, BANK, BEGINS, ENDS, SETS, Messages
from engines.clip import Clip, Controllers, Notes
from engines.live.event import CONTROL, HOLDS, NOTE_OFF, NOTE_ON, PROGRAM

DOWN = 64
"""A pedal is pressed from this value on. Source: MIDI 1.0, table 3."""


def clip_messages(clip: Clip, rng: np.random.Generator) -> Messages:
    """Return what a clip plays, its loop unheeded.

    Muted notes are not played, nor those of whose probability `rng` makes nothing. What would
    sound beyond the clip ends with it; a pedal that would come up later comes up there.

    Args:
        clip: the part.
        rng: draws which notes sound, and how loud.
    """
    notes = drawn(clip.notes, rng)
    notes = notes.take((notes.mute == 0) & (notes.onset < clip.length))
    notes = notes.take(np.lexsort((notes.pitch, notes.onset)))
    changes = clip.controllers
    released = np.isin(changes.number, HOLDS) & (changes.value < DOWN)
    changes = changes.take((changes.time <= clip.length) | released)
    changes = changes.take(np.argsort(changes.time, kind="stable"))
    settings = _settings(changes, clip, notes.onset.min(initial=np.inf))
    return Messages.joined([_notes(notes, clip.length), settings])


def _notes(notes: Notes, length: float) -> Messages:
    end = np.maximum(np.minimum(notes.end, length), notes.onset)
    short, row = end == notes.onset, np.arange(len(notes))
    on = _data(NOTE_ON, notes.pitch, notes.velocity)
    off = _data(NOTE_OFF, notes.pitch, np.rint(notes.release_velocity))
    beat = np.concatenate([notes.onset, end])
    rank = np.concatenate([np.where(short, AT_ONCE, BEGINS), np.where(short, AT_ONCE, ENDS)])
    order = np.lexsort((np.concatenate([row, row + 0.5]), rank, beat))
    return Messages(beat[order], rank[order], np.concatenate([on, off])[order])


def _settings(changes: Controllers, clip: Clip, first: float) -> Messages:
    """Return the controllers and the program, which comes when its bank is known.

    Args:
        changes: the controllers, in order.
        clip: where they are from.
        first: the beat of the first note, by which a bank counts.
    """
    beat = np.minimum(changes.time, clip.length)
    data = _data(CONTROL, changes.number, changes.value)
    if clip.program is not None:
        known = np.flatnonzero(np.isin(changes.number, BANK) & (changes.time <= first))
        row = int(known[-1]) + 1 if len(known) else 0
        beat = np.insert(beat, row, beat[row - 1] if row else 0.0)
        data = np.insert(data, row, (PROGRAM, clip.program, 0), axis=0)
    return Messages(beat, np.full(len(beat), SETS), data)


def _data(status: int, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the bytes of messages of a kind, without their channel: (N, 3) or (C, 3) uint8."""
    return np.stack([np.full(len(first), status), first, second], axis=1).astype(np.uint8)
