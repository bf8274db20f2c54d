"""Let players who play together follow each other in time: who leads, and how tight.

The leader keeps a time of his own. Each of the others, in a fixed order, is drawn at the onsets
that he shares with those before him: the bass to the kick, comping to the snare, a doubled note to
its double. Between such meetings the pull fades.

Letters: P parts, N notes of a part.

Source: Wing, Endo, Bradbury and Vorberg (2014), "Optimal feedback correction in string quartet
synchronization", J. R. Soc. Interface 11: players take back a share of what they are apart.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache, partial
from typing import Annotated, Any, Literal, NamedTuple, Protocol, get_args
from weakref import ref

import numpy as np

from engines.clip import Clip
from engines.engine import Context
from engines.features import Features
from engines.meeting import SILENCE, Player
from engines.option import dial, note
from engines.reading import content
from engines.role import infer
from engines.target import Target

Lead = Literal[
    "auto",
    "none",
    "drums",
    "bass",
    "guitar",
    "keys",
    "piano",
    "pad",
    "strings",
    "winds",
    "lead",
]
"""Who may lead; the roles stand in the order in which they are followed. Our choice."""

SEATS: tuple[str, ...] = get_args(Lead)[2:]

Leader = Annotated[
    Lead,
    note(
        "whose time the others follow; with auto, or where nobody has that role, the first there is"
        f" of {', '.join(SEATS)}; with none nobody follows"
    ),
]
Together = Annotated[
    float, dial(0, 1, "how much of what players are apart where they meet is taken back")
]

TOGETHER = 0.7
"""How tight players play if nobody says so."""

REMEMBERED = 8
"""The pulls of so many bands are remembered: for their other parts, and for a dial that turns."""

Play = Callable[[Clip, Any, Context, np.ndarray], Clip]
"""Play the clip of a context's part by an engine's options, its notes drawn to others by so many
seconds, (N,)."""


class Following(Hashable, Protocol):
    """Be the options of an engine whose players follow each other."""

    @property
    def amount(self) -> float:
        """How much of all that they do."""
        ...

    @property
    def leader(self) -> Lead:
        """Who leads."""
        ...

    @property
    def together(self) -> float:
        """How tight they play, 0 to 1."""
        ...


def pull(context: Context, options: Following, play: Play) -> np.ndarray:
    """Return how much later each note of a context's part comes for the others: (N,) seconds."""
    if len(context.ensemble) < 2 or options.together == 0 or options.leader == "none":
        return np.zeros(len(context.features.notes))
    readings = tuple(map(ref, context.readings))
    return _pulls(_Asked(readings, context.names, context.target, options, play))[context.part]


def seated(clips: Sequence[Clip]) -> list[int]:
    """Return the rows of the clips, (P,), in an order that does not depend on theirs."""

    def seat(row: int) -> tuple[int, int, str, bytes]:
        clip = clips[row]
        return SEATS.index(infer(clip)), -len(clip.notes), clip.name, content(clip)

    return sorted(range(len(clips)), key=seat) if len(clips) > 1 else list(range(len(clips)))


class _Asked(NamedTuple):
    """Be all that the pulls of a band depend on.

    What was read from the clips is only referred to, so that no clip is held by what is remembered.
    """

    readings: "tuple[ref[Features], ...]"
    names: tuple[int, int, str]
    target: Target
    options: Following
    play: Play

    def context(self) -> Context:
        """Return the context of the first part."""
        band = [features for reading in self.readings if (features := reading()) is not None]
        clips, (seed, stage, engine) = tuple(features.clip for features in band), self.names
        return Context(
            clips, seed=seed, stage=stage, engine=engine, readings=band, target=self.target
        )


@lru_cache(maxsize=REMEMBERED)
def _pulls(asked: _Asked) -> tuple[np.ndarray, ...]:
    """Return the pulls of all parts, (P,) of (N,)."""
    context, options = asked.context(), asked.options
    band, clips = context.readings, context.ensemble
    seats = [_seat(features, options.leader) for features in band]
    pulls, heard = [np.zeros(len(features.notes)) for features in band], SILENCE
    until_s = max(float(np.ptp(clip.tempo.seconds(np.array(clip.region())))) for clip in clips)
    order = sorted((p for p, none in enumerate(pulls) if len(none)), key=seats.__getitem__)
    for part in order:
        late = partial(_late, asked.play, options, context.of(part))
        own = late(pulls[part])
        player = Player(band[part], own, seats[part], options.amount)
        pulls[part] = player.drawn(heard, options.together)
        if part != order[-1]:
            own = late(pulls[part]) if pulls[part].any() else own
            heard = heard.with_more(player.sounding(own, until_s))
    return tuple(pulls)


def _seat(features: Features, leader: Lead) -> int:
    return 0 if features.role == leader else 1 + SEATS.index(features.role)


def _late(play: Play, options: Following, context: Context, drawn: np.ndarray) -> np.ndarray:
    """Return how much later than written each note comes, round a loop if need be: (N,) seconds.

    What the request leaves alone comes as written.
    """
    clip = context.features.clip
    after = play(clip, options, context, drawn)
    late = clip.tempo.seconds(after.notes.onset) - context.features.onset_s
    late = np.where(context.target.rows(clip), late, 0.0)
    if clip.loop is None:
        return late
    length_s = float(np.ptp(clip.tempo.seconds(np.array(clip.region()))))
    return np.where(np.abs(late) > 0.5 * length_s, late - np.sign(late) * length_s, late)
