import numpy as np
import pytest

from engines.drummer.feel import Shares
from engines.drummer.network import FORMAT, Card
from engines.drummer.page import COLUMNS
from engines.kit import KICK
from engines.training.drums.evaluation.judgement import Answer, judge
from engines.training.drums.evaluation.ladder import LADDER
from engines.training.drums.evaluation.metric import METRICS
from engines.training.drums.evaluation.system import System, drawn
from engines.training.drums.evaluation.systems.even import Jitter, MatchedJitter, Quantised
from engines.training.drums.evaluation.systems.learned import Learned
from engines.training.drums.evaluation.systems.table import Table
from engines.training.drums.evaluation.systems.trees import Trees, around
from engines.training.drums.evaluation.turing import FEWEST, Told, sampled, told, told_apart
from engines.training.drums.evaluation.window import Case, Heard, Played, heard, joined, reduced
from tests.training.takes import HAT, beat, take_of
from tests.training.takes import KICK as KICK_NOTE

QUICK = [rung for rung in LADDER if rung not in {"trees", "told"}]


@pytest.fixture(scope="module")
def take() -> Heard:
    return heard(take_of(beat(8, seed=9), "judged"))


@pytest.fixture(scope="module")
def lessons() -> list[Case]:
    takes = [heard(take_of(beat(12, seed), f"take{seed}", drummer="drummer2")) for seed in (1, 2)]
    return [case for each in takes for case in each.windows]


@pytest.fixture(scope="module")
def trees(lessons: list[Case]) -> Trees:
    found = Trees(iterations=8)
    found.fit(lessons)
    return found


def fitted(rung: str, lessons: list[Case]) -> System:
    system = LADDER[rung]()
    system.fit(lessons)
    return system


class Loud:
    """A network that likes the last bins best when it is told the style, else the first ones."""

    def __init__(self) -> None:
        self.card = Card(
            format=FORMAT,
            columns=COLUMNS,
            velocity_edge=(0.5, 64.5, 127.5),
            late_edge=(-10.0, 0.0, 10.0),
            shares={"velocity": Shares(clock=0.5), "late": Shares(bar=1.0)},
        )

    def run(
        self,
        said: np.ndarray,
        around: np.ndarray,  # noqa: ARG002 - it takes what a network takes
        beats: np.ndarray,  # noqa: ARG002
    ) -> tuple[np.ndarray, np.ndarray]:
        share = np.where(said[:, COLUMNS.index("style rock")] > 0, 1.0, 0.0)
        shares = np.stack([1.0 - share, share], axis=1)
        return shares, shares


@pytest.mark.parametrize("rung", QUICK)
def test_every_rung_plays_each_hit(rung: str, take: Heard, lessons: list[Case]) -> None:
    system, window = fitted(rung, lessons), take.windows[0].given
    for played in (system.predict(window), system.sample(window, 3)):
        assert [len(values) for values in played] == [len(window.step)] * 2
        assert (played.velocity >= 1.0).all()
        assert (played.velocity <= 127.0).all()


@pytest.mark.parametrize("rung", QUICK)
def test_a_seed_always_draws_the_same(rung: str, take: Heard, lessons: list[Case]) -> None:
    window = take.windows[0].given
    one, same = (fitted(rung, lessons).sample(window, 7) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))


@pytest.mark.parametrize("rung", ["jitter", "matched", "table", "rules"])
def test_another_seed_draws_something_else(rung: str, take: Heard, lessons: list[Case]) -> None:
    system, window = fitted(rung, lessons), take.windows[0].given
    one, other = (system.sample(window, seed) for seed in (1, 2))
    assert not np.array_equal(one.offset_ms, other.offset_ms)


def test_who_leaves_no_choice_is_asked_twice(take: Heard, lessons: list[Case]) -> None:
    window = take.windows[0].given
    assert len(drawn(fitted("quantised", lessons), window, 16)) == 2
    assert len(drawn(fitted("jitter", lessons), window, 16)) == 16


def test_the_grid_is_played_at_the_mean_velocity(take: Heard, lessons: list[Case]) -> None:
    system = Quantised()
    system.fit(lessons)
    played = system.predict(take.windows[0].given)
    mean = joined(case.played for case in lessons).velocity.mean()
    assert set(played.velocity) == {mean}
    assert not played.offset_ms.any()


def test_jitter_is_as_large_as_it_says(take: Heard, lessons: list[Case]) -> None:
    system = Jitter()
    system.fit(lessons)
    samples = joined(system.sample(take.windows[0].given, seed) for seed in range(100))
    assert samples.offset_ms.std() == pytest.approx(10.0, rel=0.1)
    assert samples.velocity.std() == pytest.approx(10.0, rel=0.1)


def test_matched_jitter_strays_as_far_as_drummers_do(take: Heard, lessons: list[Case]) -> None:
    system = MatchedJitter()
    system.fit(lessons)
    found = judged(system, take)
    for name in ("timing std ratio", "velocity std ratio"):
        assert METRICS[name].combine(found[name]) == pytest.approx(1.0, abs=0.15), name


