"""Train one reader, step by step, so that a killed run goes on as if nothing had happened.

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

from engines.error import EngineError
from engines.models.performer import READERS, Reader, Shape
from engines.training.draft import drafted
from engines.training.loss import loss
from engines.training.window import Batch, Class

FASTEST, WARM_UP = 1e-3, 100
"""The highest learning rate, and how many steps lead up to it; then it falls as a cosine."""

DECAY = 0.05
"""Weight decay. Source: Loshchilov and Hutter (2019), arXiv 1711.05101 (AdamW)."""

LONGEST_GRADIENT = 1.0
"""Longer ones are cut to this length. Source: Pascanu, Mikolov and Bengio (2013), ICML."""

MEMORY = 0.99
"""How much of the mean of past weights stays at each step. Source: Polyak and Juditsky (1992), SIAM
Journal on Control and Optimization 30(4): the mean generalises better than the last weights."""

EVERY = 50
"""Steps between checkpoints."""


class Plan(NamedTuple):
    """Say how one reader is trained: `reader` names one of `READERS`, `device` is torch's name."""

    reader: str
    shape: Shape
    steps: int
    seed: int = 0
    device: str = "cpu"


class Trainee:
    """Be a reader on its way.

    Args:
        plan: how it is trained.
        edges: of the bins of the view's columns, (F, bins + 1), see `corpus.bin_edges`.
    """

    def __init__(self, plan: Plan, edges: np.ndarray) -> None:
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.step = 0
        self.net = READERS[plan.reader](plan.shape)
        self.net.entry.edges.copy_(torch.from_numpy(edges))
        self.net.to(plan.device)
        self.mean = copy.deepcopy(self.net)
        self._optimizer = torch.optim.AdamW(
            self.net.parameters(), lr=FASTEST, weight_decay=DECAY, betas=(0.9, 0.98)
        )

    def learn(self, school: Class) -> np.ndarray:
        """Go one step, and return the loss by parameter: (D + 1,), see `loss`."""
        self.step += 1
        draw = np.random.default_rng((self.plan.seed, self.step))
        torch.manual_seed(int(draw.integers(2**63)))
        view, said, known, beats, target, weight = self._tensors(school.batch(draw))
        self._set_rate()
        found = loss(self.net(view, said, known, beats), target, weight)
        self._optimizer.zero_grad()
        found.total.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), LONGEST_GRADIENT)
        self._optimizer.step()
        self._remember()
        return found.parts.cpu().numpy()

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

    def _tensors(self, batch: Batch) -> list[Tensor]:
        return [torch.from_numpy(array).to(self.plan.device) for array in batch]

    def _set_rate(self) -> None:
        left = 0.5 + 0.5 * math.cos(math.pi * self.step / self.plan.steps)
        for group in self._optimizer.param_groups:
            group["lr"] = FASTEST * min(self.step / WARM_UP, 1.0) * left

    def _remember(self) -> None:
        keep = min(MEMORY, self.step / (self.step + 20))
        with torch.no_grad():
            for old, new in zip(self.mean.parameters(), self.net.parameters(), strict=True):
                old.lerp_(new, 1.0 - keep)


def train_reader(
    trainee: Trainee, school: Class, folder: Path, told: Callable[[int, np.ndarray], None]
) -> Reader:
    """Train a reader to the end of its plan and return the mean of its weights.

    Args:
        trainee: new, or that of an earlier run: its checkpoint in the folder is taken up.
        school: where the batches come from.
        folder: where checkpoint and learning curve are kept.
        told: called with the step and its losses.
    """
    name = trainee.plan.reader
    checkpoint, curve = folder / f"{name}.pt", folder / f"{name}.jsonl"
    if checkpoint.is_file():
        trainee.load(checkpoint)
    _forget_after(curve, trainee.step)
    while trainee.step < trainee.plan.steps:
        losses = trainee.learn(school)
        with curve.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": trainee.step, "losses": losses.tolist()}) + "\n")
        if trainee.step % EVERY == 0 or trainee.step == trainee.plan.steps:
            trainee.save(checkpoint)
        told(trainee.step, losses)
    trainee.mean.cpu().eval()
    return trainee.mean


def _forget_after(curve: Path, step: int) -> None:
    """Drop what a curve says of steps after the checkpoint; they are gone through again.

    A kill leaves the old curve or the new one, whole.
    """
    if not curve.is_file():
        return
    lines = curve.read_text(encoding="utf-8").splitlines()[:step]
    with drafted(curve) as draft:
        draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
