"""Define what clients ask of a gig: what plays live at a port, for as long as it is open.

A gig has a name, so that several may be open at one server. Whatever is asked of it is answered by
`Standing`, how things stand then, or by `Failure`.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bridge.message import Reply, Request
from engines.clip import Clip
from engines.stage import Stage

Clock = Literal["own", "midi", "link"]
"""Who says how fast a song goes: its own tempo, the MIDI clock that is heard, or Ableton Link."""

What = Literal["heard", "sounded"]
"""What is recorded: what comes in at the inputs, or what leaves at the output."""

Bpm = Annotated[float, Meta(ge=20, le=999)]
PortName = Annotated[str, Meta(max_length=256)]
Clips = Annotated[tuple[Clip, ...], Meta(min_length=1, max_length=256)]
TakeName = Annotated[
    str, Meta(max_length=64, pattern=r'^[^./\\:*?"<>|\x00-\x1f][^/\\:*?"<>|\x00-\x1f]*$')
]
"""A file's name in any system, without a folder and an ending."""

StageName = Annotated[str, Meta(max_length=64)] | Annotated[int, Meta(ge=0, le=31)]


class Asked(Request, frozen=True, kw_only=True):
    """Be the root of what is asked of a gig."""

    gig: Annotated[str, Meta(min_length=1, max_length=64)] = "main"


class Ports(msgspec.Struct, frozen=True):
    """Say which ports a gig has.

    `inputs` and `output` are what people call them; with `virtual`, others join ports of that name.
    `bpm` is the tempo that we bring to Link, and that of the own clock; nil is that of the clips.
    """

    inputs: Annotated[tuple[PortName, ...], Meta(max_length=16)] = ()
    output: PortName = ""
    virtual: Annotated[str, Meta(max_length=32)] = ""
    system: Annotated[str, Meta(max_length=16)] | None = None
    clock: Clock = "own"
    bpm: Bpm | None = None


class Open(Asked, frozen=True, kw_only=True):
    """Open a gig's ports, and pass on what is heard; one that is open is closed before."""

    ports: Ports


class Choose(Asked, frozen=True, kw_only=True):
    """Play what is heard through a live preset, or stages, from now on; what sounds goes on."""

    preset: Annotated[str, Meta(max_length=128)] = ""
    stages: Annotated[tuple[Stage, ...], Meta(max_length=32)] = ()
    seed: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0


class Turn(Asked, frozen=True, kw_only=True):
    """Give a stage, by index or by its engine's name, other values for some options."""

    stage: StageName
    options: dict[str, Any]


class Learn(Asked, frozen=True, kw_only=True):
    """Bind an option of a stage to the next controller that moves."""

    stage: StageName
    option: Annotated[str, Meta(max_length=64)]


class Play(Asked, frozen=True, kw_only=True):
    """Play clips together, so many times or for ever, from the next bar line on.

    With `ports` a gig that is not open is opened first. `seed` says which notes with a probability
    sound.
    """

    clips: Clips
    loops: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    seed: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    ports: Ports | None = None


class Swap(Asked, frozen=True, kw_only=True):
    """Go on with other clips at the next bar line, or begin with them if none is played."""

    clips: Clips
    seed: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0


class Stop(Asked, frozen=True):
    """Play the clips no more, answer no more, and end what sounds of them."""


class Respond(Asked, frozen=True, kw_only=True):
    """Answer each phrase that is heard from its bar line on, through a preset for clips, or stages.

    A phrase is over when the player rests, or after so many bars; it is answered on its own channel
    or on the one that is named. Answers are seeded by `seed` and on. With `ports` a gig that is not
    open is opened first.
    """

    preset: Annotated[str, Meta(max_length=128)] = ""
    stages: Annotated[tuple[Stage, ...], Meta(max_length=32)] = ()
    bars: Annotated[int, Meta(ge=1, le=64)] | None = None
    channel: Annotated[int, Meta(ge=0, le=15)] | None = None
    seed: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    ports: Ports | None = None


class Record(Asked, frozen=True, kw_only=True):
    """Record what sounds, or what is heard, as a MIDI file of that name in the server's folder."""

    name: TakeName
    what: What = "sounded"


class Finish(Asked, frozen=True):
    """End the take that is recorded, and tell what became of it."""


class Panic(Asked, frozen=True):
    """End all that sounds, and all that waits to."""


class Stand(Asked, frozen=True):
    """Ask how things stand."""


class Leave(Asked, frozen=True):
    """End all that sounds, and close the ports."""


class Lateness(msgspec.Struct, frozen=True):
    """State how late notes left, beyond when engines want them, in ms, over the last thousand."""

    now_ms: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0


class Song(msgspec.Struct, frozen=True):
    """State what becomes of clips: how often they were played, and how many messages were late."""

    turn: int
    late: int
    ended: bool


class Take(msgspec.Struct, frozen=True):
    """State which MIDI file a take is for, how many notes it has, and how many seconds."""

    output: str
    notes: int
    seconds: float


class Answers(msgspec.Struct, frozen=True):
    """State how many phrases were heard, and to how many no answer came in time."""

    phrases: int
    late: int


class Port(msgspec.Struct, frozen=True):
    """State a port's name, whether it is there, and what is joined to it as far as is known."""

    name: str
    there: bool
    joined: tuple[str, ...] = ()


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Say how things stand.

    `options` are those of each engine, `sounding` notes that are not ended; `beat` and `bpm` are
    nil where no clock says them. `learning` is the share of what `live.velocity` needs to know the
    player's hand, `learned` what it knows then.
    """

    system: str
    inputs: tuple[Port, ...]
    output: Port | None
    preset: str
    engines: tuple[str, ...]
    options: tuple[dict[str, Any], ...]
    notes_in: int
    notes_out: int
    sounding: int
    bpm: float | None
    beat: float | None
    lateness: Lateness
    song: Song | None = None
    take: Take | None = None
    answers: Answers | None = None
    bindings: tuple[str, ...] = ()
    learning: float = 0.0
    learned: tuple[float, ...] = ()


class Standing(Reply, frozen=True, kw_only=True):
    """Answer what was asked of a gig: how things stand, nil once it is closed.

    `told` are sentences for the player since the last answer.
    """

    gig: str
    state: State | None
    told: list[str] = []
