"""Play the sustain pedal: up as a new harmony sounds, down again just after.

Letters: N notes, O onsets, K harmonies, C controller events. Times are in beats, in seconds where
the name ends in `_s`.

Source: syncopated (legato) pedalling as taught by Banowetz (1985), The Pianist's Guide to Pedaling,
ch. 2, and timed by Repp (1996), "Pedal timing and tempo in expressive piano performance",
Psychology of Music 24(2). The figures below are measured on the 88 performances of the Vienna 4x22
corpus (Goebl 1999, CC BY 4.0).
"""

from functools import cached_property
from typing import Annotated, Literal

import numpy as np

from engines import engine
from engines.clip import SUSTAIN_PEDAL, Clip, Controllers
from engines.engine import Context
from engines.features import Features
from engines.harmony import Harmonies
from engines.option import dial, note

LIFT_S, LIFT_SPREAD_S = 0.02, 0.04
"""The pedal passes half depth so long after the chord: median 0.02, middle half -0.01 to 0.05."""

GAP_S, GAP_SPREAD = 0.2, 0.3
"""It stays up so long, and the spread of its logarithm: from half depth to half depth the corpus
has quartiles of 0.19, 0.25 and 0.36 s; the quicker side of it leaves less of a hole on instruments
that know only up and down."""

GAP_AT_S, GAP_GROWTH = 0.75, 0.4
"""The gap is that for harmonies of so many seconds, and grows with their length to this power."""

BASS_LEAP, LEAP_HOLD, LEAP_S = 9, 0.35, 0.25
"""Before a leap of more semitones the hand leaves the bass after this share of the time (0.15 to
0.3 is the median of quick left hands), or so many seconds before the next note if that is later;
the pedal must be down by then."""

SHORTEST_GAP_S = 0.08
"""Dampers need so long to silence the strings."""

SHORTEST_PRESS_S = 0.25
"""A chord that stops short is not worth a shorter press."""

FALL_S, RISE_S = 0.1, 0.12
"""A full way up or down: 90 to 40 and back takes 0.05 and 0.06."""

DEPTH_SPREAD = 0.12
"""Presses differ in depth by so much, in parts of it."""

RAMP, RAMP_TIME = np.array([0.1, 0.35, 0.65, 0.9, 1.0]), np.linspace(-0.5, 0.5, 5)
"""Share of the way that the pedal has gone, at parts of the ramp's time around its middle."""

DISAGREEMENT = 0.6
"""Spread of the log odds with which one pianist's reading of the harmony differs, and its bound:
what is plain to all is plain to each."""

LATEST_PRESS = 0.45
"""Share of a harmony by which the pedal is down again."""

LATER_S = 0.1
"""How much later the pedal lifts when `amount` is 2: the harmonies blur."""

FAST_S = 0.2
"""Steps that follow each other faster than this blur under the pedal."""

MUD_PITCH, MUD_SIZE, MUD_LIGHTNESS = 48, 3, 0.6
"""So many notes below C3 at once blur, and the pedal goes down only so far under them."""

TAIL_S = 0.05
"""How long after the last key the pedal lifts before a rest."""

CATCH_S = 0.02
"""How long before the bass key goes up the pedal must be down."""

DETACHED_SHARE = 0.55
"""A note that is held for no more of its slot than this is written as detached. Our choice."""

LIGHTEST = 0.3
"""A press that would go less deep than this share is left out."""


Ramps = Annotated[bool, note("move through half pedal; off writes up and down only")]
Roles = Annotated[Literal["piano and keys", "any"], note("which parts get a pedal")]
Replace = Annotated[
    bool,
    note(
        "replace a pedal that the clip has; off keeps it, and so does an amount below 1 where"
        " it leaves no press"
    ),
]


class PedalOptions(engine.Options, frozen=True, kw_only=True):
    """Choose how deep and how long the pedal is held, and for whom."""

    amount: Annotated[
        float,
        dial(0, 2, "below 1 the share of each harmony that is held; above 1 changes come later"),
    ] = 1.0
    depth: Annotated[float, dial(0, 127, "how far the pedal goes down")] = 120.0
    ramps: Ramps = True
    roles: Roles = "piano and keys"
    replace: Replace = False


class Pedal:
    """Write controller 64 with syncopated pedalling."""

    name = "rules.pedal"
    summary = "Plays the sustain pedal as pianists do, changing just after each new harmony."
    kind = "humanizer"
    Options = PedalOptions

    def __call__(self, clip: Clip, options: PedalOptions, context: Context) -> Clip:
        """Return the clip with a sustain pedal, its notes as they were."""
        if not wanted(clip, options, context.features):
            return clip
        presses = Presses(clip, context.features, context.rng("foot"), options.amount)
        pedal = presses.events(options.depth, options.ramps)
        if options.amount < 1 and len(clip.controllers):
            before = clip.controllers.of(SUSTAIN_PEDAL)
            pedal = _spliced(before, pedal, presses.start[1:], presses.written)
        return clip.replace(controllers=merged(clip.controllers, pedal))


