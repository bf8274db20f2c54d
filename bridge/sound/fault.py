"""Say in one sentence why there is no sound."""

from bridge.error import BridgeError
from bridge.message import Code


class SoundError(BridgeError):
    """Report a sound that cannot be made.

    Args:
        message: what was wrong, what was received and what is allowed.
        code: why, in the protocol's words.
        field: the path of the field at fault, or nothing.
    """

    def __init__(self, message: str, code: Code = Code.PLUGIN, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field


def refused(name: str, why: str, field: str = "") -> SoundError:
    """Return the error for a plug-in that is set aside; `why` goes on after its name."""
    what = f"{name} is set aside, for it {why}; {remedy(name)}"
    return SoundError(what, field=field)


def remedy(name: str) -> str:
    """Say how a plug-in that is set aside is allowed again."""
    return f'allow it again by yuragi plugins allow "{name}"'


def internal(message: str) -> SoundError:
    """Return the error for what is no fault of the caller's, nor of a plug-in."""
    return SoundError(message, Code.INTERNAL)


def unwanted(why: str = "the client cancelled it", code: Code = Code.CANCELLED) -> SoundError:
    """Return the error for a sound that nobody wants any more."""
    return SoundError(why, code)
