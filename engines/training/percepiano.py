"""Read PercePiano: clips of Schubert as pianists play them, aligned here with the score.

The packs percepiano and percepiano_competition are alike. Who played is known for clips of the
competition alone; of player 12 of D960, who is all of percepiano, nobody knows the origin.

Source: "PercePiano: Piano Performance Evaluation Dataset with Multi-level Perceptual Features"
(2024), repository JonghoKimSNU/PercePiano.
"""

import csv
import logging
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from engines.error import EngineError
from engines.training.alignment import aligned_arrays, match_share
from engines.training.alignment.midi import read_performance, read_score
from engines.training.recording import Recording, recorded

LOG = logging.getLogger(__name__)

Row = dict[str, str]

LEAST_SHARE = 0.9
"""Clips with a smaller share of matched notes are left out: they have other repeats or edges."""

OTHER_WORK = "Schubert_D935_no.3"
"""The work that is kept for tests; nobody plays it and D960 too."""

MIDDLE = {
    ("Schubert_D960_mv2", "8"): range(6, 12),
    ("Schubert_D960_mv2", "16"): range(4, 7),
    ("Schubert_D960_mv3", "8"): range(21, 27),
    ("Schubert_D960_mv3", "16"): range(12, 13),
}
"""The segments of a movement's middle section, by bars a segment. Their music comes nowhere else in
the movement, while outer sections come again and 8 bars lie within 16."""

HELD_OUT = ("8", "9")
"""The players of D960 that are kept for validation."""


def read_clips(folder: Path) -> Iterator[Recording]:
    """Yield the clips of a pack in order; what is of no use is left out, and the log says why."""
    with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "performance":
                try:
                    yield read_clip(folder, row)
                except EngineError as fault:
                    LOG.warning("clip %s is left out: %s", row["clip"], fault)


def read_clip(folder: Path, row: Row) -> Recording:
    """Return one clip; `row` is its line of the index.

    The recording has the notes that are in both the clip and the score, and no marks.

    Raises:
        EngineError: a file cannot be read, or too few notes are the same.
    """
    score = read_score(folder / row["score_midi"])
    arrays = aligned_arrays(score, read_performance(folder / row["file"]))
    share = match_share(arrays)
    if share < LEAST_SHARE:
        raise EngineError(f"{share:.0%} of its notes match, allowed are {LEAST_SHARE:.0%} or more")
    return recorded(
        arrays,
        name=row["clip"],
        piece=row["piece"].replace("_", "/", 1),
        player=player_of(row),
        split=split_of(row),
    )


def player_of(row: Row) -> str:
    """Return the contestant who played a clip; if nobody knows, the number with the work's name.

    Numbers are given anew in each work.
    """
    contestant = PurePosixPath(row["same_notes_as"]).stem
    work = row["piece"].removeprefix("Schubert_").split("_")[0]
    return contestant or f"{work}_{row['player']}"


def split_of(row: Row) -> str:
    """Return the split of a clip, by player and section: "train", "valid" or "test".

    No clip for validation has a player in a section that a clip for training has too; the test is
    another work with other players.
    """
    if row["piece"] == OTHER_WORK:
        return "test"
    in_middle = int(row["segment"]) in MIDDLE.get((row["piece"], row["bars"]), ())
    return "valid" if in_middle or row["player"] in HELD_OUT else "train"
