"""Humanize all MIDI files of a folder in several processes, and go on where a run was stopped."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from bridge.client import Client
from bridge.client_session import SEED_BYTES
from bridge.command.door import MIDI_SUFFIXES, open_client
from bridge.error import BridgeError
from bridge.humanize import Recipe, humanize_file
from engines.error import EngineError

MOST_JOBS = 61
"""Windows waits for no more processes at once."""


def humanize_folder(
    source: Path, output: Path, recipe: Recipe, *, jobs: int | None, server: str | None
) -> int:
    """Humanize every MIDI file below `source` into the same place below `output`.

    Returns:
        How many files failed; each was reported with its reason.

    Raises:
        BridgeError: there is no MIDI file.
    """
    pairs = [(path, output / path.relative_to(source)) for path in midi_files(source, output)]
    todo = [(path, out) for path, out in pairs if recipe.overwrite or not out.exists()]
    if len(todo) < len(pairs):
        click.echo(f"{len(pairs) - len(todo)} of {len(pairs)} files are there already")
    seed = int.from_bytes(os.urandom(SEED_BYTES)) if recipe.seed is None else recipe.seed
    if server is not None:
        with open_client(server) as client:
            client.ping()  # one sentence now is better than one for each file
    recipe = msgspec.structs.replace(recipe, seed=seed)
    told = _run(todo, recipe, jobs or os.cpu_count() or 1, server)
    failures = [(path, said.failure) for path, said in told if said.failure]
    for path, said in sorted(told):
        for warning in said.warnings:
            click.echo(f"{path.relative_to(source)}: {warning}", err=True)
    for path, reason in sorted(failures):
        click.echo(f"failed: {path.relative_to(source)}: {reason}", err=True)
    click.echo(f"wrote {len(todo) - len(failures)} of {len(todo)} files to {output}, seed {seed}")
    return len(failures)


def midi_files(source: Path, output: Path) -> list[Path]:
    """Return the MIDI files below `source`, in order, whose results go below `output`.

    Raises:
        BridgeError: there is none, or `output` is a file or lies in `source`.
    """
    if output.resolve().is_relative_to(source.resolve()):
        raise BridgeError(f"output is {output}, allowed are folders outside {source}")
    if output.exists() and not output.is_dir():
        raise BridgeError(f"output is {output}, which is a file; allowed are folders")
    paths = sorted(path for path in source.rglob("*") if path.suffix.lower() in MIDI_SUFFIXES)
    if not paths:
        raise BridgeError(f"{source} has no MIDI file, allowed are {', '.join(MIDI_SUFFIXES)}")
    return paths


class Said(NamedTuple):
    """Tell of one file why it failed, if it did, and what is odd about it."""

    failure: str
    warnings: tuple[str, ...] = ()


def _run(
    todo: list[tuple[Path, Path]], recipe: Recipe, jobs: int, server: str | None
) -> list[tuple[Path, Said]]:
    with _pool(min(jobs, MOST_JOBS, max(1, len(todo))), server) as pool:
        futures: dict[Future[Said], Path] = {}
        for path, out in todo:
            with nullcontext() if futures else _deaf():  # the first one starts the processes
                futures[pool.submit(_humanize, path, out, recipe)] = path
        with click.progressbar(as_completed(futures), len(futures), label="humanizing") as done:
            return [(futures[future], _said(future)) for future in done]


@contextmanager
def _pool(jobs: int, server: str | None) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool whose waiting work is given up when the context is left by an error."""
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _open, (server,))
    try:
        yield pool
    finally:
        with _deaf():  # the files under way are finished; a second Ctrl-C would leave them half
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _deaf() -> Iterator[None]:
    """Ignore Ctrl-C here, and in processes that are started here."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_stack = ExitStack()
_client: list[Client] = []


def _open(server: str | None) -> None:
    """Give a process of the pool its client, for as long as it lives."""
    _client.append(_stack.enter_context(open_client(server)))


def _humanize(path: Path, out: Path, recipe: Recipe) -> Said:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        report = humanize_file(_client[0], path, out, recipe)
    except OSError as error:
        return Said(error.strerror or str(error))
    except (BridgeError, EngineError) as error:
        return Said(str(error))
    return Said("", tuple(report.warnings))


def _said(future: "Future[Said]") -> Said:
    try:
        return future.result()
    except Exception as error:  # a process of the pool that was ended from outside
        return Said(f"{type(error).__name__}: {error}")
