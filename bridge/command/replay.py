"""Render a journal again."""

from pathlib import Path

import click

from bridge.error import BridgeError
from bridge.replay import Replay


@click.command("replay")
@click.argument("journal", metavar="FILE", type=click.Path(path_type=Path, exists=True))
def command(journal: Path) -> None:
    """Render every request of a journal again, and tell whether the bytes are the same.

    FILE may be the folder that was given to yuragi serve --journal: its newest journal is taken.
    """
    if journal.is_dir():
        journals = sorted(journal.glob("*.journal"), key=lambda path: path.stat().st_mtime_ns)
        if not journals:
            raise BridgeError(f"{journal} has no journal, allowed are folders with one")
        journal = journals[-1]
        click.echo(f"the newest is {journal.name}")
    replay = Replay(journal)
    counts = {True: 0, False: 0, None: 0}
    with click.progressbar(replay.verdicts(), len(replay), label="replaying") as verdicts:
        for verdict in verdicts:
            counts[verdict.same] += 1
    cut = journal.stat().st_size - replay.whole_bytes
    if cut:
        click.echo(f"the journal is whole up to byte {replay.whole_bytes}; the rest is left out")
    click.echo(
        f"{len(replay)} requests by yuragi {replay.version}: {counts[True]} replies are the same, "
        f"{counts[False]} differ, {counts[None]} have no reply to compare with"
    )
    if counts[False]:
        raise BridgeError(f"{counts[False]} replies differ from the journal")
