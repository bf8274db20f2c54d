"""Learn with boosted trees from each note and its neighbours: the bar for neural engines.

Letters: N notes, O onsets, F columns, R rows to learn from.

Source: Ke et al. (2017), "LightGBM: a highly efficient gradient boosting decision tree", NeurIPS
30, in scikit-learn's histogram-based version.
"""

from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from engines.performance.pedalling import Gestures, pedal_targets
from engines.performance.view import COLUMNS, View
from engines.training.evaluation.case import Case, Guess
from engines.training.evaluation.judgement import melody_rows
from engines.training.evaluation.pedal import hang
from engines.training.evaluation.systems.average import scattered
from engines.training.recording import FLAT

ROWS = 120_000
"""How many notes are learned from, as many of each piece."""

NEIGHBOURS = (-4, -2, -1, 1, 2, 4)
"""Which onsets around a note are looked at."""

TOLD = (
    "pitch",
    "over_piece",
    "duration",
    "interval",
    "filled",
    "count",
    "strength",
    "on_bar",
    "boundary",
    "phrase_position",
    "change",
    "melody",
)
"""What is looked at of the highest note of each of them."""

MARKS = 13
"""How many of the bits of the marks are looked at."""

LIFT_S = 0.05
"""The old pedal goes up so long after the onset near which it is pressed anew. Source: Repp (1996),
Psychology of Music 24(2): shortly after the onset."""

NOTE_TARGETS = ("velocity", "asynchrony", "articulation")


class Table(NamedTuple):
    """Be the rows of a case: (N, F) of its notes and (O, F) of its onsets, float32."""

    notes: np.ndarray
    onsets: np.ndarray


class Trees:
    """Predict each parameter by trees of its own; a sample adds white noise of the right size."""

    name = "boosted trees"
    reads_marks = True

    def __init__(self, rows: int = ROWS, iterations: int = 120) -> None:
        self.rows = rows
        self.iterations = iterations
        self._players: dict[bool, _Player] = {}
        self._last: tuple[Case, bool, Guess] | None = None

    def fit(self, cases: list[Case]) -> None:
        """Grow the trees, without and with marks."""
        for marks in (False, True):
            self._players[marks] = _Player(cases, marks, self.rows, self.iterations)

    def predict(self, case: Case, marks: bool) -> Guess:
        """Return what the trees say."""
        if self._last is None or self._last[0] is not case or self._last[1] is not marks:
            self._last = (case, marks, self._players[marks].predict(case))
        return self._last[2]

    def sample(self, case: Case, seed: int, marks: bool) -> Guess:
        """Return what the trees say, scattered as their errors are."""
        return scattered(case, self.predict(case, marks), self._players[marks].scatter, seed)


class _Player:
    """Be the trees of all parameters."""

    def __init__(self, cases: list[Case], marks: bool, rows: int, iterations: int) -> None:
        self.marks = marks
        self.iterations = iterations
        self.scatter: dict[str, float] = {}
        notes, onsets, targets = _lesson(cases, marks, rows)
        self.trees = {
            name: self._grown(name, notes if name in NOTE_TARGETS else onsets, target)
            for name, target in targets.items()
        }
        self.press_chance = _press_chance(self.trees["press"], onsets, targets["press"])

    def _grown(
        self, name: str, rows: np.ndarray, target: np.ndarray
    ) -> HistGradientBoostingRegressor | HistGradientBoostingClassifier:
        known = ~np.isnan(target)
        rows, target = rows[known], target[known]
        kind = HistGradientBoostingClassifier if name == "press" else HistGradientBoostingRegressor
        trees = kind(
            max_iter=self.iterations,
            learning_rate=0.08,
            max_leaf_nodes=24,
            min_samples_leaf=80,
            l2_regularization=20.0,
            max_features=0.3,
            early_stopping=False,
            random_state=0,
        ).fit(rows, target)
        if name != "press":
            guessed = trees.predict(rows)
            self.scatter[name] = float(np.sqrt(max(target.var() - guessed.var(), 0.0)))
        return trees

    def predict(self, case: Case) -> Guess:
        """Return the mean performance."""
        table = table_of(case, self.marks)
        found = {name: self.trees[name].predict(table.notes) for name in NOTE_TARGETS}
        chords = case.features.group_size[case.features.group] > 1
        return Guess(
            velocity=FLAT + found["velocity"],
            stretch=self.trees["ioi"].predict(table.onsets),
            asynchrony_s=np.where(chords, found["asynchrony"], 0.0),
            articulation=found["articulation"],
            pedal=self._pedal(case, table.onsets),
        )

    def _pedal(self, case: Case, rows: np.ndarray) -> Gestures:
        """Return presses where they are likely, and the pedal down where it mostly is."""
        written_s = case.features.clip.tempo.seconds(case.features.group_onset)
        chance = self.trees["press"].predict_proba(rows)[:, 1]
        delay_s = self.trees["delay"].predict(rows)
        return pedalled(
            written_s,
            is_down=self.trees["down"].predict(rows) > 0.5,
            presses=chance > self.press_chance,
            delay_s=delay_s,
        )


