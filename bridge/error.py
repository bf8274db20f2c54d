"""Name the errors of the bridge: every one of them is a `BridgeError`."""


class BridgeError(Exception):
    """Report a fault that the caller can mend.

    The message says what was wrong, the value received and what is allowed.
    """
