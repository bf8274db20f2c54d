"""State how child processes are started."""

import subprocess
from typing import Final

CREATION_FLAGS: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""A server that a Live device started has no console; what it starts shall open none on Windows."""
