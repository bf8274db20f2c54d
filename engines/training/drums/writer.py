"""Train the writer of drum parts, from takes of drummers to its file of weights."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from engines.error import EngineError
from engines.models.writer import Shape, Writer
from engines.training.apprentice import train
from engines.training.draft import drafted
from engines.training.drums.writer_class import Class
from engines.training.drums.writer_course import STEPS, WINDOWS, begin, lesson, writer_plan
from engines.training.drums.writer_habit import habits
from engines.training.drums.writer_lesson import Lesson, lessons
from engines.training.groove_midi import read_takes
from engines.writer.network import FILE, Network
from engines.writer.view import COLUMNS

ATTRIBUTION = (
    "Groove MIDI Dataset, J. Gillick, A. Roberts, J. Engel, D. Eck, D. Bamman, "
    '"Learning to Groove with Inverse Sequence Transformations" (ICML 2019), Google LLC, CC BY 4.0.'
)

Told = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done."""


class Order(NamedTuple):
    """Say what the writer learns from, where its run is kept, and how it learns.

    `steps` are as many as usual by default.
    """

    data: Path
    folder: Path
    steps: int | None = None
    seed: int = 0
    shape: Shape = Shape()
    windows: int = WINDOWS

    def length(self) -> int:
        """Return the steps of the run."""
        return self.steps or STEPS


def train_writer(order: Order, told: Told) -> Path:
    """Train the writer and return its file, `writer.npz` in the order's folder.

    A run that was killed goes on where its last checkpoint is.

    Raises:
        EngineError: the data has no takes to learn from, or the folder holds a run of another plan.
    """
    torch.set_num_threads(1)
    order.folder.mkdir(parents=True, exist_ok=True)
    told("reading takes", 0.0)
    taught = lessons(read_takes(order.data, ("train",)))
    if all(one.is_fill for one in taught):
        raise EngineError(f"{order.data} has no grooves to learn from, allowed are 1 or more")
    apprentice = begin(writer_plan(order.shape, order.length(), order.seed))
    school = lesson(Class(taught), order.windows)
    net = train(apprentice, school, order.folder, _teller(told, order.length()))
    path = order.folder / "writer.npz"
    with drafted(path) as draft:
        FILE.write(draft, arrays(net), _card(order, taught))
        Network(draft)
    return path


def arrays(net: Writer) -> dict[str, np.ndarray]:
    """Return the arrays of a writer as `engines.writer.network` names them."""
    state = {name: value.detach().numpy() for name, value in net.state_dict().items()}
    columns = state["state.weight_ih_l0"].T
    seen = COLUMNS
    return {
        "seen": columns[:seen],
        "remembered": columns[seen:],
        "recurrent": state["state.weight_hh_l0"].T,
        "bias": state["state.bias_ih_l0"],
        "recurrent_bias": state["state.bias_hh_l0"],
        "inner": state["inner.weight"].T,
        "inner_bias": state["inner.bias"],
        "answer": state["answer.weight"].T,
        "answer_bias": state["answer.bias"],
        "chain": state["chain"] * state["earlier"],
    }


def _teller(told: Told, steps: int) -> Callable[[int, np.ndarray], None]:
    return lambda step, loss: told(f"loss {loss[0]:.2f}", step / steps)


def _card(order: Order, taught: list[Lesson]) -> dict[str, Any]:
    """Return what the file says of itself, and what the writer knows beside its arrays."""
    return {
        "pack": "groove",
        "attribution": ATTRIBUTION,
        "takes": len(taught),
        "steps": order.length(),
        "seed": order.seed,
        "shape": order.shape._asdict(),
        "torch": torch.__version__,
        **habits(taught),
    }
