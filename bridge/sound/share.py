"""Tell the share of all that is done while one of several things is under way."""

from collections.abc import Callable


def share_of(tell: Callable[[float], None], row: int, count: int) -> Callable[[float], None]:
    """Return what takes the share of one of `count` things, from 0 to 1, and tells that of all."""
    return lambda share: tell((row + share) / count)
