"""Run a server of one's own in a thread: the same road for those who have not started one."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread

from bridge.server import Config, Server


@contextmanager
def local_server(config: Config | None = None) -> Iterator[str]:
    """Yield the address of a server that lives as long as the context.

    What goes wrong in the server is raised at the context's end.
    """
    server = Server(config or Config(bind="tcp://127.0.0.1:0", warm=False))
    outcome: Future[None] = Future()
    # a daemon, so that a process that is ended does not wait for it
    Thread(target=_run, args=(server, outcome), name="yuragi server", daemon=True).start()
    try:
        yield server.address
    finally:
        if not outcome.done():
            server.stop()
        outcome.result(timeout=10)


def _run(server: Server, outcome: "Future[None]") -> None:
    try:
        server.run()
    except BaseException as error:
        outcome.set_exception(error)
    else:
        outcome.set_result(None)
