"""Define what clients ask about sound: to bounce clips or tracks, and which plug-ins there are.

The process that hosts plug-ins is asked the same way by the server; it takes tracks only, whose
instruments are told by their paths.

Letters: E MIDI messages, F frames (a sample for each channel).
"""

from typing import Annotated, Final

import msgspec
import numpy as np
from msgspec import Meta, field

from bridge.message import Reply, Request
from engines.clip import Clip
from engines.column import Column, Table, empty
from engines.error import ClipError

MAX_S: Final = 14_400.0
"""The latest second that is bounced: four hours."""

CHANNELS: Final = 2
"""What is bounced is stereo: left, right."""

PathText = Annotated[str, Meta(max_length=4096)]
Decibels = Annotated[float, Meta(ge=-96, le=24)]


class Events(Table, frozen=True, eq=False):
    """Hold E MIDI messages of one, two or three bytes, a row each, in order of time.

    Source: MIDI 1.0, tables 1 to 5; system messages are left out.
    """

    COLUMNS = {
        "time": Column("<f8", 0, MAX_S, None, "s", "when it is due, from the beginning"),
        "status": Column("u1", 0x80, 0xEF, None, "", "status byte: kind and channel"),
        "data1": Column("u1", 0, 127, 0.0, "", "first byte of data"),
        "data2": Column("u1", 0, 127, 0.0, "", "second byte of data, where the kind has one"),
    }

    time: np.ndarray = field(default_factory=empty)
    status: np.ndarray = field(default_factory=empty)
    data1: np.ndarray = field(default_factory=empty)
    data2: np.ndarray = field(default_factory=empty)

    def check(self) -> None:
        """Refuse times that fall."""
        if len(self) > 1 and (np.diff(self.time) < 0).any():
            row = int(np.flatnonzero(np.diff(self.time) < 0)[0]) + 1
            raise ClipError(f"time[{row}] is {self.time[row]}, allowed are times that do not fall")


class Plugin(msgspec.Struct, frozen=True):
    """Say which plug-in is loaded and how it is set: preset, then state, then parameters.

    `path` is that of a VST3 or an Audio Unit, `builtin:` and a name for an effect that comes with
    the host, or, where the server is asked, what the plug-in is called. `name` chooses among
    several in one file. `preset` is a `.vstpreset` file, `state` what the plug-in itself has saved.
    `parameters` are by name, in the plug-in's own units.
    """

    path: PathText
    name: Annotated[str, Meta(max_length=256)] = ""
    preset: PathText = ""
    state: Annotated[bytes, Meta(max_length=8 * 2**20)] = b""
    parameters: dict[Annotated[str, Meta(max_length=256)], bool | float | str] = {}


class Instrument(msgspec.Struct, frozen=True):
    """Say what plays a track: a plug-in or a soundfont, the effects behind it, its level and place.

    With neither, it is the soundfont that is found on the system. `program` is the General MIDI
    program (0 to 127) that a soundfont plays whatever the track says, `pan` -1 (left) to 1 (right).
    """

    plugin: Plugin | None = None
    soundfont: PathText = ""
    program: Annotated[int, Meta(ge=0, le=127)] | None = None
    effects: Annotated[tuple[Plugin, ...], Meta(max_length=16)] = ()
    gain_db: Decibels = 0.0
    pan: Annotated[float, Meta(ge=-1, le=1)] = 0.0


class Track(msgspec.Struct, frozen=True):
    """Be what one instrument plays."""

    events: Events
    instrument: Instrument = Instrument()
    name: Annotated[str, Meta(max_length=256)] = ""


class Bounce(Request, frozen=True, kw_only=True):
    """Ask for the sound of clips, or of tracks; answered by `Block`s, then `Bounced`.

    Clips are played by `instrument`, or (nil) each by the user's own for its role or name; `master`
    are the effects behind all, nil the user's own. `seed` says which notes with a probability
    sound. Without `tail_s` it ends when silence has come after the last message. With `stems` each
    track is sent too. A plug-in may take `patience_s` for a block before it counts as hung, and
    `load_s` to be loaded and set.
    """

    clips: Annotated[tuple[Clip, ...], Meta(max_length=256)] = ()
    tracks: Annotated[tuple[Track, ...], Meta(max_length=256)] = ()
    instrument: Instrument | None = None
    master: Annotated[tuple[Plugin, ...], Meta(max_length=16)] | None = None
    seed: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    sample_rate: Annotated[int, Meta(ge=8_000, le=192_000)] = 48_000
    tail_s: Annotated[float, Meta(ge=0, le=600)] | None = None
    stems: bool = False
    patience_s: Annotated[float, Meta(ge=0.1, le=600)] = 1.0
    load_s: Annotated[float, Meta(ge=0.1, le=600)] = 20.0
    progress: bool = False


class Plugins(Request, frozen=True, kw_only=True):
    """Ask which plug-ins there are, with `scan` after looking anew; answered by `Catalogue`."""

    scan: bool = False


class Block(Reply, frozen=True, kw_only=True):
    """Bring F frames of sound from frame `start` on: of the mix, or (`track`) of one track.

    `audio` is (F, 2) float32, little-endian, row by row: left, right; 1 is full scale.
    """

    start: Annotated[int, Meta(ge=0)]
    audio: bytes
    track: int | None = None


class Bounced(Reply, frozen=True, kw_only=True):
    """Answer `Bounce` when all blocks are sent: what they were, and how long it took.

    `peak` is the largest absolute sample of the mix. `tracks` are the names of what played.
    `load_ms` is how long instruments took to be loaded and set, `total_ms` all.
    """

    frames: int
    sample_rate: int
    peak: float
    tracks: tuple[str, ...] = ()
    load_ms: float = 0.0
    total_ms: float = 0.0
    warnings: list[str] = []


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """Describe a parameter of a plug-in: its range in its own units, or the values it may have."""

    name: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    default: bool | float | str | None = None
    values: tuple[str, ...] = ()


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """Describe a plug-in that is there, or say in `fault` why it cannot be used.

    `kind` is "instrument", "effect", or empty if that is not known; `set_aside` tells that it
    crashed or hung and is not loaded until it is allowed again.
    """

    path: str
    name: str
    kind: str = ""
    format: str = ""
    maker: str = ""
    version: str = ""
    category: str = ""
    parameters: tuple[Parameter, ...] = ()
    fault: str = ""
    set_aside: bool = False


class Catalogue(Reply, frozen=True, kw_only=True):
    """Answer `Plugins`; `soundfonts` are paths, the first of them plays by default."""

    plugins: tuple[Description, ...]
    soundfonts: tuple[str, ...] = ()
