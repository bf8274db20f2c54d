"""Say in sentences what is missing, though the server serves without it."""

from bridge.live_shelf import LiveShelf
from bridge.shelf import Shelf
from engines.performance.weights import Library
from engines.registry import broken


def warnings(shelf: Shelf, library: Library) -> list[str]:
    """Return a sentence for all that a user would miss: weights, engines, presets."""
    return [*library.lack(), *broken_engines(), *unusable_presets(shelf)]


def broken_engines() -> list[str]:
    """Return a sentence for each engine that is announced and does not load."""
    end = "update or remove its package"
    return [f"engine {name} does not load: {why}; {end}" for name, why in broken().items()]


def unusable_presets(shelf: Shelf | LiveShelf) -> list[str]:
    """Return a sentence for each file of the user's presets that cannot be used."""
    return [f"{path} is left out: {why}" for path, why in shelf.unusable.items()]
