"""Train the hand that plays along live, from recordings of players to its file of weights."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engines.error import EngineError
from engines.models.hand import Hand, Shape
from engines.touch.network import FILE, Network
from engines.training import apprentice
from engines.training.apprentice import Apprentice, Loss, Plan
from engines.training.draft import drafted
from engines.training.live.lesson import Lesson, lesson
from engines.training.live.school import Batch, School
from engines.training.live.source import SOURCES, Source, read_pages

STEPS, FASTEST, MEMORY, WINDOWS = 4000, 3e-3, 0.995, 32
"""Usual steps, the highest learning rate, how much of the mean of past weights stays at each step,
and windows in a batch."""

EVERY = 200
"""Steps between checkpoints."""

READ = 0.1
"""The share of the time after which all is read."""

Told = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done."""


class Order(NamedTuple):
    """Say what the hand learns from, where its run is kept, and how it learns.

    `without` are pieces that are left out; `steps` are as many as usual by default, and `sources`
    the packs.
    """

    data: Path
    folder: Path
    steps: int | None = None
    seed: int = 0
    without: tuple[str, ...] = ()
    shape: Shape = Shape()
    windows: int = WINDOWS
    sources: tuple[Source, ...] = SOURCES

    def length(self) -> int:
        """Return the steps of the run."""
        return self.steps or STEPS

    def plan(self) -> Plan:
        """Return how the hand is trained."""
        return Plan("live", self.shape, self.length(), self.seed, FASTEST, MEMORY, every=EVERY)


def order(*, forgetful: bool = False, **asked: Any) -> Order:
    """Return an order of what was asked for; `forgetful` is for a hand without memory."""
    return Order(**asked, shape=Shape(recalls=not forgetful))


def train_hand(order: Order, told: Told) -> Path:
    """Train the hand and return its file, `live.npz` in the order's folder.

    A run that was killed goes on where its last checkpoint is.

    Raises:
        EngineError: a pack is missing or has nothing to learn from, or the folder holds a run of
            another plan.
    """
    torch.set_num_threads(1)
    order.folder.mkdir(parents=True, exist_ok=True)
    packs = read_lessons(order, told)
    school = School(packs, [source.share for source in order.sources])
    begun = Apprentice(order.plan(), lambda: Hand(order.shape))
    net = apprentice.train(
        begun, teacher(school, order.windows), order.folder, _teller(told, order)
    )
    path = order.folder / "live.npz"
    with drafted(path) as draft:
        FILE.write(draft, arrays(net), _card(order, packs))
        Network(draft)
    return path


def read_lessons(order: Order, told: Told) -> list[list[Lesson]]:
    """Return the lessons of each pack.

    Raises:
        EngineError: a pack is missing or has none.
    """
    draw = np.random.default_rng(order.seed)
    packs = []
    for done, source in enumerate(order.sources):
        told(f"reading {source.pack}", READ * done / len(order.sources))
        pages = read_pages(order.data, source, "train")
        kept = (page for page in pages if page.piece not in order.without)
        packs.append([lesson(page, draw) for page in kept])
        if not packs[-1]:
            raise EngineError(f"{source.pack} has nothing to learn from, allowed is 1 or more")
    return packs


def teacher(school: School, windows: int) -> apprentice.Lesson[Hand]:
    """Return lessons of the batches that a school gives out; the loss is in nats a note."""

    def judge(hand: Hand, draw: np.random.Generator) -> Loss:
        parts = loss(hand, school.batch(draw, windows))
        return Loss(parts.sum(), parts)

    return judge


def loss(hand: Hand, batch: Batch) -> Tensor:
    """Return how unlikely what was played is, in nats a note: (2,), of velocity and lateness."""
    each, weight = surprise(hand, batch), torch.from_numpy(batch.weight)
    return (each * weight).sum(dim=(0, 1)) / weight.sum(dim=(0, 1)).clamp(min=1.0)


def surprise(hand: Hand, batch: Batch) -> Tensor:
    """Return how unlikely each note is: (B, N, 2), of velocity and lateness, in nats."""
    view, bins = torch.from_numpy(batch.view), torch.from_numpy(batch.bins)
    answers = hand(view, bins[..., 0])
    found = [
        functional.cross_entropy(logits.transpose(1, 2), bins[..., column], reduction="none")
        for column, logits in enumerate(answers)
    ]
    return torch.stack(found, dim=-1)


def arrays(hand: Hand) -> dict[str, np.ndarray]:
    """Return the arrays of a hand as `engines.touch.network` names them."""
    state = {name: value.detach().numpy() for name, value in hand.state_dict().items()}
    return {
        "seen": state["state.weight_ih_l0"].T,
        "recurrent": state["state.weight_hh_l0"].T,
        "bias": state["state.bias_ih_l0"],
        "recurrent_bias": state["state.bias_hh_l0"],
        "inner": state["inner.weight"].T,
        "inner_bias": state["inner.bias"],
        "answer": state["answer.weight"].T,
        "answer_bias": state["answer.bias"],
        "chain": state["chain"],
    }


def _teller(told: Told, order: Order) -> Callable[[int, np.ndarray], None]:
    return lambda step, wrong: told(
        f"loss {wrong[0]:.2f} {wrong[1]:.2f}", READ + (1.0 - READ) * step / order.length()
    )


def _card(order: Order, packs: list[list[Lesson]]) -> dict[str, Any]:
    """Return what the file says of itself."""
    return {
        "packs": {
            source.pack: {"lessons": len(pack), "notes": sum(len(one.view) for one in pack)}
            for source, pack in zip(order.sources, packs, strict=True)
        },
        "attribution": [source.attribution for source in order.sources],
        "without": list(order.without),
        "steps": order.length(),
        "seed": order.seed,
        "shape": order.shape._asdict(),
        "torch": torch.__version__,
    }
