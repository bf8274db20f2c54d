"""Say in one sentence what cannot be played; every error of this package is a `HostError`."""

from bridge.message import Code


class HostError(Exception):
    """Report what cannot be played: what was wrong, what was received and what is allowed.

    Args:
        message: the sentence.
        field: the path of the field at fault, or nothing.
        code: why, in the protocol's words.
    """

    def __init__(self, message: str, field: str = "", code: Code = Code.PLUGIN) -> None:
        super().__init__(message)
        self.field = field
        self.code = code


def invalid(message: str, field: str) -> HostError:
    """Return the error for a field whose value is not allowed."""
    return HostError(message, field, Code.INVALID)
