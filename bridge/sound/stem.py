"""Name the files of stems."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

LONGEST: Final = 100
"""Bytes of a track's name that a file's name has; systems allow 255 for all of it."""

FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]+')
"""What names of files must not have. Source: Windows, "Naming Files, Paths, and Namespaces"."""


def stem_paths(mix: Path, names: Sequence[str]) -> tuple[Path, ...]:
    """Return a path beside the mix for each track: `OUT - NAME.wav`, no two of them the same."""
    taken: set[str] = set()
    paths = []
    for number, name in enumerate(names, 1):
        safe = _safe(name) or f"track {number}"
        free, again = safe, 1
        while free.casefold() in taken:
            again += 1
            free = f"{safe} {again}"
        taken.add(free.casefold())
        paths.append(mix.with_name(f"{mix.stem} - {free}{mix.suffix}"))
    return tuple(paths)


def _safe(name: str) -> str:
    """Return a name without what a system of files refuses."""
    kept = " ".join(FORBIDDEN.sub(" ", name).split())
    return kept.encode()[:LONGEST].decode(errors="ignore").strip(" .")
