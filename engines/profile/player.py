"""Play a clip with the groove of somebody: give it the lateness and the dynamics of a profile.

Letters: N notes, T tiers.
"""

from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from msgspec import Meta

from engines.bounded import bounded
from engines.clip import Clip
from engines.cycle import band_period
from engines.drummer.dynamics import of_stroke
from engines.drummer.hits import read_hits
from engines.drummer.timing import room
from engines.engine import Context
from engines.engine import Options as Root
from engines.error import OptionError
from engines.features import Features
from engines.kit import unmapped_sentence
from engines.option import dial, note
from engines.placement import Edge, Shifts, placed, room_between_onsets
from engines.profile import clock, swing_ratio
from engines.profile.expectation import Expectation, expecter
from engines.profile.place import UNKNOWN, read_places, tiers, written_onset
from engines.profile.profile import Profile, ProfileError, to_profile
from engines.profile.shelf import SHIPPED, Grooves

DEFAULT = "steady-rock"
"""The shipped profile that is played where none is named."""


class ProfileOptions(Root, frozen=True, kw_only=True):
    """Say whose groove, and how much of each part of it.

    Raises:
        OptionError: the profile is a map that is none.
    """

    amount: Annotated[float, dial(0, 2, "how much of all of it, 0 none, 1 as it was played")] = 1.0
    profile: Annotated[
        Annotated[str, Meta(max_length=128)] | dict[str, Any],
        note("the name of a groove profile, or a profile itself as a map of its fields"),
    ] = DEFAULT
    timing: Annotated[float, dial(0, 2, "how much of its offsets, drift and swing")] = 1.0
    velocity: Annotated[
        float, dial(0, 2, "how much of its velocities, 0 keeps those that are there")
    ] = 1.0
    spread: Annotated[
        float, dial(0, 2, "how far repeats stray from each other, 1 as the player's")
    ] = 1.0
    drift: Annotated[float, dial(0, 2, "how much of its slow clock")] = 1.0
    clock: Annotated[
        Literal["played", "drawn"],
        note("played repeats the clock of the take, drawn draws another of its size and memory"),
    ] = "played"
    push: Annotated[float, dial(0, 1, "how much of how late or early all of it was")] = 1.0
    swing: Annotated[float, dial(0, 1, "how much of its swing ratio, 0 is straight")] = 1.0
    quantise: Annotated[float, dial(0, 1, "how far played notes are first put on the grid")] = 0.0
    keep_level: Annotated[bool, note("keep the mean velocity that is there")] = False
    edge: Edge = "hold"

    def __post_init__(self) -> None:
        if not isinstance(self.profile, str):
            try:
                to_profile(self.profile)
            except ProfileError as error:
                raise OptionError("profile", f"cannot be used: {error}") from None


class Player:
    """Shift every onset and set every velocity as the player of a profile did at its place.

    Grace notes of drums go with the stroke that they lead to.
    """

    name = "profile"
    summary = (
        "Plays with the groove of a drummer or a take: offset and velocity by voice and place."
    )
    kind = "humanizer"
    Options = ProfileOptions

    def __init__(self, grooves: Grooves = SHIPPED) -> None:
        self._grooves = grooves

    def __call__(self, clip: Clip, options: ProfileOptions, context: Context) -> Clip:
        """Return the clip with new onsets, durations and velocities.

        Raises:
            OptionError: there is no profile of that name.
        """
        if not options.amount or not len(clip.notes):
            return clip
        given = options.profile
        profile = self._grooves.find(given) if isinstance(given, str) else to_profile(given)
        clip, features = _quantised(clip, context.features, options)
        fit = _fit(clip, profile, context)
        played = _velocity(clip, fit, options)
        notes = clip.notes.replace(velocity=np.where(fit.known, played, clip.notes.velocity))
        shifts = _shifts(fit, features, options, context)
        room_of = room if features.role == "drums" else room_between_onsets
        moved = placed(
            clip.replace(notes=notes), features, shifts, options.edge, room_of=room_of
        ).notes
        onset = np.where(fit.known, moved.onset, clip.notes.onset)
        duration = np.where(fit.known, moved.duration, clip.notes.duration)
        return clip.replace(notes=moved.replace(onset=onset, duration=duration))


def _quantised(clip: Clip, features: Features, options: ProfileOptions) -> tuple[Clip, Features]:
    """Return the clip with its notes on the grid, or on their way to it, and its features."""
    much = options.amount * options.timing * options.quantise
    if not much:
        return clip, features
    mapped = features.once(read_places).voice != UNKNOWN
    written = features.notes.onset
    leader, first = _leader(features), written.copy()
    np.minimum.at(first, leader, written)
    late = np.maximum(written_onset(written) - written, -first)[leader]
    onset = written + min(much, 1.0) * mapped * late
    moved = np.maximum(clip.notes.onset + onset - written, 0.0)
    page = features.clip.replace(notes=features.notes.replace(onset=np.maximum(onset, 0.0)))
    return clip.replace(notes=clip.notes.replace(onset=moved)), Features(page)


def _leader(features: Features) -> np.ndarray:
    """Return the row of the note that each goes with, its own but for grace notes: (N,) int."""
    if features.role == "drums":
        return features.once(read_hits).leader
    return np.arange(len(features.notes))


