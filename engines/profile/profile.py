"""Define the groove profile: how late and how loud a player plays, by voice, place and tier.

A profile is a table of cells. Each holds what the notes of one voice, at one place in one to four
bars, in one dynamic tier had in common: how many they were, their mean offset and velocity, and
how far repeats strayed. Beside the cells stand what all notes share: a push, a swing ratio, and a
drift. What is in the cells is left when these three are taken out.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, field

from engines.clip import Metre
from engines.error import EngineError
from engines.kit import VOICES

FORMAT = 1
"""The version of the format; another one would mean the same words differently."""

Tier = Literal["ghost", "normal", "accent"]
TIERS: tuple[Tier, ...] = get_args(Tier)
"""The dynamic tiers from soft to loud."""

Part = Literal["drums", "pitched"]

LINES = ("alone", "top", "inner", "bottom")
"""The voices of a pitched part: notes that begin alone, and those of chords."""

VOICES_OF: dict[str, tuple[str, ...]] = {"drums": VOICES, "pitched": LINES}

STEPS = 24
"""Places in a quarter note: whole ones for every division that strokes are written on."""

MOST_CELLS, MOST_KNOTS = 900, 1024
"""A profile is no recording: it holds no more cells and knots of drift than these."""

MOST_BYTES = 2**16
"""The longest text of a profile: that many cells and knots fit in."""

FARTHEST_MS = 2000.0
"""No offset is larger: a quarter of a beat of a very slow piece."""

METRE = r"^([1-9]\d?|1\d\d|2[0-4]\d|25[0-5])/(1|2|4|8|16|32)$"
"""The metres that have a whole number of places in a bar."""

Ms = Annotated[float, Meta(ge=-FARTHEST_MS, le=FARTHEST_MS)]
Stray = Annotated[float, Meta(ge=0, le=FARTHEST_MS)]
Beats = Annotated[float, Meta(gt=0, le=1024)]


class ProfileError(EngineError, ValueError):
    """Report a profile that breaks its own rules. The message begins with the field's path."""


class Cell(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Be what the notes of a voice at one place and in one tier had in common: a row of numbers.

    `bar` and `beat` count from 1, beats in quarter notes. `notes` may be a fraction in a blend.
    The spreads are standard deviations of the notes from their mean.
    """

    bar: Annotated[int, Meta(ge=1, le=4)]
    beat: Annotated[float, Meta(ge=1, le=1024)]
    tier: Tier
    notes: Annotated[float, Meta(gt=0, le=1e6)]
    offset_ms: Ms
    spread_ms: Stray
    velocity: Annotated[float, Meta(ge=1, le=127)]
    velocity_spread: Annotated[float, Meta(ge=0, le=127)]

    @property
    def place(self) -> int:
        """Where in the bar it is, in `STEPS` of a quarter note from 0."""
        return round((self.beat - 1.0) * STEPS)


class Voice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Be the cells of one voice; its name is one of `VOICES_OF` the part."""

    name: str
    cells: Annotated[tuple[Cell, ...], Meta(max_length=MOST_CELLS)]


class Drift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Be the slow clock of all voices.

    `size_ms` is its standard deviation, and after `memory_beats` quarter notes it has forgotten all
    but 1/e of where it was. `clock` is how late it was at knots of `step` quarter notes in ms, with
    straight lines between; it may be empty.
    """

    size_ms: Stray = 0.0
    memory_beats: Beats = 2.0
    step_beats: Beats = 1.0
    clock: Annotated[tuple[Ms, ...], Meta(max_length=MOST_KNOTS)] = ()


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Be the groove of one player in one take, or a blend of some.

    `summary` is a sentence for musicians; `source` says whose playing it is. `bars` is how many
    bars the places span before they come round, `bpm` the tempo it was played at. `push_ms` is how
    late all notes were, and `swing` the share of a pair of `swing_grid` notes that its first one
    took, in percent.

    Raises:
        ProfileError: a part contradicts another; the message begins with the field's path.
    """

    part: Part
    voices: Annotated[tuple[Voice, ...], Meta(max_length=len(VOICES))]
    format: Literal[1] = 1
    summary: Annotated[str, Meta(max_length=200)] = ""
    source: Annotated[str, Meta(max_length=400)] = ""
    metre: Annotated[str, Meta(pattern=METRE)] = "4/4"
    bars: Literal[1, 2, 4] = 1
    bpm: Annotated[float, Meta(ge=1, le=1000)] = 120.0
    push_ms: Ms = 0.0
    swing: Annotated[float, Meta(ge=50, le=75)] = 50.0
    swing_grid: Literal["8th", "16th"] = "8th"
    drift: Drift = field(default_factory=Drift)

    def __post_init__(self) -> None:
        self._check_voices()
        cells = sum(len(voice.cells) for voice in self.voices)
        if not cells:
            raise ProfileError("voices have no cell, allowed is a profile of one note or more")
        if cells > MOST_CELLS:
            raise ProfileError(f"voices have {cells} cells, allowed are {MOST_CELLS}")

    @property
    def time_signature(self) -> Metre:
        """The metre as clips have it."""
        numerator, _, denominator = self.metre.partition("/")
        return Metre(0.0, int(numerator), int(denominator))  # type: ignore[arg-type]

    @property
    def notes(self) -> float:
        """How many notes stand behind it."""
        return sum(cell.notes for voice in self.voices for cell in voice.cells)

    def replace(self, **changes: Any) -> "Profile":
        """Return the profile with other values in some fields."""
        return msgspec.structs.replace(self, **changes)

    def _check_voices(self) -> None:
        known, seen = VOICES_OF[self.part], set[str]()
        for row, voice in enumerate(self.voices):
            if voice.name not in known or voice.name in seen:
                every = ", ".join(known)
                raise ProfileError(
                    f"voices[{row}].name is {voice.name!r}, allowed are {every}, each once"
                )
            seen.add(voice.name)
            self._check_cells(f"voices[{row}].cells", voice)

    def _check_cells(self, path: str, voice: Voice) -> None:
        most, seen = round(self.time_signature.bar * STEPS), set[tuple[int, int, str]]()
        for row, cell in enumerate(voice.cells):
            name = (cell.bar, cell.place, cell.tier)
            if cell.bar > self.bars or cell.place >= most or name in seen:
                raise ProfileError(
                    f"{path}[{row}] is bar {cell.bar}, beat {cell.beat:g}, {cell.tier}, allowed are"
                    f" bars to {self.bars} and beats of {self.metre}, each tier once"
                )
            seen.add(name)


def to_profile(table: Mapping[str, Any]) -> Profile:
    """Return the profile that a map of its fields is, as TOML or a client gives it.

    Raises:
        ProfileError: a field is missing, unknown or has a value that is not allowed.
    """
    try:
        return msgspec.convert(dict(table), Profile)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, ProfileError):
            raise error.__cause__ from None
        what, _, path = str(error).partition(" - at `$")
        path = path.strip("`.") or "profile"
        raise ProfileError(f"{path} is not as it should be: {what}") from None
