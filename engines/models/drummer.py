"""The learned drummer: hits that look at hits, each head as far and in such phase as it learned to.

Letters: B clips, H hits, F columns of what is said, A of what is around, W width, G heads, P
periods, K bins.

Source: Vaswani et al. (2017), arXiv 1706.03762; Press et al. (2022), arXiv 2108.12409 (attention
that fades with distance); the phases are our own.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

PERIODS = (16.0, 8.0, 4.0, 2.0, 1.0, 1 / 2, 1 / 3, 1 / 4)
"""Beats after which a head may look again: phrases, bars, beats and their parts."""

FADES = (-4.0, 1.0)
"""At first the heads look from 55 beats (e^4) to a third of one (1/e)."""

NOWHERE = 1e6
"""How far in beats what is no hit is from every hit, so that no head sees it."""


class Shape(NamedTuple):
    """Say how large a drummer is.

    Columns of what is `said` (F) and `around` (A), bins of `velocity` and `late` (K each).
    """

    said: int
    around: int
    velocity: int
    late: int
    width: int = 128
    layers: int = 3
    heads: int = 4
    dropout: float = 0.3


class Looking(nn.Module):
    """Let hits look at hits, then think each for itself."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.before, self.between = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.ask = nn.Linear(shape.width, 3 * shape.width)
        self.answer = nn.Linear(shape.width, shape.width)
        self.phase = nn.Parameter(torch.zeros(shape.heads, len(PERIODS)))
        self.fade = nn.Parameter(torch.linspace(*FADES, shape.heads))
        self.think = nn.Sequential(
            nn.Linear(shape.width, 2 * shape.width),
            nn.GELU(),
            nn.Linear(2 * shape.width, shape.width),
        )
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, waves: Tensor, distance: Tensor) -> Tensor:
        """Return (B, H, W) for the same, waves (B, 1, H, 2 P) and distances (B, 1, H, H)."""
        batch, hits, width = x.shape
        query, key, value = (
            part.reshape(batch, hits, self.heads, width // self.heads).transpose(1, 2)
            for part in self.ask(self.before(x)).chunk(3, dim=-1)
        )
        query = torch.cat(
            [query * (width // self.heads) ** -0.5, waves.expand(-1, self.heads, -1, -1)], dim=-1
        )
        key = torch.cat([key, waves * self.phase.repeat(1, 2)[:, None]], dim=-1)
        scores = query @ key.transpose(-1, -2) - self.fade.exp()[:, None, None] * distance
        mixed = (torch.softmax(scores, dim=-1) @ value).transpose(1, 2)
        x = x + self.drop(self.answer(mixed.reshape(batch, hits, width)))
        return x + self.drop(self.think(self.between(x)))


class Drummer(nn.Module):
    """Say how likely each velocity and lateness of each hit is."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.said = nn.Linear(shape.said, shape.width)
        self.around = nn.Linear(shape.around, shape.width, bias=False)
        self.layers = nn.ModuleList(Looking(shape) for _ in range(shape.layers))
        self.bins = nn.Sequential(
            nn.LayerNorm(shape.width),
            nn.Linear(shape.width, 2 * shape.width),
            nn.GELU(),
            nn.Dropout(shape.dropout),
            nn.Linear(2 * shape.width, shape.velocity + shape.late),
        )

    def forward(self, said: Tensor, around: Tensor, beats: Tensor) -> tuple[Tensor, Tensor]:
        """Return the shares of the bins of velocity (B, H, K) and lateness (B, H, K).

        Args:
            said: (B, H, F), see `engines.drummer.page.said`.
            around: (B, H, A), see `engines.drummer.page.around`.
            beats: (B, H) onsets in beats.
        """
        velocity, late = self.odds(said, around, beats)
        return functional.softmax(velocity, dim=-1), functional.softmax(late, dim=-1)

    def odds(
        self, said: Tensor, around: Tensor, beats: Tensor, is_hit: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the same as logarithms up to a constant; `is_hit` (B, H) is 0 where none is."""
        turn = 2 * torch.pi * beats[..., None] / beats.new_tensor(PERIODS)
        waves = torch.cat([turn.cos(), turn.sin()], dim=-1)[:, None]
        distance = (beats[:, :, None] - beats[:, None, :]).abs()[:, None]
        if is_hit is not None:
            distance = distance + NOWHERE * (1.0 - is_hit[:, None, None])
        x = self.said(said) + self.around(around)
        for layer in self.layers:
            x = layer(x, waves, distance)
        velocity, late = self.bins(x).split([self.shape.velocity, self.shape.late], dim=-1)
        return velocity, late
