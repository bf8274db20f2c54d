"""Train a player, from its packs to its file of weights."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from engines.error import EngineError
from engines.models.performer import READERS, Performer, Shape
from engines.performance.interpreter import SAID
from engines.performance.network import Network
from engines.performance.view import COLUMNS
from engines.training.apprentice import Plan, train
from engines.training.calibration import JUDGES, calibrate
from engines.training.corpus import RECIPES, Source, bin_edges, find_pack, read_lessons, usual_view
from engines.training.course import begin, lesson, reader_plan
from engines.training.draft import drafted
from engines.training.export import NEARNESS, compare, describe, export
from engines.training.forest import Growth, Plot, grow, plots
from engines.training.graft import graft
from engines.training.lesson import Lesson
from engines.training.shelf import keep, take
from engines.training.shrink import shrink
from engines.training.unheard import Unheard
from engines.training.window import Class

Told = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done."""


class Order(NamedTuple):
    """Say which player is wanted.

    `weights` names a recipe of `corpus.RECIPES`; `folder` is where the lessons that were read are
    kept, and checkpoints and learning curves, those in a folder named after the weights; `steps`
    are those of each reader, as many as the recipe says by default. The first reader draws by the
    `seed`, the next by the number after it, for readers that are unlike err unlike. Only the
    `packs` of the recipe are read, all of them if none is named, and of each at most `limit`
    lessons.
    """

    weights: str
    data: Path
    folder: Path
    steps: int | None = None
    seed: int = 0
    device: str = "cpu"
    packs: tuple[str, ...] = ()
    limit: int | None = None
    workers: int = 2

    def length(self) -> int:
        """Return the steps of each reader."""
        return self.steps or RECIPES[self.weights].steps

    def growths(self) -> tuple[Growth, Growth]:
        """Return how trees grow without and with a style, not more than a reader has steps."""
        recipe = RECIPES[self.weights]
        plain, styled = (
            growth._replace(trees=min(growth.trees, self.length()))
            for growth in (recipe.plain, recipe.styled)
        )
        return plain, styled

    def recipe(self) -> tuple[Source, ...]:
        """Return the sources that are learned from.

        Raises:
            EngineError: a pack is not of the recipe.
        """
        sources = {source.pack: source for source in RECIPES[self.weights].sources}
        foreign = [pack for pack in self.packs if pack not in sources]
        if foreign:
            raise EngineError(f"packs has {foreign[0]}, allowed are {', '.join(sources)}")
        return tuple(sources[pack] for pack in self.packs or sources)


def train_player(order: Order, told: Told) -> Path:
    """Train the player of an order and return its file, `NAME.onnx` in the order's folder.

    A run that was killed goes on where its last checkpoint is.

    Raises:
        EngineError: a pack is missing or teaches nothing, torch finds no such device, or the folder
            holds a run of another order or plan.
    """
    studio = _studio(order)
    torch.set_num_threads(order.workers)
    sources = _sources(order, told)
    everything = [lesson for _, lessons in sources for lesson in lessons]
    edges = bin_edges(everything, _shape().bins)
    taught = lesson(Class(sources, usual_view(everything), RECIPES[order.weights].coy))
    readers = []
    for number, name in enumerate(READERS):
        plan = reader_plan(name, _shape(), order.length(), order.seed + number, order.device)
        readers.append(train(begin(plan, edges), taught, studio, _teller(told, plan)))
    grounds = _plots(order, sources)
    forests = grow(grounds, studio, lambda share: told("growing trees", share))
    unheard = _unheard(order, sources, told)
    player = Performer(readers)
    path = order.folder / f"{order.weights}.onnx"
    with drafted(path) as draft:
        export(player, draft, _card(order, sources))
        shrink(draft)
        compare(player, draft, NEARNESS)
        graft(draft, forests)
        told("calibrating", 0.0)
        found = calibrate(Network(draft), order.weights, order.data, unheard)
        describe(draft, {**Network(draft).card, **found})
        told("calibrating", 1.0)
    return path


