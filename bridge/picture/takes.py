"""Write takes of one piece as a page to choose from: listen, compare, and save the one you like."""

import base64
import hashlib
from collections.abc import Sequence

import msgspec

from bridge.error import BridgeError
from bridge.picture.change import describe, sentence
from bridge.picture.chart import compose, facts, hidden
from bridge.picture.document import MOST_PANELS, document, drawing, titled, window_of
from bridge.picture.listening import SCRIPTS, SoundFile, Version, data, embedded, keys, transport
from bridge.picture.part import Part, parts_of
from bridge.picture.svg import escape, tag
from bridge.picture.window import Window
from engines.clip import Clip

WRITTEN = "As written"

KEYS = (
    ("1 to 9", "choose a take"),
    ("W", "what was written"),
    ("X", "the one before"),
    ("S", "stars"),
)
"""What keys do, beside those of every page with sound."""

MOST_KEYS = 9
"""How many takes have a key of their own: 1 to 9."""


class Take(msgspec.Struct, frozen=True, kw_only=True):
    """Be one performance of the piece: its seed, its sound, and the MIDI file that is saved."""

    seed: int
    clips: tuple[Clip, ...]
    file: SoundFile
    midi: bytes


def takes_page(
    original: tuple[Clip, ...],
    takes: Sequence[Take],
    *,
    title: str,
    stem: str,
    written: SoundFile | None = None,
) -> str:
    """Return a page about takes of `original`, whose own sound is `written`, None if it has none.

    A take is saved as `stem`, a hyphen and its seed.

    Raises:
        BridgeError: there are no takes.
    """
    if not takes:
        raise BridgeError("takes is empty, allowed are one or more")
    versions = _versions(original, takes, written)
    scenes = [parts_of(original, version.clips) for version in versions]
    shown, every = len(versions) - len(takes), tuple(part for parts in scenes for part in parts)
    window = window_of(every, None, None)
    figures = [_figure(parts, window) for parts in scenes]
    kept = (_kept(row, figure) for row, figure in enumerate(figures) if row != shown)
    return document(
        window,
        figures[shown],
        every,
        texts={
            "title": titled(title),
            "lead": _lead(len(takes)),
            "facts": facts(scenes[shown], window),
            "hidden": hidden(scenes[shown], MOST_PANELS),
        },
        views=True,
        scripts=(*SCRIPTS, "stars", "takes"),
        transport=transport(versions, switch=False),
        choices=_choices(original, takes, stem, shown),
        data="\n".join([embedded(versions, scenes[shown], window), *kept, *map(_midi, takes)]),
        keys=keys(*KEYS),
    )


def _versions(
    original: tuple[Clip, ...], takes: Sequence[Take], written: SoundFile | None
) -> tuple[Version, ...]:
    """Return what can be heard: the original if it has a sound, and the takes."""
    first = [Version(name=WRITTEN, clips=original, file=written)] if written else []
    rest = [
        Version(name=f"Take {number}", clips=take.clips, file=take.file)
        for number, take in enumerate(takes, 1)
    ]
    return (*first, *rest)


def _figure(parts: tuple[Part, ...], window: Window) -> str:
    return drawing(compose(parts[:MOST_PANELS], window, scalable=True), window)


def _kept(row: int, figure: str) -> str:
    """Return a figure that is not drawn until its version is chosen."""
    return f'<template id="figure-{row}">{figure}</template>'


def _midi(take: Take) -> str:
    encoded = base64.b64encode(take.midi).decode()
    return data(f"midi-{take.seed}", encoded, "audio/midi")


def _lead(count: int) -> str:
    takes = f"{count} takes" if count > 1 else "1 take"
    return f"{takes}. Listen, switch while it plays, save the one you like."


def _choices(original: tuple[Clip, ...], takes: Sequence[Take], stem: str, shown: int) -> str:
    rows = [_row(0, WRITTEN, "W", "")] if shown else []
    for number, take in enumerate(takes, 1):
        key = str(number) if number <= MOST_KEYS else ""
        said = sentence(describe(original, take.clips))
        row = number - 1 + shown
        rows.append(
            _row(row, f"Take {number}", key, said, take=take, stem=stem, chosen=row == shown)
        )
    key = f'data-key="{_key(takes, stem)}"'
    return f'<ol id="takes" {key} role="radiogroup" aria-label="Version heard">{"".join(rows)}</ol>'


def _key(takes: Sequence[Take], stem: str) -> str:
    """Return the name under which a browser keeps the stars: the same for the same takes only."""
    digest = hashlib.sha256(stem.encode(errors="replace"))
    for take in takes:
        digest.update(hashlib.sha256(take.midi).digest())
    return f"yuragi-stars-{digest.hexdigest()[:32]}"


def _row(
    row: int,
    name: str,
    key: str,
    said: str,
    *,
    take: Take | None = None,
    stem: str = "",
    chosen: bool = False,
) -> str:
    checked = " checked" if chosen else ""
    seed = tag("small", f"seed {take.seed}") if take else ""
    label = (
        f'<label><input type="radio" name="heard" value="{row}"{checked}>'
        f"<kbd>{key}</kbd><b>{name}</b>{seed}<span>{escape(said)}</span></label>"
    )
    if take is None:
        return f"<li>{label}</li>"
    return f'<li data-seed="{take.seed}">{label}{_keeping(name, take, stem)}</li>'


def _keeping(name: str, take: Take, stem: str) -> str:
    """Return what marks a take and what saves it."""
    file = escape(f"{stem}-{take.seed}.mid")
    return (
        f'<button class="star" aria-pressed="false" aria-label="Star {name}"'
        ' title="Star it (S)">\N{WHITE STAR}</button>'
        f'<button class="save" data-midi="midi-{take.seed}" data-name="{file}"'
        f' title="Save {file}">Save MIDI</button>'
    )
