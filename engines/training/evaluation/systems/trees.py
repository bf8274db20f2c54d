"""Learn with boosted trees from each note and its neighbours: the bar for neural engines.

Letters: N notes, O onsets, F columns, R rows to learn from.

Source: Ke et al. (2017), "LightGBM: a highly efficient gradient boosting decision tree", NeurIPS
30, in scikit-learn's histogram-based version.
"""

import numpy as np
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import HistGradientBoostingRegressor

from engines.performance.pedalling import DOWN, Gestures, gestures
from engines.training.evaluation.case import Case, Guess
from engines.training.evaluation.systems.average import scattered
from engines.training.evaluation.systems.lesson import NOTE_TARGETS, Lesson, learn, table_of
from engines.training.forest import LEAST_ROWS, boosting
from engines.training.recording import FLAT

ROWS = 120_000
"""How many notes are learned from, as many of each piece."""

ITERATIONS = 120

LIFT_S = 0.05
"""The old pedal goes up so long after the onset near which it is pressed anew. Source: Repp (1996),
Psychology of Music 24(2): shortly after the onset."""


class Trees:
    """Predict each parameter by trees of its own; a sample adds white noise of the right size.

    Marks are told of notes only: of the tempo and the pedal they say nothing that helps.
    """

    name = "boosted trees"
    reads_marks = True

    def __init__(self, rows: int = ROWS, iterations: int = ITERATIONS) -> None:
        self.rows = rows
        self.iterations = iterations
        self._grown: dict[tuple[str, bool], Grown] = {}
        self._said: tuple[Case, bool, Guess] | None = None

    def fit(self, cases: list[Case]) -> None:
        """Grow all trees, those of notes without and with marks."""
        for marks in (False, True):
            lesson = learn(cases, marks, self.rows)
            for name in lesson.targets:
                if not marks or name in NOTE_TARGETS:
                    self._grown[name, marks] = Grown(lesson, name, self.iterations)

    def predict(self, case: Case, marks: bool) -> Guess:
        """Return what the trees say; what they said last is remembered, for the samples."""
        if self._said is None or self._said[0] is not case or self._said[1] is not marks:
            self._said = (case, marks, self._say(case, marks))
        return self._said[2]

    def sample(self, case: Case, seed: int, marks: bool) -> Guess:
        """Return what the trees say, scattered as people are about it."""
        scatter = {name: trees.scatter for (name, told), trees in self._grown.items() if not told}
        return scattered(case, self.predict(case, marks), scatter, seed)

    def _say(self, case: Case, marks: bool) -> Guess:
        rows = table_of(case, marks).notes
        note = {name: self._grown[name, marks].predict(rows) for name in NOTE_TARGETS}
        chords = case.features.group_size[case.features.group] > 1
        rows = table_of(case, marks=False).onsets
        return Guess(
            velocity=FLAT + note["velocity"],
            stretch=self._grown["ioi", False].predict(rows),
            asynchrony_s=np.where(chords, note["asynchrony"], 0.0),
            articulation=note["articulation"],
            pedal=self._foot(case, rows),
        )

    def _foot(self, case: Case, rows: np.ndarray) -> Gestures:
        """Return presses where they are likely, and the pedal down where it mostly is."""
        press = self._grown["press", False]
        return pedalled(
            case.features.clip.tempo.seconds(case.features.group_onset),
            is_down=self._grown["down", False].predict(rows) > 0.5,
            presses=press.predict(rows) > press.as_often,
            delay_s=self._grown["delay", False].predict(rows),
        )


class Grown:
    """Be the trees of one parameter.

    `scatter` is the standard deviation that their mean lacks, `as_often` the value that they exceed
    as often as the mean of a 0-or-1 target says.
    """

    def __init__(self, lesson: Lesson, name: str, iterations: int) -> None:
        target = lesson.targets[name]
        known = ~np.isnan(target)
        rows, target = lesson.rows_of(name)[known], target[known]
        if len(target) < LEAST_ROWS:
            rows, target = np.zeros((1, 1)), np.array([target.mean() if len(target) else 0.0])
        self.trees = _regressor(len(target), iterations).fit(rows, target)
        guessed = self.trees.predict(rows)
        self.scatter = float(np.sqrt(max(target.var() - guessed.var(), 0.0)))
        self.as_often = float(np.quantile(guessed, np.clip(1.0 - target.mean(), 0.0, 1.0)))

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Return the mean of the parameter for each row: (R,) of (R, F)."""
        return np.asarray(self.trees.predict(rows))


def _regressor(rows: int, iterations: int) -> HistGradientBoostingRegressor | DummyRegressor:
    if rows < LEAST_ROWS:
        return DummyRegressor()
    return HistGradientBoostingRegressor(
        **boosting(rows, trees=iterations, leaves=24, rate=0.08, least=80)
    )


def pedalled(
    onset_s: np.ndarray, *, is_down: np.ndarray, presses: np.ndarray, delay_s: np.ndarray
) -> Gestures:
    """Return the gestures of a foot that is told at each of O onsets what to do.

    A move that would come before the last one comes with it.

    Args:
        onset_s: (O,) seconds, rising.
        is_down: (O,) bool, whether the pedal is down after the onset.
        presses: (O,) bool, whether it is pressed anew near the onset.
        delay_s: (O,) seconds from the onset to that press.
    """
    moves: list[tuple[float, float]] = []
    held = False
    for onset, down, anew, delay in zip(
        onset_s.tolist(), is_down.tolist(), presses.tolist(), delay_s.tolist(), strict=True
    ):
        if held and (anew or not down):
            moves.append((onset + min(LIFT_S, delay - LIFT_S), 0.0))
        if anew or (down and not held):
            moves.append((onset + (delay if anew else 0.0), DOWN))
        held = anew or down
    time_s, value = np.array(moves).reshape(-1, 2).T
    return gestures(np.maximum.accumulate(time_s), value, onset_s)
