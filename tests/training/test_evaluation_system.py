from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from engines.performance.interpreter import Interpreter
from engines.training.evaluation.case import Case, System
from engines.training.evaluation.judgement import judge_mean, judge_samples
from engines.training.evaluation.ladder import LADDER
from engines.training.evaluation.pack import judged, lessons
from engines.training.evaluation.systems.average import MatchedJitter
from engines.training.evaluation.systems.jitter import Jitter
from engines.training.evaluation.systems.learned import Learned
from engines.training.evaluation.systems.lookup import Lookup
from engines.training.evaluation.systems.people import AnotherHuman, MeanOfOthers, Ring, heard_in
from engines.training.evaluation.systems.rules import Rules
from engines.training.evaluation.systems.trees import Trees, pedalled
from engines.training.recording import STACCATO
from tests.training.packs import case_of, performance, score, write_pack

MACHINES = [rung for rung in LADDER if rung not in {"humans", "trees"}]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def heard(pack: Path) -> list[Case]:
    return judged(pack)


@pytest.fixture(scope="module")
def taught(pack: Path) -> list[Case]:
    return lessons(pack)


class Monotone:
    """A network that says the same of every note: 15 velocity units above the mean, no more."""

    path = Path("monotone.onnx")
    card: ClassVar[dict[str, Any]] = {}

    def run(
        self,
        view: np.ndarray,
        said: np.ndarray,
        known: np.ndarray,  # noqa: ARG002 - it takes what a network takes
        beats: np.ndarray,  # noqa: ARG002
    ) -> tuple[np.ndarray, np.ndarray]:
        mean = np.zeros((len(view), 6), dtype=np.float32)
        mean[:, 0] = 1.0 + said[:, 0]  # staccato is louder still
        return mean, np.zeros((len(view), 4, 3, 3), dtype=np.float32)


def fitted(rung: str, taught: list[Case]) -> System:
    (system,) = LADDER[rung]([])
    system.fit(taught)
    return system


@pytest.mark.parametrize("rung", MACHINES)
def test_every_rung_guesses_each_note_and_onset(
    rung: str, heard: list[Case], taught: list[Case]
) -> None:
    system, case = fitted(rung, taught), heard[0]
    for guess in (system.predict(case, False), system.sample(case, 3, False)):
        assert guess is not None
        assert len(guess.stretch) == len(case.features.group_onset)
        assert [len(guess.velocity), len(guess.articulation), len(guess.asynchrony_s)] == [
            len(case.features.notes)
        ] * 3


@pytest.mark.parametrize("rung", MACHINES)
def test_a_seed_always_draws_the_same(rung: str, heard: list[Case], taught: list[Case]) -> None:
    system = fitted(rung, taught)
    one, same = (system.sample(heard[0], 7, False) for _ in range(2))
    assert one is not None
    assert same is not None
    assert all(np.array_equal(a, b) for a, b in zip(one[:4], same[:4], strict=True))


@pytest.mark.parametrize("noisy", [Jitter, MatchedJitter, Lookup, Rules])
def test_another_seed_draws_something_else(
    noisy: type[System], heard: list[Case], taught: list[Case]
) -> None:
    system = noisy()
    system.fit(taught)
    one, other = (system.sample(heard[0], seed, False) for seed in (1, 2))
    assert one is not None
    assert other is not None
    assert not np.array_equal(one.velocity, other.velocity)


def test_jitter_is_as_large_as_it_says(heard: list[Case]) -> None:
    samples = [Jitter().sample(heard[0], seed, False) for seed in range(40)]
    assert np.std([sample.velocity for sample in samples]) == pytest.approx(10.0, rel=0.1)


def test_matched_jitter_strays_as_far_as_people_do(heard: list[Case], taught: list[Case]) -> None:
    system = MatchedJitter()
    system.fit(taught)
    samples = [system.sample(heard[0], seed, False) for seed in range(16)]
    found = judge_samples(heard[0], samples)
    for name in ("velocity", "ioi", "asynchrony", "articulation"):
        assert found[f"{name} std ratio"][0] == pytest.approx(1.0, abs=0.3), name


def test_trees_find_what_all_pieces_have_in_common(heard: list[Case], taught: list[Case]) -> None:
    trees = Trees(rows=1_000, iterations=10)
    trees.fit(taught)
    found = judge_mean(heard[0], trees.predict(heard[0], False))
    assert found["velocity r"][0] > 0.7  # high notes are louder in all of them
    assert found["asynchrony r"][0] > 0.3  # and come first


