"""Generate Euclidean rhythms in up to four voices.

Letters: V voices, S steps of the pattern, K steps of a bar, N notes.

Source: the controls are those of the Euclidean generator of Ableton Live 12 (reference manual,
MIDI Tools); the patterns are `engines.bjorklund`.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple

import numpy as np
from msgspec import Meta

from engines import engine
from engines.bars import metre_at
from engines.bjorklund import bjorklund
from engines.clip import MAX_BEATS, Clip, Key, Loop, Metre, Notes
from engines.engine import Context
from engines.error import OptionError
from engines.identity import free_ids
from engines.option import dial, note
from engines.overlap import beside

MAX_NOTES, MAX_BARS = 100_000, 10_000
"""The most notes and bars that one request may write."""

VOICES = 4

DIVISIONS = {
    "1/4": 1.0,
    "1/4T": 2 / 3,
    "1/8": 1 / 2,
    "1/8T": 1 / 3,
    "1/16": 1 / 4,
    "1/16T": 1 / 6,
    "1/32": 1 / 8,
}
"""The length of a step in beats; T is a triplet."""

Division = Literal["1/4", "1/4T", "1/8", "1/8T", "1/16", "1/16T", "1/32"]


def each_voice(text: str) -> Meta:
    """Declare a list with a value for each voice; a shorter one goes on with its last value."""
    return Meta(min_length=1, max_length=VOICES, description=text)


class EuclidOptions(engine.Options, frozen=True, kw_only=True):
    """Choose the pattern, what its voices play and how far it goes."""

    bars: Annotated[int, dial(0, MAX_BARS, "how many bars to write; 0 fills the clip", "bars")] = 0
    steps: Annotated[int, dial(1, 32, "length of the pattern", "steps")] = 16
    division: Annotated[Division, note("length of a step")] = "1/16"
    pulses: Annotated[
        tuple[Annotated[int, Meta(ge=0, le=32)], ...],
        each_voice("how many of the steps sound, for each voice; 0 silences it"),
    ] = (4, 2, 7, 3)
    rotation: Annotated[
        tuple[Annotated[int, Meta(ge=-32, le=32)], ...],
        each_voice("steps by which the pattern starts later, for each voice"),
    ] = (0, 4, 0, 2)
    pitch: Annotated[
        tuple[Annotated[int, Meta(ge=0, le=127)], ...],
        each_voice("MIDI note number of each voice; there are as many voices as pitches"),
    ] = (36, 38, 42, 46)
    velocity: Annotated[
        tuple[Annotated[float, Meta(ge=1, le=127)], ...],
        each_voice("MIDI velocity of each voice"),
    ] = (100.0, 92.0, 78.0, 84.0)
    chance: Annotated[
        tuple[Annotated[float, Meta(ge=0, le=1)], ...],
        each_voice("chance that a pulse of the voice is played, drawn once for each pulse"),
    ] = (1.0,)
    accent: Annotated[float, dial(0, 64, "velocity added on the pattern's first step")] = 12.0
    gate: Annotated[float, dial(0.05, 4, "length of a note", "steps")] = 0.5
    restart: Annotated[bool, note("begin the pattern anew at each bar line")] = False
    scale: Annotated[bool, note("move pitches into the clip's key; drums stay as they are")] = True
    keep: Annotated[bool, note("keep the clip's notes; off clears the bars first")] = True


class Bar(NamedTuple):
    """State where a bar starts and ends, in beats, and where its pattern counts from."""

    start: float
    end: float
    origin: float


class Euclid:
    """Write the pattern into the clip, bar by bar."""

    name = "euclid"
    summary = "Spreads a few hits evenly over a pattern: four voices from tresillo to techno."
    kind = "generator"
    Options = EuclidOptions

    def __call__(self, clip: Clip, options: EuclidOptions, context: Context) -> Clip:
        """Return the clip with the voices' notes added, longer if the bars need it.

        Raises:
            OptionError: so many bars would hold more than `MAX_NOTES` notes or end too late.
            CancelledError: passed on from `context.progress`.
        """
        bars = list(_bars(clip, options, context))
        new = _play(bars, options, _voices(clip, options, context), context)
        end = bars[-1].end if bars else 0.0
        return _joined(clip, new, options.keep, end)


class Voices(NamedTuple):
    """Hold the voices' patterns (V, S) bool and pitches, velocities and chances (V,)."""

    pattern: np.ndarray
    pitch: np.ndarray
    velocity: np.ndarray
    chance: np.ndarray


