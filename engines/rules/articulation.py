"""Decide how long each note is held: legato, detached, staccato, a breath between phrases.

Letters: N notes, O onsets, P phrases. Lengths are in beats, in seconds where the name ends in `_s`.
"""

from functools import cached_property
from typing import Annotated, Literal

import numpy as np

from engines import engine
from engines.clip import MAX_BEATS, Clip
from engines.engine import Context
from engines.features import CONNECTED, Features
from engines.option import dial, note

Style = Literal["as written", "legato", "detached", "staccato"]

DETACHED_SHARE = 0.75
"""Share of the interval that a detached note is held. Source: Director Musices, overall
articulation rule with k = 1 (Friberg, Bresin and Sundberg 2006, Advances in Cognitive
Psychology 2)."""

STACCATO_SHARE = 0.4
"""Share of the interval that a staccato note is held at an easy pace. Source: Bresin and Battel
(2000), JNMR 29(3), abstract."""

FAST_STACCATO_SHARE = 0.3
"""The same where notes follow in 0.15 s. Bresin (2001) shortens staccato notes with the tempo mark;
the interval stands for the mark here."""

BOUND_LEAPS = (5, 9)
"""Leaps in semitones up to which notes are bound and from which they are detached. Of the notes in
the Vienna 4x22 corpus 40 to 50 % overlap the next one up to a fourth, 11 to 17 % from a fifth to a
seventh, none beyond an octave."""

LEAPING_ROLES = ("bass", "keys", "piano")
"""Roles in which one hand must leave a note to reach the next: over keys, along a neck. A plucked
string rings on while another is picked, a pad's hand is held down, a bow crosses strings as it
goes, and breath carries over any interval. A judgement, not a measurement."""

LONGEST_TOUCH = 1.0
"""Beats of silence after a note beyond which it is a rest."""

ROLE_GAP = {"bass": 0.5, "lead": 0.6, "strings": 0.4, "winds": 0.4, "pad": 0.2, "guitar": 0.2}
"""How much of the keyboard's gap others leave before a repeated note: a bow, a tongue and
a ringing string part notes with less silence. A judgement, not a measurement."""

LONGEST_GAP_S = 0.25
"""No repeated note is left earlier than this before it is struck again."""

SHORTEST_S = 0.02
"""No note gets shorter. Source: Director Musices, articulation-social-care."""

NOTE_SPREAD, CHORD_SPREAD, PHRASE_SPREAD = 0.06, 0.07, 0.04
"""Standard deviations of the held share, in parts of it, for a note, a chord and a phrase. Together
0.1, as within one pianist's connected notes in the Vienna 4x22 corpus (0.09 to 0.12)."""

WIDEST_SPREAD_S = 0.5
"""Spread stops growing with notes longer than this: in the same corpus ends scatter by 0.05 s at
all intervals above 0.4 s."""


class ArticulationOptions(engine.Options, frozen=True, kw_only=True):
    """Choose the touch and how much each rule says."""

    amount: Annotated[float, dial(0, 2, "how far from the written lengths to the player's")] = 1.0
    style: Annotated[Style, note("the touch; as written reads it from the notes' lengths")] = (
        "as written"
    )
    legato: Annotated[float, dial(0, 2, "overlap of connected notes, 1 as pianists do")] = 1.0
    gap: Annotated[
        float, dial(0, 80, "silence before a key is struck again, less for non-keyboards", "%")
    ] = 40.0
    breath: Annotated[float, dial(0, 400, "silence before a new phrase", "ms")] = 60.0
    variation: Annotated[float, dial(0, 2, "unevenness of the lengths, 1 as pianists do")] = 1.0


