"""Shake every note as the humanize command of a DAW does."""

import numpy as np

from engines.performance.expression import Expression, Played, decode, encode
from engines.training.evaluation.case import Case, Guess, guess_of
from engines.training.evaluation.systems.constant import Constant, stiff

JITTER_S, JITTER_VELOCITY = 0.010, 10.0
"""Standard deviations of the usual setting."""


class Jitter(Constant):
    """Move each note by 10 ms and its velocity by 10, normally distributed."""

    name = "DAW jitter"

    def sample(self, case: Case, seed: int, marks: bool) -> Guess:  # noqa: ARG002 - no marks needed
        """Return the score, each note shaken on its own."""
        still = stiff(case)
        rng = np.random.default_rng((seed, len(still.velocity)))
        played = decode(case.features, Expression(0.0, *still[1:4], still.velocity))
        late_s = rng.normal(0.0, JITTER_S, len(still.velocity))
        shaken = Played(
            played.onset_s + late_s,
            played.release_s + late_s,
            np.clip(rng.normal(still.velocity, JITTER_VELOCITY), 1.0, 127.0),
        )
        return guess_of(encode(case.features, shaken, case.recording.grace), still.pedal)
