"""Write small packs of aligned recordings: pieces drawn by lot, played by people drawn by lot."""

import csv
from pathlib import Path

import numpy as np

from engines.training.evaluation.case import Case
from engines.training.recording import read_recording

NAMES = ("file", "composer", "piece", "performance", "split", "robust", "paper23")

Arrays = dict[str, np.ndarray]


def score(seed: int, beats: int = 48) -> Arrays:
    """A melody in quarters over a two-note chord on each half, in 1/960 quarter."""
    rng = np.random.default_rng(seed)
    step = np.arange(beats)
    onset = np.concatenate([step, step[::2], step[::2]])
    pitch = np.concatenate(
        [
            72 + rng.integers(-5, 8, beats),
            np.full(len(step[::2]), 48),
            52 + rng.integers(0, 5, len(step[::2])),
        ]
    )
    order = np.lexsort((pitch, onset))
    return {
        "score_on": onset[order] * 960,
        "score_dur": np.full(len(onset), 960),
        "pitch": pitch[order].astype(np.uint8),
        "flags": np.zeros(len(onset), dtype=np.uint16),
        "staff": np.ones(len(onset), dtype=np.uint8),
        "ts_score": np.zeros(1, dtype=np.int32),
        "ts_num": np.full(1, 4, dtype=np.uint8),
        "ts_den": np.full(1, 4, dtype=np.uint8),
    }


def performance(written: Arrays, seed: int) -> Arrays:
    """High notes louder, phrases of eight beats slowing, each person with habits of their own."""
    rng = np.random.default_rng(1000 + seed)
    beat = written["score_on"] / 960
    tempo_s = 0.5 + 0.1 * np.sin(np.arange(int(beat.max()) + 2) * 2 * np.pi / 8)
    tempo_s += rng.normal(0, 0.01, len(tempo_s))
    at_beat = np.concatenate([[0.0], np.cumsum(tempo_s)])
    onset_s = 1 + at_beat[beat.astype(int)] + rng.normal(0, 0.008, len(beat))
    onset_s = np.where(written["pitch"] > 60, onset_s - 0.015, onset_s)
    velocity = 0.9 * written["pitch"] + 10 * np.sin(beat / 5) + rng.normal(0, 4, len(beat))
    changes_s = at_beat[np.arange(0, int(beat.max()), 4)] + 1.1
    pedal_s = np.column_stack([changes_s, changes_s + 0.2]).ravel()
    return {
        **written,
        "perf_on": np.rint(onset_s * 960).astype(np.int32),
        "perf_off": np.rint((onset_s + rng.uniform(0.2, 0.6, len(beat))) * 960).astype(np.int32),
        "velocity": np.clip(np.rint(velocity), 1, 127).astype(np.uint8),
        "sustain_t": np.rint(pedal_s * 960).astype(np.int32),
        "sustain_v": np.tile([0, 127], len(changes_s)).astype(np.uint8),
    }


def row(piece: str, person: str, **changes: str) -> dict[str, str]:
    given = {
        "file": f"{piece}_{person}.npz",
        "composer": "Lot",
        "piece": f"Lot/{piece}",
        "performance": person,
        "split": "test",
        "robust": "1",
        "paper23": "1",
    }
    return {**given, **changes}


def write_pack(folder: Path, pieces: int = 3, people: int = 3, learned: int = 2) -> Path:
    """Pieces that are judged, and a few that are learned from, all played by the same people."""
    rows = []
    for piece in range(pieces + learned):
        changes = {} if piece < pieces else {"split": "train", "paper23": "0"}
        for person in range(people):
            rows.append(row(f"piece{piece}", f"person{person}", **changes))
            arrays = performance(score(piece), 10 * piece + person)
            np.savez(folder / rows[-1]["file"], **arrays)  # type: ignore[arg-type]
    write_rows(folder, rows)
    return folder


def write_rows(folder: Path, rows: list[dict[str, str]]) -> None:
    with (folder / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, NAMES)
        writer.writeheader()
        writer.writerows(rows)


def case_of(folder: Path, arrays: Arrays, piece: str = "piece", person: str = "person") -> Case:
    facts = row(piece, person)
    np.savez(folder / facts["file"], **arrays)  # type: ignore[arg-type]
    return Case(read_recording(folder / facts["file"], facts))