class Articulation:
    """Give every note the length that its context asks for."""

    name = "rules.articulation"
    summary = "Connects, separates and shortens notes as fingers do, and breathes between phrases."
    kind = "humanizer"
    Options = ArticulationOptions

    def __call__(self, clip: Clip, options: ArticulationOptions, context: Context) -> Clip:
        """Return the clip with other durations; drums keep theirs."""
        if options.amount == 0 or not len(clip.notes) or context.features.role == "drums":
            return clip
        reading = Reading(clip, context.features)
        target = reading.styled(options) * self._unevenness(options, context, reading)
        target = np.minimum(target, reading.until_struck_again(options.gap / 100))
        target = np.minimum(target, reading.until_breath(options.breath / 1000))
        shortest = np.minimum(SHORTEST_S / reading.pace, reading.held)
        factor = np.maximum(target, shortest) / reading.held
        duration = reading.fitted(clip.notes.duration * factor**options.amount)
        return clip.replace(notes=clip.notes.replace(duration=duration))

    def _unevenness(
        self, options: ArticulationOptions, context: Context, reading: "Reading"
    ) -> np.ndarray:
        """Return factors near 1, (N,): each note's own, one for its chord, one drifting slowly."""
        rng, features = context.rng("touch"), context.features
        chord = rng.standard_normal(len(features.group_onset))[features.group]
        phrase = rng.standard_normal(len(features.phrase_onset))
        drift = np.interp(features.notes.onset, features.phrase_onset, phrase)
        own = rng.standard_normal(len(features.notes))
        spread = NOTE_SPREAD * own + CHORD_SPREAD * chord + PHRASE_SPREAD * drift
        damping = np.minimum(1.0, WIDEST_SPREAD_S / (reading.held * reading.pace))
        return np.exp(options.variation * spread.clip(-0.3, 0.3) * damping)


