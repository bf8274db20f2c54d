"""Train a player, from its packs to its file of weights."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from engines.models.performer import READERS, Performer, Shape
from engines.performance.interpreter import STYLES
from engines.performance.network import Network
from engines.performance.view import COLUMNS, MARKS
from engines.training.calibration import calibrate
from engines.training.corpus import RECIPES, read_lessons, view_statistics
from engines.training.course import Plan, Trainee, train_reader
from engines.training.export import describe, export
from engines.training.lesson import Lesson
from engines.training.window import Class

Told = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done."""

STEPS = 1_200
"""Steps of each reader; with more, the readers learn the pieces by heart."""


class Order(NamedTuple):
    """Say which player is wanted.

    `weights` names a recipe of `corpus.RECIPES`; `folder` is where checkpoints and learning curves
    are kept; `steps` are those of each reader; of each pack at most `limit` lessons are read.
    """

    weights: str
    data: Path
    folder: Path
    steps: int = STEPS
    seed: int = 0
    device: str = "cpu"
    limit: int | None = None
    workers: int = 2


def train_player(order: Order, told: Told) -> Path:
    """Train the player of an order and return its file, `NAME.onnx` in the order's folder.

    A run that was killed goes on where its last checkpoint is.

    Raises:
        EngineError: a pack is missing, or the folder holds a run of another plan.
    """
    order.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(order.workers)
    sources = _sources(order, told)
    centre, scale = view_statistics(lesson for _, lessons in sources for lesson in lessons)
    school = Class(sources, centre)
    readers = []
    for name in READERS:
        plan = Plan(name, _shape(), order.steps, order.seed, order.device)
        trainee = Trainee(plan, centre, scale)
        readers.append(train_reader(trainee, school, order.folder, _teller(told, plan)))
    path = order.folder / f"{order.weights}.onnx"
    export(Performer(readers), path, _card(order, sources))
    told("calibrating", 0.0)
    describe(path, {**Network(path).card, **calibrate(Network(path), order.weights, order.data)})
    told("calibrating", 1.0)
    return path


def _shape() -> Shape:
    return Shape(len(COLUMNS), MARKS + 2 + len(STYLES))


def _sources(order: Order, told: Told) -> list[tuple[float, list[Lesson]]]:
    recipe = RECIPES[order.weights]
    sources = []
    for number, source in enumerate(recipe):
        told(f"reading {source.pack}", number / len(recipe))
        lessons = read_lessons(order.data, source, limit=order.limit, workers=order.workers)
        sources.append((source.share, lessons))
    return sources


def _teller(told: Told, plan: Plan) -> Callable[[int, np.ndarray], None]:
    def tell(step: int, losses: np.ndarray) -> None:
        told(f"{plan.reader}: loss {losses[:-1].mean():.3f}", step / plan.steps)

    return tell


def _card(order: Order, sources: list[tuple[float, list[Lesson]]]) -> dict[str, Any]:
    """Return what the file says of itself."""
    packs = {
        source.pack: {"share": source.share, "notes": sum(len(one.beats) for one in lessons)}
        for source, (_, lessons) in zip(RECIPES[order.weights], sources, strict=True)
    }
    return {
        "weights": order.weights,
        "packs": packs,
        "steps": order.steps,
        "seed": order.seed,
        "torch": torch.__version__,
    }
