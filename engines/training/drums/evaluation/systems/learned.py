"""Play as a learned drummer says.

Letters: H hits.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from engines.drummer.drummer import WINDOW, Interpretation, Player, interpret
from engines.drummer.feel import WANDERING, Places, Shares, feel
from engines.drummer.network import Network
from engines.drummer.page import Sight, Telling
from engines.drummer.quantise import SIXTEENTH
from engines.kit import STROKES, VOICES
from engines.performance.weights import FOLDER
from engines.stream import stream
from engines.training.drums.evaluation.window import STEPS, Case, Played, Window

BAR = STEPS * SIXTEENTH
"""Beats in a bar."""

PLAIN = np.array([[each.voice for each in STROKES].index(voice) for voice in range(len(VOICES))])
"""The plain stroke of each voice."""


class Learned:
    """Draw from the distributions of a learned drummer.

    Args:
        name: what the report calls it.
        player: the network.
        style: whether it is told the style.
        drummer: whether it is told who plays.
    """

    border_bars = int(WINDOW / BAR)

    def __init__(
        self, name: str, player: Player, *, style: bool = True, drummer: bool = False
    ) -> None:
        self.name = name
        self.player = player
        self.tells_style = style
        self.tells_drummer = drummer
        self._window: Window | None = None

    def fit(self, lessons: Sequence[Case]) -> None:
        """Learn nothing more."""

    def predict(self, window: Window) -> Played:
        """Return mean velocities and median offsets."""
        said = self._interpretation(window)
        still = np.zeros(len(window.step))
        return Played(said.velocity.mean().clip(1.0, 127.0), said.late.drawn(still))

    def sample(self, window: Window, seed: int) -> Played:
        """Return one performance, drawn as the engines draw it."""
        said = self._interpretation(window)
        velocity, late = (self._noise(name, window, seed) for name in ("velocity", "late"))
        return Played(said.velocity.drawn(velocity).clip(1.0, 127.0), said.late.drawn(late))

    def _noise(self, name: str, window: Window, seed: int) -> np.ndarray:
        time, beat = window.step * SIXTEENTH, window.position * SIXTEENTH
        places = Places(time, beat, window.voice.astype(np.intp), None)
        shares = self.player.card.shares.get(name, Shares())
        streams = partial(stream, seed, window.take, window.bar, name)
        return feel(places, shares, WANDERING[name], streams)

    def _interpretation(self, window: Window) -> Interpretation:
        """Return what the drummer says; what was said last is remembered, for the samples."""
        if self._window is not window:
            self._window, self._said = window, interpret(*self._asked(window), self.player)
        return self._said

    def _asked(self, window: Window) -> tuple[Sight, Telling]:
        hits = len(window.step)
        sight = Sight(
            time=window.step * SIXTEENTH,
            voice=window.voice.astype(np.intp),
            stroke=PLAIN[window.voice],
            beat=window.position * SIXTEENTH,
            bar=np.full(hits, BAR),
            compound=np.zeros(hits),
            bpm=np.full(hits, window.bpm),
        )
        telling = Telling(
            style=window.genre if self.tells_style else "any",
            player=window.drummer if self.tells_drummer else "any",
            strokes=False,
            sixteenths=True,
        )
        return sight, telling


def read_drummers(weights: str) -> list[Learned]:
    """Return a drummer of a file of weights three times: as it is, blind to styles, told who plays.

    Args:
        weights: the name of a file that comes with the program, such as "drums", or a path.

    Raises:
        WeightsError: the file is missing, damaged, or no drummer.
    """
    shipped = FOLDER / f"{weights}.onnx"
    network = Network(shipped if shipped.is_file() else Path(weights))
    name = f"learned {Path(weights).stem}"
    return [
        Learned(name, network),
        Learned(f"{name}, blind", network, style=False),
        Learned(f"{name}, told", network, drummer=True),
    ]
