"""Measure the road."""

from pathlib import Path

import click
import msgspec

from bridge.bench import Figure, measure
from bridge.command.door import overwrite_option
from bridge.write_whole import refuse_existing, write_whole


@click.command("bench")
@click.option("--json", "output", type=click.Path(path_type=Path), help="Write the figures here.")
@click.option(
    "--samples",
    type=click.IntRange(20, 100_000),
    default=1_000,
    show_default=True,
    help="How many requests for each figure.",
)
@overwrite_option
def command(output: Path | None, samples: int, overwrite: bool) -> None:
    """Measure the road against a bare socket, all in one run: quote the ratios.

    socket/64 is a bare ZeroMQ echo of a clip of 64 notes, echo/64 the same through the server,
    rules/64 the five rule engines, humanize/64 the five learned ones on a clip that they know, as
    when a dial turns; engine/64 is the part of it that the engines took, new/64 that on a clip that
    they have not seen. busy/64 is humanize/64 while a generation runs, idle/64 without. band/16
    is what velocity and groove took for a band of four clips of 16 bars, drums/2 for two bars of
    drums; new-band/16 and new-drums/2 the same for clips that they have not seen.
    """
    if output is not None:
        refuse_existing(output, overwrite=overwrite)
    figures = measure(samples, lambda what: click.echo(f"measuring: {what}", err=True))
    named = {figure.name: figure for figure in figures}
    click.echo(f"{'':<20}{'n':>6}{'p50 ms':>12}{'p99 ms':>12}   times the floor, p50 and p99")
    for figure in figures:
        click.echo(_row(figure, named))
    if output is not None:
        content = msgspec.json.format(msgspec.json.encode({"results": figures})) + b"\n"
        write_whole(output, content, overwrite=overwrite)


def _row(figure: Figure, named: dict[str, Figure]) -> str:
    row = f"{figure.name:<20}{figure.n:>6}{figure.p50_ms:>12.3f}{figure.p99_ms:>12.3f}"
    floor = named.get(_floor_of(figure.name))
    if floor is None:
        return row
    p50, p99 = figure.p50_ms / floor.p50_ms, figure.p99_ms / floor.p99_ms
    return f"{row}   {p50:.2f} and {p99:.2f} times {floor.name}"


def _floor_of(name: str) -> str:
    kind, _, size = name.partition("/")
    return {
        "echo": f"socket/{size}",
        "rules": f"socket/{size}",
        "humanize": f"socket/{size}",
        "busy": f"idle/{size}",
    }.get(kind, "import/python" if name == "import/client" else "")
