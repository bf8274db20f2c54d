"""Make a network without a way out: Link sends to all on the network."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

LIMIT_S = 60


@contextmanager
def own_network(name: str) -> Iterator[list[str]]:
    """Yield the beginning of a command whose program runs in a network of its own."""
    if sys.platform != "linux" or os.geteuid() or not shutil.which("ip"):
        pytest.skip("a network of its own takes Linux, root and iproute2, and Link no other")
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"no network of its own can be made here: {made.stderr.decode().strip()}")
    try:
        for settings in (
            "link set lo up",
            "link set lo multicast on",
            "route add 224.0.0.0/4 dev lo",
        ):
            subprocess.run(["ip", "-n", name, *settings.split()], check=True, timeout=LIMIT_S)
        yield ["ip", "netns", "exec", name, sys.executable]
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True, timeout=LIMIT_S)
