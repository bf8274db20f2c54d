"""Take names apart into words, and guess what a wrong one may have meant."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

BREAK = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\D)(?=\d)|(?<=\d)(?=\D)|[\W_]+"
)
"""Where a word of a name ends: "GrandPiano_01-L" has four."""


def words(name: str) -> list[str]:
    """Return a name's words in small letters, numbers among them."""
    return BREAK.sub(" ", name).lower().split()


def guess(name: str, known: Iterable[str]) -> str:
    """Return what goes on a sentence about a wrong name: "; did you mean bass?", or nothing."""
    by_key = {one.casefold(): one for one in known}
    near = get_close_matches(name.casefold(), by_key, n=1)
    return "".join(f"; did you mean {by_key[key]}?" for key in near)
