"""Measure the road."""

from pathlib import Path
from typing import Any

import click
import msgspec

from bridge.bench import Figure, measure
from bridge.command.door import overwrite_option
from bridge.command.sound_options import chosen
from bridge.live.bench import Figure as LiveFigure
from bridge.live.bench import measure_live
from bridge.sound.bench import measure_render
from bridge.write_whole import refuse_existing, write_whole


@click.command("bench")
@click.argument("what", type=click.Choice(("road", "live", "render")), default="road")
@click.option("--json", "output", type=click.Path(path_type=Path), help="Write the figures here.")
@click.option(
    "--samples",
    type=click.IntRange(20, 100_000),
    default=1_000,
    show_default=True,
    help="How many requests for each figure; render takes 20 at most.",
)
@click.option("--plugin", help="What plays in render, by name or path.  [default: --soundfont]")
@click.option("--soundfont", help="What plays in render.  [default: the system's]")
@overwrite_option
def command(
    what: str,
    output: Path | None,
    samples: int,
    plugin: str | None,
    soundfont: str | None,
    overwrite: bool,
) -> None:
    """Measure the road to a server, playing live, or rendering, against the floor in the same run.

    On the road, the floor is a bare socket: quote the ratios. socket/64 is a bare ZeroMQ echo of a
    clip of 64 notes, echo/64 the same through the server, rules/64 the five rule engines,
    humanize/64 the five learned ones on a clip that they know, as when a dial turns; engine/64 is
    the part of it that the engines took, new/64 that on a clip that they have not seen. busy/64 is
    humanize/64 while a generation runs, idle/64 without. band/16 is what velocity and groove took
    for a band of four clips of 16 bars, drums/2 for two bars of drums; new-band/16 and new-drums/2
    the same for clips that they have not seen.

    Live, at a JACK server of its own (64 frames, 48 kHz), the floor is an echo by rtmidi: quote the
    differences. live/floor is from playing a note to hearing it through that, live/through through
    yuragi, live/model through its learned hand. live/player is how far 10,000 onsets are from
    their samples, live/player-rtmidi the same without JACK's own client, and live/cpu the ms of
    each second that the hand takes at 50 notes a second.

    In rendering, of 600 notes in a minute of sound, the floor is the instrument's own call without
    a host: quote the ratio. render/floor is that, render/host the same by the host of plug-ins,
    render/first_block how soon it begins to sound, and render/load how long loading took.
    """
    if output is not None:
        refuse_existing(output, overwrite=overwrite)
    tell = lambda it: click.echo(f"measuring: {it}", err=True)  # noqa: E731
    if what == "live":
        figures: list[Any] = [*measure_live(samples, tell)]
        _print_live(figures)
    elif what == "render":
        player = chosen(plugin=plugin, params=(), preset_file=None, soundfont=soundfont, book=None)
        figures = [*measure_render(player.for_part("", "piano"), samples, tell)]
        _print_road(figures)
    else:
        figures = [*measure(samples, tell)]
        _print_road(figures)
    if output is not None:
        content = msgspec.json.format(msgspec.json.encode({"results": figures})) + b"\n"
        write_whole(output, content, overwrite=overwrite)


def _print_live(figures: list[LiveFigure]) -> None:
    click.echo(f"{'':<20}{'n':>7}{'p50 ms':>10}{'p99 ms':>10}{'std ms':>10}   above the floor")
    floor = figures[0]
    for figure in figures:
        row = f"{figure.name:<20}{figure.n:>7}{figure.p50_ms:>10.3f}{figure.p99_ms:>10.3f}"
        row += f"{figure.std_ms:>10.3f}"
        if figure.name in {"live/through", "live/model"}:
            above = (figure.p50_ms - floor.p50_ms, figure.p99_ms - floor.p99_ms)
            row += "   {:+.2f} and {:+.2f} ms, std {:+.2f}".format(
                *above, figure.std_ms - floor.std_ms
            )
        click.echo(row)


def _print_road(figures: list[Figure]) -> None:
    named = {figure.name: figure for figure in figures}
    click.echo(f"{'':<20}{'n':>6}{'p50 ms':>12}{'p99 ms':>12}   times the floor, p50 and p99")
    for figure in figures:
        click.echo(_row(figure, named))


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
        "render": "render/floor" if size == "host" else "",
    }.get(kind, "import/python" if name == "import/client" else "")
