"""Render what a page lets one hear."""

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from bridge.command.render_progress import told
from bridge.command.sound_options import chosen
from bridge.error import BridgeError
from bridge.midi_song import Song
from bridge.picture import Listening, SoundFile
from bridge.sound.audition import Heard, audition
from bridge.sound.host import Host
from bridge.sound.instruments import Instruments
from bridge.sound.render import Order
from bridge.sound.render_file import ordered
from bridge.sound.tracks import song_tracks
from bridge.sound_protocol import Track

ASKED = MappingProxyType(
    {
        "plugin": "--plugin",
        "params": "--param",
        "preset_file": "--preset-file",
        "soundfont": "--soundfont",
        "book": "--instruments",
        "loudness": "--loudness",
    }
)
"""The options that are about sound, by the names they are handed over by."""


def listening(songs: Sequence[Song], paths: Sequence[Path], asked: dict[str, Any]) -> Listening:
    """Return one song as it sounds, or two, equally loud; what is odd about them is told.

    Raises:
        BridgeError: an instrument cannot be used, or there is nothing to hear.
    """
    loudness = asked.pop("loudness")
    instruments = chosen(**asked)
    order = ordered(Order(loudness=loudness), instruments)
    versions = [_tracks(song, path, instruments) for song, path in zip(songs, paths, strict=True)]
    with Host() as host, told("rendering") as (tell, over):
        heard = audition(host, versions, order, on_progress=tell, cancelled=over)
    for path, version in zip(paths, heard, strict=True):
        for sentence in version.sentences:
            click.echo(f"{path.name}: {sentence}", err=True)
    return Listening(
        before=sound_file(heard[0]), after=sound_file(heard[1]) if len(heard) > 1 else None
    )


def _tracks(song: Song, path: Path, instruments: Instruments) -> tuple[Track, ...]:
    try:
        return song_tracks(song, instruments)
    except BridgeError as error:
        raise BridgeError(f"{path.name}: {error}") from error


def sound_file(heard: Heard) -> SoundFile:
    """Return a version as a page holds it."""
    return SoundFile(
        content=heard.content,
        frames=heard.frames,
        sample_rate=heard.sample_rate,
        loudness=heard.loudness,
    )
