"""Name the errors of the engines: every one of them is an `EngineError`."""


class EngineError(Exception):
    """Report a fault that the caller can mend.

    The message says what was wrong, the value received and what is allowed.
    """


class ClipError(EngineError, ValueError):
    """Report a clip that breaks its own rules. The message begins with the field's path."""


class OptionError(EngineError, ValueError):
    """Report an option that its engine does not have, or a value out of its range.

    Args:
        message: the whole sentence.
        field: the option's path, such as `groove.push`.
    """

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class ContractError(EngineError):
    """Report an engine that broke its promise, such as a humanizer that lost a note."""


class CancelledError(EngineError):
    """Unwind an engine whose request was cancelled or has passed its deadline."""
