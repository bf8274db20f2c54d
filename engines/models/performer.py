"""The learned player: two unlike readers of the same notes whose opinions are averaged.

A recurrent reader takes the notes in order, as the hand meets them; a second one looks at wider and
wider neighbourhoods and then compares each note with every other, nearer ones more. Each says for
each note a mean of every parameter, and how performances scatter about it.

Letters: B windows, T notes, W width, F columns of the view, M marks, S styles, D parameters,
K components, H heads.

Source: Hochreiter and Schmidhuber (1997), Neural Computation 9(8) (LSTM); Yu and Koltun (2016),
arXiv 1511.07122 (dilated convolution); Vaswani et al. (2017), arXiv 1706.03762; Press et al.
(2022), arXiv 2108.12409 (attention that fades with distance).
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

Found = tuple[Tensor, Tensor]
"""Means (B, T, D) and scatter (B, T, 4, K, 3): logit, offset from the mean, log of the scale."""


NARROWEST = 1e-3
"""Bins are at least this wide; those of a column of two values are a step."""


class Shape(NamedTuple):
    """Say how large a player is.

    `columns` of the view (F), `said` of marks and style (M + 2 + S), `parameters` (D) of which the
    first `scattered` have a distribution of `components` (K) each, `bins` of a column, `width` (W)
    of a note's description, `heads` (H) of the attention, `dilations` of the convolutions.
    """

    columns: int
    said: int
    parameters: int = 6
    scattered: int = 4
    components: int = 3
    bins: int = 8
    width: int = 112
    heads: int = 4
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16)
    dropout: float = 0.3


class Entry(nn.Module):
    """Cut each column into bins and join them with what is known of marks and performance.

    A column becomes as many numbers as it has bins, each 0 below its bin, 1 above it and rising
    within it, so that a threshold is as easy to learn as a slope.

    Source: Gorishniy et al. (2022), arXiv 2203.05556, section 3.2 (piecewise linear encoding).
    """

    edges: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.register_buffer("edges", torch.zeros(shape.columns, shape.bins + 1))
        self.widths = (shape.said, 2 * shape.parameters)
        self.joined = nn.Linear(shape.columns * shape.bins + sum(self.widths), shape.width)
        self.norm = nn.LayerNorm(shape.width)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, view: Tensor, said: Tensor, known: Tensor) -> Tensor:
        """Return (B, T, W); see `Performer.forward`."""
        # bins lie outermost: onnxruntime adds whole rows of columns faster than 8 numbers at once
        low, high = self.edges.T[:-1], self.edges.T[1:]
        half = 0.5 * (high - low).clamp(min=NARROWEST)
        bins = ((view[..., None, :] - (low + half)) * (0.5 / half)).clamp(-0.5, 0.5)
        joined = self.joined(torch.cat([bins.flatten(-2), said, known], dim=-1))
        return self.drop(functional.silu(self.norm(joined)))


class Answer(nn.Module):
    """Turn what a reader found, (B, T, its own width), into means and scatter."""

    def __init__(self, shape: Shape, width: int) -> None:
        super().__init__()
        self.mean = nn.Linear(width, shape.parameters)
        self.scatter = nn.Sequential(
            nn.Linear(width, 64), nn.SiLU(), nn.Linear(64, 3 * shape.scattered * shape.components)
        )
        self.split = (shape.scattered, shape.components, 3)

    def forward(self, found: Tensor) -> Found:
        """Return means and scatter; scatter must not bend what the means are read from."""
        return self.mean(found), self.scatter(found.detach()).unflatten(-1, self.split)


class Reader(nn.Module):
    """Be what `Recurrent` and `Wide` have in common: where the columns come in."""

    entry: Entry


class Recurrent(Reader):
    """Read the notes forwards and backwards."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.entry = Entry(shape)
        self.lstm = nn.LSTM(
            shape.width,
            shape.width,
            num_layers=2,
            batch_first=True,
            bidirectional=True,
            dropout=shape.dropout,
        )
        self.drop = nn.Dropout(shape.dropout)
        self.answer = Answer(shape, 2 * shape.width)

    def forward(self, view: Tensor, said: Tensor, known: Tensor, beats: Tensor) -> Found:  # noqa: ARG002
        """Return means and scatter; `beats` says nothing to this reader."""
        found, _ = self.lstm(self.entry(view, said, known))
        return self.answer(self.drop(found))