def test_a_table_knows_where_a_voice_is_loud_and_late(take: Heard, lessons: list[Case]) -> None:
    system = Table()
    system.fit(lessons)
    found = judged(system, take)
    assert METRICS["velocity r"].combine(found["velocity r"]) > 0.9
    assert METRICS["timing mae"].combine(found["timing mae"]) < 6.0  # 5 ms of noise


def test_an_unknown_genre_is_played_as_all_are(take: Heard, lessons: list[Case]) -> None:
    system = Table()
    system.fit(lessons)
    window = take.windows[0].given._replace(style="polka/fast")
    played = system.predict(window).velocity
    assert np.corrcoef(played, take.windows[0].played.velocity)[0, 1] > 0.9


def test_trees_see_what_is_around_a_hit() -> None:
    window = reduced(take_of([(0.0, KICK_NOTE, 90), (0.5, HAT, 60)])).given
    seen = around(window).reshape(2, 17, 9)
    assert np.argwhere(seen[0]).tolist() == [[8, KICK], [10, 2]]
    assert np.argwhere(seen[1]).tolist() == [[6, KICK], [8, 2]]


def test_trees_learn_what_drummers_have_in_common(take: Heard, trees: Trees) -> None:
    found = judged(trees, take)
    assert METRICS["velocity r"].combine(found["velocity r"]) > 0.7
    assert METRICS["timing std ratio"].combine(found["timing std ratio"]) < 1.0


def test_trees_that_are_told_play_someone_unknown_too(take: Heard, lessons: list[Case]) -> None:
    system = Trees(is_told=True, iterations=2)
    system.fit(lessons)
    played = system.predict(take.windows[0].given._replace(drummer="nobody"))
    assert np.isfinite(played.velocity).all()


def test_a_learned_drummer_is_asked_for_means_and_for_samples(take: Heard) -> None:
    player, window = Learned("loud", Loud()), take.windows[0].given
    played = player.predict(window)
    assert played.velocity == pytest.approx(np.full(len(window.step), 96.0))  # the bin's middle
    assert played.offset_ms == pytest.approx(np.full(len(window.step), 5.0))
    one, other = (player.sample(window, seed) for seed in (1, 2))
    assert not np.array_equal(one.velocity, other.velocity)
    assert np.array_equal(one.velocity, player.sample(window, 1).velocity)


def test_a_learned_drummer_is_blind_to_what_it_is_not_told(take: Heard) -> None:
    blind = Learned("loud", Loud(), style=False)
    assert blind.predict(take.windows[0].given).offset_ms == pytest.approx(-5.0)


def test_who_is_right_about_all_has_no_error(take: Heard) -> None:
    played = [case.played for case in take.windows]
    right = Answer(played, [[each, each] for each in played])
    found = {name: METRICS[name].combine(row) for name, row in judge(take, right, right).items()}
    assert all(found[name] == 0.0 for name in ("timing mae", "velocity mae", "timing crps"))
    assert found["velocity r"] == pytest.approx(1.0)
    assert found["velocity std ratio"] == pytest.approx(1.0)


def test_a_window_of_few_hits_tells_little() -> None:
    few = [(float(place), KICK_NOTE, 90.0 + place) for place in range(FEWEST - 1)]
    many = told(heard(take_of(beat(2, seed=1))).windows)
    assert told(heard(take_of(few)).windows).shape == many.shape


def test_a_machine_is_told_from_people_and_people_are_not_from_people(lessons: list[Case]) -> None:
    takes = [heard(take_of(beat(8, seed), f"take{seed}")) for seed in range(4)]
    grid, people = fitted("quantised", lessons), [told(take.windows) for take in takes]
    machine = [
        told(sampled(take.windows, [grid.predict(case.given) for case in take.windows]))
        for take in takes
    ]
    names = [take.whole.given.take for take in takes]
    assert accuracy([Told(*each) for each in zip(names, people, machine, strict=True)]) > 0.95
    others = zip(names[::2], people[::2], people[1::2], strict=True)
    assert accuracy([Told(*each) for each in others]) < 0.75


def accuracy(pairs: list[Told]) -> float:
    rows = np.stack(list(told_apart(pairs).values()))
    return float(METRICS["told from human"].combine(rows.sum(axis=0)))


def judged(system: System, take: Heard) -> dict[str, np.ndarray]:
    said = Answer(
        [system.predict(case.given) for case in take.windows],
        [drawn(system, case.given, 16) for case in take.windows],
    )
    return judge(take, said, said)


def test_velocities_of_a_sample_are_made_whole(take: Heard) -> None:
    (case,) = sampled(take.windows[:1], [Played(np.array([0.2, 63.6, 200.0]), np.zeros(3))])
    assert case.played.velocity.tolist() == [1.0, 64.0, 127.0]
