"""Train the learned engines anew."""

from pathlib import Path
from typing import Any

import click

from bridge.command.learning import load, progress
from bridge.write_whole import write_whole


@click.group("train")
def command() -> None:
    """Train the learned engines from recordings of players."""


@command.command("performance")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder that holds the packs, each in a folder of its own name.",
)
@click.option(
    "--weights",
    required=True,
    type=click.Choice(["default", "research"]),
    help="default learns from packs that allow every use, research from all.",
)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("training"),
    show_default=True,
    help="Where lessons, checkpoints, learning curves and the weights go.",
)
@click.option("--steps", type=click.IntRange(1), help="Steps of each reader, instead of the usual.")
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="The same seed, packs, device and workers give the same weights.",
)
@click.option(
    "--device",
    type=click.Choice(["cpu", "cuda"]),
    default="cpu",
    show_default=True,
    help="What learns: the processor or a GPU.",
)
@click.option("--pack", "packs", multiple=True, help="Learn from this pack only; may be repeated.")
@click.option("--limit", type=click.IntRange(1), help="Learn from so many lessons of each pack.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Processes that read the packs, and threads that learn.",
)
def performance(**asked: Any) -> None:
    """Train the player of pitched parts: velocity, timing, articulation and pedal.

    A run that was stopped or killed goes on when it is started again with the same options.
    """
    player = load("player")
    order = player.Order(**asked)
    with progress(f"training {order.weights}") as told:
        path = player.train_player(order, told)
    click.echo(f"wrote {path}")


@command.command("groove")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder laid out as the Groove MIDI Dataset: info.csv and the MIDI files it names.",
)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("training/groove"),
    show_default=True,
    help="Where checkpoint, learning curve and the weights go.",
)
@click.option("--steps", type=click.IntRange(1), help="Steps, instead of the usual.")
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="The same seed, takes and workers give the same weights.",
)
@click.option("--without", multiple=True, help="Learn nothing of this drummer; may be repeated.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Threads that learn.",
)
def groove(steps: int | None, **asked: Any) -> None:
    """Train the drummer: velocity and timing of hits that are given.

    A run that was stopped or killed goes on when it is started again with the same options.
    """
    drums = load("drums.train")
    order = drums.Order(**asked, steps=steps or drums.STEPS)
    with progress("training the drummer") as told:
        path = drums.train_drummer(order, told)
    click.echo(f"wrote {path}")


@command.command("profiles")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder laid out as the Groove MIDI Dataset: info.csv and the MIDI files it names.",
)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("presets/grooves"),
    show_default=True,
    help="Where the profiles go.",
)
def profiles(data: Path, folder: Path) -> None:
    """Make the groove profiles that ship; the same takes give the same files."""
    made = load("drums.profiles").make_profiles(data)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        write_whole(folder / f"{name}.toml", text.encode(), overwrite=True)
    click.echo(f"wrote {len(made)} profiles into {folder}")


@command.command("writer")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder laid out as the Groove MIDI Dataset: info.csv and the MIDI files it names.",
)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("training/writer"),
    show_default=True,
    help="Where the checkpoint, the learning curve and the weights go.",
)
@click.option("--steps", type=click.IntRange(1), help="Steps of learning, instead of the usual.")
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="The same seed and data give the same weights.",
)
def writer(steps: int | None, **asked: Any) -> None:
    """Train the writer of drum parts and fills.

    A run that was stopped or killed goes on when it is started again with the same options.
    """
    drums = load("drums.writer")
    order = drums.Order(**asked, **({"steps": steps} if steps else {}))
    with progress("training the writer") as told:
        path = drums.train_writer(order, told)
    click.echo(f"wrote {path}")
