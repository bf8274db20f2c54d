"""Train a small reader on small recordings, saying each step: a run for a test to kill."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from engines.models.performer import Shape
from engines.performance.interpreter import STYLES
from engines.performance.view import COLUMNS, MARKS
from engines.training.corpus import bin_edges, usual_view
from engines.training.course import Plan, Trainee, train_reader
from engines.training.lesson import Lesson, lesson
from engines.training.recording import read_pack
from engines.training.window import Class

STEPS = 130


def small(reader: str = "recurrent", steps: int = STEPS) -> Plan:
    shape = Shape(
        len(COLUMNS), MARKS + 2 + len(STYLES), width=12, heads=2, dilations=(1,), dropout=0.1
    )
    return Plan(reader, shape, steps)


def lessons(pack: Path) -> list[Lesson]:
    return [lesson(recording) for recording in read_pack(pack)]


def school(pack: Path) -> tuple[Class, np.ndarray]:
    read = lessons(pack)
    return Class([(1.0, read)], usual_view(read)), bin_edges(read, small().shape.bins)


def said(step: int, losses: np.ndarray) -> None:
    sys.stdout.write(f"{step} {losses.sum():.3f}\n")
    sys.stdout.flush()


def run(pack: Path, folder: Path) -> None:
    torch.set_num_threads(1)
    taught, edges = school(pack)
    train_reader(Trainee(small(), edges), taught, folder, said)


def curve(folder: Path) -> Iterator[str]:
    yield from (folder / "recurrent.jsonl").read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
