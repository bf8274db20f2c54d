"""Choose the colours and type of the picture, by day and by night.

Loudness is warm, time is cool, what was before is grey: each is told by its place or length too,
so nothing depends on seeing a colour.
"""

from types import MappingProxyType

import numpy as np

LOUDNESS = (
    "#f2ca92",
    "#f1b87e",
    "#efa76e",
    "#ec9563",
    "#e6835c",
    "#df725b",
    "#d5625c",
    "#ca535f",
    "#bc4663",
    "#ac3a66",
    "#9b3069",
    "#89286a",
    "#772269",
    "#641c66",
    "#521861",
    "#401459",
)
"""Soft to loud on white.

Source: equal steps of lightness from 0.86 to 0.30 and of hue from 75 to -50 degrees in OKLCH
(B. Ottosson, 2020, A perceptual color space for image processing).
"""

LOUDNESS_AT_NIGHT = (
    "#61367d",
    "#743a83",
    "#863f86",
    "#994487",
    "#ab4986",
    "#bd5182",
    "#cd597e",
    "#db6478",
    "#e87073",
    "#f27d6e",
    "#fa8c6a",
    "#ff9d6d",
    "#ffb077",
    "#fec186",
    "#ffd196",
    "#ffe0a9",
)
"""The same on black: lightness from 0.42 to 0.92, hue from -50 to 82 degrees."""

SOFTEST, LOUDEST = 24, 120
"""The velocities where the ramp begins and ends."""

DAY = MappingProxyType(
    {
        "paper": "#ffffff",
        "ink": "#1d2129",
        "dim": "#6b7280",
        "bar": "#c3c9d2",
        "beat": "#e3e6eb",
        "rule": "#9aa2ae",
        "shade": "#f3f5f7",
        "was": "#cdd3db",
        "was_line": "#a9b1bd",
        "late": "#1f5fa8",
        "early": "#17a398",
        "tempo": "#1f5fa8",
        "pedal": "#9db0cb",
    }
)

NIGHT = MappingProxyType(
    {
        "paper": "#15171c",
        "ink": "#e8eaee",
        "dim": "#98a0ad",
        "bar": "#3f4652",
        "beat": "#262a32",
        "rule": "#5d6673",
        "shade": "#1c1f26",
        "was": "#3d444f",
        "was_line": "#666f7d",
        "late": "#6da9ec",
        "early": "#4fd0bf",
        "tempo": "#6da9ec",
        "pedal": "#5d7191",
    }
)

TYPE = """
text{font-family:Inter,"Helvetica Neue",Arial,sans-serif}
.t-title{font-size:24px;font-weight:600}
.t-lead{font-size:14.5px}
.t-fact{font-size:12px;font-weight:400}
.t-part{font-size:14px;font-weight:600}
.t-lane{font-size:11.5px;font-weight:600}
.t-tick{font-size:10.5px}
.t-bar{font-size:11px;font-weight:600}
.t-beat{font-size:9.5px}
.right{text-anchor:end}
.middle{text-anchor:middle}
.line{fill:none;vector-effect:non-scaling-stroke}
.stem{stroke-width:1.4}
.was.stem{stroke-width:4}
.dot{stroke-width:5.2;stroke-linecap:round}
.fine{stroke-width:1}
.curve{stroke-width:1.7;stroke-linejoin:round}
.dashed{stroke-dasharray:3 2.5}
.mute{opacity:.35}
"""


def style(theme: MappingProxyType[str, str]) -> str:
    """Return the style sheet of a theme: the classes that the lanes use."""
    return TYPE + colours(theme)


def colours(theme: MappingProxyType[str, str]) -> str:
    """Return only what differs between themes."""
    ramp = LOUDNESS_AT_NIGHT if theme is NIGHT else LOUDNESS
    loud = "".join(
        f".v{step}{{fill:{colour};stroke:{colour}}}\n" for step, colour in enumerate(ramp)
    )
    return loud + RULES.format_map(theme)


RULES = """
text{{fill:{ink};stroke:none}}
.dim{{fill:{dim}}}
.paper{{fill:{paper}}}
.shade{{fill:{shade}}}
.bar{{stroke:{bar}}}
.beat{{stroke:{beat}}}
.rule{{stroke:{rule}}}
.late{{stroke:{late}}}
.early{{stroke:{early}}}
.tempo{{stroke:{tempo}}}
.pedal{{fill:{pedal}}}
.was{{fill:{was};stroke:{was}}}
.was.pedal{{fill:{was}}}
.was.tempo{{stroke:{was_line}}}
.note{{stroke:none}}
.line{{fill:none}}
.new{{stroke:{ink};stroke-width:1.2}}
.gone{{fill:none;stroke:{rule};stroke-dasharray:2.5 2}}
"""


def loudness(velocity: np.ndarray) -> np.ndarray:
    """Return the step of the ramp, 0 to 15, for velocities of any shape: `v0` to `v15` colour them.

    The steps are spread over the velocities that people play, so that their colours differ.
    """
    steps = (velocity - SOFTEST) / (LOUDEST - SOFTEST) * len(LOUDNESS)
    return np.clip(steps, 0, len(LOUDNESS) - 1).astype(int)


def uncovered(theme: MappingProxyType[str, str]) -> str:
    """Return the rules that colour what was before where nothing after covers it."""
    ramp = LOUDNESS_AT_NIGHT if theme is NIGHT else LOUDNESS
    only = '[data-view="before"] .was'
    loud = "".join(f"{only}.v{n}{{fill:{c};stroke:{c}}}\n" for n, c in enumerate(ramp))
    return (
        f"{loud}{only}.note{{stroke:none}}\n{only}.line{{fill:none}}\n"
        f"{only}.pedal{{fill:{theme['pedal']}}}\n{only}.tempo{{stroke:{theme['tempo']}}}\n"
    )
