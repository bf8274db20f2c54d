"""Train the learned engines anew."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bridge.command.learning import (
    data_option,
    load,
    out_option,
    progress,
    seed_option,
    steps_option,
    takes_option,
    workers_option,
)
from bridge.write_whole import write_whole


@click.group("train")
def command() -> None:
    """Train the learned engines from recordings of players."""


@command.command("performance")
@data_option("The folder that holds the packs, each in a folder of its own name.")
@click.option(
    "--weights",
    required=True,
    type=click.Choice(["default", "research"]),
    help="default learns from packs that allow every use, research from all.",
)
@out_option("training", "Where lessons, checkpoints, learning curves and the weights go.")
@click.option("--steps", type=click.IntRange(1), help="Steps of each reader, instead of the usual.")
@seed_option("The same seed, packs, device and workers give the same weights.")
@click.option(
    "--device",
    type=click.Choice(["cpu", "cuda"]),
    default="cpu",
    show_default=True,
    help="What learns: the processor or a GPU.",
)
@click.option("--pack", "packs", multiple=True, help="Learn from this pack only; may be repeated.")
@click.option("--limit", type=click.IntRange(1), help="Learn from so many lessons of each pack.")
@workers_option(2, "Processes that read the packs, and threads that learn.")
def performance(**asked: Any) -> None:
    """Train the player of pitched parts: velocity, timing, articulation and pedal.

    A run that was stopped or killed goes on when it is started again with the same options.
    """
    player = load("player")
    _train(asked["weights"], player.train_player, player.Order(**asked))


@command.command("groove")
@takes_option
@out_option("training/groove", "Where checkpoint, learning curve and the weights go.")
@steps_option
@seed_option("The same seed, takes and workers give the same weights.")
@click.option("--without", multiple=True, help="Learn nothing of this drummer; may be repeated.")
@workers_option(1, "Threads that learn.")
def groove(**asked: Any) -> None:
    """Train the drummer: velocity and timing of hits that are given.

    A run that was stopped or killed goes on when it is started again with the same options.
    """
    drums = load("drums.train")
    _train("the drummer", drums.train_drummer, drums.Order(**asked))


@command.command("profiles")
@takes_option
@out_option("presets/grooves", "Where the profiles go.")
def profiles(data: Path, folder: Path) -> None:
    """Make the groove profiles that ship; the same takes give the same files."""
    made = load("drums.profiles").make_profiles(data)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        write_whole(folder / f"{name}.toml", text.encode(), overwrite=True)
    click.echo(f"wrote {len(made)} profiles into {folder}")


@command.command("writer")
@takes_option
@out_option("training/writer", "Where the checkpoint, the learning curve and the weights go.")
@steps_option
@seed_option("The same seed and data give the same weights.")
def writer(**asked: Any) -> None:
    """Train the writer of drum parts and fills.

    A run that was stopped or killed goes on when it is started again with the same options.
    """
    drums = load("drums.writer")
    _train("the writer", drums.train_writer, drums.Order(**asked))


@command.command("live")
@data_option("The folder that holds the packs, each in a folder of its own name.")
@out_option("training/live", "Where the checkpoint, the learning curve and the weights go.")
@steps_option
@seed_option("The same seed and packs give the same weights.")
@click.option("--without", multiple=True, help="Learn nothing of this piece; may be repeated.")
@click.option("--forgetful", is_flag=True, help="Learn without a memory of notes, to compare.")
def live(**asked: Any) -> None:
    """Train the hand that gives notes a touch while they are played.

    A run that was stopped or killed goes on when it is started again with the same options.
    """
    hand = load("live.train")
    _train("the hand", hand.train_hand, hand.order(**asked))


def _train(what: str, run: Callable[..., Path], order: Any) -> None:
    """Run an order with a progress bar, and say where its weights are."""
    with progress(f"training {what}") as told:
        path = run(order, told)
    click.echo(f"wrote {path}")
