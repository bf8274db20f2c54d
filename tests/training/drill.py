"""Train a small reader on small recordings, saying each step: a run for a test to kill."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from engines.models.performer import Reader, Shape
from engines.performance.interpreter import SAID
from engines.performance.view import COLUMNS
from engines.training.apprentice import Plan, train
from engines.training.corpus import bin_edges, usual_view
from engines.training.course import begin, lesson, reader_plan
from engines.training.lesson import Lesson
from engines.training.lesson import lesson as lesson_of
from engines.training.recording import read_pack
from engines.training.window import Batch, Class

EVERY, HANGS, STEPS = 8, 12, 18
"""The checkpoint is some steps old when a run is killed, and not the last that there would be."""


def small(reader: str = "recurrent", steps: int = STEPS) -> Plan:
    shape = Shape(len(COLUMNS), SAID, width=12, heads=2, dilations=(1,), dropout=0.1)
    return reader_plan(reader, shape, steps)._replace(every=EVERY)


def lessons(pack: Path) -> list[Lesson]:
    return [lesson_of(recording) for recording in read_pack(pack)]


class Corner(Class):
    """Hand out a few notes of a few windows of each batch, which cost a tenth."""

    def batch(self, rng: np.random.Generator) -> Batch:
        return Batch(*(array[:2, :48] for array in super().batch(rng)))


def school(pack: Path) -> tuple[Corner, np.ndarray]:
    read = lessons(pack)
    return Corner([(1.0, read)], usual_view(read)), bin_edges(read, small().shape.bins)


def say(step: int, losses: np.ndarray) -> None:
    sys.stdout.write(f"{step} {losses.sum():.3f}\n")
    sys.stdout.flush()


def say_and_hang(step: int, losses: np.ndarray) -> None:
    """Say each step, and after some steps wait for an end that a kill alone can bring."""
    say(step, losses)
    if step == HANGS:
        sys.stdin.read()


def run(pack: Path, folder: Path, told: Callable[[int, np.ndarray], None] = say) -> Reader:
    torch.set_num_threads(1)
    taught, edges = school(pack)
    return train(begin(small(), edges), lesson(taught), folder, told)


def curve(folder: Path) -> list[str]:
    return (folder / "recurrent.jsonl").read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), say_and_hang)
