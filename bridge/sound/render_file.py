"""Carry one MIDI file to sound: read, bounce, level, write."""

import threading
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

import msgspec

from bridge.midi_file import read_song
from bridge.sound.audio_file import write_audio
from bridge.sound.audio_form import Choice
from bridge.sound.host import Host
from bridge.sound.instruments import Instruments
from bridge.sound.level import Level
from bridge.sound.render import Order, Rendering, render
from bridge.sound.stem import stem_paths
from bridge.sound.tracks import song_tracks
from bridge.sound_protocol import Instrument, Plugin, Track
from bridge.write_whole import refuse_existing
from engines.progress import ignore_progress

BOUNCE_SHARE: Final = 0.8
"""How much of the work is done when the sound is there; it is levelled and encoded then."""


class Wish(NamedTuple):
    """Say what is made of files: who plays, how it is bounced, and how it is written."""

    instruments: Instruments
    order: Order
    choice: Choice
    overwrite: bool = False


class Report(NamedTuple):
    """Tell what was made of a file: a sentence a track, what is odd, and how long it took."""

    players: list[str]
    warnings: list[str]
    stems: int
    seconds: float
    took_s: float
    level: Level


def render_file(
    host: Host,
    source: Path,
    output: Path,
    wish: Wish,
    *,
    taken: set[str] | None = None,
    tell: Callable[[float], None] = ignore_progress,
    cancelled: threading.Event | None = None,
) -> Report:
    """Render a MIDI file to a sound file, and its stems beside it; all of them whole or none.

    Args:
        host: where plug-ins are.
        source: the MIDI file.
        output: the sound file.
        wish: what is made of it.
        taken: the names of other files, which stems must not have, as in `stem_paths`.
        tell: called with the share that is done, from 0 to 1.
        cancelled: once it is set, nothing is made.

    Raises:
        BridgeError: the file cannot be read or has no notes, an instrument cannot be used, the
            sound cannot be written, or it was cancelled.
    """
    begun = perf_counter()
    song = read_song(source)
    tracks = song_tracks(song, wish.instruments)
    order = ordered(wish.order, wish.instruments)
    names = [track.name for track in tracks] if order.stems else []
    paths = (output, *stem_paths(output, names, taken))
    for path in paths:
        refuse_existing(path, overwrite=wish.overwrite)
    with render(
        host,
        tracks,
        order,
        on_progress=lambda share: tell(share * BOUNCE_SHARE),
        cancelled=cancelled,
    ) as rendering:
        write_audio(
            dict(zip(paths, (rendering.mix, *rendering.stems), strict=True)),
            wish.choice,
            overwrite=wish.overwrite,
            tell=lambda share: tell(BOUNCE_SHARE + share * (1 - BOUNCE_SHARE)),
        )
        return _report(tracks, rendering, song.warnings, perf_counter() - begun)


def ordered(order: Order, instruments: Instruments) -> Order:
    """Return the order with what the user's instruments add to it: master chain and patience."""
    return msgspec.structs.replace(
        order,
        master=instruments.master,
        patience_s=instruments.patience_s,
        load_s=instruments.load_s,
    )


def player(instrument: Instrument) -> str:
    """Say what plays: its name, and the effects behind it."""
    if instrument.plugin is not None:
        name = _called(instrument.plugin)
    else:
        number = "" if instrument.program is None else f", program {instrument.program + 1}"
        name = f"{Path(instrument.soundfont).stem}{number}"
    chain = " and ".join(_called(effect) for effect in instrument.effects)
    return f"{name} through {chain}" if chain else name


def _called(plugin: Plugin) -> str:
    return plugin.name or Path(plugin.path).stem


def _report(
    tracks: tuple[Track, ...], rendering: Rendering, warnings: tuple[str, ...], took_s: float
) -> Report:
    recording = rendering.mix.recording
    return Report(
        players=[f"{track.name}: {player(track.instrument)}" for track in tracks],
        warnings=[*warnings, *rendering.sentences],
        stems=len(rendering.stems),
        seconds=recording.frames / recording.sample_rate,
        took_s=took_s,
        level=rendering.mix.level,
    )
