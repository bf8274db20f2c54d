"""Find where players meet in the written music, and how far apart they come there.

Letters: N notes of a player, O its onsets, H notes heard from others, M meetings of an onset with
one of those.
"""

from typing import NamedTuple

import numpy as np

from engines.features import CHORD_S, Features
from engines.kit import KICK, SNARE, VOICES, read_kit

BEHIND_S = 0.005
"""How far comping sits behind the snare. Our choice, within the 19 ms under which listeners hear a
rhythm section as tight. Source: Hofmann, Wesolowski and Goebl (2017), "The tight-interlocked rhythm
section", Journal of New Music Research 46(4)."""

FOLLOWED = {
    "bass": (KICK, 0.0),
    "guitar": (SNARE, BEHIND_S),
    "keys": (SNARE, BEHIND_S),
    "piano": (SNARE, BEHIND_S),
}
"""Which voice of the drums a role goes by where it is struck, and how many seconds behind it."""

REACH_S = 1.0
"""What two players are apart where they meet says nothing of them so many seconds away: how late
the learned pianist plays the songs of POP909 has an autocorrelation of 0.9 after 0.2 s, 0.65 after
0.5 s and 0.15 after 1 s."""

MOST_HEARD = 200_000
"""A loop is heard again for as long as others play, but for no more notes than this."""

SHORTEST_S = 1e-6
"""Clips and loops are taken to be at least so long."""

PITCHES = 128

CLASSES = 12
"""Pitch classes. What is above, of a class or of a pitch, is a stroke of no voice, then the voices
of a kit."""

SAME, ALIKE, OTHER = range(3)
"""How like what a player sounds something is: its pitch or voice, its pitch class, or neither."""


