"""Find where the harmony changes, as a pianist's right foot hears it.

Letters: O onsets, K harmonies.

Source: the kinds of evidence are those of the pedalling manuals: a new bass, a new chord, a clash
with what still sounds, a strong beat (Banowetz 1985, The Pianist's Guide to Pedaling, ch. 2). Their
weights are a logistic regression of where 22 pianists lift the pedal in the Vienna 4x22 corpus
(Goebl 1999, CC BY 4.0), rounded. Fitted on three of its pieces and tried on the fourth they find
the onsets where half of the pianists lift with precision 0.50 to 0.93 and recall 0.49 to 0.86.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from engines.clip import Notes
from engines.features import Features


class Evidence(NamedTuple):
    """Log odds of a change, and what each kind of evidence adds to them."""

    nothing: float = -2.9
    strength: float = 1.4
    chord: float = 0.85
    new_tones: float = 0.9
    bass: float = 0.7
    clash: float = 0.7
    second: float = 0.9


WEIGHTS = Evidence()

CHORD_SIZE = 3
"""Notes that begin together and state a harmony."""

BASS_MARGIN = 4
"""A note at most so many semitones above the lowest one held counts as a bass."""

OWN_BASS_STRENGTH = 0.75
"""A full chord on a half bar or stronger brings its own bass, however high it lies: C major, then F
major above it. On weaker beats it is the right hand's answer to the bass before, as in a waltz."""

SHORTEST_S = 0.2
"""No harmony is shorter: the foot needs the time. Nine of ten pedal changes in the Vienna 4x22
corpus take longer than 0.11 to 0.16 s."""

PATIENCE_S, BLUR_PATIENCE_S = 1.0, 2.0
"""Waiting adds to the odds for so long, longer where the pedal holds what the new onset lacks. The
pianists of the Vienna 4x22 corpus press 0.6 to 1.0 times a second: every 1.0 to 1.7 s."""

REST_BEATS, REST_S = 0.5, 0.25
"""A silence of both lengths at least ends a harmony; so does such a rest written above a bass that
the hand holds on, which needs no pedal: the chord was meant to stop."""


