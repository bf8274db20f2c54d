"""Training: it learns, and a killed run goes on as if nothing had happened."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.error import EngineError
from engines.training.apprentice import train
from engines.training.course import begin, lesson
from engines.training.window import Batch, Class
from tests.training import drill
from tests.training.packs import write_pack


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("pack"), pieces=2, people=2, learned=1)


class TwoBatches(Class):
    """Gives out the same two batches again and again."""

    def __init__(self, school: Class) -> None:
        self._batches = [school.batch(np.random.default_rng(seed)) for seed in (1, 2)]
        self._given = 0

    def batch(self, rng: np.random.Generator) -> Batch:  # noqa: ARG002
        self._given += 1
        return self._batches[self._given % 2]


@pytest.mark.parametrize("reader", ["recurrent", "wide"])
def test_a_reader_learns_two_batches_by_heart(pack: Path, reader: str) -> None:
    torch.set_num_threads(1)
    school, edges = drill.school(pack)
    plan = drill.small(reader, steps=1_000)  # far from the end, where the rate of learning falls
    shape = plan.shape._replace(dropout=0.0, width=32)
    apprentice, two = begin(plan._replace(shape=shape), edges), lesson(TwoBatches(school))
    losses = np.array([apprentice.learn(two)[:4] for _ in range(160)])
    # velocity and tempo follow from the view; four batches at the beginning and at the end
    first, last = losses[:4].mean(axis=0), losses[-4:].mean(axis=0)
    assert (last[:2] < 0.2 * first[:2]).all()


def test_a_run_that_is_killed_goes_on_with_the_same_curve(pack: Path, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir()
    broken.mkdir()
    meant = drill.run(pack, whole)
    command = [sys.executable, "-m", "tests.training.drill", str(pack), str(broken)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if int(line.split()[0]) == drill.HANGS:
                run.kill()
    assert len(drill.curve(broken)) == drill.HANGS
    found = drill.run(pack, broken)
    assert drill.curve(broken) == drill.curve(whole)
    for name, weights in meant.state_dict().items():
        assert torch.equal(weights, found.state_dict()[name]), name


def test_a_checkpoint_of_another_plan_is_refused(pack: Path, tmp_path: Path) -> None:
    school, edges = drill.school(pack)
    train(begin(drill.small(steps=1), edges), lesson(school), tmp_path, drill.say)
    with pytest.raises(EngineError, match="allowed is the same plan"):
        begin(drill.small(steps=2), edges).load(tmp_path / "recurrent.pt")
