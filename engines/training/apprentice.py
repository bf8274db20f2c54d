"""Train one network, step by step, so that a killed run goes on as if nothing had happened.

Every step draws its batch and its dropout from the seed and its own number; what else a step needs
(weights, their mean, the optimizer's moments) is in the checkpoint.
"""

import copy
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from engines.error import EngineError
from engines.training.draft import drafted

WARM_UP = 100
"""So many steps lead up to the highest learning rate; then it falls as a cosine."""

DECAY = 0.05
"""Weight decay. Source: Loshchilov and Hutter (2019), arXiv 1711.05101 (AdamW)."""

LONGEST_GRADIENT = 1.0
"""Longer ones are cut to this length. Source: Pascanu, Mikolov and Bengio (2013), ICML."""

EVERY = 50
"""Usual steps between checkpoints."""

N = TypeVar("N", bound=nn.Module)


class Loss(NamedTuple):
    """Say how wrong a network is: the `total` that is made small, and what is told of it, (P,)."""

    total: Tensor
    parts: Tensor


Lesson = Callable[[N, np.random.Generator], Loss]
"""Draw a batch and return how wrong a network is about it.

A network in its `training` mode draws its dropout from torch's own generator, which is seeded."""


class Plan(NamedTuple):
    """Say how a network is trained.

    `shape` says which network it is, in what JSON knows; `fastest` is the highest learning rate,
    `memory` how much of the mean of past weights stays at each step, `device` torch's name of what
    learns, and `every` the steps between checkpoints. Source: Polyak and Juditsky (1992), SIAM
    Journal on Control and Optimization 30(4): that mean generalises better than the last weights.
    """

    name: str
    shape: Any
    steps: int
    seed: int = 0
    fastest: float = 1e-3
    memory: float = 0.995
    device: str = "cpu"
    every: int = EVERY


class Apprentice(Generic[N]):
    """Be a network on its way.

    Args:
        plan: how it is trained.
        make: makes the network; its first weights are drawn from the plan's seed.
    """

    def __init__(self, plan: Plan, make: Callable[[], N]) -> None:
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.step = 0
        self.net = make().to(plan.device)
        self.mean = copy.deepcopy(self.net).eval()
        self._optimizer = torch.optim.AdamW(
            self.net.parameters(), lr=plan.fastest, weight_decay=DECAY, betas=(0.9, 0.98)
        )

    def learn(self, lesson: Lesson[N]) -> np.ndarray:
        """Go one step, and return how wrong it was by parts, (P,)."""
        self.step += 1
        draw = np.random.default_rng((self.plan.seed, self.step))
        torch.manual_seed(int(draw.integers(2**63)))
        self._set_rate()
        wrong = lesson(self.net, draw)
        self._optimizer.zero_grad()
        wrong.total.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), LONGEST_GRADIENT)
        self._optimizer.step()
        self._remember()
        return wrong.parts.detach().cpu().numpy()

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
            group["lr"] = self.plan.fastest * min(self.step / WARM_UP, 1.0) * left

    def _remember(self) -> None:
        keep = min(self.plan.memory, self.step / (self.step + 20))
        with torch.no_grad():
            for old, new in zip(self.mean.parameters(), self.net.parameters(), strict=True):
                old.lerp_(new, 1.0 - keep)


def train(
    apprentice: Apprentice[N],
    lesson: Lesson[N],
    folder: Path,
    told: Callable[[int, np.ndarray], None],
) -> N:
    """Train to the end of the plan and return the network with the mean of its weights.

    Args:
        apprentice: new; the checkpoint of an earlier run in the folder is taken up.
        lesson: see `Lesson`.
        folder: where checkpoint and learning curve are kept, by the plan's name.
        told: called after each step with its number and how wrong it was, (P,).
    """
    checkpoint, curve = (folder / f"{apprentice.plan.name}.{end}" for end in ("pt", "jsonl"))
    if checkpoint.is_file():
        apprentice.load(checkpoint)
    _forget_after(curve, apprentice.step)
    while apprentice.step < apprentice.plan.steps:
        wrong = apprentice.learn(lesson)
        with curve.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": apprentice.step, "losses": wrong.tolist()}) + "\n")
        if apprentice.step % apprentice.plan.every == 0 or apprentice.step == apprentice.plan.steps:
            apprentice.save(checkpoint)
        told(apprentice.step, wrong)
    return apprentice.mean.cpu().eval()


def _forget_after(curve: Path, step: int) -> None:
    """Drop what a curve says of steps after the checkpoint; they are gone through again.

    A kill leaves the old curve or the new one, whole.
    """
    if not curve.is_file():
        return
    lines = curve.read_text(encoding="utf-8").splitlines()[:step]
    with drafted(curve) as draft:
        draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
