"""Train the writer step by step, so that a killed run goes on as if nothing had happened.

Every step draws its batch and its dropout from the seed and its own number; what else a step needs
(weights, their mean, the optimizer's moments) is in the checkpoint.
"""

import copy
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.error import EngineError
from engines.models.writer import Shape, Writer
from engines.training.draft import drafted
from engines.training.drums.writer_class import Batch, Class

FASTEST, WARM_UP = 2e-3, 100
"""The highest learning rate, and how many steps lead up to it; then it falls as a cosine."""

DECAY = 0.05
"""Weight decay. Source: Loshchilov and Hutter (2019), arXiv 1711.05101 (AdamW)."""

LONGEST_GRADIENT = 1.0
"""Longer ones are cut to this length. Source: Pascanu, Mikolov and Bengio (2013), ICML."""

MEMORY = 0.99
"""How much of the mean of past weights stays at each step. Source: Polyak and Juditsky (1992), SIAM
Journal on Control and Optimization 30(4): the mean generalises better than the last weights."""

EVERY = 100
"""Usual steps between checkpoints."""


class Plan(NamedTuple):
    """Say how a writer is trained."""

    shape: Shape = Shape()
    steps: int = 2000
    windows: int = 32
    seed: int = 0
    every: int = EVERY
    """Steps between checkpoints."""


class Trainee:
    """Be a writer on its way."""

    def __init__(self, plan: Plan) -> None:
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.step = 0
        self.net = Writer(plan.shape)
        self.mean = copy.deepcopy(self.net)
        self._optimizer = torch.optim.AdamW(
            self.net.parameters(), lr=FASTEST, weight_decay=DECAY, betas=(0.9, 0.98)
        )

    def learn(self, school: Class) -> float:
        """Go one step, and return the loss in nats a step of the grid."""
        self.step += 1
        draw = np.random.default_rng((self.plan.seed, self.step))
        torch.manual_seed(int(draw.integers(2**63)))
        found = loss(self.net, school.batch(draw, self.plan.windows))
        self._set_rate()
        self._optimizer.zero_grad()
        found.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), LONGEST_GRADIENT)
        self._optimizer.step()
        self._remember()
        return float(found.detach())

    def save(self, path: Path) -> None:
        """Write a checkpoint; a kill leaves the last one or this one, whole."""
        state = {
            "plan": json.dumps(self.plan),
            "step": self.step,
            "net": self.net.state_dict(),
            "mean": self.mean.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        with drafted(path) as draft:
            torch.save(state, draft)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint.

        Raises:
            EngineError: it is that of another plan.
        """
        state: dict[str, Any] = torch.load(path, weights_only=True)
        if state["plan"] != json.dumps(self.plan):
            raise EngineError(f"{path} is a run of plan {state['plan']}, allowed is the same plan")
        self.step = state["step"]
        self.net.load_state_dict(state["net"])
        self.mean.load_state_dict(state["mean"])
        self._optimizer.load_state_dict(state["optimizer"])

    def _set_rate(self) -> None:
        left = 0.5 + 0.5 * math.cos(math.pi * self.step / self.plan.steps)
        for group in self._optimizer.param_groups:
            group["lr"] = FASTEST * min(self.step / WARM_UP, 1.0) * left

    def _remember(self) -> None:
        keep = min(MEMORY, self.step / (self.step + 20))
        with torch.no_grad():
            for old, new in zip(self.mean.parameters(), self.net.parameters(), strict=True):
                old.lerp_(new, 1.0 - keep)


def loss(net: Writer, batch: Batch) -> Tensor:
    """Return how unlikely what was played is to the writer, in nats a step: a number."""
    view, memory, hits, weight = (torch.from_numpy(array) for array in batch)
    logits = net(view, memory, hits)
    each = functional.cross_entropy(logits.flatten(0, 2), hits.flatten(), reduction="none")
    return (each * weight.flatten()).sum() * hits.shape[-1] / weight.sum().clamp(min=1.0)


def train(
    trainee: Trainee, school: Class, folder: Path, told: Callable[[int, float], None]
) -> Writer:
    """Train a writer to the end of its plan and return the mean of its weights.

    Args:
        trainee: new, or that of an earlier run: its checkpoint in the folder is taken up.
        school: where the batches come from.
        folder: where checkpoint and learning curve are kept.
        told: called with the step and its loss.
    """
    checkpoint, curve = folder / "writer.pt", folder / "writer.jsonl"
    if checkpoint.is_file():
        trainee.load(checkpoint)
    _forget_after(curve, trainee.step)
    while trainee.step < trainee.plan.steps:
        found = trainee.learn(school)
        with curve.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": trainee.step, "loss": found}) + "\n")
        if trainee.step % trainee.plan.every == 0 or trainee.step == trainee.plan.steps:
            trainee.save(checkpoint)
        told(trainee.step, found)
    return trainee.mean.eval()


def _forget_after(curve: Path, step: int) -> None:
    """Drop what a curve says of steps after the checkpoint; they are gone through again."""
    if not curve.is_file():
        return
    lines = curve.read_text(encoding="utf-8").splitlines()[:step]
    with drafted(curve) as draft:
        draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