class Heard(NamedTuple):
    """Hold H notes in order of `time`, (H,) each.

    `time` is when they are written and `late` how late they come, both in seconds; `seat` is their
    player's, and `sound` their pitch, or from `PITCHES` on a stroke: of no voice, of the first...
    """

    time: np.ndarray
    late: np.ndarray
    seat: np.ndarray
    sound: np.ndarray

    def with_more(self, other: "Heard") -> "Heard":
        """Return these notes and others."""
        columns = [np.concatenate(pair) for pair in zip(self, other, strict=True)]
        order = np.argsort(columns[0], kind="stable")
        return Heard(*(column[order] for column in columns))

    def near(self, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return which onsets, at times (O,) in seconds, meet which notes: (M,) rows of both."""
        first = np.searchsorted(self.time, time - CHORD_S)
        count = np.searchsorted(self.time, time + CHORD_S, side="right") - first
        onset = np.repeat(np.arange(len(time)), count)
        return onset, np.arange(len(onset)) + np.repeat(first - np.cumsum(count) + count, count)


SILENCE = Heard(np.empty(0), np.empty(0), np.empty(0, np.intp), np.empty(0, np.intp))


class Player:
    """Be one part of a band: when it plays what, and how late it comes by itself.

    Args:
        features: of the part, which has notes.
        late: how late its notes come by themselves in seconds, (N,).
        seat: who is followed by all with a higher seat.
        amount: how much of a player's habits there is, 1 for a player's.
    """

    def __init__(self, features: Features, late: np.ndarray, seat: int, amount: float) -> None:
        self._features = features
        self._late = late
        self._seat = seat
        self._amount = amount
        start_s, end_s = features.clip.tempo.seconds(np.array(features.clip.region()))
        self._length_s = max(float(end_s - start_s), SHORTEST_S)
        self._loops = features.clip.loop is not None
        self._time = features.clip.tempo.seconds(features.group_onset) - start_s
        self._inside = (self._time >= 0) & (self._time < self._length_s) | (not self._loops)
        self._sound = _sound(features)

    def drawn(self, heard: Heard, share: float) -> np.ndarray:
        """Return how much later each note comes if it goes to others by a share: (N,) seconds."""
        onset, row = heard.near(self._time)
        chosen = self._heeded(heard, onset, row)
        onset, row = onset[chosen], row[chosen]
        sound = heard.sound[row]
        count = np.bincount(onset, minlength=len(self._time))
        theirs = np.bincount(onset, heard.late[row] + self._lag(sound), len(count))
        meets = (count > 0) & self._inside
        apart = theirs[meets] / count[meets] - self._own(onset, sound)[meets]
        return share * self._faded(meets, apart)[self._features.group]

    def sounding(self, late: np.ndarray, until_s: float) -> Heard:
        """Return its notes for others who play so long, coming late by (N,) seconds."""
        group = self._features.group
        rows = np.flatnonzero((self._features.notes.mute == 0) & self._inside[group])
        rounds = int(np.ceil(until_s / self._length_s - 1e-9)) if self._loops else 1
        rounds = max(1, min(rounds, MOST_HEARD // max(len(rows), 1)))
        again = np.repeat(np.arange(rounds) * self._length_s, len(rows))
        rows = np.tile(rows, rounds)
        time = self._time[group[rows]] + again
        seat = np.full(len(rows), self._seat)
        return SILENCE.with_more(Heard(time, late[rows], seat, self._sound[rows]))

    def _heeded(self, heard: Heard, onset: np.ndarray, row: np.ndarray) -> np.ndarray:
        """Return which meetings count, (M,) bool: with the first seat, and there with its like."""
        sound = heard.sound[row]
        order = (OTHER + 1) * heard.seat[row] + self._likeness(onset, sound)
        first = np.full(len(self._time), np.iinfo(np.intp).max)
        np.minimum.at(first, onset, order)
        return np.asarray(order == first[onset])

    def _likeness(self, onset: np.ndarray, sound: np.ndarray) -> np.ndarray:
        """Return how like sounds, (M,), are what the player has at the onset or goes by: (M,)."""
        group, mine = self._features.group, self._sound
        same = _table(len(self._time), PITCHES, group, mine)
        alike = _table(len(self._time), CLASSES, group, _kind(mine))
        if (role := self._features.role) in FOLLOWED:
            same[:, PITCHES + 1 + FOLLOWED[role][0]] = True
        found = np.where(alike[onset, _kind(sound)], ALIKE, OTHER)
        return np.where(same[onset, sound], SAME, found)

    def _lag(self, sound: np.ndarray) -> np.ndarray:
        """Return how far in seconds it sits behind the sounds that it meets: (M,)."""
        voice, lag = FOLLOWED.get(self._features.role, (KICK, 0.0))
        return np.where(sound == PITCHES + 1 + voice, self._amount * lag, 0.0)

    def _own(self, onset: np.ndarray, sound: np.ndarray) -> np.ndarray:
        """Return how late each onset comes by itself in seconds: (O,).

        It is the mean of the notes that double what they meet, or of all where none does.
        """
        group, mine = self._features.group, self._sound
        same = _table(len(self._time), PITCHES, onset, sound)[group, mine]
        alike = _table(len(self._time), CLASSES, onset, _kind(sound))[group, _kind(mine)]
        likeness = np.where(same, SAME, np.where(alike, ALIKE, OTHER))
        best = np.full(len(self._time), OTHER)
        np.minimum.at(best, group, likeness)
        weight = (likeness == best[group]).astype(np.float64)
        return np.asarray(np.bincount(group, weight * self._late) / np.bincount(group, weight))

    def _faded(self, meets: np.ndarray, apart: np.ndarray) -> np.ndarray:
        """Return a value of those onsets that meet, `meets` (O,) bool, at all onsets: (O,).

        Between two of them it goes from one value to the other, and away from them to nothing.
        """
        if not len(apart):
            return np.zeros(len(meets))
        time, met = self._time, self._time[meets]
        if self._loops:
            met = np.concatenate([met[-1:] - self._length_s, met, met[:1] + self._length_s])
            apart = np.concatenate([apart[-1:], apart, apart[:1]])
        following = np.searchsorted(met, time)
        before = time - met[np.maximum(following - 1, 0)]
        after = met[np.minimum(following, len(met) - 1)] - time
        away = np.minimum(np.abs(before), np.abs(after))
        return np.interp(time, met, apart) * np.maximum(1.0 - away / REACH_S, 0.0)


def _sound(features: Features) -> np.ndarray:
    """Return what each note sounds, as in `Heard`: (N,) int."""
    pitch = features.notes.pitch
    if features.role != "drums":
        return pitch.astype(np.intp)
    return np.asarray(features.once(read_kit).voice[pitch].astype(np.intp) + PITCHES + 1)


def _kind(sound: np.ndarray) -> np.ndarray:
    """Return the pitch class of sounds, from `CLASSES` on that of a stroke: the same shape."""
    return np.where(sound < PITCHES, sound % CLASSES, sound - PITCHES + CLASSES)


def _table(rows: int, pitched: int, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Return a table that is true at some places, (rows, pitched and what strokes there are)."""
    table = np.zeros((rows, pitched + 1 + len(VOICES)), dtype=bool)
    table[row, column] = True
    return table
