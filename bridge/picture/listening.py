"""Put sound into a page: recordings, and where the beats lie in them.

Letters: P places of a tempo map.
"""

import base64
import json
from collections.abc import Sequence

import msgspec
import numpy as np

from bridge.picture.document import sensed, source
from bridge.picture.part import Part
from bridge.picture.svg import escape, tag
from bridge.picture.window import Window
from engines.clip import Clip, Tempo

SCRIPTS = ("timeline", "recording", "player", "overview", "score", "blind", "transport")
"""The scripts of every page with sound, in their order."""

ARROWS = "\N{LEFTWARDS ARROW} \N{RIGHTWARDS ARROW}"

ENDS = ("Home End", "go to the ends")

ALIKE = 0.3
"""Versions whose loudness differs by no more, in LU, are called equally loud."""

DIGITS = 7
"""Decimals of beats and seconds: a tenth of a microsecond."""


class SoundFile(msgspec.Struct, frozen=True, kw_only=True):
    """Be an MP3 file of a whole piece, and how many frames went into it.

    Every browser decodes it, it is small, and its header says how much silence the encoder put
    before the first frame. `loudness` is how loud it is in LUFS, None where that is not known.
    """

    content: bytes
    frames: int
    sample_rate: int
    loudness: float | None = None


class Listening(msgspec.Struct, frozen=True, kw_only=True):
    """Be what a page about clips lets one hear; `after` is None where there is but one version."""

    before: SoundFile
    after: SoundFile | None = None


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """Be one of those that are listened to and compared."""

    name: str
    clips: tuple[Clip, ...]
    file: SoundFile


def transport(versions: Sequence[Version], *, switch: bool) -> str:
    """Return the markup of what starts, stops and chooses; `switch` shows the names to choose."""
    heard = _switch(versions) if switch and len(versions) > 1 else ""
    blind = _BLIND if heard else ""
    places = {"$heard": heard, "$blind": blind, "$level": escape(level(versions))}
    drawn = source("transport.html")
    for place, markup in places.items():
        drawn = drawn.replace(place, markup)
    return drawn


def embedded(versions: Sequence[Version], parts: tuple[Part, ...], window: Window) -> str:
    """Return the recordings as base64, and what the script must know of them as JSON."""
    about = {
        "start": window.start,
        "end": window.end,
        "firstBar": window.first_bar,
        "bars": _rounded(window.opened),
        "units": [_unit(parts, bar) for bar in window.opened.tolist()],
        "versions": [_about(row, version, window.end) for row, version in enumerate(versions)],
    }
    return "\n".join(
        [
            data("sound", json.dumps(about)),
            *(_recording(row, version) for row, version in enumerate(versions)),
        ]
    )


def keys(*more: tuple[str, str]) -> str:
    """Say which keys do what: those of every page with sound, and `more`."""
    pairs = (("Space", "plays"), *more, ("L", "repeats"), (ARROWS, "go by bars"), ENDS)
    return " · ".join(f"{tag('kbd', escape(key))} {escape(words)}" for key, words in pairs)


def level(versions: Sequence[Version]) -> str:
    """Say how loud the versions are: all alike, or each; nothing if that is not known."""
    heard = [version.file.loudness for version in versions]
    known = [loudness for loudness in heard if loudness is not None]
    if not known:
        return ""
    if len(known) == len(heard) and max(known) - min(known) <= ALIKE:
        who = {1: "", 2: "both "}.get(len(known), "all ")
        return f"{who}at {_signed(sum(known) / len(known))} LUFS"
    told = ", ".join(
        f"{version.name} {'unknown' if loudness is None else _signed(loudness)}"
        for version, loudness in zip(versions, heard, strict=True)
    )
    return f"not equally loud, in LUFS: {told}"


def data(name: str, text: str, kind: str = "application/json") -> str:
    """Return an element that is not run and not shown, for the script to read."""
    harmless = text.replace("<", "\\u003c")
    return f'<script type="{escape(kind)}" id="{escape(name)}">{harmless}</script>'


_BLIND = (
    '<button id="blind" class="alone" aria-pressed="false"'
    ' title="Listen without knowing which is which (?)">Blind</button>'
)


def _recording(row: int, version: Version) -> str:
    encoded = base64.b64encode(version.file.content).decode()
    return data(_id(row), encoded, "audio/mpeg")


def _about(row: int, version: Version, end: float) -> dict[str, object]:
    file = version.file
    tempo = version.clips[0].tempo if version.clips else Tempo()
    beats, seconds = breakpoints(tempo, end)
    return {
        "id": _id(row),
        "name": version.name,
        "beats": _rounded(beats),
        "seconds": _rounded(seconds),
        "length": max((clip.length for clip in version.clips), default=0.0),
        "frames": file.frames,
        "rate": file.sample_rate,
    }


def _id(row: int) -> str:
    return f"recording-{row}"


def breakpoints(tempo: Tempo, end: float) -> tuple[np.ndarray, np.ndarray]:
    """Return beats and the seconds at which they fall: (P,) each; between them time runs evenly.

    The tempo of the last piece holds on behind the last place.
    """
    last = max(end, float(tempo.time.max(initial=0.0)) + 1.0)
    beats = np.unique(np.concatenate([[0.0], tempo.time, [last]]))
    return beats, np.asarray(tempo.seconds(beats))


def _unit(parts: tuple[Part, ...], bar: float) -> float:
    """Return how many quarter notes a beat has in the bar that begins there."""
    metres = parts[0].features.metres if parts else ()
    metre = next((m for m in reversed(metres) if m.time <= bar + 1e-9), None)
    return 4.0 / metre.denominator if metre else 1.0


def _rounded(times: np.ndarray) -> list[float]:
    return [round(time, DIGITS) for time in times.tolist()]


def _switch(versions: Sequence[Version]) -> str:
    choices = "".join(
        f'<label><input type="radio" name="heard" value="{row}"{" checked" if row == 0 else ""}>'
        f"{tag('span', escape(version.name))}</label>"
        for row, version in enumerate(versions)
    )
    group = 'class="views heard" role="radiogroup" aria-label="Version heard"'
    return sensed("Hear", f"<div {group}>{choices}</div>")


def _signed(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace("-", "\N{MINUS SIGN}")