def wanted(clip: Clip, options: PedalOptions, features: Features) -> bool:
    """Return whether a pedal is played: to whom it belongs, and where none is to be kept."""
    if options.amount == 0 or not len(clip.notes):
        return False
    if options.roles != "any" and features.role not in {"piano", "keys"}:
        return False
    return options.replace or not (clip.controllers.number == SUSTAIN_PEDAL).any()


def merged(others: Controllers, pedal: Controllers) -> Controllers:
    """Return the pedal in place of the one before, among the other controllers, by time."""
    if not len(others):
        return pedal
    both = Controllers.concatenate(others.without(SUSTAIN_PEDAL), pedal)
    return both.take(np.argsort(both.time, kind="stable"))


def _spliced(
    before: Controllers, pedal: Controllers, edges: np.ndarray, written: np.ndarray
) -> Controllers:
    """Return the pedal where it is written and the one before it elsewhere, in order of time.

    Args:
        before: the pedal that the clip has.
        pedal: the new one.
        edges: (K-1,) times in beats where one harmony goes over to the next.
        written: (K,) which harmonies the new pedal holds.
    """
    turns = np.flatnonzero(written[1:] != written[:-1])
    values = np.stack([_value_at(edges[turns], before), _value_at(edges[turns], pedal)])
    heard = np.where(written[turns + 1], values[1], values[0])
    joins = Controllers(
        number=np.full(len(turns), SUSTAIN_PEDAL), time=edges[turns], value=heard
    ).take(values[0] != values[1])
    is_old = ~written[np.searchsorted(edges, before.time, side="right")]
    is_new = written[np.searchsorted(edges, pedal.time, side="right")]
    both = Controllers.concatenate(joins, before.take(is_old), pedal.take(is_new))
    return both.take(np.argsort(both.time, kind="stable"))


def _value_at(time: np.ndarray, pedal: Controllers) -> np.ndarray:
    """Return how far down the pedal is at times in beats, of their shape; it begins up."""
    return np.append(0, pedal.value)[np.searchsorted(pedal.time, time, side="right")]


