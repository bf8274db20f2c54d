"""Turn clips into clips. The names here are the data; engines are found by `engines.registry`."""

from engines.clip import Chord, Clip, Controllers, Key, Loop, Metre, Notes, Pad, Role, Tempo
from engines.error import CancelledError, ClipError, ContractError, EngineError, OptionError
from engines.stage import Stage
from engines.target import Target

__all__ = [
    "CancelledError",
    "Chord",
    "Clip",
    "ClipError",
    "ContractError",
    "Controllers",
    "EngineError",
    "Key",
    "Loop",
    "Metre",
    "Notes",
    "OptionError",
    "Pad",
    "Role",
    "Stage",
    "Target",
    "Tempo",
]
