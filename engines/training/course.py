"""Train a reader: what it is made of, and how a batch of windows shows how wrong it is."""

import numpy as np
import torch

from engines.models.performer import READERS, Reader, Shape
from engines.training.apprentice import Apprentice, Lesson, Loss, Plan
from engines.training.loss import loss
from engines.training.window import Class

MEMORY = 0.99
"""How much of the mean of a reader's past weights stays at each step."""


def reader_plan(name: str, shape: Shape, steps: int, seed: int = 0, device: str = "cpu") -> Plan:
    """Return how the reader of that name, one of `READERS`, is trained."""
    return Plan(name, shape, steps, seed, memory=MEMORY, device=device)


def begin(plan: Plan, edges: np.ndarray) -> Apprentice[Reader]:
    """Return a reader that has learned nothing yet.

    Args:
        plan: how it is trained, see `reader_plan`.
        edges: of the bins of the view's columns, (F, bins + 1), see `corpus.bin_edges`.
    """

    def make() -> Reader:
        reader = READERS[plan.name](plan.shape)
        reader.entry.edges.copy_(torch.from_numpy(edges))
        return reader

    return Apprentice(plan, make)


def lesson(school: Class) -> Lesson[Reader]:
    """Return lessons of the batches that a school gives out; see `engines.training.loss`."""

    def judge(reader: Reader, draw: np.random.Generator) -> Loss:
        device = reader.entry.edges.device
        batch = [torch.from_numpy(array).to(device) for array in school.batch(draw)]
        view, said, known, beats, target, weight = batch
        return loss(reader(view, said, known, beats), target, weight)

    return judge
