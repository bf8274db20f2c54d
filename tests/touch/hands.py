"""Make small hands that have learned nothing, but differ from note to note."""

from pathlib import Path

import numpy as np

from engines.touch.network import FILE

SIZES = {"W": 6, "3W": 18, "I": 4}


def small(path: Path, **card: object) -> Path:
    """Write a small hand drawn by lot."""
    rng = np.random.default_rng(0)
    shapes = {
        name: tuple(SIZES[size] if isinstance(size, str) else size for size in shape)
        for name, shape in FILE.shapes.items()
    }
    FILE.write(path, {name: rng.normal(size=shape) for name, shape in shapes.items()}, dict(card))
    return path
