"""Write notes and controllers into a MIDI track, each event that both know in its old place.

Letters: E events of a track, N notes and C controllers as the file has them, M notes and K
controllers as they are to be written, R rows.

Source: Standard MIDI Files 1.0 (RP-001); MIDI 1.0, table 2.
"""

import itertools
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence

import numpy as np

from bridge.midi_part import CONTROL_CHANGE, DEFAULT_RELEASE, NOTE_OFF, NOTE_ON, Part
from bridge.midi_source import Track
from engines.clip import Controllers, Notes
from engines.column import Table

FIRST, KEPT, LAST = 0, 1, 2
"""Ranks in a tick: moved note offs, what stood there before in its old order, moved note ons."""


class Draft:
    """Be a track that is being rewritten: its E events, then those placed anew.

    Args:
        track: the track as it was.
        scale: how many new ticks an old one has.
        ticks_per_beat: the new resolution.
    """

    def __init__(self, track: Track, scale: int, ticks_per_beat: int) -> None:
        count = len(track.events)
        self.heads = track.heads
        self.ticks_per_beat = ticks_per_beat
        self.end = track.end * scale
        self.events = list(track.events)
        self.tick = track.ticks * scale
        self.rank = np.full(count, KEPT)
        self.order = np.arange(count, dtype=float)
        self.keep = np.ones(count, dtype=bool)
        self._before = track.before

    def to_ticks(self, beats: np.ndarray) -> np.ndarray:
        """Return the nearest ticks: (R,) int64."""
        return np.rint(beats * self.ticks_per_beat).astype(np.int64)

    def place(self, rows: np.ndarray) -> np.ndarray:
        """Return the rows with each -1 replaced by the row of a new, empty event."""
        new, start = rows < 0, len(self.events)
        count = int(new.sum())
        self.events.extend([b""] * count)
        self.tick = np.append(self.tick, np.full(count, -1))
        self.rank = np.append(self.rank, np.full(count, KEPT))
        self.order = np.append(self.order, np.arange(start, start + count))
        self.keep = np.append(self.keep, np.ones(count, dtype=bool))
        placed = rows.copy()
        placed[new] = np.arange(start, start + count)
        return placed

    def put(self, rows: np.ndarray, ticks: np.ndarray, events: Iterable[bytes]) -> np.ndarray:
        """Set events and their ticks, and tell which ones moved: (R,) bool."""
        moved = self.tick[rows] != ticks
        self.tick[rows] = ticks
        for row, event in zip(rows.tolist(), events, strict=True):
            self.events[row] = event
        return moved

    def finish(self) -> Track:
        """Return the track as it is now; its end moves only if an event would lie behind it."""
        rows = np.flatnonzero(self.keep)
        rows = rows[np.lexsort((self.order[rows], self.rank[rows], self.tick[rows]))]
        ticks = self.tick[rows]
        end = max(self.end, int(ticks[-1])) if len(rows) else self.end
        return Track(ticks, tuple(self.events[row] for row in rows.tolist()), end, self._before)


def write_notes(draft: Draft, part: Part, notes: Notes) -> None:
    """Put the notes in place of the part's: by id those that it has, the rest anew.

    A muted note is left out, for a file cannot say that a note is silent.
    """
    notes = notes.take(notes.mute == 0)
    was = _rows_by_id(notes.note_id, len(part.on))
    old_off = np.append(part.off, -1)[was]
    draft.keep[part.on] = draft.keep[part.off[part.off >= 0]] = False
    on, off = draft.place(np.append(part.on, -1)[was]), draft.place(old_off)
    begin, end = draft.to_ticks(notes.onset), draft.to_ticks(notes.end)
    begun = draft.put(on, begin, _note_ons(part.channel, notes))
    ended = draft.put(off, end, _note_offs(draft, part.channel, notes, old_off))
    draft.rank[on] = np.where(begun, LAST, KEPT)
    draft.rank[off] = np.where(ended, FIRST, KEPT)
    draft.order[on[begun]] = end[begun]  # of two equal notes the shorter is the first to end
    _end_at_once(draft, on, off, end == begin)
    draft.keep[on] = True
    draft.keep[off] = (old_off >= 0) | (was < 0) | (end != draft.end)
    moved = begun | ended
    _drop_orphans(draft, part, np.stack([notes.pitch, begin, end])[:, moved])


