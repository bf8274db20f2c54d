"""Find which played note is which note of the score, and keep it as a recording."""

from engines.training.alignment.arrays import aligned_arrays, match_share
from engines.training.alignment.match import align

__all__ = ["align", "aligned_arrays", "match_share"]
