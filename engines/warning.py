"""Gather what a musician should know about a result: sentences, each of them once."""

MOST, LONGEST = 32, 500
"""An engine may say so many sentences of so many letters about a request; what is more is left out:
an engine of a third party could have one for every note."""


class Warnings:
    """Listen to engines that warn, and keep what they said."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}

    def __call__(self, sentence: str) -> None:
        """Keep a sentence that was not said before; an empty one says nothing."""
        if sentence and len(self._said) < MOST:
            self._said[str(sentence)[:LONGEST]] = None

    @property
    def sentences(self) -> list[str]:
        """What was said, in order."""
        return list(self._said)


def ignore_warning(sentence: str) -> None:
    """Do nothing with a sentence."""