class Reading:
    """Say of each note what its length means, from the page and from when it is played now."""

    def __init__(self, clip: Clip, features: Features) -> None:
        self.clip = clip
        self.features = features
        self.held = np.maximum(features.notes.duration, 1e-3)
        """Written durations in beats, (N,)."""
        self.pace = 60.0 / clip.tempo.at(clip.notes.onset)
        """Seconds of a beat at each note, (N,)."""

    @cached_property
    def following(self) -> np.ndarray:
        """Index of the onset that ends each note, O where there is none: (N,) int."""
        until = self.features.notes.onset + self.features.slot - 1e-9
        found = self.features.group_onset.searchsorted(until)
        return np.maximum(found, self.features.group + 1)

    @cached_property
    def interval(self) -> np.ndarray:
        """Beats from the onset to the performed onset that ends the note, else its length: (N,)."""
        performed = np.append(self.features.first_played(self.clip.notes.onset), np.inf)
        interval = performed[self.following] - self.clip.notes.onset
        return np.where(interval < np.inf, np.maximum(interval, 1e-3), self.held)

    @cached_property
    def binding(self) -> np.ndarray:
        """How well the note can be bound to the next: (N,).

        It is 1 for a step to 0 for a leap of a hand, and 1 in roles where no hand has to leap.
        """
        if self.features.role not in LEAPING_ROLES:
            return np.ones(len(self.features.notes))
        pitch, group = self.features.notes.pitch.astype(int), self.features.group
        low, high = np.full((2, len(self.features.group_onset) + 1), [[999], [-999]])
        np.minimum.at(low, group, pitch)
        np.maximum.at(high, group, pitch)
        leap = np.maximum(low[self.following] - pitch, pitch - high[self.following])
        return np.interp(leap, BOUND_LEAPS, (1.0, 0.0))

    @cached_property
    def again(self) -> np.ndarray:
        """Row of the next note of the same pitch, N where there is none: (N,) int."""
        written = self.features.notes
        order = np.lexsort((written.onset, written.pitch))
        first, second = order[:-1], order[1:]
        same = written.pitch[first] == written.pitch[second]
        rows = np.full(len(written), len(written))
        rows[first[same]] = second[same]
        return rows

    @cached_property
    def rests_after(self) -> np.ndarray:
        """Whether the silence after a note is a rest and no matter of touch: (N,) bool."""
        silence = self.features.slot - self.held
        return silence > np.minimum(self.held + 1e-6, LONGEST_TOUCH)

    def styled(self, options: ArticulationOptions) -> np.ndarray:
        """Return how long the style holds each note in beats, (N,)."""
        nominal = np.where(self.rests_after, self.held, self.interval)
        if options.style == "detached":
            return DETACHED_SHARE * nominal
        if options.style == "staccato":
            return staccato_share(self.interval * self.pace) * nominal
        legato = options.style == "legato"
        connected = ~self.rests_after if legato else self.held >= CONNECTED * self.features.slot
        connected &= self.following < len(self.features.group_onset)
        return np.where(connected, self._bound(options.legato), self.held)

    def _bound(self, legato: float) -> np.ndarray:
        interval_s = self.interval * self.pace
        overlap_s = self.binding * legato * key_overlap_s(interval_s)
        gap_s = (1 - self.binding) * np.minimum((1 - DETACHED_SHARE) * interval_s, LONGEST_GAP_S)
        return np.asarray(self.interval + (overlap_s - gap_s) / self.pace)

    def until_struck_again(self, gap: float) -> np.ndarray:
        """Return how many beats a note may be held before its key is struck again, (N,).

        Source: Bresin and Battel (2000), JNMR 29(3), abstract: repeated notes were held for about
        0.6 of the interval; the Vienna 4x22 corpus has 0.45 to 0.6.
        """
        until = self._until_again()
        gap *= ROLE_GAP.get(self.features.role, 1.0)
        return until - np.minimum(gap * until.clip(max=1e3), LONGEST_GAP_S / self.pace)

    def until_breath(self, breath_s: float) -> np.ndarray:
        """Return how many beats a note may be held before the next phrase begins, (N,).

        Source: Friberg, Bresin, Frydén and Sundberg (1998), JNMR 27(3), musical punctuation: the
        micropause grows from a third to the whole of its length as the interval grows from 0.16 to
        0.64 s.
        """
        features = self.features
        phrase = features.phrase_onset.searchsorted(features.group_onset + 1e-9, side="right")
        opens = np.append(np.diff(phrase, prepend=phrase[:1]) > 0, False)
        pause_s = breath_s * np.interp(self.interval * self.pace, (0.16, 0.64), (1 / 3, 1.0))
        limit = np.maximum(self.interval - pause_s / self.pace, self.interval / 2)
        return np.where(opens[self.following], limit, np.inf)

    def fitted(self, duration: np.ndarray) -> np.ndarray:
        """Return durations in beats that stop at the pitch's next note and the region's end."""
        onset, (_, end) = self.clip.notes.onset, self.clip.region()
        inside = (onset < end) & (self.features.notes.end <= end + 1e-6)
        room = np.minimum(self._until_again(), np.where(inside, end - onset, MAX_BEATS))
        return np.where(room > 0, np.minimum(duration, room), duration)

    def _until_again(self) -> np.ndarray:
        return np.append(self.clip.notes.onset, np.inf)[self.again] - self.clip.notes.onset


def key_overlap_s(interval_s: np.ndarray) -> np.ndarray:
    """Return how long two connected keys are down together, (N,) s, for intervals (N,) s.

    Source: Bresin (2001), "Articulation rules for automatic music performance", ICMC, score legato
    rule: (a - b interval) percent of the interval in ms, with a and b for the plainest playing (K
    near 0). The connected notes of the Vienna 4x22 corpus have the same median within 12 ms. Past
    its maximum the parabola is held, as it was fitted to shorter notes.
    """
    interval = np.minimum(1000 * interval_s, 11.315 / 0.0066 / 2)
    return np.asarray((11.315 - 0.0066 * interval) / 100 * interval / 1000)


def staccato_share(interval_s: np.ndarray) -> np.ndarray:
    """Return which share of the interval a staccato note is held, (N,)."""
    return np.interp(interval_s, (0.15, 0.5), (FAST_STACCATO_SHARE, STACCATO_SHARE))