class Presses:
    """Say when each harmony's press begins and ends and how deep it goes: K rows."""

    def __init__(
        self, clip: Clip, features: Features, rng: np.random.Generator, amount: float
    ) -> None:
        self.clip = clip
        self.features = features
        self.amount = amount
        doubt = DISAGREEMENT * rng.standard_normal(len(features.group_onset)).clip(-1, 1)
        self.harmonies = Harmonies(features, doubt)
        self.first = self.harmonies.first
        self.last = np.append(self.first[1:], len(features.group_onset)) - 1
        """The onset with which each harmony ends, (K,) int."""
        self.hand = rng.standard_normal((3, len(self.first))).clip(-2, 2)
        """The foot's variation in lift, gap and depth, (3, K)."""
        performed = features.first_played(clip.notes.onset)
        self.start = np.maximum.accumulate(performed[self.first])
        """When each harmony is played, (K,)."""
        self.per_s = clip.tempo.at(self.start) / 60.0
        """Beats in a second at each start, (K,)."""

    def events(self, depth: float, ramps: bool) -> Controllers:
        """Return the pedal's events, (C,), in order of time."""
        rows = self.written
        down, up = (times[rows] for times in self.times)
        deep, per_s = depth * self.depth[rows], self.per_s[rows]
        _, end = self.clip.region()
        earliest = np.where(self.start[rows] < end, 0.0, end)
        steps, lead = (RAMP, RAMP_TIME) if ramps else (np.ones(1), np.zeros(1))
        rise = down[:, None] + np.minimum(RISE_S * per_s, up - down)[:, None] * lead
        rise = np.maximum(rise, earliest[:, None])
        fall = up[:, None] + np.minimum(FALL_S * per_s, up - down)[:, None] * lead
        value = deep[:, None] * np.hstack([steps, 1 - steps])
        time = np.hstack([rise, fall]).ravel().clip(0, self.clip.length)
        return Controllers(
            number=np.full(len(time), SUSTAIN_PEDAL),
            time=np.maximum.accumulate(time),
            value=np.rint(value).ravel(),
        )

    @cached_property
    def written(self) -> np.ndarray:
        """Which harmonies get a press, neither short nor light nor written apart: (K,) bool."""
        down, up = self.times
        stab = self.harmonies.stab[self.last]
        shortest = np.where(stab, SHORTEST_PRESS_S, SHORTEST_GAP_S)
        long = up - down > shortest * self.per_s
        return long & (self.depth >= LIGHTEST) & ~self._detached()

    @cached_property
    def times(self) -> tuple[np.ndarray, np.ndarray]:
        """Return when the pedal passes half depth on its way down and up, (K,) each."""
        length = np.append(self.start[1:], np.inf) - self.start
        ease = np.minimum(length / self.per_s / GAP_AT_S, 4.0) ** GAP_GROWTH
        gap_s = GAP_S * ease * np.exp(GAP_SPREAD * self.hand[1]) / max(self.amount, 1.0)
        late_s = LIFT_S + LATER_S * max(self.amount - 1, 0.0) + LIFT_SPREAD_S * self.hand[0]
        lift = self.start + late_s * self.per_s
        down = np.minimum(lift + gap_s * self.per_s, self.start + LATEST_PRESS * length)
        caught = np.maximum(self._bass_end() - CATCH_S * self.per_s, self.start)
        earlier = np.maximum(down - caught, 0.0)
        down = down - earlier
        lift = np.minimum(lift - earlier, down - SHORTEST_GAP_S * self.per_s)
        up = np.minimum(np.append(lift[1:], np.inf), self._sound_end())
        return down, down + min(self.amount, 1.0) * (up - down)

    def _detached(self) -> np.ndarray:
        """Return which harmonies are written in short notes alone and stay dry, (K,) bool."""
        features = self.features
        share = np.zeros(len(features.group_onset))
        held = features.notes.duration / np.maximum(features.slot, 1e-9)
        np.maximum.at(share, features.group, held)
        share[-1] = min(share[-1], share[-2:].min())  # nothing comes after the last one
        return np.maximum.reduceat(share, self.first) <= DETACHED_SHARE

    def _sound_end(self) -> np.ndarray:
        """Return when the foot lets each harmony go at a rest, the end or the seam, (K,)."""
        notes, (_, end) = self.clip.notes, self.clip.region()
        key_up = self.harmonies.last_key_up(notes)
        if self.harmonies.stab.any():
            stopped = self.harmonies.last_key_up(notes, ~self.harmonies.held_bass)
            key_up = np.where(self.harmonies.stab, stopped, key_up)
        rest = self.harmonies.silent_after[self.last]
        silent = np.where(rest, key_up[self.last] + TAIL_S * self.per_s, np.inf)
        seam = np.where(self.start < end, end, self.clip.length) - FALL_S * self.per_s
        return np.minimum(silent, seam)

    def _bass_end(self) -> np.ndarray:
        """Return when the hand leaves the key of each harmony's first bass note, (K,)."""
        features, notes = self.features, self.clip.notes
        rows = np.flatnonzero(features.bottom)
        end, low = np.zeros((2, len(features.group_onset)))
        end[features.group[rows]] = notes.end[rows]
        low[features.group[rows]] = notes.pitch[rows]
        after = np.minimum(self.first + 1, len(low) - 1)
        wait = features.group_onset[after] - features.group_onset[self.first]
        leaps = low[after] - low[self.first] > BASS_LEAP
        stay = np.maximum(LEAP_HOLD * wait, wait - LEAP_S * self.per_s)
        return np.minimum(end[self.first], np.where(leaps, self.start + stay, np.inf))

    @cached_property
    def depth(self) -> np.ndarray:
        """Return the depth of each press, (K,) 0 to 1: less in runs and in low, thick chords."""
        count = self.last + 1 - self.first
        seen = np.array([self._runs(), self._mud()], dtype=float)
        share = np.add.reduceat(seen, self.first, axis=1) / count
        lightness = (1 - share[0]) * (1 - (1 - MUD_LIGHTNESS) * share[1])
        return np.asarray(lightness * (1 - DEPTH_SPREAD * np.abs(self.hand[2])))

    def _runs(self) -> np.ndarray:
        """Return which onsets are single notes that step on quickly, (O,) bool."""
        features = self.features
        top = np.zeros(len(features.group_onset), dtype=int)
        np.maximum.at(top, features.group, features.notes.pitch)
        alone = features.group_size == 1
        time_s = self.harmonies.time_s
        on = (np.abs(top[1:] - top[:-1]) <= 2) & (time_s[1:] - time_s[:-1] < FAST_S)
        return np.append(on & alone[:-1] & alone[1:], False)

    def _mud(self) -> np.ndarray:
        """Return which onsets strike low, thick chords, (O,) bool."""
        low = self.features.notes.pitch < MUD_PITCH
        return np.bincount(self.features.group, weights=low) >= MUD_SIZE
