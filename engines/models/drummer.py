"""The learned drummer: hits that look at hits, each head as far and in such phase as it learned to.

Letters: B clips, H hits, F columns of what is said, A of what is around, W width, L layers, G
heads, K bins, R = B H rows: on a plain table what sees one hit each is fastest.

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
        self.heads, self.width = shape.heads, shape.width
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

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Return (R, W) for the same and what each head adds to its scores, (B, G, H, H)."""
        width = self.width // self.heads
        each = self.ask(self.before(x)).reshape(len(bias), -1, 3 * self.heads, width)
        query, key, value = each.transpose(1, 2).split(self.heads, dim=1)
        scores = query @ key.transpose(-1, -2) * width**-0.5 + bias
        mixed = (torch.softmax(scores, dim=-1) @ value).transpose(1, 2)
        x = x + self.drop(self.answer(mixed.reshape(-1, self.width)))
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
        distance = (beats[:, :, None] - beats[:, None, :]).abs()[:, None]
        if is_hit is not None:
            distance = distance + NOWHERE * (1.0 - is_hit[:, None, None])
        biases = torch.split(self._biases(beats, distance), self.shape.heads, dim=1)
        rows = said.reshape(-1, self.shape.said), around.reshape(-1, self.shape.around)
        x = self.said(rows[0]) + self.around(rows[1])
        for layer, bias in zip(self.layers, biases, strict=True):
            x = layer(x, bias)
        bins = [self.shape.velocity, self.shape.late]
        odds = self.bins(x).reshape(len(beats), -1, sum(bins))
        velocity, late = torch.split(odds, bins, dim=-1)
        return velocity, late

    def _biases(self, beats: Tensor, distance: Tensor) -> Tensor:
        """Return where the heads of all layers like to look, in phase and near: (B, L G, H, H).

        Args:
            beats: (B, H) onsets in beats.
            distance: (B, 1, H, H) from each to each in beats.
        """
        turn = 2 * torch.pi * beats[:, None, :, None] / beats.new_tensor(PERIODS)
        waves = torch.cat([turn.cos(), turn.sin()], dim=-1)
        phase, fade = (
            torch.cat([layer.get_parameter(name) for layer in self.layers])
            for name in ("phase", "fade")
        )
        attuned = waves * phase.repeat(1, 2)[:, None]
        return attuned @ waves.transpose(-1, -2) - fade.exp()[:, None, None] * distance
