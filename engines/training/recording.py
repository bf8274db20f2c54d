"""Read performances that are aligned to their score note by note.

Letters: N matched notes, P pedal events.

Source: the packs asap_notes and vienna4x22, whose arrays count score positions in 1/960 quarter and
performance times in 1/960 second.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from engines.clip import Clip, Metre, Notes, Role, Tempo
from engines.performance.expression import Played

PER_BEAT = PER_SECOND = 960.0

STACCATO, STACCATISSIMO, ACCENT, STRONG_ACCENT, TENUTO, PORTATO, FERMATA, GRACE = (
    1 << bit for bit in range(8)
)
ORNAMENT, ARPEGGIO, IN_SLUR, SLUR_START, SLUR_STOP = 256, 512, 1024, 2048, 4096
"""The marks of a note as bits."""

GRACE_BEATS = 0.125
"""How long a grace note is written in the clip, for want of a duration of its own."""

FLAT = 64.0
"""The velocity of every note in the written clip."""


class Recording(NamedTuple):
    """Be a written clip and how somebody played it.

    `clip` has its notes sorted by onset, then pitch, all of velocity 64, at the performance's mean
    tempo; `marks` (N,) uint16 are the score's marks as bits, `staff` (N,) uint8 is 1 for the upper;
    `sustain_s` and `sustain` (P,) are times in seconds and values 0 to 127 of the sustain pedal.
    """

    name: str
    piece: str
    player: str
    split: str
    clip: Clip
    played: Played
    marks: np.ndarray
    staff: np.ndarray
    sustain_s: np.ndarray
    sustain: np.ndarray
    robust: bool = True
    test_set: bool = False

    @property
    def grace(self) -> np.ndarray:
        """Whether each note is a grace note: (N,) bool."""
        return (self.marks & GRACE) > 0


def read_pack(folder: Path) -> Iterator[Recording]:
    """Yield the recordings of a pack, in the order of its metadata.csv."""
    with (folder / "metadata.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield read_recording(folder / row["file"], row)


def read_recording(path: Path, row: dict[str, str]) -> Recording:
    """Return one recording from its arrays and its row of metadata."""
    with np.load(path) as arrays:
        z = {name: arrays[name] for name in arrays.files}
    found = recorded(
        z,
        name=path.stem,
        piece=f"{row['composer']}/{row['piece'].split('/')[-1]}",
        player=row["performance"],
        split=row["split"],
    )
    return found._replace(robust=row["robust"] == "1", test_set=row["paper23"] == "1")


def recorded(
    z: dict[str, np.ndarray], *, name: str, piece: str, player: str, split: str
) -> Recording:
    """Return the recording that a pack's arrays hold."""
    played = Played(
        z["perf_on"] / PER_SECOND, z["perf_off"] / PER_SECOND, z["velocity"].astype(np.float64)
    )
    return Recording(
        name=name,
        piece=piece,
        player=player,
        split=split,
        clip=written_clip(z, played),
        played=played,
        marks=z["flags"],
        staff=z["staff"],
        sustain_s=z["sustain_t"] / PER_SECOND,
        sustain=z["sustain_v"],
    )


def written_clip(z: dict[str, np.ndarray], played: Played, role: Role = "piano") -> Clip:
    """Return the score of a recording as a clip, its pickup moved behind beat 0."""
    first = _first_metre(z)
    pickup = -min(0.0, float(z["score_on"].min()) / PER_BEAT)
    shift = float(first.bar * np.ceil(pickup / first.bar - 1e-9))
    onset = z["score_on"] / PER_BEAT + shift
    grace = (z["flags"] & GRACE) > 0
    duration = np.where(grace, GRACE_BEATS, z["score_dur"] / PER_BEAT)
    notes = Notes(
        pitch=z["pitch"], onset=onset, duration=duration, velocity=np.full(len(onset), FLAT)
    )
    return Clip(
        notes=notes,
        length=max(float(notes.end.max()), 1.0),
        tempo=_mean_tempo(onset, played.onset_s),
        metre=_metres(z, shift, first),
        role=role,
    )


def _mean_tempo(onset: np.ndarray, onset_s: np.ndarray) -> Tempo:
    """Return the tempo that takes as long as the performance did, from first to last onset."""
    beats = max(float(onset.max() - onset.min()), 1e-3)
    seconds = max(float(onset_s.max() - onset_s.min()), 1e-3)
    return Tempo(time=np.zeros(1), bpm=np.array([np.clip(60.0 * beats / seconds, 10.0, 600.0)]))


def _first_metre(z: dict[str, np.ndarray]) -> Metre:
    """Return the metre of the first full bar, which begins at score position 0."""
    row = int(np.searchsorted(z["ts_score"], 0, side="right")) - 1
    if not len(z["ts_num"]):
        return Metre()
    return _metre(0.0, z["ts_num"][max(row, 0)], z["ts_den"][max(row, 0)])


def _metres(z: dict[str, np.ndarray], shift: float, first: Metre) -> tuple[Metre, ...]:
    """Return the metres in the clip's beats; a pickup is the end of a bar of the first."""
    metres = [first]
    for time, numerator, denominator in zip(z["ts_score"], z["ts_num"], z["ts_den"], strict=True):
        metre = _metre(max(float(time) / PER_BEAT + shift, 0.0), numerator, denominator)
        if metre.time > max(metres[-1].time, shift):
            metres.append(metre)
    return tuple(metres)


def _metre(time: float, numerator: int, denominator: int) -> Metre:
    """Return a metre of numpy's numbers, checked."""
    given = {"time": time, "numerator": int(numerator), "denominator": int(denominator)}
    return msgspec.convert(given, Metre)
