"""Make lessons of takes: what stood on the page, and how it was played.

Letters: H hits.
"""

from typing import NamedTuple

import numpy as np

from engines.drummer.hits import read_hits
from engines.drummer.page import Sight, Telling
from engines.drummer.quantise import SIXTEENTH, quantised, to_sixteenths
from engines.features import Features
from engines.grid import is_compound
from engines.kit import UNMAPPED, Group, read_kit
from engines.training.groove_midi import DrumTake

FEWEST_VELOCITIES = 4
"""Takes with fewer different velocities teach none: two files have one velocity throughout."""


class Lesson(NamedTuple):
    """Be H hits on the page and how they were played.

    `sight` is what is seen of them; `velocity` (H,) in MIDI units; `late` (H,) in ms, how far
    behind the page they came; `teaches_velocity` is whether velocities were played.
    """

    sight: Sight
    velocity: np.ndarray
    late: np.ndarray
    telling: Telling
    bars: int
    teaches_velocity: bool

    def excerpt(self, first: int, bars: int) -> "Lesson":
        """Return so many bars from one on, which begin at beat 0; perhaps without hits."""
        bar = float(self.sight.bar[0])
        time = self.sight.time - first * bar
        rows = (time > -SIXTEENTH / 2) & (time < bars * bar - SIXTEENTH / 2)
        return self._replace(sight=self.sight._replace(time=time), bars=bars).take(rows)

    def take(self, rows: np.ndarray) -> "Lesson":
        """Return some of the hits, (H,) bool."""
        sight = self.sight.at(rows)
        return self._replace(sight=sight, velocity=self.velocity[rows], late=self.late[rows])


def page_lesson(take: DrumTake) -> Lesson:
    """Return a take as it would be written down: triplets and flams found, its latency taken out.

    The latency is the median lateness of the take: that of its monitoring, and the drummer's habit.
    """
    features = Features(take.clip)
    hits = read_hits(features)
    played = take.clip.notes.onset[hits.row]
    played = played - np.median(played - to_sixteenths(played))
    pedal = features.once(read_kit).group[take.clip.notes.pitch[hits.row]] == Group.PEDAL
    limb = np.where(pedal, -1, hits.voice)
    return _lesson(take, hits.row, quantised(played), played, (limb, Telling()))


def sixteenth_lesson(take: DrumTake) -> Lesson:
    """Return a take on sixteenths as published measures have it, its latency left in.

    Of the notes of a voice on one sixteenth the loudest is kept.
    """
    kit = read_kit(Features(take.clip))
    row = np.flatnonzero(kit.voice[take.clip.notes.pitch] != UNMAPPED)
    played = take.clip.notes.onset[row]
    limb = kit.voice[take.clip.notes.pitch[row]]
    telling = Telling(strokes=False, sixteenths=True)
    return _lesson(take, row, to_sixteenths(played), played, (limb, telling))


def _lesson(
    take: DrumTake,
    row: np.ndarray,
    written: np.ndarray,
    played: np.ndarray,
    reading: tuple[np.ndarray, Telling],
) -> Lesson:
    """Return the lesson of some notes; of a limb's notes at one moment the loudest is kept."""
    limb, telling = reading
    kit, notes, metre = read_kit(Features(take.clip)), take.clip.notes, take.clip.metre[0]
    order = np.lexsort((-notes.velocity[row], limb, written))
    moved = np.diff(written[order], prepend=-np.inf) > 1e-9
    kept = order[moved | (np.diff(limb[order].astype(int), prepend=-9) != 0)]
    kept = kept[np.lexsort((kit.voice[notes.pitch[row[kept]]], written[kept]))]
    pitch, time = notes.pitch[row[kept]], written[kept]
    sight = Sight(
        time=time,
        voice=kit.voice[pitch].astype(np.intp),
        stroke=kit.stroke[pitch].astype(np.intp),
        beat=np.mod(time + 1e-9, metre.bar) - 1e-9,
        bar=np.full(len(time), metre.bar),
        compound=np.full(len(time), float(is_compound(metre))),
        bpm=np.full(len(time), take.bpm),
    )
    velocity = notes.velocity[row[kept]]
    return Lesson(
        sight=sight,
        velocity=velocity,
        late=(played - written)[kept] * 60e3 / take.bpm,
        telling=telling._replace(style=take.genre, player=take.drummer),
        bars=int(np.ceil((float(time.max(initial=0.0)) + SIXTEENTH / 2) / metre.bar)),
        teaches_velocity=len(np.unique(velocity)) >= FEWEST_VELOCITIES,
    )
