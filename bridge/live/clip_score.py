"""Make a score of clips, to the last digit of their times.

Letters: N notes.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from bridge.live.score import SETS, Moment, Score, lay_out, note
from engines.bars import metre_at
from engines.clip import Clip, Controllers, Metre, Notes
from engines.live.event import PROGRAM, control, note_off, note_on
from engines.role import DRUM_CHANNEL, infer
from engines.stream import stream


def clip_score(clips: Sequence[Clip], *, seed: int = 0) -> Score:
    """Return what clips play together: their loops, or else all of them in whole bars.

    Muted notes are not played. Which notes with a probability sound, and how hard those with a
    velocity deviation do, is drawn once for the score, from the seed: each turn of a loop is the
    same, and another seed is another turn. A clip without a channel plays on the first one, or on
    the tenth if it is drums.

    Args:
        clips: parts that play together; the first one with a tempo or a metre states them.
        seed: names the random streams, one for each clip.

    Raises:
        BridgeError: their loops are too short to be played over and over.
    """
    moments: list[Moment] = []
    for index, clip in enumerate(clips):
        moments += _moments(clip, len(moments), stream(seed, index, "score"))
    spans = [clip.region() for clip in clips]
    looped = any(clip.loop for clip in clips)
    longest = max((end - start for start, end in spans), default=0.0)
    metres = next((_metres(clip) for clip in clips if clip.metre), ())
    tempo = next((clip.tempo for clip in clips if len(clip.tempo)), None)
    return lay_out(
        moments, end=longest, length=longest if looped else None, metres=metres, tempo=tempo
    )


def _moments(clip: Clip, before: int, rng: np.random.Generator) -> list[Moment]:
    """Return what a clip plays; `before` moments stand before it."""
    start, end = clip.region()
    drums = clip.channel is None and infer(clip) == "drums"
    channel = DRUM_CHANNEL if drums else clip.channel or 0
    moments = list(_settings(clip, channel, start, end))
    notes = drawn(clip.notes, rng)
    notes = notes.take((notes.mute == 0) & (notes.onset >= start) & (notes.onset < end))
    columns = zip(
        (notes.onset - start).tolist(),
        (np.minimum(notes.end, end) - start).tolist(),
        notes.pitch.tolist(),
        notes.velocity.astype(int).tolist(),
        np.rint(notes.release_velocity).astype(int).tolist(),
        strict=True,
    )
    for onset, stop, pitch, velocity, release in columns:
        on, off = note_on(channel, pitch, velocity), note_off(channel, pitch, release)
        moments += note(onset, stop, on, off, before + len(moments))
    return moments


def drawn(notes: Notes, rng: np.random.Generator) -> Notes:
    """Return the notes that sound, with whole velocities from 1 to 127.

    Live draws a velocity between the note's own and that plus its deviation. Source: Live Object
    Model, Clip, velocity_deviation.
    """
    chance, spread = rng.random(len(notes)), rng.random(len(notes))
    velocity = np.rint(notes.velocity + spread * notes.velocity_deviation)
    return notes.replace(velocity=np.clip(velocity, 1.0, 127.0)).take(chance < notes.probability)


def _settings(clip: Clip, channel: int, start: float, end: float) -> Iterable[Moment]:
    """Yield the program, the controllers as they are at the start, and their changes."""
    if clip.program is not None:
        yield Moment(0.0, SETS, bytes((PROGRAM | channel, clip.program)))
    changes = clip.controllers
    for number, value in _state(changes.take(changes.time < start)).items():
        yield Moment(0.0, SETS, control(channel, number, value))
    inside = changes.take((changes.time >= start) & (changes.time < end))
    columns = (inside.time.tolist(), inside.number.tolist(), inside.value.tolist())
    for time, number, value in zip(*columns, strict=True):
        yield Moment(time - start, SETS, control(channel, number, value))


def _state(changes: Controllers) -> dict[int, int]:
    """Return the last value of each controller."""
    return dict(zip(changes.number.tolist(), changes.value.tolist(), strict=True))


def _metres(clip: Clip) -> tuple[Metre, ...]:
    """Return the metres from the start of the region on."""
    start, _ = clip.region()
    metre, _ = metre_at(start, (Metre(), *clip.metre) if clip.metre[0].time else clip.metre)
    first = Metre(0.0, metre.numerator, metre.denominator)
    later = [m for m in clip.metre if m.time > start]
    return (first, *(Metre(m.time - start, m.numerator, m.denominator) for m in later))
