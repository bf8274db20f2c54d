"""State where the user's own files are."""

from pathlib import Path

import platformdirs


def home() -> Path:
    """Return the folder of what yuragi keeps for this user; it need not exist."""
    return Path(platformdirs.user_config_dir("yuragi", appauthor=False))