class Fit(NamedTuple):
    """Hold what a profile says of a clip of N notes.

    `known`, (N,) bool, are the notes that it plays; `leader` (N,) are the rows of those that they
    go with; `same` says whether its voices are those of the clip. `stray` is how far each note
    strays in ms and in velocity, drawn: (2, N).
    """

    profile: Profile
    expected: Expectation
    known: np.ndarray
    leader: np.ndarray
    same: bool
    stray: np.ndarray


def _fit(clip: Clip, profile: Profile, context: Context) -> Fit:
    """Read the clip as the profile does, say what does not fit, and draw the spread."""
    features = context.features
    same = (features.role == "drums") == (profile.part == "drums")
    places = features.once(read_places)
    known = places.voice != UNKNOWN
    places = places._replace(tier=tiers(places.voice, clip.notes.velocity))
    in_metre = _in_metre(features, profile)
    places = places._replace(place=np.where(in_metre, places.place, UNKNOWN))
    for sentence in _doubts(profile, features, same=same, in_metre=in_metre, known=known):
        context.warn(sentence)
    expected = expecter(profile, voices=same).expect(places)
    stray = _stray(expected, context, same=same)
    return Fit(profile, expected, known, _leader(features), same, stray)


def _in_metre(features: Features, profile: Profile) -> np.ndarray:
    """Return which notes are in the profile's metre: (N,) bool."""
    mine = profile.time_signature
    alike = [
        (metre.numerator, metre.denominator) == (mine.numerator, mine.denominator)
        for metre in features.metres
    ]
    return np.asarray(np.array(alike)[features.metre_index])


def _doubts(
    profile: Profile,
    features: Features,
    *,
    same: bool,
    in_metre: np.ndarray,
    known: np.ndarray,
) -> list[str]:
    said = []
    if not same:
        said.append(
            f"the profile is of a {profile.part} part and the clip is of another kind:"
            " it takes offsets and accents by place alone, and keeps its own level"
        )
    if not in_metre.all():
        said.append(
            f"the profile is in {profile.metre} and the clip is not:"
            " its notes are played by the weight of their beats alone"
        )
    return said if known.all() else [*said, features.once(unmapped_sentence)]


def _stray(expected: Expectation, context: Context, *, same: bool) -> np.ndarray:
    """Draw for each note how far it strays: (2, N), ms and velocity.

    Where its tier was not written it has the one that is most played at its place, each time: a
    groove that changes its accents from bar to bar is none. To other instruments the tiers of drums
    mean nothing, and their notes stray as far as those of one tier do.
    """
    rng, share = context.rng("spread"), expected.share
    loudest_first = share[:, ::-1]
    most = share.shape[1] - 1 - loudest_first.argmax(axis=1)
    weight = np.eye(share.shape[1])[most] if same else share
    strays = []
    for mean, tiers_mean, spread in (
        (expected.offset_ms, expected.tier_offset, expected.offset_spread),
        (expected.velocity, expected.tier_velocity, expected.velocity_spread),
    ):
        own = (weight * tiers_mean).sum(axis=1) - mean if same else 0.0
        wide = np.sqrt((weight * spread**2).sum(axis=1))
        strays.append(own + wide * rng.standard_normal(len(share)))
    return np.stack(strays)


def _velocity(clip: Clip, fit: Fit, options: ProfileOptions) -> np.ndarray:
    """Return the velocities of the N notes, 1 to 127; whole ones if all of them were whole."""
    given, wanted = clip.notes.velocity, fit.expected.velocity[fit.leader]
    share = of_stroke(given, clip.notes.onset, fit.leader)
    if options.keep_level or not fit.same:
        own = fit.known if fit.known.any() else slice(None)
        wanted = wanted + (given - share * wanted)[own].mean() / share[own].mean()
    wanted = share * (wanted + options.spread * fit.stray[1][fit.leader])
    played = bounded(given + options.amount * options.velocity * (wanted - given), 1.0, 127.0)
    return np.rint(played) if (given == np.rint(given)).all() else played


def _shifts(fit: Fit, features: Features, options: ProfileOptions, context: Context) -> Shifts:
    """Return how far the notes move; `features` are those of the clip that they move from."""
    profile = fit.profile
    much = options.amount * options.timing * fit.known
    per_ms = features.clip.tempo.at(features.notes.onset) / 60e3
    own = per_ms * (fit.expected.offset_ms + options.spread * fit.stray[0])
    hand = _together(features, own)
    ratio = 50.0 + options.swing * (profile.swing - 50.0)
    common = options.push * profile.push_ms + options.drift * _clock(profile, options, context)
    every = Shifts(
        swing=much * swing_ratio.added(features, ratio, profile.swing_grid),
        band=much * per_ms * common,
        hand=much * hand,
        habit=much * (own - hand),
    )
    return Shifts(*(shift[fit.leader] for shift in every))


def _together(features: Features, own: np.ndarray) -> np.ndarray:
    """Return the mean over the notes of each onset: (N,)."""
    return np.asarray((np.bincount(features.group, own) / features.group_size)[features.group])


def _clock(profile: Profile, options: ProfileOptions, context: Context) -> np.ndarray:
    """Return how late the clock is at each note in ms, (N,); all parts that play it share it."""
    features, drift = context.features, profile.drift
    clip = features.clip
    period, begin = band_period(clip, context.ensemble), clip.region()[0] if clip.loop else 0.0
    time = features.group_onset - begin
    if options.clock == "played" and drift.clock:
        return clock.at(drift, time, period=period)[features.group]
    late = clock.drawn(drift, context.shared_rng("clock"), time, period=period)
    return late[features.group]
