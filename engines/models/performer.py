"""The learned player: two unlike readers of the same notes whose opinions are averaged.

A bidirectional GRU reads the notes in order, as the hand meets them; a transformer compares each
note with every other, nearer ones more. Each says for each note a mean of every parameter, and how
performances scatter about it.

Letters: B windows, T notes, F columns of the view, M marks, S styles, D parameters, K components, H heads.

Source: Chung et al. (2014), arXiv 1412.3555 (GRU); Vaswani et al. (2017), arXiv 1706.03762;
Press et al. (2022), arXiv 2108.12409 (attention that fades with distance).
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn


class Shape(NamedTuple):
    """Say how large a player is."""

    columns: int
    said: int
    parameters: int = 6
    scattered: int = 4
    components: int = 3
    gru: int = 144
    width: int = 144
    layers: int = 4
    heads: int = 6
    dropout: float = 0.3


class Reader(nn.Module):
    """Turn what a reader's trunk found, (B, T, W), into means and scatter."""

    def __init__(self, shape: Shape, width: int) -> None:
        super().__init__()
        self.mean = nn.Linear(width, shape.parameters)
        self.scatter = nn.Sequential(
            nn.Linear(width, 64), nn.SiLU(), nn.Linear(64, 3 * shape.scattered * shape.components)
        )
        nn.init.zeros_(self.mean.bias)
        self.mean.weight.data *= 0.3
        self.split = (shape.scattered, shape.components, 3)

    def forward(self, found: Tensor) -> tuple[Tensor, Tensor]:
        """Return means (B, T, D) and scatter (B, T, 4, K, 3): logit, offset, log of the scale."""
        scatter = self.scatter(found.detach())  # scatter must not bend what the means are read from
        return self.mean(found), scatter.unflatten(-1, self.split)


class Entry(nn.Module):
    """Standardise the columns and join them with what is known of marks and performance."""

    def __init__(self, shape: Shape, width: int) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(shape.columns))
        self.register_buffer("scale", torch.ones(shape.columns))
        self.widths = (shape.said, 2 * shape.parameters)
        self.joined = nn.Linear(shape.columns + sum(self.widths), width)
        self.norm = nn.LayerNorm(width)
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, view: Tensor, said: Tensor, known: Tensor) -> Tensor:
        """Return (B, T, W); see `Performer.forward`."""
        view = ((view - self.centre) / self.scale).clamp(-5.0, 5.0)
        joined = torch.cat([view, said, known], dim=-1)
        return self.drop(torch.nn.functional.silu(self.norm(self.joined(joined))))


class Recurrent(nn.Module):
    """Read the notes forwards and backwards."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.entry = Entry(shape, shape.width)
        self.gru = nn.GRU(
            shape.width,
            shape.gru,
            num_layers=2,
            batch_first=True,
            bidirectional=True,
            dropout=shape.dropout,
        )
        self.drop = nn.Dropout(shape.dropout)
        self.out = Reader(shape, 2 * shape.gru)

    def forward(self, view: Tensor, said: Tensor, known: Tensor, beats: Tensor) -> tuple:  # noqa: ARG002
        """Return means and scatter; `beats` says nothing to this reader."""
        found, _ = self.gru(self.entry(view, said, known))
        return self.out(self.drop(found))


class Attention(nn.Module):
    """Let notes look at notes, each head as far as it learned to."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.ask = nn.Linear(shape.width, 3 * shape.width)
        self.answer = nn.Linear(shape.width, shape.width)
        self.fade = nn.Parameter(torch.linspace(-3.0, 2.0, shape.heads))

    def forward(self, x: Tensor, distance: Tensor) -> Tensor:
        """Return (B, T, W) for x of that shape and distances in beats (B, T, T)."""
        batch, length, width = x.shape
        query, key, value = (
            part.reshape(batch, length, self.heads, -1).transpose(1, 2)
            for part in self.ask(x).chunk(3, dim=-1)
        )
        scores = query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5
        scores = scores - self.fade.exp()[:, None, None] * distance[:, None]
        mixed = torch.softmax(scores, dim=-1) @ value
        return self.answer(mixed.transpose(1, 2).reshape(batch, length, width))


class Layer(nn.Module):
    """Be one layer of the transformer, normalised before each half."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.look, self.think = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.attention = Attention(shape)
        self.inner = nn.Sequential(
            nn.Linear(shape.width, 3 * shape.width),
            nn.SiLU(),
            nn.Dropout(shape.dropout),
            nn.Linear(3 * shape.width, shape.width),
        )
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, distance: Tensor) -> Tensor:
        """Return (B, T, W) for the same."""
        x = x + self.drop(self.attention(self.look(x), distance))
        return x + self.drop(self.inner(self.think(x)))


class Attentive(nn.Module):
    """Read all notes of the window at once."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.entry = Entry(shape, shape.width)
        self.near = nn.Conv1d(shape.width, shape.width, 5, padding=2, groups=shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width)
        self.out = Reader(shape, shape.width)

    def forward(self, view: Tensor, said: Tensor, known: Tensor, beats: Tensor) -> tuple:
        """Return means and scatter for notes at `beats` (B, T)."""
        x = self.entry(view, said, known)
        x = x + self.near(x.transpose(1, 2)).transpose(1, 2)
        distance = (beats[:, :, None] - beats[:, None, :]).abs()
        for layer in self.layers:
            x = layer(x, distance)
        return self.out(self.norm(x))


class Performer(nn.Module):
    """Average what several readers say."""

    def __init__(self, readers: list[nn.Module]) -> None:
        super().__init__()
        self.readers = nn.ModuleList(readers)

    def forward(self, view: Tensor, said: Tensor, known: Tensor, beats: Tensor) -> tuple:
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


READERS = {"recurrent": Recurrent, "attentive": Attentive}
"""The readers by name."""
