"""Train the writer: what it is made of, and how unlikely to it drummers' hits are."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engines.models.writer import Shape, Writer
from engines.training.apprentice import Apprentice, Lesson, Loss, Plan
from engines.training.drums.writer_class import Batch, Class

STEPS, FASTEST, MEMORY = 2000, 2e-3, 0.99
"""Usual steps, the highest learning rate, and how much of the mean of past weights stays at each
step."""

WINDOWS = 32
"""Windows in a batch."""

EVERY = 100
"""Steps between checkpoints."""


def writer_plan(shape: Shape, steps: int = STEPS, seed: int = 0) -> Plan:
    """Return how a writer is trained."""
    return Plan("writer", shape, steps, seed, FASTEST, MEMORY, every=EVERY)


def begin(plan: Plan) -> Apprentice[Writer]:
    """Return a writer that has learned nothing yet; see `writer_plan`."""
    return Apprentice(plan, lambda: Writer(plan.shape))


def lesson(school: Class, windows: int = WINDOWS) -> Lesson[Writer]:
    """Return lessons of the batches that a school gives out; the loss is in nats a step."""

    def judge(writer: Writer, draw: np.random.Generator) -> Loss:
        found = loss(writer, school.batch(draw, windows))
        return Loss(found, found[None])

    return judge


def loss(net: Writer, batch: Batch) -> Tensor:
    """Return how unlikely what was played is to the writer, in nats a step: a number."""
    view, memory, hits, weight = (torch.from_numpy(array) for array in batch)
    logits = net(view, memory, hits)
    each = functional.cross_entropy(logits.flatten(0, 2), hits.flatten(), reduction="none")
    return (each * weight.flatten()).sum() * hits.shape[-1] / weight.sum().clamp(min=1.0)