def write_controllers(draft: Draft, part: Part, old: Controllers, new: Controllers) -> None:
    """Put the controllers in place of the part's; events that both have stay in their place."""
    if new == old:
        return
    new = new.take(np.argsort(new.time, kind="stable"))
    was = repeated(rows_of(old), rows_of(new))
    draft.keep[part.controllers] = False
    rows = draft.place(np.append(part.controllers, -1)[was])
    ticks = draft.to_ticks(new.time)
    status = np.full(len(new), CONTROL_CHANGE | part.channel)
    draft.put(rows, ticks, _messages(status, new.number, new.value))
    draft.keep[rows] = True
    _before_notes(draft, part, rows[was < 0])
    _in_order(draft, rows)


def rows_of(table: Table) -> list[tuple[float, ...]]:
    """Return a table's rows as tuples."""
    return list(zip(*(getattr(table, name).tolist() for name in table.COLUMNS), strict=True))


def repeated(old: Sequence[tuple[float, ...]], new: Sequence[tuple[float, ...]]) -> np.ndarray:
    """Return which old row each new row repeats, -1 for none; rows rise: (K,) int."""
    places: dict[tuple[float, ...], deque[int]] = defaultdict(deque)
    for row, key in enumerate(old):
        places[key].append(row)
    found, last = np.full(len(new), -1), -1
    for place, key in enumerate(new):
        rows = places[key]
        while rows and rows[0] < last:
            rows.popleft()
        if rows:
            found[place] = last = rows.popleft()
    return found


def _rows_by_id(note_id: np.ndarray, count: int) -> np.ndarray:
    """Return the file's row of each note, -1 for one that it lacks: (M,) int."""
    first = np.zeros(len(note_id), dtype=bool)
    first[np.unique(note_id, return_index=True)[1]] = True
    return np.where(first & (note_id < count), note_id, -1)


def _note_ons(channel: int, notes: Notes) -> list[bytes]:
    status = np.full(len(notes), NOTE_ON | channel)
    return _messages(status, notes.pitch, np.rint(notes.velocity))


def _note_offs(draft: Draft, channel: int, notes: Notes, old_off: np.ndarray) -> list[bytes]:
    """Return note offs in the form, note off or note on of velocity 0, that they had."""
    release = np.rint(notes.release_velocity)
    padded = np.append(draft.heads, [[NOTE_OFF, 0, 0]], axis=0)[old_off]
    as_on = (padded[:, 0] & 0xF0 == NOTE_ON) & (release == DEFAULT_RELEASE)
    status = np.where(as_on, NOTE_ON, NOTE_OFF) | channel
    return _messages(status, notes.pitch, np.where(as_on, 0, release))


def _messages(status: np.ndarray, first: np.ndarray, second: np.ndarray) -> list[bytes]:
    packed = np.stack([status, first, second], axis=1).astype(np.uint8).tobytes()
    return [packed[at : at + 3] for at in range(0, len(packed), 3)]


def _end_at_once(draft: Draft, on: np.ndarray, off: np.ndarray, short: np.ndarray) -> None:
    """Keep the end of a note of no ticks behind its beginning."""
    draft.rank[off[short]] = draft.rank[on[short]]
    last = short & (draft.rank[on] == LAST)
    draft.order[off[last]] = draft.order[on[last]] + 0.5


def _drop_orphans(draft: Draft, part: Part, moved: np.ndarray) -> None:
    """Leave out note offs that ended no note but would cut a moved one short.

    `moved` is (3, M) int: pitches, first and last ticks.
    """
    for row in part.orphans.tolist():
        pitch, begin, end = moved
        tick = draft.tick[row]
        cut = (pitch == draft.heads[row, 1]) & (begin < tick) & (tick < end)
        draft.keep[row] = not cut.any()


def _before_notes(draft: Draft, part: Part, rows: np.ndarray) -> None:
    """Put new controllers before the notes that stand in their tick."""
    standing = part.on[draft.keep[part.on] & (draft.rank[part.on] == KEPT)]
    if not len(standing):
        return
    place = np.searchsorted(draft.tick[standing], draft.tick[rows])
    note = standing[np.minimum(place, len(standing) - 1)]
    meets = draft.tick[note] == draft.tick[rows]
    draft.order[rows[meets]] = note[meets] - 0.5


def _in_order(draft: Draft, rows: np.ndarray) -> None:
    """Put new controllers that share a tick with others in the order of their table."""
    old = len(draft.heads)
    neighbours = list(itertools.pairwise(rows.tolist()))
    for before, row in neighbours:
        if row >= old and draft.tick[before] == draft.tick[row]:
            draft.order[row] = max(draft.order[row], draft.order[before])
    for row, after in reversed(neighbours):
        if row >= old and draft.tick[after] == draft.tick[row]:
            ahead = 0.5 if after < old else 0.0
            draft.order[row] = min(draft.order[row], draft.order[after] - ahead)
