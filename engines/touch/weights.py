"""Lend the learned hand, read once at its first use."""

from pathlib import Path

from engines.lender import Lender
from engines.touch.network import Network

PATH = Path(__file__).parents[1] / "weights" / "live.npz"

SHIPPED = Lender(PATH, Network)
"""The hand that comes with the program."""