def _voices(clip: Clip, options: EuclidOptions, context: Context) -> Voices:
    count = len(options.pitch)
    pulses, rotation, velocity, chance = (
        np.array([values[min(voice, len(values) - 1)] for voice in range(count)])
        for values in (options.pulses, options.rotation, options.velocity, options.chance)
    )
    rows = [
        np.roll(bjorklund(p, options.steps), r)
        for p, r in zip(pulses.tolist(), rotation.tolist(), strict=True)
    ]
    pitch = np.array(options.pitch)
    if options.scale and clip.key and context.features.role != "drums":
        pitch = np.array([in_key(p, clip.key) for p in options.pitch])
    return Voices(np.stack(rows), pitch, velocity, chance)


def in_key(pitch: int, key: Key) -> int:
    """Return the key's pitch that is nearest, the lower of two, within 0 to 127."""
    allowed = [p for p in range(128) if p % 12 in key.pitch_classes]
    return min(allowed, key=lambda p: (abs(p - pitch), p))


def _bars(clip: Clip, options: EuclidOptions, context: Context) -> Iterator[Bar]:
    """Yield the bars to write, by the clip's bar lines; the first and the last may be cut off."""
    metres, (first, last) = context.features.metres, clip.region()
    if options.bars:
        last = _end(first, options, metres)
    start, count = first, 0
    while start < last - 1e-9:
        if count > MAX_BARS:
            raise _too_many(options, MAX_BARS)
        metre, limit = metre_at(start, metres)
        line = metre.time + np.floor((start - metre.time) / metre.bar + 1e-9) * metre.bar
        end = float(min(line + metre.bar, limit, last))
        yield Bar(start, end, float(line) if options.restart else first)
        start, count = end, count + 1


def _end(start: float, options: EuclidOptions, metres: tuple[Metre, ...]) -> float:
    """Return when the bars asked for have passed, each cut off where the metre changes."""
    for count in range(options.bars):
        metre, limit = metre_at(start, metres)
        start = min(start + metre.bar, limit)
        if start >= MAX_BEATS:
            raise _too_many(options, count)
    return start


def _play(bars: list[Bar], options: EuclidOptions, voices: Voices, context: Context) -> Notes:
    """Return the voices' notes, (N,) rows in order of time."""
    rng, step = context.rng("chance"), DIVISIONS[options.division]
    random = bool((voices.chance < 1).any())
    parts, total = [], 0
    for done, bar in enumerate(bars):
        first, last = (int(np.ceil((t - bar.origin) / step - 1e-9)) for t in (bar.start, bar.end))
        steps = np.arange(first, last)
        sounds = voices.pattern[:, steps % options.steps]
        if random:
            sounds = sounds & (rng.random(sounds.shape) < voices.chance[:, None])
        column, voice = np.nonzero(sounds.T)
        onset = np.maximum(bar.origin + steps[column] * step, bar.start)
        parts.append((onset, voice, steps[column] % options.steps == 0))
        total += len(voice)
        if total > MAX_NOTES:
            raise _too_many(options, done)
        context.progress((done + 1) / len(bars))
    return _notes(parts, options, voices)


def _notes(
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]], options: EuclidOptions, voices: Voices
) -> Notes:
    if not parts:
        return Notes()
    onset, voice, first = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Notes(
        pitch=voices.pitch[voice],
        onset=onset,
        duration=np.full(len(onset), options.gate * DIVISIONS[options.division]),
        velocity=np.clip(voices.velocity[voice] + options.accent * first, 1.0, 127.0),
    )


def _joined(clip: Clip, new: Notes, keep: bool, end: float) -> Clip:
    """Put the new notes beside the clip's own, which stay as they are."""
    start, old = clip.region()[0], clip.notes
    if not keep:
        old = old.take((old.onset < start) | (old.onset >= end))
    new = beside(new.replace(duration=np.minimum(new.duration, end - new.onset)), old)
    new = new.replace(note_id=free_ids(clip.notes, len(new)))
    loop = clip.loop and Loop(clip.loop.start, max(clip.loop.end, end))
    return clip.replace(notes=Notes.concatenate(old, new), length=max(clip.length, end), loop=loop)


def _too_many(options: EuclidOptions, fitting: int) -> OptionError:
    return OptionError(
        "bars",
        f"is {options.bars}, allowed are up to {fitting} bars"
        f" ({MAX_NOTES} notes, {MAX_BEATS:g} beats, {MAX_BARS} bars)",
    )
