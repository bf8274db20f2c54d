"""Read jazz solos against their annotated beats.

Letters: N notes.

Source: the Weimar Jazz Database (Pfleiderer et al. 2017, Inside the Jazzomat), in the csv files of
Wu and Yang (2020), "The Jazz Transformer", ISMIR: a row a note with its bar, beat and tatum (the
part of a beat, of `division` parts, that it was heard on), and a row a beat with its time.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines.clip import Chord, Clip, Metre, Notes, Role, Tempo
from engines.performance.expression import Played
from engines.training.recording import FLAT, Recording

Row = dict[str, str]

USUAL_VELOCITY, VELOCITY_SD = 80.0, 12.0
"""Mean and standard deviation of the velocities that a solo's loudness is mapped to. Loudness comes
from audio of many recordings and says nothing absolute; the figures are those of keyboard players
in POP909 and vienna4x22, rounded."""

NORMAL_QUARTILES, LARGEST_SCORE = 1.349, 3.0
"""Loudness is scaled by its median and quartiles, which are 1.349 standard deviations apart in a
normal distribution. Some notes have -66 dB, because no sound was found; they count as soft."""

GRID = 0.25
"""Notes are written as long as a whole number of these parts of a beat, or as their tatums."""

WINDS: Role = "winds"

_CHORD = re.compile(
    r"(?P<root>[A-G][b#]?)(?P<quality>m7b5|-j|-|j|o|\+j|\+)?(?P<sus>sus)?(?P<rest>[^/]*)(?P<bass>/.*)?"
)

QUALITY = {
    "m7b5": "m7b5",
    "-": "m",
    "-j": "m(maj)",
    "j": "maj",
    "o": "dim",
    "+j": "aug(maj)",
    None: "",
}
"""The database's words for a chord's kind and the usual ones; "j" is a major seventh."""


class Solo(NamedTuple):
    """Be a recording of a solo with what its annotators heard.

    `recording.clip` is what the tatums say; `begins` (N,) bool is where a phrase begins.
    """

    recording: Recording
    begins: np.ndarray


def read_solos(folder: Path) -> Iterator[Solo]:
    """Yield the solos of a pack, in the order of its index.csv."""
    for row in _rows(folder / "index.csv"):
        yield read_solo(folder, row)


def read_solo(folder: Path, row: Row) -> Solo:
    """Return one solo from its row of the index."""
    notes = _rows(folder / "mcsv_melody" / row["melody_file"])
    beats = _rows(folder / "mcsv_beat" / row["beat_file"])
    first_beat = _first_beat(beats, int(notes[0]["bar"]))
    clip = written_clip(notes, beats, first_beat)
    recording = Recording(
        name=f"{row['performer']}/{row['title']}",
        piece=piece_of(row),
        player=row["performer"],
        split=row["split"],
        clip=clip,
        played=_played(notes),
        marks=np.zeros(len(notes), np.uint16),
        staff=np.ones(len(notes), np.uint8),
        sustain_s=np.empty(0),
        sustain=np.empty(0),
    )
    begins = _numbers(notes, "phrase_begin") > 0
    return Solo(recording, begins)


def piece_of(row: Row) -> str:
    """Return the tune that is played, whichever take it is."""
    return re.sub(r"-\d+$", "", row["title"])


def written_clip(notes: list[Row], beats: list[Row], first_beat: float) -> Clip:
    """Return a solo's tatums as a clip; beat 0 is the line of the bar of the first note."""
    place = {(row["bar"], row["beat"]): first_beat + at for at, row in enumerate(beats)}
    division = _numbers(notes, "division")
    onset = np.array([place[row["bar"], row["beat"]] for row in notes])
    onset += (_numbers(notes, "tatum") - 1) / division
    duration = _written_durations(notes, onset, 1 / division)
    return Clip(
        notes=Notes(
            pitch=_numbers(notes, "pitch"),
            onset=onset,
            duration=duration,
            velocity=np.full(len(onset), FLAT),
        ),
        length=float((onset + duration).max()),
        tempo=_mean_tempo(onset, _numbers(notes, "onset")),
        metre=_metres(beats, first_beat),
        chords=_chords(beats, first_beat),
        role=WINDS,
    )


