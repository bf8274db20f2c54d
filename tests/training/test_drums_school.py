"""Lessons given out in batches, and how wrong answers are."""

import numpy as np
import pytest
import torch

from engines.drummer.page import COLUMNS, MOMENTS
from engines.error import EngineError
from engines.kit import VOICES
from engines.models.drummer import Drummer, Shape
from engines.training.drums.lesson import Lesson, page_lesson, sixteenth_lesson
from engines.training.drums.school import (
    BARS,
    LATE_EDGE,
    MOST_HITS,
    VELOCITY_EDGE,
    Example,
    School,
    judge,
)
from tests.training.takes import HAT, beat, take_of

SMALL = Shape(
    said=len(COLUMNS),
    around=MOMENTS * len(VOICES),
    velocity=len(VELOCITY_EDGE) - 1,
    late=len(LATE_EDGE) - 1,
    width=8,
    layers=1,
    heads=2,
    dropout=0.0,
)


class Certain(Drummer):
    """Says one bin of velocity and one of lateness, whatever it is asked, and keeps the batch."""

    def __init__(self, velocity: float, late: float, surety: float = 50.0) -> None:
        super().__init__(SMALL)
        self.sure = [
            surety * torch.nn.functional.one_hot(torch.tensor(at), len(edge) - 1).float()
            for at, edge in (
                (int(np.searchsorted(VELOCITY_EDGE, velocity)) - 1, VELOCITY_EDGE),
                (int(np.searchsorted(LATE_EDGE, late)) - 1, LATE_EDGE),
            )
        ]
        self.batch: tuple[torch.Tensor, ...] = ()

    def odds(
        self,
        said: torch.Tensor,
        around: torch.Tensor,
        beats: torch.Tensor,
        is_hit: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        assert is_hit is not None
        self.batch = (said, around, beats, is_hit)
        velocity, late = (sure.expand(*beats.shape, -1) for sure in self.sure)
        return velocity, late


def school(bars: int = 16) -> School:
    takes = [take_of(beat(bars, seed)) for seed in (0, 1)]
    return School([page_lesson(take) for take in takes], [sixteenth_lesson(take) for take in takes])


def drawn(draws: int = 8) -> list[torch.Tensor]:
    """Return what is said of the hits of some batches, (H, F) each."""
    net, found = Certain(90, 0), []
    taught = school()
    for seed in range(draws):
        taught(net, np.random.default_rng(seed))
        said, _, _, is_hit = net.batch
        found.append(said[is_hit > 0])
    return found


def example(velocity: float, late: float) -> Example:
    """Return an excerpt of three strokes that were played just so."""
    lesson = page_lesson(take_of([(float(at), HAT, 60.0 + at) for at in range(3)]))
    played: Lesson = lesson._replace(
        velocity=np.full(3, velocity), late=np.full(3, late), teaches_velocity=True
    )
    return Example(
        np.zeros((3, len(COLUMNS)), np.float32),
        np.zeros((3, MOMENTS * len(VOICES)), np.float32),
        played,
    )


def test_who_is_sure_and_right_is_hardly_wrong() -> None:
    wrong = judge(Certain(90.0, 10.0), [example(90.0, 10.0)])
    assert wrong.tolist() == pytest.approx([0.0, 0.0], abs=1e-3)


def test_who_is_farther_off_is_more_wrong() -> None:
    costs = [judge(Certain(90.0, 10.0), [example(at, 10.0 - at)]).tolist() for at in (90, 70, 30)]
    assert costs[0][0] < costs[1][0] < costs[2][0]
    assert costs[2][1] < costs[1][1] < costs[0][1]


def test_who_has_no_idea_is_as_surprised_as_there_are_bins() -> None:
    net = Certain(90.0, 0.0, surety=0.0)
    velocity, late = judge(net, [example(90.0, 0.0)]).tolist()
    # the logarithm of how many bins there are, and a tenth of the CRPS on top
    for found, edge in ((velocity, VELOCITY_EDGE), (late, LATE_EDGE)):
        span = edge[-1] - edge[0]
        assert np.log(len(edge) - 1) < found < np.log(len(edge) - 1) + 0.1 * span / 3


def test_values_beyond_the_bins_count_as_in_the_outer_ones() -> None:
    for late in (-400.0, 400.0):
        assert judge(Certain(90.0, np.sign(late) * 120.0), [example(90.0, late)])[1] < 1e-3


def test_a_take_of_one_velocity_is_not_judged_by_it() -> None:
    taught = example(30.0, 0.0)
    silent = taught._replace(lesson=taught.lesson._replace(teaches_velocity=False))
    assert judge(Certain(90.0, 0.0), [silent])[0] == 0


def test_excerpts_of_other_lengths_are_judged_as_alone() -> None:
    torch.manual_seed(0)
    net = Drummer(SMALL).eval()
    short, long = example(90.0, 0.0), example(40.0, 20.0)
    short = Example(short.said[:1], short.around[:1], short.lesson.take(np.arange(3) < 1))
    one, three, both = (judge(net, batch) for batch in ([short], [long], [short, long]))
    assert both.tolist() == pytest.approx(((one + 3 * three) / 4).tolist(), rel=1e-4)


def test_a_batch_has_as_many_bars_whatever_the_length_of_its_excerpts() -> None:
    net, taught = Certain(90.0, 0.0), school()
    for seed in range(5):
        taught(net, np.random.default_rng(seed))
        said, _, beats, is_hit = net.batch
        bars = int(np.ceil((float(beats.max()) + 0.1) / 4))
        assert len(said) <= BARS // bars
        assert is_hit.sum(dim=1).min() > 0
        assert beats.max() < BARS * 4


def test_the_same_draw_gives_the_same_batch() -> None:
    net, taught, batches = Certain(90.0, 0.0), school(), []
    for _ in range(2):
        taught(net, np.random.default_rng(7))
        batches.append(net.batch)
    assert all(torch.equal(one, other) for one, other in zip(*batches, strict=True))


def test_of_some_excerpts_less_is_told() -> None:
    said = torch.cat(drawn())
    shares = {
        name: float(said[:, COLUMNS.index(name)].mean())
        for name in ("style rock", "player drummer1", "strokes are known", "sixteenths")
    }
    # shares of excerpts, which have more hits or fewer; of the page's half three quarters tell
    assert shares["style rock"] == pytest.approx(0.8, abs=0.12)
    assert shares["player drummer1"] == pytest.approx(0.5, abs=0.15)
    assert shares["strokes are known"] == pytest.approx(0.375, abs=0.15)
    assert shares["sixteenths"] == pytest.approx(0.5, abs=0.15)


def test_of_some_excerpts_a_voice_is_left_out() -> None:
    net, taught = Certain(90.0, 0.0), school()
    kinds = []
    for seed in range(5):
        taught(net, np.random.default_rng(seed))
        said, _, _, is_hit = net.batch
        hats = said[..., COLUMNS.index("voice closed hat")] * is_hit
        kinds += (hats.sum(dim=1) == 0).tolist()
    # a quarter of the excerpts lack one of three or four voices, the hats in a third of these
    assert 0.03 < np.mean(kinds) < 0.15


def test_takes_without_a_fitting_excerpt_are_refused() -> None:
    roll = [(at / 400, HAT, 60.0 + at % 9) for at in range(16 * 400)]
    lesson = page_lesson(take_of(roll))
    crowded = lesson._replace(
        sight=lesson.sight.at(np.repeat(np.arange(len(lesson.velocity)), 12)),
        velocity=np.repeat(lesson.velocity, 12),
        late=np.repeat(lesson.late, 12),
    )
    taught = School([crowded], [crowded])
    with pytest.raises(EngineError, match=f"bars that have 1 to {MOST_HITS} hits"):
        taught(Certain(90.0, 0.0), np.random.default_rng(0))
