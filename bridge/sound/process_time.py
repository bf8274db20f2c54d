"""Tell whether a process wants to run, and how long it has, where the system says so."""

import os
from pathlib import Path
from typing import NamedTuple


class ProcessTime(NamedTuple):
    """Be how long a process has run so far, and whether its first thread wants to run now."""

    ran_s: float
    wants: bool


def process_time(pid: int) -> ProcessTime | None:
    """Return how a process stands, None where that is not known.

    Source: proc_pid_stat(5): after the name in brackets come state (field 3), and as fields 14 and
    15 the clock ticks in user and kernel mode.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        state, *fields = stat.rpartition(")")[2].split()
        ticks = int(fields[10]) + int(fields[11])
        return ProcessTime(ticks / os.sysconf("SC_CLK_TCK"), state == "R")
    except (OSError, ValueError, IndexError, AttributeError):
        return None
