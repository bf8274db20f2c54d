"""Train a drummer, from takes to its file of weights."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import torch

from engines.drummer.network import FORMAT, Card, Network
from engines.drummer.page import COLUMNS, MOMENTS, PLAYERS
from engines.error import EngineError
from engines.kit import UNMAPPED, VOICES, kit_of
from engines.models.drummer import Drummer, Shape
from engines.training.apprentice import Apprentice, Plan, train
from engines.training.draft import drafted
from engines.training.drums.calibration import shares
from engines.training.drums.export import describe, export
from engines.training.drums.lesson import page_lesson, sixteenth_lesson
from engines.training.drums.school import LATE_EDGE, VELOCITY_EDGE, School
from engines.training.groove_midi import DrumTake, read_takes

STEPS = 3_000
"""Steps of training, unless something else is asked for: more teach it the takes by heart."""

SHAPE = Shape(
    said=len(COLUMNS),
    around=MOMENTS * len(VOICES),
    velocity=len(VELOCITY_EDGE) - 1,
    late=len(LATE_EDGE) - 1,
)

Told = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done."""


class Order(NamedTuple):
    """Say which drummer is wanted.

    `data` is a folder laid out as the Groove MIDI Dataset is; in `folder` go checkpoint, learning
    curve and weights; `steps` are as many as usual by default. Takes of the drummers in `without`
    are not learned from.
    """

    data: Path
    folder: Path
    steps: int | None = None
    seed: int = 0
    without: tuple[str, ...] = ()
    workers: int = 1
    shape: Shape = SHAPE

    def length(self) -> int:
        """Return the steps of the run."""
        return self.steps or STEPS


def train_drummer(order: Order, told: Told) -> Path:
    """Train the drummer of an order and return its file, `drums.onnx` in the order's folder.

    A run that was killed goes on where its last checkpoint is.

    Raises:
        EngineError: there are no takes, no such drummer, or the folder holds another order's run.
    """
    torch.set_num_threads(order.workers)
    order.folder.mkdir(parents=True, exist_ok=True)
    told("reading takes", 0.0)
    takes, others = (_takes(order, split) for split in ("train", "validation"))
    school = School([page_lesson(t) for t in takes], [sixteenth_lesson(t) for t in takes])
    plan = Plan("drummer", [*order.shape, *order.without], order.length(), order.seed)
    apprentice = Apprentice(plan, lambda: Drummer(order.shape))
    net = train(apprentice, school, order.folder, _teller(told, order.length()))
    path = order.folder / "drums.onnx"
    with drafted(path) as draft:
        card = Card(FORMAT, COLUMNS, VELOCITY_EDGE, LATE_EDGE)
        export(net, draft, card)
        heard = [page_lesson(take) for take in others]
        found = shares(Network(draft), heard, lambda share: told("calibrating", share))
        describe(draft, msgspec.structs.replace(card, shares=found))
    return path


def _takes(order: Order, split: str) -> list[DrumTake]:
    unknown = [name for name in order.without if name not in PLAYERS]
    if unknown:
        raise EngineError(f"without has {unknown[0]!r}, allowed are {', '.join(PLAYERS)}")
    takes = [t for t in read_takes(order.data, (split,)) if t.drummer not in order.without]
    takes = [t for t in takes if kit_of(t.clip).voice[t.clip.notes.pitch].max() != UNMAPPED]
    if not takes:
        raise EngineError(
            f"{order.data} has 0 takes of drums of the split {split}, needed is 1 or more"
        )
    return takes


def _teller(told: Told, steps: int) -> Callable[[int, np.ndarray], None]:
    def tell(step: int, wrong: np.ndarray) -> None:
        told(f"velocity {wrong[0]:.2f}, lateness {wrong[1]:.2f}", step / steps)

    return tell
