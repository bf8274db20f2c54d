"""Take names apart into words."""

import re

BREAK = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\D)(?=\d)|(?<=\d)(?=\D)|[\W_]+"
)
"""Where a word of a name ends: "GrandPiano_01-L" has four."""


def words(name: str) -> list[str]:
    """Return a name's words in small letters, numbers among them."""
    return BREAK.sub(" ", name).lower().split()
