"""The one loop that trains every network."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engines.error import EngineError
from engines.training.apprentice import WARM_UP, Apprentice, Loss, Plan, train

PLAN = Plan("line", [3], steps=10, every=4, fastest=0.1)


class Line(nn.Module):
    """Weighs three numbers, some of them dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.weigh = nn.Linear(3, 1)
        self.drop = nn.Dropout(0.2)

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = self.weigh(self.drop(x))
        return found


def lesson(net: Line, draw: np.random.Generator) -> Loss:
    """Ask for the sum of three numbers."""
    asked = torch.from_numpy(draw.standard_normal((8, 3)).astype(np.float32))
    off = (net(asked) - asked.sum(dim=1, keepdim=True)) ** 2
    return Loss(off.mean(), torch.stack([off.mean(), off.max()]))


def begun(plan: Plan = PLAN) -> Apprentice[Line]:
    return Apprentice(plan, Line)


def quiet(_step: int, _wrong: np.ndarray) -> None:
    """Say nothing."""


def curve(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "line.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def weights(net: Line) -> list[float]:
    found: list[float] = net.weigh.weight[0].tolist()
    return found


def test_what_is_wrong_is_told_step_by_step_and_kept(tmp_path: Path) -> None:
    said: list[tuple[int, float]] = []
    train(begun(), lesson, tmp_path, lambda step, wrong: said.append((step, float(wrong[0]))))
    assert [step for step, _ in said] == list(range(1, 11))
    assert [(line["step"], line["losses"][0]) for line in curve(tmp_path)] == said


def test_a_run_that_was_stopped_goes_on_with_the_same_curve(tmp_path: Path) -> None:
    def stop(step: int, _wrong: np.ndarray) -> None:
        if step == 6:  # the checkpoint is of step 4
            raise KeyboardInterrupt

    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir()
    broken.mkdir()
    meant = train(begun(), lesson, whole, quiet)
    with pytest.raises(KeyboardInterrupt):
        train(begun(), lesson, broken, stop)
    assert len(curve(broken)) == 6
    found = train(begun(), lesson, broken, quiet)
    assert curve(broken) == curve(whole)
    assert weights(found) == weights(meant)


def test_a_run_that_has_ended_is_not_gone_through_again(tmp_path: Path) -> None:
    meant = train(begun(), lesson, tmp_path, quiet)
    said: list[int] = []
    again = train(begun(), lesson, tmp_path, lambda step, _wrong: said.append(step))
    assert not said
    assert weights(again) == weights(meant)


def test_seeds_learn_otherwise() -> None:
    one, other, same = (begun(PLAN._replace(seed=seed)) for seed in (1, 2, 1))
    for apprentice in (one, other, same):
        apprentice.learn(lesson)
    assert weights(one.net) == weights(same.net) != weights(other.net)


def test_dropout_is_drawn_by_the_step() -> None:
    one, other = begun(), begun()
    one.learn(lesson)
    torch.manual_seed(99)
    other.learn(lesson)
    torch.rand(7)
    assert np.array_equal(one.learn(lesson), other.learn(lesson))


def test_the_mean_of_the_weights_follows_them() -> None:
    apprentice = begun()
    before = np.array(weights(apprentice.mean))
    apprentice.learn(lesson)
    moved = np.array(weights(apprentice.net)) - before
    # of the first step 1 / 21 stays of what was before
    assert np.array(weights(apprentice.mean)) - before == pytest.approx(20 / 21 * moved, rel=1e-3)


def test_the_rate_of_learning_rises_and_falls() -> None:
    apprentice, steps = begun(PLAN._replace(steps=2 * WARM_UP)), []
    for _ in range(2 * WARM_UP):
        before = np.array(weights(apprentice.net))
        apprentice.learn(lesson)
        steps.append(np.abs(np.array(weights(apprentice.net)) - before).max())
    # AdamW's steps are as long as the rate, or shorter
    assert max(steps) < 2 * PLAN.fastest
    assert np.mean(steps[:5]) < np.mean(steps[WARM_UP // 2 : WARM_UP])
    assert steps[-1] == pytest.approx(0.0, abs=1e-6)


def test_it_learns(tmp_path: Path) -> None:
    net = train(begun(PLAN._replace(steps=150)), lesson, tmp_path, quiet)
    assert not net.training
    losses = [line["losses"][0] for line in curve(tmp_path)]
    assert np.mean(losses[-20:]) < 0.5 * np.mean(losses[:20])


def test_a_checkpoint_of_another_plan_is_refused(tmp_path: Path) -> None:
    train(begun(), lesson, tmp_path, quiet)
    changes: list[dict[str, Any]] = [{"steps": 11}, {"seed": 1}, {"shape": [4]}, {"fastest": 0.2}]
    for change in changes:
        with pytest.raises(EngineError, match="allowed is the same plan"):
            train(begun(PLAN._replace(**change)), lesson, tmp_path, quiet)
