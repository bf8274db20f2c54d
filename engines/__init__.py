"""Turn clips into clips: humanizers, generators and what they need."""

from engines.clip import Chord, Clip, Controllers, Key, Loop, Metre, Notes, Role, Tempo
from engines.engine import Context, Engine, Options
from engines.error import CancelledError, ClipError, ContractError, EngineError, OptionError
from engines.option import dial, note
from engines.preset import Chain, Preset, Stage
from engines.target import Target

__all__ = [
    "CancelledError",
    "Chain",
    "Chord",
    "Clip",
    "ClipError",
    "Context",
    "ContractError",
    "Controllers",
    "Engine",
    "EngineError",
    "Key",
    "Loop",
    "Metre",
    "Notes",
    "OptionError",
    "Options",
    "Preset",
    "Role",
    "Stage",
    "Target",
    "Tempo",
    "dial",
    "note",
]