def symbol_of(chord: str) -> str:
    """Return a chord symbol in the usual spelling: Ebj7911# is Ebmaj7(9,#11)."""
    parts = _CHORD.fullmatch(chord)
    if parts is None:
        return chord
    first, *tensions = re.findall(r"alt|(?:13|11|10|9|7|6|5)[b#]?", parts["rest"]) or [""]
    if first[-1:] in {"b", "#"}:
        first, tensions = "", [first, *tensions]
    quality = QUALITY.get(parts["quality"], "aug")
    kind = quality.replace(")", f"{first})") if "(" in quality else quality + first
    added = ",".join(re.sub(r"^(\d+)([b#])$", r"\2\1", tension) for tension in tensions)
    added = added if added in {"", "alt"} else f"({added})"
    return f"{parts['root']}{kind}{parts['sus'] or ''}{added}{parts['bass'] or ''}"


def velocities(loudness: np.ndarray) -> np.ndarray:
    """Return loudness in dB, (N,) with NaN where it is not known, as velocities about 80."""
    known = np.flatnonzero(np.isfinite(loudness))
    if not len(known):
        return np.full(len(loudness), USUAL_VELOCITY)
    heard = np.interp(np.arange(len(loudness)), known, loudness[known])
    low, middle, high = np.percentile(loudness[known], (25, 50, 75))
    score = NORMAL_QUARTILES * (heard - middle) / max(high - low, 1e-6)
    return USUAL_VELOCITY + VELOCITY_SD * np.clip(score, -LARGEST_SCORE, LARGEST_SCORE)


def _played(notes: list[Row]) -> Played:
    onset_s = _numbers(notes, "onset")
    loudness = _numbers(notes, "loud_median")
    return Played(onset_s, onset_s + _numbers(notes, "duration"), velocities(loudness))


def _rows(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _numbers(rows: list[Row], column: str) -> np.ndarray:
    """Return a column as float64, NaN where it is empty or missing."""
    return np.array([float(row.get(column) or "nan") for row in rows])


def _first_beat(beats: list[Row], bar: int) -> float:
    """Return the beat, 0 or less, of the first annotated one if 0 is the line of a bar."""
    at = next(at for at, row in enumerate(beats) if int(row["bar"]) == bar)
    return float(int(beats[at]["beat"]) - 1 - at)


def _written_durations(notes: list[Row], onset: np.ndarray, tatum: np.ndarray) -> np.ndarray:
    """Return durations on the grid of each note, a part of it at least, to the next note at most.

    What a player holds through most of its slot was meant to last until the next note.
    """
    held = _numbers(notes, "duration") / _numbers(notes, "beat_duration")
    part = np.minimum(tatum, GRID)
    on_grid = np.maximum(np.rint(held / part), 1.0) * part
    return np.minimum(on_grid, np.append(np.diff(onset), np.inf))


def _mean_tempo(onset: np.ndarray, onset_s: np.ndarray) -> Tempo:
    bpm = 60.0 * (onset[-1] - onset[0]) / (onset_s[-1] - onset_s[0])
    return Tempo(time=np.zeros(1), bpm=np.array([bpm]))


def _metres(beats: list[Row], first_beat: float) -> tuple[Metre, ...]:
    """Return the metres from beat 0 on; each beat is a quarter note."""
    metres: list[Metre] = []
    for at, row in enumerate(beats):
        period, time = int(row["period"]), first_beat + at
        if time >= 0 and (not metres or metres[-1].numerator != period):
            metres.append(Metre(time if metres else 0.0, period, 4))
    return tuple(metres)


def _chords(beats: list[Row], first_beat: float) -> tuple[Chord, ...]:
    """Return the chords from beat 0 on, each where it begins; "NC" is none and is left out."""
    chords: dict[float, str] = {}
    sounding = ""
    for at, row in enumerate(beats):
        sounding_before, sounding = sounding, row["chord"] or sounding
        time = max(first_beat + at, 0.0)
        if sounding != sounding_before:
            chords[time] = symbol_of(sounding)
    return tuple(Chord(time, symbol) for time, symbol in chords.items() if symbol not in {"", "NC"})
