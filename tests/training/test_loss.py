"""How wrong an answer is."""

import numpy as np
import pytest
import torch
from scipy.stats import logistic
from torch import Tensor

from engines.training.apprentice import Loss
from engines.training.lesson import USUAL_SPREAD
from engines.training.loss import NARROWEST, WIDEST, loss

SHAPE = (2, 5)
"""Windows and notes."""


def ones() -> Tensor:
    return torch.ones(*SHAPE, 6)


def scatter(offset: float = 0.0, scale: float = 0.0) -> Tensor:
    """Return a mixture of two alike components."""
    made = torch.zeros(*SHAPE, 4, 2, 3)
    made[..., 1], made[..., 2] = offset, scale
    return made


def of(mean: Tensor, target: Tensor, weight: Tensor | None = None, **told: float) -> Loss:
    return loss((mean, scatter(**told)), target, ones() if weight is None else weight)


def test_a_right_answer_costs_nothing_where_values_are_smooth() -> None:
    target = torch.rand(*SHAPE, 6)
    assert of(target.clone(), target).parts[:4].tolist() == [0.0] * 4


def test_errors_are_measured_in_usual_deviations() -> None:
    target = torch.zeros(*SHAPE, 6)
    off = torch.zeros(*SHAPE, 6)
    off[..., :4] = 2.0 * torch.tensor(USUAL_SPREAD)
    # each is off by two of its own deviations: 2 squared
    assert of(off, target).parts[:4].tolist() == pytest.approx([4.0] * 4)


def test_the_surprise_is_minus_the_log_likelihood_of_a_logistic() -> None:
    target = torch.full((*SHAPE, 6), 0.7)
    found = of(torch.zeros(*SHAPE, 6), target, scale=-0.5).parts[-1]
    assert float(found) == pytest.approx(-logistic.logpdf(0.7, scale=np.exp(-0.5)), rel=1e-5)


def test_components_are_centred_about_the_mean() -> None:
    target = torch.full((*SHAPE, 6), 0.7)
    here, elsewhere = (of(torch.zeros(*SHAPE, 6), target, offset=by).parts[-1] for by in (0.0, 9.0))
    assert float(here) == pytest.approx(float(elsewhere), rel=1e-5)


def test_what_does_not_count_costs_nothing() -> None:
    weight, target = ones(), torch.rand(*SHAPE, 6)
    weight[:, 2] = 0.0
    wild = target.clone()
    wild[:, 2] = 1.0e3
    mean = torch.rand(*SHAPE, 6)
    assert torch.equal(of(mean, target, weight).total, of(mean, wild, weight).total)


def test_a_window_of_which_nothing_counts_costs_nothing() -> None:
    assert float(of(torch.rand(*SHAPE, 6), torch.rand(*SHAPE, 6), 0.0 * ones()).total) == 0.0


def test_the_scatter_does_not_bend_the_means() -> None:
    target, slopes = torch.rand(*SHAPE, 6), []
    for scale in (-1.0, 1.0):
        mean = torch.zeros(*SHAPE, 6, requires_grad=True)
        of(mean, target, scale=scale).total.backward()  # type: ignore[no-untyped-call]
        assert mean.grad is not None
        slopes.append(mean.grad)
    assert torch.equal(*slopes)


@pytest.mark.parametrize("scale", [1.0e3, -1.0e3])
def test_scales_beyond_all_bounds_count_as_the_bound(scale: float) -> None:
    target, bound = torch.rand(*SHAPE, 6), WIDEST if scale > 0 else NARROWEST
    found = of(torch.zeros(*SHAPE, 6), target, scale=scale).total
    assert torch.equal(found, of(torch.zeros(*SHAPE, 6), target, scale=bound).total)
