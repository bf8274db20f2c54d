"""Read the messages that a clip plays once, from its beginning to its end.

Letters: N notes, C controller events.
"""

import numpy as np

from bridge.live.clip_score import drawn
from bridge.sound.messages import AT_ONCE, BEGINS, ENDS, SETS, Messages
from engines.clip import Clip, Controllers, Notes
from engines.live.event import CONTROL, HOLDS, NOTE_OFF, NOTE_ON, PROGRAM

BANK = (0, 32)
"""Controllers that say of which bank the next program is. Source: MIDI 1.0, table 3."""


def clip_messages(clip: Clip, rng: np.random.Generator, seat: int = 0) -> Messages:
    """Return what a clip plays, its loop unheeded.

    Muted notes are not played, nor those of whose probability `rng` makes nothing. What would
    sound beyond the clip ends with it; a pedal that would come up later comes up there.

    Args:
        clip: the part.
        rng: draws which notes sound, and how loud.
        seat: what its seats begin with.
    """
    notes = drawn(clip.notes, rng)
    notes = notes.take((notes.mute == 0) & (notes.onset < clip.length))
    notes = notes.take(np.lexsort((notes.pitch, notes.onset)))
    changes = clip.controllers
    late = changes.time > clip.length
    changes = changes.take(~late | np.isin(changes.number, HOLDS))
    pieces = [_notes(notes, clip.length), _controllers(changes, clip.length)]
    if clip.program is not None:
        pieces.append(_program(clip.program, changes, notes))
    both = Messages.joined(pieces)
    return Messages(both.beat, both.rank, both.seat + seat, both.data)


def seats(clip: Clip) -> int:
    """Return how many seats a clip needs."""
    return len(clip.notes) + len(clip.controllers) + 1


def _notes(notes: Notes, length: float) -> Messages:
    end, row = np.minimum(notes.end, length), np.arange(len(notes), dtype=np.float64)
    short = end <= notes.onset
    release = np.rint(notes.release_velocity)
    return Messages(
        np.concatenate([notes.onset, np.maximum(end, notes.onset)]),
        np.concatenate([np.where(short, AT_ONCE, BEGINS), np.where(short, AT_ONCE, ENDS)]),
        np.concatenate([row, row + 0.5]),
        np.concatenate(
            [_data(NOTE_ON, notes.pitch, notes.velocity), _data(NOTE_OFF, notes.pitch, release)]
        ),
    )


def _controllers(changes: Controllers, length: float) -> Messages:
    return Messages(
        np.minimum(changes.time, length),
        np.full(len(changes), SETS),
        np.arange(len(changes), dtype=np.float64),
        _data(CONTROL, changes.number, changes.value),
    )


def _program(program: int, changes: Controllers, notes: Notes) -> Messages:
    """Return the change of program, which comes when its bank is known and before the notes."""
    first = notes.onset.min(initial=np.inf)
    known = np.flatnonzero(np.isin(changes.number, BANK) & (changes.time <= first))
    row = int(known[-1]) if len(known) else -1
    beat = changes.time[row] if len(known) else 0.0
    data = np.array([[PROGRAM, program, 0]], dtype=np.uint8)
    return Messages(np.array([beat]), np.array([SETS]), np.array([row + 0.5]), data)


def _data(status: int, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the bytes of messages of a kind, without their channel: (N, 3) or (C, 3) uint8."""
    return np.stack([np.full(len(first), status), first, second], axis=1).astype(np.uint8)
