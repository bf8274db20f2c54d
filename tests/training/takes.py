"""Write small folders of drum takes: one beat, played by drummers with habits of their own."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from symusic.core import NoteTick, ScoreTick, TempoTick, TimeSignatureTick, TrackTick

from engines.clip import Clip, Metre, Notes, Tempo
from engines.training.groove_midi import DrumTake

TICKS = 480

KICK, SNARE, HAT, TOM = 36, 38, 42, 45
"""Note numbers."""

Hit = tuple[float, int, float]
"""An onset in beats, a note number and a velocity."""

COLUMNS = ("drummer", "style", "bpm", "beat_type", "time_signature", "midi_filename", "split")


def beat(bars: int, seed: int, late: float = 0.0) -> list[Hit]:
    """Kick on one and three, late snares on two and four, eighths on the hat, sometimes a tom."""
    rng = np.random.default_rng(seed)
    hits = []
    for bar in range(bars):
        for eighth in range(8):
            velocity = 90 if eighth % 2 == 0 else 55
            hits.append((4 * bar + eighth / 2, HAT, velocity + rng.normal(0, 6)))
        hits += [(4 * bar + place, KICK, 100 + rng.normal(0, 6)) for place in (0, 2)]
        hits += [(4 * bar + place + 0.03, SNARE, 105 + rng.normal(0, 6)) for place in (1, 3)]
        hits += [(4 * bar + 3.75, TOM, 70.0)] * int(rng.integers(2))
    strayed = [
        (max(at + late + rng.normal(0, 0.01), 0.0), pitch, min(velocity, 127.0))
        for at, pitch, velocity in hits
    ]
    return sorted(strayed)


def take_of(hits: Sequence[Hit], name: str = "take", **changes: str) -> DrumTake:
    """A take at 120 bpm that has these hits."""
    onset, pitch, velocity = (np.array(column) for column in zip(*hits, strict=True))
    notes = Notes(
        pitch=pitch, onset=onset, duration=np.full(len(onset), 0.1), velocity=np.rint(velocity)
    )
    clip = Clip(
        notes,
        length=float(4 * np.ceil((onset.max() + 0.01) / 4)),
        tempo=Tempo(time=np.zeros(1), bpm=np.array([120.0])),
        metre=(Metre(),),
        role="drums",
    )
    facts = {"style": "rock", "drummer": "drummer1", "kind": "beat", "split": "test", **changes}
    return DrumTake(name=name, clip=clip, **facts)


def row(name: str, **changes: str) -> dict[str, str]:
    given = {
        "drummer": "drummer1",
        "style": "rock",
        "bpm": "120",
        "beat_type": "beat",
        "time_signature": "4-4",
        "midi_filename": f"{name}.mid",
        "split": "train",
    }
    return {**given, **changes}


def write_takes(folder: Path, bars: int = 20) -> Path:
    """Three takes to learn from and three to judge, of two drummers and of a third; and a fill."""
    rows = []
    for number in range(6):
        split = "train" if number < 3 else "test"
        drummer = f"drummer{number % 3 + 1}"
        rows.append(row(f"take{number}", split=split, drummer=drummer))
        write_midi(folder / f"take{number}.mid", beat(bars, number, late=0.01 * (number % 3)))
    rows.append(row("fill", split="test", beat_type="fill"))
    write_midi(folder / "fill.mid", [(place / 6, TOM, 60 + 5 * place) for place in range(12)])
    write_rows(folder, rows)
    return folder


def write_midi(path: Path, hits: Sequence[Hit]) -> None:
    score = ScoreTick(TICKS)
    score.tempos.append(TempoTick(0, 500_000))  # microseconds a beat: 120 bpm
    score.time_signatures.append(TimeSignatureTick(0, 4, 4))
    track = TrackTick("drums", 0, True)
    for onset, pitch, velocity in hits:
        track.notes.append(NoteTick(round(onset * TICKS), 40, pitch, round(velocity)))
    score.tracks.append(track)
    score.dump_midi(path)


def write_rows(folder: Path, rows: list[dict[str, str]]) -> None:
    with (folder / "info.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
