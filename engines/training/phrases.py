"""Learn where phrases begin, and write the net that the product carries.

    python -m engines.training.phrases DATA

where DATA holds the packs weimar_jazz and pop909. The same data give the same weights.

Letters: O onsets, F inputs, H hidden units, see `engines.boundary`.
"""

import argparse
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from engines.boundary import WEIGHTS, Net, describe
from engines.training.phrase_song import PhraseSong, read_jazz, read_pop

HIDDEN, PASSES = 32, 10
"""Units of the net, and how often it sees each onset. More of both gained nothing on the songs for
validation."""

BATCH = 2048
"""How many onsets make a step."""

STEADY = 1e-3
"""Inputs whose standard deviation is below this are not scaled."""

CLIP_BARS = (4, 8, 16, 32)
"""How long the clips are that songs are cut into, in bars of three beats at least."""

SHORTEST_BAR = 3.0
"""What counts as a bar where solos are barred by the beat."""

FEWEST = 6
"""Clips of fewer notes are left out."""

HELD = (1.0, 0.6)
"""A quarter of the clips each is drawn with notes that all last so long, as many clips are."""

DIGITS = 5
"""Digits that are kept of each weight."""


def main() -> None:
    """Train the net and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    asked = parser.parse_args()
    songs = [song for song in read_songs(asked.data) if song.split == "train"]
    net = learn(*examples(with_clips(songs, np.random.default_rng(0))))
    asked.out.parent.mkdir(exist_ok=True)
    asked.out.write_bytes(msgspec.json.encode(net) + b"\n")


def read_songs(folder: Path) -> Iterator[PhraseSong]:
    """Yield all songs with phrase labels."""
    yield from read_jazz(folder / "weimar_jazz")
    yield from read_pop(folder / "pop909")


def with_clips(songs: Iterable[PhraseSong], rng: np.random.Generator) -> Iterator[PhraseSong]:
    """Yield each song and the clips that it is cut into."""
    for song in songs:
        yield song
        for clip in clips(song, rng):
            share = rng.choice([*HELD, 0.0, 0.0])
            yield clip.held(share) if share else clip


def clips(song: PhraseSong, rng: np.random.Generator) -> Iterator[PhraseSong]:
    """Yield the clips of random lengths that a song falls into."""
    bar, start = max(song.clip.metre[0].bar, SHORTEST_BAR), 0.0
    while start < song.clip.length:
        end = start + rng.choice(CLIP_BARS) * bar
        clip = song.cut(start, end)
        if len(clip.begins) >= FEWEST:
            yield clip
        start = end


def examples(songs: Iterable[PhraseSong]) -> tuple[np.ndarray, np.ndarray]:
    """Return (O, F) float32 and (O,) labels of all songs, without first and unsure onsets."""
    seen, begins = [], []
    for song in songs:
        line, label = song.line()
        sure = np.isfinite(label)
        sure[0] = False
        seen.append(describe(line)[sure])
        begins.append(label[sure])
    return np.concatenate(seen), np.concatenate(begins)


def learn(seen: np.ndarray, begins: np.ndarray, *, passes: int = PASSES, batch: int = BATCH) -> Net:
    """Return the net that was trained on (O, F) descriptors and (O,) labels."""
    mean, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-6
    spread[spread < STEADY] = 1.0
    learner = MLPClassifier(
        (HIDDEN,), batch_size=batch, learning_rate_init=3e-3, max_iter=passes, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        learner.fit((seen - mean) / spread, begins)
    return unscaled(learner, mean, spread)


def unscaled(learner: MLPClassifier, mean: np.ndarray, spread: np.ndarray) -> Net:
    """Return a net for inputs as they are instead of scaled ones."""
    (hidden, output), (hidden_bias, output_bias) = learner.coefs_, learner.intercepts_
    return Net(
        hidden=[_short(row) for row in hidden / spread[:, None]],
        hidden_bias=_short(hidden_bias - (mean / spread) @ hidden),
        output=_short(output[:, 0]),
        output_bias=_short(output_bias)[0],
    )


def _short(row: np.ndarray) -> list[float]:
    return [float(f"{value:.{DIGITS}g}") for value in row.tolist()]


if __name__ == "__main__":
    main()
