"""Name one step of a preset."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta


class Stage(msgspec.Struct, frozen=True):
    """Name an engine and the options that differ from its defaults."""

    engine: Annotated[str, Meta(max_length=64)]
    options: dict[str, Any] = {}
