"""Load a script of docs/ as who runs it does: with its folder on the path."""

import runpy
import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"


def script_of(name: str) -> dict[str, Any]:
    """Return what a script defines."""
    sys.path.insert(0, str(DOCS))
    try:
        return runpy.run_path(str(DOCS / name))
    finally:
        sys.path.remove(str(DOCS))
