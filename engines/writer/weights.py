"""Lend the learned writer, read once at its first use."""

from pathlib import Path

from engines.lender import Lender
from engines.writer.network import Network

PATH = Path(__file__).parents[1] / "weights" / "writer.npz"

SHIPPED = Lender(PATH, Network)
"""The writer that comes with the program."""
