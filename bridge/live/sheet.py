"""Carry a score from one process to another."""

import msgspec
import numpy as np

from bridge.live.score import Score
from engines.clip import Tempo


class Sheet(msgspec.Struct, frozen=True):
    """Be a score on the wire: its arrays as little-endian bytes, its messages one by one."""

    beats: bytes
    messages: tuple[bytes, ...]
    begins: bytes
    length: float
    bars: bytes
    tempo_time: bytes
    tempo_bpm: bytes


def to_sheet(score: Score) -> Sheet:
    """Return a score for the wire."""
    return Sheet(
        beats=_bytes(score.beats),
        messages=score.messages,
        begins=np.asarray(score.begins, "<i8").tobytes(),
        length=score.length,
        bars=_bytes(score.bars),
        tempo_time=_bytes(score.tempo.time),
        tempo_bpm=_bytes(score.tempo.bpm),
    )


def to_score(sheet: Sheet) -> Score:
    """Return the score of a sheet."""
    return Score(
        beats=np.frombuffer(sheet.beats, "<f8"),
        messages=sheet.messages,
        begins=np.frombuffer(sheet.begins, "<i8"),
        length=sheet.length,
        bars=np.frombuffer(sheet.bars, "<f8"),
        tempo=Tempo(
            time=np.frombuffer(sheet.tempo_time, "<f8"), bpm=np.frombuffer(sheet.tempo_bpm, "<f8")
        ),
    )


def _bytes(values: np.ndarray) -> bytes:
    return np.asarray(values, "<f8").tobytes()
