"""Read takes of drummers from a folder laid out as the Groove MIDI Dataset is.

Source: Gillick, Roberts, Engel, Eck and Bamman (2019), "Learning to Groove with Inverse Sequence
Transformations", ICML: `info.csv` and a MIDI file a take, played to a click on an electronic kit.
"""

import csv
import re
from collections.abc import Collection
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from symusic.core import ScoreTick

from engines.clip import Clip, Metre, Notes, Tempo
from engines.error import EngineError

Split = Literal["train", "validation", "test"]

NEEDED = ("drummer", "style", "bpm", "beat_type", "time_signature", "midi_filename", "split")
"""The columns of `info.csv` that are read."""


class DrumTake(NamedTuple):
    """Be what a drummer played to a click.

    `clip` has the notes as they were played, in beats of the click; `style` is as in the index,
    such as "jazz/funk"; `kind` is "beat" or "fill".
    """

    name: str
    clip: Clip
    style: str
    drummer: str
    kind: str
    split: str

    @property
    def genre(self) -> str:
        """The first part of the style."""
        return self.style.split("/")[0]

    @property
    def bpm(self) -> float:
        """The tempo of the click in quarter notes a minute."""
        return float(self.clip.tempo.bpm[0])


def read_takes(folder: Path, splits: Collection[str] = ()) -> list[DrumTake]:
    """Return the takes of some splits, or of all, in the order of the index; none without notes.

    Raises:
        EngineError: the folder has no such index, a column or file of it is missing or unreadable.
    """
    rows = [row for row in _index(folder / "info.csv") if not splits or row["split"] in splits]
    takes = [_take(folder, row) for row in rows]
    return [take for take in takes if len(take.clip.notes)]


def _index(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise EngineError(
            f"{path} is not there, allowed is a folder with an info.csv and the MIDI files it names"
        )
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, restval=""))
    except (UnicodeDecodeError, csv.Error) as error:
        raise EngineError(f"{path} cannot be read: {error}; allowed is CSV in UTF-8") from error
    missing = [name for name in NEEDED if not rows or name not in rows[0]]
    if missing:
        raise EngineError(f"{path} lacks {', '.join(missing)}, needed are {', '.join(NEEDED)}")
    return rows


def _take(folder: Path, row: dict[str, str]) -> DrumTake:
    path = folder / row["midi_filename"]
    if not path.is_file():
        raise EngineError(f"{path} is not there, needed are all files that info.csv names")
    try:
        clip = _clip(path, float(row["bpm"]), _metre(row["time_signature"]))
    except (RuntimeError, ValueError) as error:
        raise EngineError(
            f"{path} cannot be read: {error}; allowed are MIDI files with a bpm and time_signature"
        ) from error
    name = Path(row["midi_filename"]).with_suffix("").as_posix()
    return DrumTake(name, clip, row["style"], row["drummer"], row["beat_type"], row["split"])


def _clip(path: Path, bpm: float, metre: Metre) -> Clip:
    score = ScoreTick.from_file(str(path))
    notes = [track.notes.numpy() for track in score.tracks]
    columns = {
        name: np.concatenate([part[name] for part in notes] or [np.zeros(0)])
        for name in ("time", "duration", "pitch", "velocity")
    }
    order = np.lexsort((columns["pitch"], columns["time"]))
    played = Notes(
        pitch=columns["pitch"][order],
        onset=columns["time"][order] / score.ticks_per_quarter,
        duration=columns["duration"][order] / score.ticks_per_quarter,
        velocity=np.clip(columns["velocity"][order], 1, 127),
    )
    bars = np.ceil((float(played.onset.max(initial=0.0)) + 1e-6) / metre.bar)
    return Clip(
        played,
        length=float(max(bars, 1.0) * metre.bar),
        tempo=Tempo(time=np.zeros(1), bpm=np.array([bpm])),
        metre=(metre,),
        role="drums",
        name=path.stem,
    )


def _metre(text: str) -> Metre:
    """Return the metre of "4-4"."""
    found = re.fullmatch("([1-9][0-9]?)-(1|2|4|8|16|32)", text)
    if not found:
        raise ValueError(f"time_signature is {text!r}, allowed are such as 6-8")
    return Metre(0.0, int(found[1]), int(found[2]))  # type: ignore[arg-type]
