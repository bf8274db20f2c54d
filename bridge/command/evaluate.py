"""Measure how people-like the engines play."""

from pathlib import Path

import click

from bridge.command.door import overwrite_option
from bridge.command.learning import (
    data_option,
    json_option,
    load,
    progress,
    takes_option,
    write_figures,
)
from bridge.write_whole import refuse_existing

RUNGS = "constant,mean,jitter,matched,lookup,rules,trees,humans"

DRUM_RUNGS = "quantised,mean,jitter,matched,table,rules,trees,told,humans"


@click.group("evaluate")
def command() -> None:
    """Measure how near the engines come to people, on music that they have not learned from."""


@command.command("performance")
@data_option(
    "A folder with a metadata.csv and the aligned recordings that it names, as .npz; or with"
    " the index.csv of POP909 or the Weimar Jazz Database."
)
@click.option(
    "--train",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder whose train split the ladder learns from.  [default: that of --data]",
)
@click.option(
    "--systems",
    default=RUNGS,
    show_default=True,
    help="Which rungs of the ladder are judged.",
)
@click.option(
    "--weights",
    multiple=True,
    help="Judge a learned player too: default, research, or a file; may be given more than once.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    help="Judge, and learn from, at most so many recordings, of as many pieces as can be.",
)
@json_option
@overwrite_option
def performance(
    data: Path,
    train: Path | None,
    systems: str,
    weights: tuple[str, ...],
    limit: int | None,
    output: Path | None,
    overwrite: bool,
) -> None:
    """Judge velocity, timing, articulation and pedal against what people played.

    Each figure is the mean over the recordings of a piece, then over pieces, with its 95 % interval
    over pieces. "marks" means that the score's staccatos, accents and slurs were told. One sample
    of a system compares with another human, a mean prediction with the mean of other humans. What
    recordings cannot tell is left out: POP909 knows velocity and pedal alone, jazz solos no pedal.
    """
    if output is not None:
        refuse_existing(output, overwrite=overwrite)
    evaluation = load("evaluation.run")
    with progress("evaluating") as say:
        report = evaluation.run(
            data,
            train or data,
            _names(systems),
            weights,
            limit=limit,
            say=say,
        )
    click.echo(load("evaluation.report").to_text(report))
    write_figures(report, output, overwrite=overwrite)


@command.command("profiles")
@takes_option
@click.option(
    "--split",
    type=click.Choice(["train", "validation", "test"]),
    default="validation",
    show_default=True,
    help="Whose takes go on the trip.",
)
@click.option("--limit", type=click.IntRange(1), help="At most so many takes.")
@json_option
@overwrite_option
def profiles(
    data: Path, split: str, limit: int | None, output: Path | None, overwrite: bool
) -> None:
    """Give each take's stiff self the groove of the take, and judge how far it is back.

    The stiff self stands on the grid at one velocity. The figures are what is left of its errors,
    with 95 % intervals over takes, beside templates of one offset and velocity a sixteenth.
    """
    if output is not None:
        refuse_existing(output, overwrite=overwrite)
    trip = load("drums.round_trip")
    with progress("evaluating") as say:
        report = trip.run(data, split, limit=limit, say=say)
    click.echo(trip.to_table(report))
    write_figures(report, output, overwrite=overwrite)


@command.command("groove")
@takes_option
@click.option(
    "--train",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder whose train split the ladder learns from.  [default: that of --data]",
)
@click.option(
    "--systems",
    default=DRUM_RUNGS,
    show_default=True,
    help="Which rungs of the ladder are judged.",
)
@click.option(
    "--weights",
    multiple=True,
    help="Judge a learned drummer too: drums, or a file; may be given more than once.",
)
@click.option(
    "--drummers",
    default="",
    help="Judge all takes of these drummers, such as drummer9,drummer10, and let the ladder learn"
    " from nobody of them.  [default: the test split]",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    help="Judge, learn from, and count the hits of, at most so many takes.",
)
@json_option
@overwrite_option
def groove(
    data: Path,
    train: Path | None,
    systems: str,
    weights: tuple[str, ...],
    drummers: str,
    limit: int | None,
    output: Path | None,
    overwrite: bool,
) -> None:
    """Judge how drums are played, hit by hit, against what drummers played.

    Of beats in 4/4 the nine voices are put on sixteenths and cut into windows of two bars, a bar
    apart. The hits are told, with tempo and style; velocities and offsets are played. "told" means
    that who plays is told too, "blind" that the style is not. Figures are over all hits, with 95 %
    intervals over takes. In the end all hits of the folder are humanized and counted.
    """
    if output is not None:
        refuse_existing(output, overwrite=overwrite)
    evaluation = load("drums.evaluation.run")
    with progress("evaluating") as say:
        report = evaluation.run(
            data,
            train or data,
            _names(systems),
            weights,
            drummers=_names(drummers),
            limit=limit,
            say=say,
        )
    click.echo(load("drums.evaluation.report").to_text(report))
    write_figures(report, output, overwrite=overwrite)


@command.command("writer")
@takes_option
@click.option(
    "--weights",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of weights.  [default: the one that comes with yuragi]",
)
@click.option(
    "--limit", type=click.IntRange(1), help="Judge, and learn from, at most so many takes."
)
@json_option
@overwrite_option
def writer(
    data: Path, weights: Path | None, limit: int | None, output: Path | None, overwrite: bool
) -> None:
    """Judge drum parts and fills that are written, against those of drummers.

    Parts of four bars in 4/4 are written to all onsets of a take of the test split, and to its kick
    as a bass; fills are written before every eighth bar line. Intervals are over takes.
    """
    if output is not None:
        refuse_existing(output, overwrite=overwrite)
    evaluation = load("drums.writer_evaluation")
    with progress("evaluating") as say:
        report = evaluation.evaluate(data, weights or evaluation.PATH, say, limit=limit)
    click.echo(evaluation.to_table(report))
    write_figures(report, output, overwrite=overwrite)


@command.command("live")
@data_option("The folder that holds the packs, each in a folder of its own name.")
@click.option(
    "--weights",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of weights; may be given more than once. What was trained without some pieces is"
    " judged by these, all else by the test splits.  [default: the one that comes with yuragi]",
)
@click.option(
    "--forgetful",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Weights without a memory of notes, to compare with.",
)
@click.option("--limit", type=click.IntRange(1), help="At most so many pages of each pack.")
@json_option
@overwrite_option
def live(
    data: Path,
    weights: tuple[Path, ...],
    forgetful: Path | None,
    limit: int | None,
    output: Path | None,
    overwrite: bool,
) -> None:
    """Judge the touch that is given to notes while they are played, against that of players.

    Nats say how unlikely to the hand is what players did, told what they did before. For all else
    it plays by itself: stiff notes with a pulse.
    """
    if output is not None:
        refuse_existing(output, overwrite=overwrite)
    evaluation = load("live.evaluation")
    with progress("evaluating") as say:
        report = evaluation.evaluate(data, weights, say, forgetful=forgetful, limit=limit)
    click.echo(evaluation.to_table(report))
    write_figures(report, output, overwrite=overwrite)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
