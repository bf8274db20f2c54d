"""Name the errors of the engines: every one of them is an `EngineError`."""

from pathlib import Path


class EngineError(Exception):
    """Report a fault that the caller can mend.

    The message says what was wrong, the value received and what is allowed.
    """


class ClipError(EngineError, ValueError):
    """Report a clip that breaks its own rules. The message begins with the field's path."""


class OptionError(EngineError, ValueError):
    """Report an option that its engine does not have, or a value that is not allowed.

    Args:
        field: the option's path, such as `push`.
        fault: the rest of the sentence, such as "is 900, allowed are ...".
    """

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field} {fault}")
        self.field = field
        self._fault = fault

    def under(self, path: str) -> "OptionError":
        """Return the same error with its field below a path, such as `stages[0].options`."""
        return OptionError(f"{path}.{self.field}", self._fault)


class ContractError(EngineError):
    """Report an engine that broke its promise, such as a humanizer that lost a note."""


class WeightsError(EngineError):
    """Report a file of weights that is missing, damaged, or holds something else."""


class MissingWeightsError(WeightsError):
    """Report a file of weights that is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is not there, allowed is a file of weights")


class CancelledError(EngineError):
    """Unwind an engine whose request was cancelled or has passed its deadline."""
