"""State where the user's own files are."""

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """Return the folder of what yuragi keeps for this user; it need not exist."""
    return Path(platformdirs.user_config_dir("yuragi", appauthor=False))


def expanded(path: str | Path) -> Path:
    """Return a path with a user's home for its `~`; where there is no such user, it stays."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - that of Path raises RuntimeError