def test_a_learned_player_is_asked_for_means_and_for_samples(heard: list[Case]) -> None:
    player, case = Learned("monotone", Interpreter(Monotone())), heard[0]
    assert player.predict(case, False).velocity == pytest.approx(np.full(96, 64.0 + 15.0))
    one, other = (player.sample(case, seed, False).velocity for seed in (1, 2))
    assert not np.array_equal(one, other)
    assert np.array_equal(one, player.sample(case, 1, False).velocity)


def test_a_sample_of_a_learned_player_has_a_foot_of_its_own(heard: list[Case]) -> None:
    player, case = Learned("monotone", Interpreter(Monotone())), heard[0]

    def foot(seed: int) -> list[float]:
        pedal = player.sample(case, seed, False).pedal
        assert pedal is not None
        return pedal.press_s.tolist()

    assert foot(1) == foot(1) != foot(2)


def test_a_learned_player_is_told_the_marks_when_they_are_given(tmp_path: Path) -> None:
    written = score(1)
    written["flags"][4] = STACCATO
    player = Learned("monotone", Interpreter(Monotone()))
    case = case_of(tmp_path, performance(written, 1))
    assert np.ptp(player.predict(case, False).velocity) == pytest.approx(0.0)
    assert np.ptp(player.predict(case, True).velocity) == pytest.approx(15.0)


def test_a_foot_lifts_where_it_presses_anew() -> None:
    gestures = pedalled(
        np.arange(4.0),
        is_down=np.array([True, True, True, False]),
        presses=np.array([True, False, True, False]),
        delay_s=np.full(4, 0.2),
    )
    press_s = np.arange(4.0)[gestures.press] + gestures.press_s
    release_s = np.arange(4.0)[gestures.release] + gestures.release_s
    assert press_s == pytest.approx([0.2, 2.2])
    assert release_s == pytest.approx([2.05, 3.05])


def test_a_person_is_right_about_themself(heard: list[Case]) -> None:
    guess = heard_in(heard[0], heard[0])
    assert guess is not None
    found = judge_mean(heard[0], guess)
    assert all(value[0] == pytest.approx(1.0) for name, value in found.items() if " r" in name)
    assert found["velocity mae"][0] == 0.0


def test_a_note_that_another_person_left_out_is_unknown(tmp_path: Path) -> None:
    written = score(1)
    case = case_of(tmp_path, performance(written, 1), person="one")
    fewer = {
        name: np.delete(values, 4) if len(values) == len(written["pitch"]) else values
        for name, values in performance(written, 2).items()
    }
    guess = heard_in(case, case_of(tmp_path, fewer, person="two"))
    assert guess is not None
    assert np.flatnonzero(np.isnan(guess.velocity)).tolist() == [4]


def test_another_score_is_not_heard(tmp_path: Path) -> None:
    one = case_of(tmp_path, performance(score(1), 1), person="one")
    two = case_of(tmp_path, performance(score(2), 1), person="two")
    assert heard_in(one, two) is None


def test_every_pair_of_people_is_compared_once(heard: list[Case]) -> None:
    systems = LADDER["humans"](heard)
    pairs = [system for system in systems if isinstance(system, AnotherHuman)]
    compared = [
        frozenset(
            (case.recording.name, system.ring.others(case)[system.distance - 1].recording.name)
        )
        for system in pairs
        for case in heard
        if system.predict(case, False) is not None
    ]
    assert len(compared) == len(set(compared)) == 3 * 3  # three pairs of each of three pieces


def test_two_people_are_no_mean(tmp_path: Path) -> None:
    heard = judged(write_pack(tmp_path, people=2))
    assert MeanOfOthers(Ring(heard)).predict(heard[0], False) is None


def test_the_mean_of_people_is_nearer_than_each_of_them(heard: list[Case]) -> None:
    ring = Ring(heard)
    mean, other = MeanOfOthers(ring), AnotherHuman(ring, 1)
    near = [
        [
            judge_mean(case, guess)["velocity mae"][0]
            for case in heard
            if (guess := s.predict(case, False))
        ]
        for s in (mean, other)
    ]
    assert np.mean(near[0]) < np.mean(near[1])
