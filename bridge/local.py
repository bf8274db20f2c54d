"""Run a server of one's own in a thread: the same road for those who have not started one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bridge.server import Config, Server


@contextmanager
def local_server(config: Config | None = None) -> Iterator[str]:
    """Yield the address of a server that lives as long as the context."""
    server = Server(config or Config(bind="tcp://127.0.0.1:0", warm=False))
    thread = threading.Thread(target=server.run, name="yuragi server", daemon=True)
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join(timeout=10)