class Convolved(nn.Module):
    """Add what a note's neighbours at some distance say, through a gate."""

    def __init__(self, shape: Shape, dilation: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(shape.width)
        self.near = nn.Conv1d(shape.width, 2 * shape.width, 3, padding=dilation, dilation=dilation)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, T, W) for the same."""
        found = functional.glu(self.near(self.norm(x).transpose(1, 2)), dim=1)
        return x + self.drop(found.transpose(1, 2))


class Attention(nn.Module):
    """Let notes look at notes, each head as far as it learned to.

    `fade` is the logarithm of what a beat of distance takes from a head's score: at first the heads
    look from 150 beats (e^5) to a third of one (1/e).
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.norm = nn.LayerNorm(shape.width)
        self.ask = nn.Linear(shape.width, 3 * shape.width)
        self.answer = nn.Linear(shape.width, shape.width)
        self.fade = nn.Parameter(torch.linspace(-5.0, 1.0, shape.heads))
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, distance: Tensor) -> Tensor:
        """Return (B, T, W) for x of that shape and distances in beats (B, T, T)."""
        batch, length, width = x.shape
        query, key, value = (
            part.reshape(batch, length, self.heads, width // self.heads).transpose(1, 2)
            for part in self.ask(self.norm(x)).chunk(3, dim=-1)
        )
        scores = query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5
        scores = scores - self.fade.exp()[:, None, None] * distance[:, None]
        mixed = torch.softmax(scores, dim=-1) @ value
        return x + self.drop(self.answer(mixed.transpose(1, 2).reshape(batch, length, width)))


class Wide(Reader):
    """Look at neighbourhoods that grow, then at the whole window, then at neighbours again."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.entry = Entry(shape)
        self.near = nn.ModuleList(Convolved(shape, dilation) for dilation in shape.dilations)
        self.attention = Attention(shape)
        self.last = Convolved(shape, 1)
        self.norm = nn.LayerNorm(shape.width)
        self.answer = Answer(shape, shape.width)

    def forward(self, view: Tensor, said: Tensor, known: Tensor, beats: Tensor) -> Found:
        """Return means and scatter for notes at `beats` (B, T)."""
        x = self.entry(view, said, known)
        for block in self.near:
            x = block(x)
        x = self.attention(x, (beats[:, :, None] - beats[:, None, :]).abs())
        return self.answer(self.norm(self.last(x)))


class Performer(nn.Module):
    """Average what several readers say."""

    def __init__(self, readers: list[Reader]) -> None:
        super().__init__()
        self.readers = nn.ModuleList(readers)
        self.entry = readers[0].entry

    def forward(self, view: Tensor, said: Tensor, known: Tensor, beats: Tensor) -> Found:
        """Return means (B, T, D) and scatter (B, T, 4, K, 3), K of all readers together.

        Args:
            view: (B, T, F), see `engines.performance.view`.
            said: (B, T, M + 2 + S), see `engines.performance.interpreter.said`.
            known: (B, T, 2 D), values of what is given and then 1 where it is.
            beats: (B, T) onsets in beats.
        """
        found = [reader(view, said, known, beats) for reader in self.readers]
        mean = torch.stack([mean for mean, _ in found]).mean(dim=0)
        return mean, torch.cat([scatter for _, scatter in found], dim=-2)


READERS: dict[str, Callable[[Shape], Reader]] = {"recurrent": Recurrent, "wide": Wide}
"""The readers by name."""
