"""Choose tracks by what musicians call them: numbers, names and roles."""

import re

from bridge.error import BridgeError
from engines.clip import ROLES, Clip
from engines.role import infer


def choose_tracks(clips: tuple[Clip, ...], wanted: str) -> list[int]:
    """Return the rows of the clips that are meant, in order.

    Args:
        clips: the tracks; musicians count them from 1.
        wanted: numbers, ranges, roles and parts of names, separated by commas: "1,3-5,bass".

    Raises:
        BridgeError: a part of `wanted` fits no track.
    """
    rows: set[int] = set()
    for part in (part.strip() for part in wanted.split(",")):
        found = {row for row, clip in enumerate(clips) if _fits(part, row, clip)}
        if not found:
            names = ", ".join(label(clips, row) for row in range(len(clips)))
            raise BridgeError(f"tracks is {part!r}, allowed are {names}")
        rows |= found
    return sorted(rows)


def label(clips: tuple[Clip, ...], row: int) -> str:
    """Return what a track is called to a musician: its number, name and role."""
    name = "".join(letter for letter in f" {clips[row].name}" if letter.isprintable()).rstrip()
    return f"{row + 1}{name} ({infer(clips[row])})"


def _fits(part: str, row: int, clip: Clip) -> bool:
    span = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
    if span:
        return int(span[1]) <= row + 1 <= int(span[2] or span[1])
    if part in ROLES:
        return infer(clip) == part
    return bool(part) and part.lower() in clip.name.lower()
