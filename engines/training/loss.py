"""Say how wrong a reader is: its means by their squared error, its scatter by its likelihood.

Letters: B windows, T notes, D parameters, K components.
"""

import torch
from torch import Tensor
from torch.nn import functional

from engines.models.performer import Found
from engines.training.apprentice import Loss
from engines.training.lesson import USUAL_SPREAD

SMOOTH = len(USUAL_SPREAD)
"""The first so many parameters are numbers; the others are chances of the pedal."""

COST = (1.0, 1.0, 0.8, 0.8, 0.5, 0.5)
"""What an error in each parameter costs. Our choice."""

SCATTER_COST = 0.2
"""What a nat of surprise costs. It trains the scatter alone and cannot bend the means."""

NARROWEST, WIDEST = -4.0, 2.0
"""Between these logarithms of a scale."""


def loss(found: Found, target: Tensor, weight: Tensor) -> Loss:
    """Return how wrong a reader's answer is about targets (B, T, D) of weights (B, T, D).

    Its parts are those by parameter, (D + 1,), the surprise last.
    """
    mean, scatter = found
    shares = weight / weight.sum(dim=(0, 1)).clamp(min=1.0)
    usual = mean.new_tensor(USUAL_SPREAD)
    smooth = ((mean[..., :SMOOTH] - target[..., :SMOOTH]) / usual) ** 2
    switches = functional.binary_cross_entropy_with_logits(
        mean[..., SMOOTH:], target[..., SMOOTH:], reduction="none"
    )
    parts = (torch.cat([smooth, switches], dim=-1) * shares).sum(dim=(0, 1))
    surprise = _surprise(mean, scatter, target) * weight[..., :SMOOTH]
    surprise = surprise.sum() / weight[..., :SMOOTH].sum().clamp(min=1.0)
    total = (parts * mean.new_tensor(COST)).sum() + SCATTER_COST * surprise
    return Loss(total, torch.cat([parts, surprise[None]]).detach())


def _surprise(mean: Tensor, scatter: Tensor, target: Tensor) -> Tensor:
    """Return minus the log likelihood under a mixture of logistics about the mean: (B, T, 4)."""
    logit, offset, scale = scatter.unbind(dim=-1)
    centred = offset - (torch.softmax(logit, dim=-1) * offset).sum(dim=-1, keepdim=True)
    scale = scale.clamp(NARROWEST, WIDEST)
    residual = (target[..., :SMOOTH] - mean[..., :SMOOTH].detach())[..., None]
    z = (residual - centred) / scale.exp()
    density = -z - scale - 2.0 * functional.softplus(-z)
    return -torch.logsumexp(torch.log_softmax(logit, dim=-1) + density, dim=-1)