def pedalled(
    onset_s: np.ndarray, *, is_down: np.ndarray, presses: np.ndarray, delay_s: np.ndarray
) -> Gestures:
    """Return the gestures of a foot that is told at each of O onsets what to do.

    Args:
        onset_s: (O,) seconds, rising.
        is_down: (O,) bool, whether the pedal is down after the onset.
        presses: (O,) bool, whether it is pressed anew near the onset.
        delay_s: (O,) seconds from the onset to that press.
    """
    press: list[float] = []
    release: list[float] = []
    held = False
    for onset, down, anew, delay in zip(
        onset_s.tolist(), is_down.tolist(), presses.tolist(), delay_s.tolist(), strict=True
    ):
        lifts = held and (anew or not down)
        if lifts:
            release.append(max(onset + min(LIFT_S, delay - LIFT_S), press[-1]))
        if anew or (down and not held):
            press.append(onset + (delay if anew else 0.0))
        held = anew or down
    release += [np.inf] * (len(press) - len(release))
    return hang(np.array(press), np.array(release), onset_s)


def table_of(case: Case, marks: bool) -> Table:
    """Return what the trees look at."""
    view = View(case.features)
    rows = view.table()
    if marks:
        bits = (case.recording.marks[:, None] >> np.arange(MARKS)) & 1
        rows = np.column_stack([rows, bits, case.recording.staff]).astype(np.float32)
    top = rows[melody_rows(case)]
    around = _around(top)
    notes = np.column_stack([rows, around[case.features.group]])
    return Table(notes=notes, onsets=np.column_stack([top, around]))


def _around(top: np.ndarray) -> np.ndarray:
    """Return what is told of the onsets around each onset: (O, 6 * 12)."""
    names = list(COLUMNS)
    told = top[:, [names.index(name) for name in TOLD]]
    index = np.arange(len(top))[:, None] + np.array(NEIGHBOURS)
    return told[np.clip(index, 0, len(top) - 1)].reshape(len(top), -1)


def _lesson(
    cases: list[Case], marks: bool, rows: int
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Return (R, F) notes, (R, F) onsets, and the targets of either, NaN for what is unknown."""
    pieces = [case.recording.piece for case in cases]
    quota = {piece: rows // len(set(pieces)) // pieces.count(piece) for piece in pieces}
    pages = [_page(case, marks, max(quota[case.recording.piece], 1)) for case in cases]
    notes, onsets, targets = zip(*pages, strict=True)
    joined = {name: np.concatenate([each[name] for each in targets]) for name in targets[0]}
    return np.concatenate(notes), np.concatenate(onsets), joined


def _page(
    case: Case, marks: bool, quota: int
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    table, played = table_of(case, marks), case.aspects
    rng = np.random.default_rng(len(case.features.notes))
    picked = rng.permutation(len(table.notes))[:quota]
    onsets = rng.permutation(len(table.onsets))[:quota]
    share, press = _foot(case)
    delay = np.full(len(press), np.nan)
    delay[case.pedal.press] = np.clip(case.pedal.press_s, 0.0, 1.0)
    targets = {name: getattr(played, name)[picked] for name in NOTE_TARGETS}
    at_onsets = {"ioi": played.ioi, "down": share, "press": press, "delay": delay}
    targets.update({name: values[onsets] for name, values in at_onsets.items()})
    return table.notes[picked], table.onsets[onsets], targets


def _foot(case: Case) -> tuple[np.ndarray, np.ndarray]:
    recording = case.recording
    return pedal_targets(case.onset_s, case.end_s, recording.sustain_s, recording.sustain)


def _press_chance(
    trees: HistGradientBoostingClassifier, rows: np.ndarray, press: np.ndarray
) -> float:
    """Return above which chance as many presses are made as people make."""
    chance = trees.predict_proba(rows)[:, 1]
    return float(np.quantile(chance, 1.0 - press.mean()))
