"""A drummer that is written down says what it said before."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engines.drummer.drummer import Drummer as Asked
from engines.drummer.feel import Shares
from engines.drummer.network import FORMAT, Card, Network
from engines.drummer.page import COLUMNS, Telling
from engines.error import WeightsError
from engines.features import Features
from engines.models.drummer import Drummer
from engines.training.drums.export import describe, export
from engines.training.drums.school import LATE_EDGE, VELOCITY_EDGE
from tests.drummer.beat import rock
from tests.training.test_drums_school import SMALL

CARD = Card(FORMAT, COLUMNS, VELOCITY_EDGE, LATE_EDGE)


def drummer(seed: int = 1) -> Drummer:
    """Return a small drummer with weights drawn by lot."""
    torch.manual_seed(seed)
    return Drummer(SMALL).eval()


def inputs(hits: int, seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    said = rng.standard_normal((hits, SMALL.said)).astype(np.float32)
    around = rng.integers(0, 2, (hits, SMALL.around)).astype(np.float32)
    return [said, around, np.sort(rng.uniform(0, 30, hits)).astype(np.float32)]


def answers(net: Drummer, arrays: list[np.ndarray]) -> list[np.ndarray]:
    with torch.no_grad():
        found = net(*(torch.from_numpy(array)[None] for array in arrays))
    return [shares[0].numpy() for shares in found]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "drums.onnx"
    export(drummer(), path, CARD)
    return path


@pytest.mark.parametrize("hits", [1, 7, 200])
def test_the_file_says_what_its_drummer_says(exported: Path, hits: int) -> None:
    found = Network(exported).run(*inputs(hits))
    for mine, theirs in zip(answers(drummer(), inputs(hits)), found, strict=True):
        assert theirs == pytest.approx(mine, abs=1e-4)


def test_the_card_comes_back(exported: Path) -> None:
    assert Network(exported).card == CARD


def test_what_is_described_later_changes_the_card_alone(exported: Path, tmp_path: Path) -> None:
    path = tmp_path / "drums.onnx"
    path.write_bytes(exported.read_bytes())
    shares = {"late": Shares(clock=0.4), "velocity": Shares(voice=0.2)}
    describe(path, Card(FORMAT, COLUMNS, VELOCITY_EDGE, LATE_EDGE, shares))
    network = Network(path)
    assert network.card.shares == shares
    plain = Network(exported).run(*inputs(9))
    assert all(np.array_equal(a, b) for a, b in zip(network.run(*inputs(9)), plain, strict=True))


def test_the_same_drummer_is_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    export(drummer(), tmp_path / "again.onnx", CARD)
    assert (tmp_path / "again.onnx").read_bytes() == exported.read_bytes()


def test_an_export_that_says_something_else_is_refused(tmp_path: Path) -> None:
    wrong = drummer()
    with torch.no_grad():
        wrong.bins[-1].bias.fill_(float("nan"))  # type: ignore[operator]
    with pytest.raises(WeightsError, match=r"differs by nan from what was trained, allowed are"):
        export(wrong, tmp_path / "drums.onnx", CARD)


def test_an_exported_drummer_plays(exported: Path) -> None:
    features = Features(rock(30))
    found = Asked(Network(exported), Telling())(features)
    assert found.velocity.mean().shape == (30 * 12,)
    assert np.isfinite(found.late.mean()).all()


def test_what_is_no_hit_is_not_seen() -> None:
    net, (said, around, beats) = drummer(), (torch.from_numpy(a)[None] for a in inputs(8))
    is_hit = torch.ones(1, 8)
    is_hit[:, 5:] = 0
    padded = net.odds(said, around, beats, is_hit)
    alone = net.odds(said[:, :5], around[:, :5], beats[:, :5], torch.ones(1, 5))
    for one, other in zip(padded, alone, strict=True):
        assert one[:, :5].detach().numpy() == pytest.approx(other.detach().numpy(), abs=1e-5)


def test_hits_are_seen_alike_two_phrases_later() -> None:
    said, around, beats = inputs(20)
    here, later = (answers(drummer(), [said, around, beats + shift]) for shift in (0, 32))
    # all periods divide 16 beats
    for one, other in zip(here, later, strict=True):
        assert one == pytest.approx(other, abs=1e-4)
