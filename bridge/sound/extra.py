"""Say in one sentence what to install where a library of the extra `render` is missing."""

from collections.abc import Iterator
from contextlib import contextmanager

from bridge.error import BridgeError


@contextmanager
def extra() -> Iterator[None]:
    """Turn an import that fails in this context into a sentence.

    Raises:
        BridgeError: the library is not there, or lacks a library of the system.
    """
    try:
        yield
    except ImportError as error:
        what = f"{error.name} is not installed" if error.name else str(error)
        raise BridgeError(f"{what}, and sound needs it: pip install 'yuragi[render]'") from error
    except OSError as error:
        what = f"libsndfile does not load: {error}"
        raise BridgeError(f"{what}; pip install 'yuragi[render]' brings one") from error
