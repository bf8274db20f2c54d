"""Make the pictures of docs/models/groove.md: a drummer and machines play the same beats.

Run it when the learned drummer changes: python docs/make_groove_pictures.py --data groove
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click
from groove_picture import Row, draw

from bridge.picture.png import png
from engines.error import EngineError
from engines.training.drums.evaluation.run import LEARNED
from engines.training.drums.evaluation.system import System
from engines.training.drums.evaluation.systems.even import Jitter, Quantised
from engines.training.drums.evaluation.systems.learned import read_drummers
from engines.training.drums.evaluation.systems.rules import Rules
from engines.training.drums.evaluation.window import Case, cut, heard, is_judged, reduced
from engines.training.groove_midi import DrumTake, read_takes

EXCERPTS = (
    "drummer7/session3/132_soul_105_beat_4-4:9-16",
    "drummer8/session1/19_funk_108_beat_4-4:9-16",
    "drummer1/session2/35_punk_128_beat_4-4:9-16",
)
"""Takes of the test split and the bars that are drawn."""

SOURCE = (
    "The drummer's hits: Groove MIDI Dataset (Gillick et al. 2019, Google LLC), CC BY 4.0;"
    " reduced to nine voices on sixteenths."
)

PX = 1600
"""Width of the files."""


class Excerpt(NamedTuple):
    """Be bars of a take, counted from 1, the last one among them."""

    take: str
    first: int
    last: int


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The pack groove.")
@click.option("--weights", default="drums", show_default=True, help="A file of weights.")
@click.option("--excerpt", "excerpts", multiple=True, default=EXCERPTS, help="TAKE:FIRST-LAST")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(__file__).with_name("pictures"),
    help="The folder of the pictures.",
)
def main(data: Path, weights: str, excerpts: tuple[str, ...], output: Path) -> None:
    """Write groove-TAKE.png for each excerpt."""
    try:
        learner, pack = read_drummers(weights)[0], read_takes(data)
        for index, excerpt in enumerate(map(_excerpt, excerpts)):
            take = _take(pack, excerpt.take)
            case = _bars(take, excerpt)
            shown = rows(case, learner, lessons(pack), seed=2 * index + 1)
            foot = f"Weights: {Path(weights).stem}. {SOURCE}"
            svg = draw(case, shown, title=_title(take), foot=foot)
            (output / picture_name(excerpt.take)).write_bytes(png(svg, PX))
    except EngineError as error:
        raise click.ClickException(str(error)) from error


def lessons(pack: Sequence[DrumTake]) -> list[Case]:
    """Return what tells how loud beats are on average."""
    takes = (take for take in pack if is_judged(take) and take.split == LEARNED)
    return [case for take in takes for case in heard(take).windows]


def rows(case: Case, learner: System, taught: Sequence[Case], seed: int) -> list[Row]:
    """Return who is drawn: the drummer, then what plays the same hits.

    The learned drummer plays twice, with this seed and the next one.
    """
    others: tuple[tuple[str, str, System, int], ...] = (
        ("yuragi", f"learned, seed {seed}", learner, seed),
        ("yuragi", f"learned, seed {seed + 1}", learner, seed + 1),
        ("Rules", "yuragi's own", Rules(), seed),
        ("DAW jitter", "±10 ms, ±10 velocity", Jitter(), seed),
        ("The page", "as written", Quantised(), seed),
    )
    shown = [Row("The drummer", case.given.drummer, case.played)]
    for name, detail, system, drawn in others:
        system.fit(taught)
        shown.append(Row(name, detail, system.sample(case.given, drawn)))
    return shown


def picture_name(take: str) -> str:
    """Return the name of the file of a take's picture."""
    return f"groove-{re.sub('[^a-z0-9]+', '-', take.lower())}.png"


def _take(pack: Sequence[DrumTake], name: str) -> DrumTake:
    for take in pack:
        if take.name == name:
            return take
    raise EngineError(f"the folder has no take {name!r}, allowed are such as {pack[0].name!r}")


def _bars(take: DrumTake, excerpt: Excerpt) -> Case:
    whole = reduced(take)
    if not 1 <= excerpt.first <= excerpt.last <= whole.given.bars:
        raise EngineError(
            f"bars are {excerpt.first}-{excerpt.last}, allowed are 1 to {whole.given.bars}"
        )
    return cut(whole, excerpt.first - 1, excerpt.last - excerpt.first + 1)


def _excerpt(words: str) -> Excerpt:
    found = re.fullmatch(r"(.+):(\d+)-(\d+)", words)
    if found is None:
        raise EngineError(f"excerpt is {words!r}, allowed is such as {EXCERPTS[0]}")
    return Excerpt(found[1], int(found[2]), int(found[3]))


def _title(take: DrumTake) -> str:
    return f"{take.style.replace('/', ', ').capitalize()}, {take.bpm:g} bpm"


if __name__ == "__main__":
    main()
