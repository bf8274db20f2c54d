"""Play by our own rules: the engines whose names begin with "rules"."""

import numpy as np

from engines.clip import SUSTAIN_PEDAL
from engines.performance.expression import Played, encode, onset_times
from engines.performance.pedalling import gestures
from engines.preset import Chain
from engines.stage import Stage
from engines.training.evaluation.case import Case, Guess, guess_of

STAGES = (
    Stage("rules.velocity", {"keep_accents": False}),
    Stage("rules.rubato", {"anchor": "ends"}),
    Stage("rules.groove"),
    Stage("rules.articulation"),
    Stage("rules.pedal"),
)
"""All rules, as dialled by default; a soloist may bend the tempo from end to end."""

DRAWN = 8
"""The mean is that of so many performances."""


class Rules:
    """Render the written clip with each seed; the mean is the mean of eight."""

    name = "our rules"
    reads_marks = False

    def __init__(self) -> None:
        self.chain = Chain(STAGES)

    def fit(self, cases: list[Case]) -> None:
        """Learn nothing."""

    def predict(self, case: Case, marks: bool) -> Guess:
        """Return the mean of the performances of the seeds after those that are sampled."""
        drawn = [self.sample(case, 1_000 + seed, marks) for seed in range(DRAWN)]
        return Guess(
            velocity=np.mean([guess.velocity for guess in drawn], axis=0),
            stretch=np.mean([guess.stretch for guess in drawn], axis=0),
            asynchrony_s=np.mean([guess.asynchrony_s for guess in drawn], axis=0),
            articulation=np.mean([guess.articulation for guess in drawn], axis=0),
            pedal=drawn[0].pedal,
        )

    def sample(self, case: Case, seed: int, marks: bool) -> Guess:  # noqa: ARG002 - no marks needed
        """Return the performance of a seed."""
        (clip,) = self.chain.render((case.recording.clip,), seed=seed)
        played = Played(
            clip.tempo.seconds(clip.notes.onset),
            clip.tempo.seconds(clip.notes.end),
            clip.notes.velocity,
        )
        expression = encode(case.features, played, case.recording.grace)
        onset_s = onset_times(case.features, expression.stretch, expression.start_s)
        pedal = clip.controllers.of(SUSTAIN_PEDAL)
        foot = gestures(clip.tempo.seconds(pedal.time), pedal.value, onset_s)
        return guess_of(expression, foot)
