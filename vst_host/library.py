"""Load pedalboard and FluidSynth when they are needed, or say what to install."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from vst_host.error import HostError

CONTROLLERS = frozenset(re.compile(start) for start in ("MIDI CC ", r"MIDI Ch\. \d+ ", r"P\d\d\d$"))
"""Names of parameters that stand for MIDI controllers: there are thousands, and none is a dial."""

ALL = frozenset([re.compile("")])


def pedalboard() -> ModuleType:
    """Return pedalboard.

    Raises:
        HostError: it is not installed, or does not load.
    """
    try:
        import pedalboard as library  # noqa: PLC0415 - soundfonts do without
    except ImportError as error:
        what = f"plug-ins need pedalboard, which does not load: {error}"
        raise HostError(f"{what}; pip install 'yuragi[render]'") from error
    return library


def fluidsynth() -> Any:
    """Return pyfluidsynth.

    Raises:
        HostError: it, or the library that it stands for, is not installed.
    """
    try:
        import fluidsynth as library  # noqa: PLC0415 - plug-ins do without
    except ImportError as error:
        if error.name:
            what = "soundfonts need pyfluidsynth, which is not installed"
            raise HostError(f"{what}: pip install 'yuragi[render]'") from error
        what = "soundfonts need FluidSynth, which is not installed"
        where = "Debian: libfluidsynth3, macOS: brew install fluid-synth, Windows: fluidsynth.org"
        raise HostError(f"{what} ({where})") from error
    except OSError as error:
        raise HostError(f"FluidSynth does not load: {error}") from error
    return library


def inner() -> Any:
    """Return the module of pedalboard that knows parameters; it is loaded."""
    from pedalboard import _pedalboard as module  # noqa: PLC0415

    return module


@contextmanager
def looking_at(*, no_parameters: bool = False) -> Iterator[None]:
    """Let pedalboard probe all parameters that are dials in this context, or none.

    It asks a plug-in a thousand times for each parameter: loading would take seconds.
    """
    module = inner()
    known = module.PARAMETER_NAME_REGEXES_TO_IGNORE
    module.PARAMETER_NAME_REGEXES_TO_IGNORE = set(ALL if no_parameters else CONTROLLERS)
    try:
        yield
    finally:
        module.PARAMETER_NAME_REGEXES_TO_IGNORE = known
