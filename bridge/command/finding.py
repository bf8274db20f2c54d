"""Say what a check of the doctor found."""

from typing import NamedTuple


class Finding(NamedTuple):
    """Tell what a check found: whether all is well, and a sentence."""

    well: bool
    sentence: str
