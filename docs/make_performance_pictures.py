"""Make the pictures of docs/models/pictures.md: people and machines play the same bars.

Run it when the learned player changes: python docs/make_performance_pictures.py --data asap_notes
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click
from performance_picture import Row, draw

from bridge.picture.png import png
from engines.articulation import Articulation, ArticulationOptions
from engines.error import EngineError
from engines.groove import Groove, GrooveOptions
from engines.pedal import Pedal, PedalOptions
from engines.performance.weights import FOLDER, Library
from engines.preset import Chain
from engines.rubato import Rubato, RubatoOptions
from engines.training.evaluation.case import Case, System
from engines.training.evaluation.pack import piece_of, read_rows
from engines.training.evaluation.systems.constant import Constant
from engines.training.evaluation.systems.jitter import Jitter
from engines.training.evaluation.systems.rules import Rules
from engines.training.recording import read_recording
from engines.velocity import Velocity, VelocityOptions

EXCERPTS = (
    "Chopin/Etudes_op_25_8:1-16",
    "Mozart/Piano_Sonatas_12-2:1-16",
    "Bach/Prelude_bwv_885:1-16",
)
"""Pieces that nobody learned from, as unlike as can be, from their first bars on."""

TITLES = {
    "Chopin/Etudes_op_25_8": "Chopin, Étude in D flat major op. 25 no. 8",
    "Mozart/Piano_Sonatas_12-2": "Mozart, Sonata in F major K. 332, Adagio",
    "Bach/Prelude_bwv_885": "Bach, Prelude in G minor BWV 885",
}

SOURCE = "Recordings: (n)ASAP dataset, CC BY-NC-SA 4.0, and so is this picture."

PEOPLE = "AB"
"""What the pianists are called: there are at most so many."""

PX = 1600
"""The width of a picture."""


class Excerpt(NamedTuple):
    """Be bars of a piece, counted from 1, both included."""

    piece: str
    first: int
    last: int


class Learned(Rules):
    """Render the written clip by the learned engines, as dialled by default, with each seed.

    Args:
        weights: the file of a learned player.

    Raises:
        WeightsError: it is missing, damaged, or not such a player.
    """

    def __init__(self, weights: Path) -> None:
        library, name = Library(weights.parent), weights.stem
        library.lend(name)  # type: ignore[arg-type]  # a file may have any name
        given: dict[str, Any] = {"weights": name}
        steps: list[Any] = [
            (Velocity(library), VelocityOptions(keep_accents=False, **given)),
            (Rubato(library), RubatoOptions(anchor="ends", **given)),
            (Groove(library), GrooveOptions(**given)),
            (Articulation(library), ArticulationOptions(**given)),
            (Pedal(library), PedalOptions(**given)),
        ]
        self.chain = Chain(())
        self.chain.steps = steps


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The pack asap_notes.")
@click.option("--weights", help="default, research or a path.  [default: research if it is there]")
@click.option("--excerpt", "excerpts", multiple=True, default=EXCERPTS, help="PIECE:FIRST-LAST")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(__file__).with_name("pictures"),
    help="The folder of the pictures.",
)
def main(data: Path, weights: str | None, excerpts: tuple[str, ...], output: Path) -> None:
    """Write performance-PIECE.png for each excerpt."""
    try:
        file = _file(weights)
        player = Learned(file)
        for index, (piece, *bars) in enumerate(map(_excerpt, excerpts)):
            shown = rows(people(data, piece), player, seed=2 * index + 1)
            foot = f"Weights: {file.stem}. {SOURCE}"
            svg = draw(shown, (bars[0], bars[1]), title=_title(piece), foot=foot)
            (output / picture_name(piece)).write_bytes(png(svg, PX))
    except EngineError as error:
        raise click.ClickException(str(error)) from error


def people(data: Path, piece: str) -> list[Case]:
    """Return the first recordings of a held-out piece in which the pedal is used, at most two.

    Raises:
        EngineError: the folder is no pack, or it has no such recording.
    """
    chosen = [
        row
        for row in read_rows(data)
        if piece_of(row) == piece and row["paper23"] == row["robust"] == "1"
    ]
    cases = (Case(read_recording(data / row["file"], row)) for row in chosen)
    found = [case for case in cases if len(case.pedal.press)]
    if not found:
        raise EngineError(f"{data} has no held-out recording with pedal of the piece {piece!r}")
    return found[: len(PEOPLE)]


def rows(humans: Sequence[Case], player: System, seed: int) -> list[Row]:
    """Return who is drawn: people, then what plays the score of the first of them.

    The player plays twice, with this seed and the next one.
    """
    case = humans[0]
    shown = [
        Row(f"Pianist {letter}", each.recording.player, "people", each, each.truth)
        for letter, each in zip(PEOPLE, humans, strict=False)
    ]
    others: tuple[tuple[str, str, str, System, int], ...] = (
        ("yuragi", f"learned, seed {seed}", "ours", player, seed),
        ("yuragi", f"learned, seed {seed + 1}", "ours", player, seed + 1),
        ("Rules", "yuragi's own", "others", Rules(), seed),
        ("DAW jitter", "±10 ms, ±10 velocity", "others", Jitter(), seed),
        ("The score", "as written", "others", Constant(), seed),
    )
    for name, detail, style, system, drawn in others:
        guess = system.sample(case, drawn, marks=False)
        if guess is not None:
            shown.append(Row(name, detail, style, case, guess))
    return shown


def picture_name(piece: str) -> str:
    """Return the name of the file of a piece's picture."""
    return f"performance-{re.sub('[^a-z0-9]+', '-', piece.lower())}.png"


def _file(weights: str | None) -> Path:
    if weights is None:
        weights = "research" if (FOLDER / "research.onnx").is_file() else "default"
    shipped = FOLDER / f"{weights}.onnx"
    return shipped if shipped.is_file() else Path(weights)


def _excerpt(words: str) -> Excerpt:
    found = re.fullmatch(r"(.+):(\d+)-(\d+)", words)
    if found is None:
        raise EngineError(f"excerpt is {words!r}, allowed is such as {EXCERPTS[0]}")
    return Excerpt(found[1], int(found[2]), int(found[3]))


def _title(piece: str) -> str:
    return TITLES.get(piece, piece.replace("/", ", ").replace("_", " "))


if __name__ == "__main__":
    main()
