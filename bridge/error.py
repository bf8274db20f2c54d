"""Name the errors of the bridge: every one of them is a `BridgeError`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.message import Failure


class BridgeError(Exception):
    """Report a fault that the caller can mend.

    The message says what was wrong, the value received and what is allowed.
    """


class UnreachableError(BridgeError):
    """Report that the server gave no sign of life in time."""


class RefusedError(BridgeError):
    """Report that the server answered with a failure.

    Attributes:
        failure: the server's answer, with its code and field.
    """

    def __init__(self, failure: "Failure") -> None:
        super().__init__(failure.message)
        self.failure = failure
