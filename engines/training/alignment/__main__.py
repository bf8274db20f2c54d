"""Align a performance with its score and keep it as a recording.

    python -m engines.training.alignment SCORE.mid PERFORMANCE.mid -o FILE.npz

The recording's row is added to the metadata.csv beside it, so that its folder is a pack.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from engines.error import EngineError
from engines.training.alignment.arrays import aligned_arrays
from engines.training.alignment.keep import keep
from engines.training.alignment.midi import read_performance, read_score


def main(arguments: Sequence[str] | None = None) -> None:
    """Read two MIDI files, write a recording, and say how many notes are the same."""
    asked = _asked(arguments)
    facts = {
        "composer": asked.composer,
        "piece": asked.piece or asked.score.stem,
        "performance": asked.performer or asked.performance.stem,
        "split": asked.split,
    }
    try:
        arrays = aligned_arrays(read_score(asked.score), read_performance(asked.performance))
        row = keep(arrays, asked.out, facts, overwrite=asked.overwrite)
    except EngineError as error:
        sys.exit(f"error: {error}")
    sys.stdout.write(
        f"{asked.out}: {row['notes']} notes matched, {row['missed_notes']} of the score not played,"
        f" {row['extra_notes']} played besides\n"
    )
    if row["robust"] == "0":
        sys.stderr.write("warning: so few match that the recording is marked as not robust\n")


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m engines.training.alignment",
        description="Align a performance with its score and keep it as a recording.",
    )
    parser.add_argument("score", type=Path, help="MIDI file of the music as written")
    parser.add_argument("performance", type=Path, help="MIDI file of the music as played")
    parser.add_argument("-o", "--out", type=Path, required=True, help="the recording, a new .npz")
    parser.add_argument("--composer", default="own", help="default: own")
    parser.add_argument("--piece", help="default: the name of SCORE")
    parser.add_argument("--performer", help="default: the name of PERFORMANCE")
    parser.add_argument("--split", choices=("train", "valid", "test"), default="test")
    parser.add_argument("--overwrite", action="store_true", help="replace the recording")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