class Harmonies:
    """Divide a clip's onsets into K harmonies.

    Args:
        features: the written clip, one note at least.
        doubt: log odds of a change added to each onset's, (O,) float64; zeros give the likeliest
            reading.
    """

    def __init__(self, features: Features, doubt: np.ndarray) -> None:
        self.features = features
        self.time_s = features.clip.tempo.seconds(features.group_onset)
        """When each onset is, in seconds, (O,)."""
        self.first = self._first(doubt)
        """The onset with which each harmony begins, the first of all included: (K,) int, rising."""

    @cached_property
    def silent_after(self) -> np.ndarray:
        """After which onsets a rest follows, the last one included: (O,) bool."""
        return self._rests_beyond(self.last_key_up(self.features.notes)) | self.stab

    @cached_property
    def stab(self) -> np.ndarray:
        """Which onsets strike a chord that stops before the next one while its bass is held: (O,).

        The bass may have begun before.
        """
        if not self.held_bass.any():
            return np.zeros(len(self.time_s), dtype=bool)
        key_up = self.last_key_up(self.features.notes, ~self.held_bass)
        rests = self._rests_beyond(key_up)
        rests[-1] = key_up[-1] <= self.features.notes.end.max() - REST_BEATS
        return (self.features.group_size >= CHORD_SIZE) & rests

    @cached_property
    def held_bass(self) -> np.ndarray:
        """Which notes are the lowest of a chord and last on when notes above stop: (N,) bool."""
        features, end = self.features, self.features.notes.end
        following = np.append(features.group_onset[1:], end.max())[features.group]
        stops = end <= following - REST_BEATS
        if not stops.any():
            return stops
        chord = (features.group_size >= CHORD_SIZE) & (np.bincount(features.group, stops) > 0)
        return features.bottom & (end > following - 1e-6) & chord[features.group]

    def last_key_up(self, notes: Notes, rows: np.ndarray | None = None) -> np.ndarray:
        """Return when all notes, or those of some rows, struck up to an onset have ended: (O,)."""
        end = np.zeros(len(self.time_s))
        ends = notes.end if rows is None else np.where(rows, notes.end, 0.0)
        np.maximum.at(end, self.features.group, ends)
        return np.maximum.accumulate(end)

    def _rests_beyond(self, key_up: np.ndarray) -> np.ndarray:
        """Return after which onsets there is a rest from `key_up`, (O,), to the next: (O,) bool."""
        silence = self.features.group_onset[1:] - key_up[:-1]
        rests = (silence >= REST_BEATS) & (self.time_s[1:] - self.time_s[:-1] >= REST_S)
        return np.append(rests, True)

    def _first(self, doubt: np.ndarray) -> np.ndarray:
        """Go through the onsets with what the pedal would hold since the last change."""
        masks, lows = self.features.once(_sonorities)
        chord = self.features.group_size >= CHORD_SIZE
        strength = self.features.once(_strength)
        own_bass = chord & (strength >= OWN_BASS_STRENGTH)
        odds = WEIGHTS.nothing + WEIGHTS.strength * strength + doubt
        odds += WEIGHTS.chord * chord
        most = WEIGHTS.new_tones * chord + WEIGHTS.bass + WEIGHTS.clash
        most += WEIGHTS.second * BLUR_PATIENCE_S
        sure = self._sure()
        columns = (self.time_s, odds, chord, own_bass, sure | (odds + most > 0), sure)
        rows = zip(masks, lows, *(column.tolist() for column in columns), strict=True)
        found, held, bass, begun = [0], masks[0], lows[0], float(self.time_s[0])
        for onset, (mask, low, now, prior, full, own, possible, certain) in enumerate(rows):
            if possible:
                waited = now - begun
                patience = BLUR_PATIENCE_S if held & ~mask else PATIENCE_S
                likely = prior + WEIGHTS.second * min(waited, patience)
                new_bass = own or low <= bass + BASS_MARGIN
                likely += _bass_evidence(mask & ~held, held) if new_bass else 0.0
                likely += WEIGHTS.new_tones * _new_share(mask, held) if full else 0.0
                if certain or (likely > 0 and waited > SHORTEST_S):
                    found.append(onset)
                    held, bass, begun = mask, low, now
            held, bass = held | mask, min(bass, low)
        return np.array(found)

    def _sure(self) -> np.ndarray:
        """Return which onsets begin a harmony whatever sounds: after a rest, on a chord symbol."""
        clip, onsets = self.features.clip, self.features.group_onset
        sure = np.append(False, self.silent_after[:-1])
        edges = [*(chord.time for chord in clip.chords), *clip.region()]
        at = onsets.searchsorted(np.array(edges) - 1e-6)
        sure[at[at < len(onsets)]] = True
        sure[0] = False
        return sure


def _new_share(mask: int, held: int) -> float:
    """Return which share of an onset's pitch classes, bit masks of 12, is not among those held."""
    return (mask & ~held).bit_count() / mask.bit_count()


def _bass_evidence(new: int, held: int) -> float:
    """Weigh a new bass that adds pitch classes, bit masks of 12, to those still held."""
    near = ((held << 1) | (held >> 11) | (held >> 1) | (held << 11)) & 0xFFF
    return WEIGHTS.bass + WEIGHTS.clash * min((new & near).bit_count(), 2) / 2


def _sonorities(features: Features) -> tuple[list[int], list[int]]:
    """Return each onset's pitch classes as a bit mask and its lowest pitch."""
    pitch = features.notes.pitch.astype(np.intp)
    mask = np.zeros(len(features.group_onset), dtype=np.intp)
    np.bitwise_or.at(mask, features.group, 1 << (pitch % 12))
    low = np.full(len(mask), 128, dtype=np.intp)
    np.minimum.at(low, features.group, pitch)
    return mask.tolist(), low.tolist()


def _strength(features: Features) -> np.ndarray:
    """Return each onset's metrical strength, (O,)."""
    strength = np.zeros(len(features.group_onset))
    np.maximum.at(strength, features.group, features.strength)
    return strength
