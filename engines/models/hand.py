"""The hand that plays live: a recurrent net from note to note that says how loud and how late.

Letters: B windows, N notes, F columns of the view, W width, I inner width, V bins of velocity,
T bins of lateness.

Source: Cho et al. (2014), arXiv 1406.1078 (the gated recurrent unit). Larochelle and Murray (2011),
"The Neural Autoregressive Distribution Estimator", AISTATS: lateness is told the velocity.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.touch.hearing import COLUMNS
from engines.touch.network import LATENESS, VELOCITY

BINS = (len(VELOCITY) - 1, len(LATENESS) - 1)
"""V and T."""


class Shape(NamedTuple):
    """Say how large a hand is: `width` of its state (W), `inner` of its answer.

    `recalls` is whether the state goes on from note to note.
    """

    width: int = 96
    inner: int = 48
    dropout: float = 0.25
    recalls: bool = True


class Hand(nn.Module):
    """Say how likely each bin of velocity and of lateness is for each note."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.recalls = shape.recalls
        self.state = nn.GRU(len(COLUMNS), shape.width, batch_first=True)
        self.drop = nn.Dropout(shape.dropout)
        self.inner = nn.Linear(shape.width, shape.inner)
        self.answer = nn.Linear(shape.inner, sum(BINS))
        self.chain = nn.Parameter(torch.zeros(BINS))

    def forward(self, view: Tensor, louder: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (B, N, V) of velocity and (B, N, T) of lateness, given the velocity.

        Args:
            view: (B, N, F).
            louder: (B, N) int64, the bins of the velocities.
        """
        found = self._states(view)
        inner = functional.silu(self.inner(self.drop(found)))
        velocity, lateness = self.answer(self.drop(inner)).split(BINS, dim=-1)
        return velocity, lateness + self.chain[louder]

    def _states(self, view: Tensor) -> Tensor:
        """Return the states after each note: (B, N, W)."""
        if self.recalls:
            return self.state(view)[0]
        return self.state(view.reshape(-1, 1, view.shape[-1]))[0].reshape(*view.shape[:2], -1)