def _studio(order: Order) -> Path:
    """Return the folder of an order's checkpoints, and refuse what would only fail at the end.

    Raises:
        EngineError: see `train_player`.
    """
    if order.device == "cuda" and not torch.cuda.is_available():
        raise EngineError("device is cuda, allowed is cpu: torch finds no such GPU here")
    find_pack(order.data, JUDGES[order.weights].pack)
    studio = order.folder / order.weights
    studio.mkdir(parents=True, exist_ok=True)
    learned = {"packs": [source.pack for source in order.recipe()], "limit": order.limit}
    ledger, asked = studio / "order.json", json.dumps(learned)
    begun = ledger.is_file() and any((studio / f"{name}.pt").is_file() for name in READERS)
    if begun and ledger.read_text(encoding="utf-8") != asked:
        raise EngineError(
            f"{studio} holds a run of {ledger.read_text(encoding='utf-8')}, allowed is the same"
            f" order or another folder; this one is {asked}"
        )
    ledger.write_text(asked, encoding="utf-8")
    return studio


def _shape() -> Shape:
    return Shape(len(COLUMNS), SAID)


def _sources(order: Order, told: Told) -> list[tuple[float, list[Lesson]]]:
    recipe = order.recipe()
    sources = []
    for number, source in enumerate(recipe):
        told(f"reading {source.pack}", number / len(recipe))
        sources.append((source.share, _lessons(order, source)))
    return sources


def _lessons(order: Order, source: Source) -> list[Lesson]:
    """Return the lessons of a pack, those on the shelf if an earlier run has read them."""
    name = source.pack if order.limit is None else f"{source.pack}-{order.limit}"
    path = order.folder / "lessons" / f"{name}.npz"
    pack = find_pack(order.data, source.pack)
    lessons = take(path, pack)
    if lessons is None:
        lessons = read_lessons(order.data, source, limit=order.limit, workers=order.workers)
        if not lessons:
            raise EngineError(f"{source.pack} has 0 lessons to learn from, allowed are 1 or more")
        keep(lessons, path, pack)
    return lessons


def _plots(order: Order, sources: list[tuple[float, list[Lesson]]]) -> list[Plot]:
    """Return where trees grow, on all that is read if that has none of the packs meant for them."""
    read = {source.pack: taught for source, taught in zip(order.recipe(), sources, strict=True)}
    plain, styled = (
        plots(growth, [read[pack] for pack in growth.packs if pack in read])
        for growth in order.growths()
    )
    return [*plain, *styled] or plots(order.growths()[0], sources)


def _unheard(order: Order, sources: list[tuple[float, list[Lesson]]], told: Told) -> Unheard | None:
    """Return who judges the player without having heard its pieces, if it has learned them all."""
    judge = JUDGES[order.weights]
    read = zip(order.recipe(), sources, strict=True)
    learned = [lessons for source, (_, lessons) in read if source.pack == judge.pack]
    if judge.split or not learned or len({one.piece for one in learned[0]}) < 2:
        return None
    return Unheard(learned[0], order.growths()[0], lambda share: told("growing trees apart", share))


def _teller(told: Told, plan: Plan) -> Callable[[int, np.ndarray], None]:
    def tell(step: int, losses: np.ndarray) -> None:
        told(f"{plan.name}: loss {losses[:-1].mean():.3f}", step / plan.steps)

    return tell


def _card(order: Order, sources: list[tuple[float, list[Lesson]]]) -> dict[str, Any]:
    """Return what the file says of itself."""
    packs = {
        source.pack: {"share": source.share, "notes": sum(len(one.beats) for one in lessons)}
        for source, (_, lessons) in zip(order.recipe(), sources, strict=True)
    }
    return {
        "weights": order.weights,
        "packs": packs,
        "steps": order.length(),
        "seed": order.seed,
        "torch": torch.__version__,
    }
