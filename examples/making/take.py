"""Turn takes of people into clips: drum takes as played and as programmed, a piano performance.

Source: Groove MIDI Dataset (Roland TD-11 kit, a click of one tempo); Vienna 4x22 Piano Corpus,
as arrays with times in 1/960 second.
"""

import statistics
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import mido
import numpy as np

from making.midi import Controller, Note, untangle

GENERAL_MIDI = {
    22: 42,  # closed hat, edge
    26: 46,  # open hat, edge
    40: 38,  # snare, rim shot
    47: 45,  # middle tom, rim
    50: 48,  # high tom, rim
    52: 57,  # second crash, edge
    55: 49,  # first crash, edge
    58: 43,  # floor tom, rim
    59: 51,  # ride, edge
}
"""General MIDI's number for the Roland numbers that mean something else there, or its nearest."""

FAINTEST = 16
"""Strokes softer than this are left out: they are the pads' crosstalk and a resting foot."""

GRIDS = (4, 3)
"""Steps a beat that a programmer would choose between: sixteenths and eighth triplets."""

EXCEPTION = 0.2
"""A beat leaves the take's grid when it lies nearer to the other by this share of the distance.

Chosen by looking at a straight take, where no beat should leave, and at a shuffled one.
"""


@dataclass(frozen=True)
class Take:
    """Hold the strokes of a take in General MIDI, tempo in beats a minute, steps of the grid."""

    strokes: list[Note]
    bpm: float
    grid: int


def read_drums(path: Path) -> Take:
    """Return the take with the drummer's constant delay to the click taken off."""
    file = mido.MidiFile(path)
    merged, now, bpm, strokes = mido.merge_tracks(file.tracks), 0, 120.0, []
    for message in merged:
        now += message.time
        if message.type == "set_tempo":
            bpm = round(mido.tempo2bpm(message.tempo), 2)
        if message.type == "note_on" and message.velocity >= FAINTEST:
            onset = Fraction(now, file.ticks_per_beat)
            pitch = GENERAL_MIDI.get(message.note, message.note)
            strokes.append(Note(onset, Fraction(1, 4), pitch, message.velocity))
    grid, delay = _fit([Fraction(stroke.onset) for stroke in strokes])
    return Take([replace(s, onset=s.onset - delay) for s in strokes], bpm, grid)


def _fit(onsets: list[Fraction]) -> tuple[int, Fraction]:
    """Return the grid that fits the take best and the median of the distances to it."""
    fits = []
    for grid in GRIDS:
        delay = statistics.median(onset - _nearest(onset, grid) for onset in onsets)
        fits.append((_distance([onset - delay for onset in onsets], grid), grid, delay))
    return min(fits)[1:]


def played(take: Take, first_bar: int, last_bar: int) -> list[Note]:
    """Return the bars of the 4/4 take as they were played, moved to begin at 0."""
    start, end = 4 * (first_bar - 1), 4 * last_bar
    steps = zip(take.strokes, _on_grid(take), strict=True)
    moved = [
        replace(stroke, onset=max(stroke.onset - start, Fraction(0)))
        for stroke, step in steps
        if start <= step < end
    ]
    length = Fraction(end - start)
    return untangle(replace(s, duration=min(s.duration, length - s.onset)) for s in moved)


def programmed(take: Take, first_bar: int, last_bar: int, velocity: int) -> list[Note]:
    """Return the same bars on the grid and with one velocity; strokes of one step become one."""
    start, end = 4 * (first_bar - 1), 4 * last_bar
    steps = zip(take.strokes, _on_grid(take), strict=True)
    return untangle(
        replace(stroke, onset=step - start, velocity=velocity)
        for stroke, step in steps
        if start <= step < end
    )


def _on_grid(take: Take) -> list[Fraction]:
    """Return each stroke's step, on the grid that fits all strokes of its beat."""
    beats: dict[int, list[Fraction]] = {}
    for stroke in take.strokes:
        beats.setdefault(_beat(stroke), []).append(Fraction(stroke.onset))
    grids = {beat: _grid_of(onsets, take.grid) for beat, onsets in beats.items()}
    return [_nearest(Fraction(s.onset), grids[_beat(s)]) for s in take.strokes]


def _beat(stroke: Note) -> int:
    """Return the beat that the stroke belongs to: one just before a beat is early, not late."""
    return int(stroke.onset + Fraction(1, 8))


def _grid_of(onsets: list[Fraction], usual: int) -> int:
    other = next(grid for grid in GRIDS if grid != usual)
    return other if _distance(onsets, other) < EXCEPTION * _distance(onsets, usual) else usual


def _distance(onsets: list[Fraction], grid: int) -> Fraction:
    return sum((abs(onset - _nearest(onset, grid)) for onset in onsets), Fraction(0))


def _nearest(onset: Fraction, steps: int) -> Fraction:
    return Fraction(round(onset * steps), steps)


def read_performance(path: Path, last_bar: int, bpm: float) -> tuple[list[Note], list[Controller]]:
    """Return notes and sustain pedal up to the end of the score's bar, in beats at the tempo."""
    arrays = np.load(path)
    beats_per_unit = bpm / 60 / 960
    inside = np.flatnonzero(arrays["measure"] <= last_bar)
    columns = ("perf_on", "perf_off", "pitch", "velocity")
    notes = [
        Note(on * beats_per_unit, (off - on) * beats_per_unit, pitch, velocity)
        for on, off, pitch, velocity in zip(
            *(arrays[name][inside].tolist() for name in columns), strict=True
        )
    ]
    end = max(note.end for note in notes)
    moves = zip(arrays["sustain_t"].tolist(), arrays["sustain_v"].tolist(), strict=True)
    pedal = [Controller(time * beats_per_unit, 64, value) for time, value in moves]
    return untangle(notes), [move for move in pedal if 0 <= move.onset <= end]
