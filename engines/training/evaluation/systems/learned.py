"""Play as the learned player says.

Letters: N notes, O onsets.
"""

from pathlib import Path

import numpy as np

from engines.performance.footwork import decode_pedal
from engines.performance.interpreter import Interpretation, Interpreter, Marks
from engines.performance.network import Network
from engines.performance.pace import drawn_stretch
from engines.performance.pedalling import Gestures
from engines.performance.take import Take
from engines.performance.weights import FOLDER
from engines.stream import stream
from engines.training.evaluation.case import Case, Guess
from engines.training.recording import FLAT

UPPER = 1
"""The number of the upper staff."""


class Learned:
    """Draw from the distributions of an interpreter.

    Args:
        name: what the report calls it.
        interpreter: the learned player.
    """

    reads_marks = True

    def __init__(self, name: str, interpreter: Interpreter) -> None:
        self.name = name
        self.interpreter = interpreter
        self._said: tuple[Case, bool, Interpretation] | None = None

    def fit(self, cases: list[Case]) -> None:
        """Learn nothing more."""

    def predict(self, case: Case, marks: bool) -> Guess:
        """Return the means of the distributions, and the likeliest way of the foot."""
        said = self._interpretation(case, marks)
        group, size = case.features.group, case.features.group_size
        return Guess(
            velocity=FLAT + said.of("velocity").mean(),
            stretch=np.bincount(group, said.of("stretch").mean()) / size,
            asynchrony_s=said.of("asynchrony").mean(),
            articulation=said.of("articulation").mean(),
            pedal=_foot(case, said),
        )

    def sample(self, case: Case, seed: int, marks: bool) -> Guess:
        """Return one performance, drawn as the engines draw it."""
        said = self._interpretation(case, marks)
        take = Take(said, self.interpreter.noise(case.features, stream(seed, "take")))
        return Guess(
            velocity=FLAT + take.drawn("velocity"),
            stretch=drawn_stretch(case.features, take),
            asynchrony_s=take.drawn("asynchrony"),
            articulation=take.drawn("articulation"),
            pedal=_foot(case, said, stream(seed, "pedal")),
        )

    def _interpretation(self, case: Case, marks: bool) -> Interpretation:
        """Return what the player says; what it said last is remembered, for the samples."""
        if self._said is None or self._said[0] is not case or self._said[1] is not marks:
            recording = case.recording
            told = Marks(recording.marks, recording.staff == UPPER) if marks else None
            self._said = (case, marks, self.interpreter(case.features, told))
        return self._said[2]


def read_player(weights: str) -> Learned:
    """Return the player of a file of weights.

    Args:
        weights: the name of a file that comes with the program, such as "default", or a path.

    Raises:
        WeightsError: the file is missing, damaged, or not such a player.
    """
    shipped = FOLDER / f"{weights}.onnx"
    network = Network(shipped if shipped.is_file() else Path(weights))
    return Learned(f"learned {Path(weights).stem}", Interpreter(network))


def _foot(case: Case, said: Interpretation, rng: np.random.Generator | None = None) -> Gestures:
    """Return the likeliest gestures at the written tempo, or drawn ones."""
    features = case.features
    onset_s = features.clip.tempo.seconds(features.group_onset)
    end_s = float(features.clip.tempo.seconds(features.notes.end).max())
    interval_s = np.diff(onset_s, append=max(end_s, onset_s[-1]))
    return decode_pedal(said.down, said.press, interval_s, rng)
