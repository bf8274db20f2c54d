"""Know the effects that come with the host: what they are called and what they can be set to."""

from typing import Any, NamedTuple

from bridge.sound.bundle import BUILT_IN
from bridge.sound_protocol import Description, Parameter, Plugin
from vst_host.error import invalid
from vst_host.library import pedalboard
from vst_host.parameter import check, no_such


class Dial(NamedTuple):
    """Be a parameter: its range, and what it is unless it is set."""

    name: str
    low: float
    high: float
    default: float
    unit: str = ""


class Effect(NamedTuple):
    """Be an effect: what pedalboard calls it, what it does, its dials."""

    kind: str
    summary: str
    dials: tuple[Dial, ...]


THRESHOLD = Dial("threshold_db", -60, 0, -10, "dB")
CUTOFF = Dial("cutoff_frequency_hz", 10, 20_000, 440, "Hz")
BOOST = Dial("gain_db", -24, 24, 0, "dB")
WIDTH = Dial("q", 0.1, 20, 0.707)
HIGHEST = 0.49
"""The highest frequency of a filter, as a share of the sample rate: from half on it would burst."""

MIX = Dial("mix", 0, 1, 0.5)

EFFECTS = {
    "reverb": Effect(
        "Reverb",
        "a room",
        (
            Dial("room_size", 0, 1, 0.5),
            Dial("damping", 0, 1, 0.5),
            Dial("wet_level", 0, 1, 0.33),
            Dial("dry_level", 0, 1, 0.4),
            Dial("width", 0, 1, 1),
        ),
    ),
    "compressor": Effect(
        "Compressor",
        "makes what is loud softer",
        (
            THRESHOLD,
            Dial("ratio", 1, 100, 4),
            Dial("attack_ms", 0.1, 500, 5, "ms"),
            Dial("release_ms", 1, 5_000, 100, "ms"),
        ),
    ),
    "chorus": Effect(
        "Chorus",
        "several players for one",
        (
            Dial("rate_hz", 0.01, 20, 1, "Hz"),
            Dial("depth", 0, 1, 0.25),
            Dial("centre_delay_ms", 1, 50, 7, "ms"),
            Dial("feedback", -0.95, 0.95, 0),
            MIX,
        ),
    ),
    "delay": Effect(
        "Delay",
        "echoes",
        (Dial("delay_seconds", 0.001, 10, 0.5, "s"), Dial("feedback", 0, 0.95, 0.3), MIX),
    ),
    "highpass": Effect("HighpassFilter", "takes away what is low", (CUTOFF._replace(default=50),)),
    "lowpass": Effect(
        "LowpassFilter", "takes away what is high", (CUTOFF._replace(default=12_000),)
    ),
    "lowshelf": Effect("LowShelfFilter", "more or less of what is low", (CUTOFF, BOOST, WIDTH)),
    "highshelf": Effect(
        "HighShelfFilter",
        "more or less of what is high",
        (CUTOFF._replace(default=4_000), BOOST, WIDTH),
    ),
    "peak": Effect("PeakFilter", "more or less around a frequency", (CUTOFF, BOOST, WIDTH)),
    "gain": Effect("Gain", "louder or softer", (BOOST._replace(low=-96),)),
}
"""The effects by name; the plug-in's path is `builtin:` and the name."""


def make(plugin: Plugin, sample_rate: int, field: str) -> Any:
    """Return an effect that is set, its frequencies no higher than the sample rate can hold.

    Raises:
        HostError: there is no such effect or parameter, the value is not allowed, or it is to be
            set in a way that is for plug-ins alone.
    """
    path, wanted = plugin.path, plugin.parameters
    name = path.removeprefix(BUILT_IN)
    if name not in EFFECTS:
        what = f"{path} is no effect of the host's, allowed are {', '.join(EFFECTS)}"
        raise invalid(what, f"{field}.path")
    for key in ("name", "preset", "state"):
        if getattr(plugin, key):
            raise invalid(f"{path} has no {key}, allowed are its parameters", f"{field}.{key}")
    dials = {dial.name: dial for dial in EFFECTS[name].dials}
    for key, value in wanted.items():
        where = f"{field}.parameters.{key}"
        if key not in dials:
            raise no_such(key, list(dials), path, where)
        check(_described(dials[key]), value, path, where)
    values = {key: float(wanted.get(key, dial.default)) for key, dial in dials.items()}
    if CUTOFF.name in values:
        values[CUTOFF.name] = min(values[CUTOFF.name], HIGHEST * sample_rate)
    return getattr(pedalboard(), EFFECTS[name].kind)(**values)


def warnings(plugin: Plugin, sample_rate: int) -> list[str]:
    """Return what of an effect is not as it was asked for."""
    asked = float(plugin.parameters.get(CUTOFF.name, 0))
    highest = HIGHEST * sample_rate
    if asked <= highest:
        return []
    what = f"{CUTOFF.name} of {plugin.path} is {asked:g} Hz"
    return [f"{what}, which is lowered to {highest:g} Hz: the sample rate holds no more"]


def descriptions() -> tuple[Description, ...]:
    """Return what all of them are."""
    return tuple(
        Description(
            path=f"{BUILT_IN}{name}",
            name=f"{BUILT_IN}{name}",
            kind="effect",
            format="built in",
            maker="pedalboard",
            category=effect.summary,
            parameters=tuple(_described(dial) for dial in effect.dials),
        )
        for name, effect in EFFECTS.items()
    )


def _described(dial: Dial) -> Parameter:
    return Parameter(
        name=dial.name, unit=dial.unit, low=dial.low, high=dial.high, default=dial.default
    )
