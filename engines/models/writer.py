"""The learned writer of drum parts: a recurrent net from step to step, a chain through the voices.

Letters: B windows, S steps, F columns of the view, M of the memory, W width, V voices, T tiers.

Source: Cho et al. (2014), arXiv 1406.1078 (the gated recurrent unit); Larochelle and Murray (2011),
"The Neural Autoregressive Distribution Estimator", AISTATS: each voice is told those before it.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.kit import VOICES
from engines.writer.score import TIERS
from engines.writer.view import COLUMNS, MEMORY

ANSWERS = len(VOICES) * TIERS


class Shape(NamedTuple):
    """Say how large a writer is: `width` of its state (W), `inner` of its answer."""

    width: int = 256
    inner: int = 128
    dropout: float = 0.3


class Writer(nn.Module):
    """Say how likely each tier of each voice is on each step."""

    earlier: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.entry = nn.Dropout(0.5 * shape.dropout)
        self.state = nn.GRU(COLUMNS + MEMORY, shape.width, batch_first=True)
        self.drop = nn.Dropout(shape.dropout)
        self.inner = nn.Linear(shape.width, shape.inner)
        self.answer = nn.Linear(shape.inner, ANSWERS)
        self.chain = nn.Parameter(torch.zeros(ANSWERS, ANSWERS))
        voice = torch.arange(ANSWERS) // TIERS
        self.register_buffer("earlier", (voice[:, None] < voice[None, :]).float())

    def forward(self, view: Tensor, memory: Tensor, hits: Tensor) -> Tensor:
        """Return logits (B, S, V, T) of what each voice does, given what those before it did.

        Args:
            view: (B, S, F).
            memory: (B, S, M).
            hits: (B, S, V) int64, the tiers that were played.
        """
        found, _ = self.state(torch.cat([view, self.entry(memory)], dim=-1))
        inner = functional.silu(self.inner(self.drop(found)))
        played = functional.one_hot(hits, TIERS).float().flatten(-2)
        logits = self.answer(self.drop(inner)) + played @ (self.chain * self.earlier)
        return logits.unflatten(-1, (len(VOICES), TIERS))
