"""Carry one MIDI file through a server and back: read, choose tracks, render, write."""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import msgspec

from bridge.client import Client
from bridge.error import BridgeError
from bridge.instrument import Instrument, instruments
from bridge.midi_file import Song, read_song, write_song
from bridge.picture.change import describe, sentence
from bridge.protocol import Welcome
from bridge.tracks import choose_tracks, label
from bridge.write_whole import refuse_existing
from engines.clip import Clip, Pad
from engines.role import infer


class Recipe(msgspec.Struct, frozen=True):
    """Say what to do with a file; the fields are the options of `yuragi humanize`."""

    preset: str
    amount: float = 1.0
    weights: str | None = None
    seed: int | None = None
    tracks: str = ""
    role: str = "auto"
    pads: tuple[Pad, ...] = ()
    overwrite: bool = False


class Report(NamedTuple):
    """Tell what was done to a file: a sentence a track, the seed, and the time it took.

    `warnings` say what was odd in the file, and what could not be done.
    """

    warnings: list[str]
    lines: list[str]
    seed: int
    engine_ms: float
    total_ms: float


def humanize_file(client: Client, source: Path, output: Path, recipe: Recipe) -> Report:
    """Humanize the chosen tracks of a file as one band, and write it whole or not at all.

    Raises:
        BridgeError: a file cannot be read or written, no track was chosen, or the server refused.
    """
    begun = perf_counter()
    refuse_existing(output, overwrite=recipe.overwrite)
    song = read_song(source)
    played = humanize_song(client, song, recipe)
    (after,) = played.takes
    write_song(after, output, overwrite=recipe.overwrite)
    lines = [_line(song, row, after.clips[row]) for row in played.rows]
    total_ms = (perf_counter() - begun) * 1e3
    warnings = [*song.warnings, *played.warnings]
    return Report(warnings, lines, played.seed, played.engine_ms, total_ms)


class Played(NamedTuple):
    """Be takes of a song: which of its clips were played, and what could not be done.

    Each take has the seed after the one before; `seed` is that of the first.
    """

    takes: tuple[Song, ...]
    rows: list[int]
    warnings: list[str]
    seed: int
    engine_ms: float


def humanize_song(client: Client, song: Song, recipe: Recipe, takes: int = 1) -> Played:
    """Humanize the chosen tracks of a song as one band, as often as asked.

    Raises:
        BridgeError: no track was chosen, or the server refused.
    """
    server = client.hello()
    rows = _chosen(song, recipe, server)
    band = instruments(song.clips, rows)
    asked = tuple(_asked(song, one, recipe) for one in band)
    _check_pads(recipe, asked)
    answer = client.render(
        asked,
        preset=recipe.preset,
        amount=recipe.amount,
        options={"weights": recipe.weights} if recipe.weights else {},
        seed=recipe.seed,
        takes=takes,
    )
    songs = tuple(_with_take(song, band, take) for take in answer.takes)
    doubts = _doubts(recipe, [song.clips[row] for row in rows], server)
    warnings = [*doubts, *answer.warnings]
    return Played(songs, rows, warnings, answer.seed, answer.timings.engine_ms)


def _with_take(song: Song, band: Sequence[Instrument], take: Sequence[Clip]) -> Song:
    clips = list(song.clips)
    for one, after in zip(band, take, strict=True):
        for row, clip in zip(one.rows, one.parted(after), strict=True):
            clips[row] = clip.replace(role=song.clips[row].role)
    return song.with_clips(tuple(clips))


def _chosen(song: Song, recipe: Recipe, server: Welcome) -> list[int]:
    """Choose by the user's word, else by the preset's role; a lone track always fits."""
    if not song.clips:
        raise BridgeError("the file has no notes, allowed are files with one note or more")
    if recipe.tracks:
        return choose_tracks(song.clips, recipe.tracks)
    role = _preset_role(recipe.preset, server)
    fitting = [row for row, clip in enumerate(song.clips) if role in {"auto", infer(clip)}]
    if fitting or len(song.clips) == 1:
        return fitting or [0]
    names = ", ".join(label(song.clips, row) for row in range(len(song.clips)))
    raise BridgeError(
        f"preset {recipe.preset} is for {role}, and the tracks are {names}: choose with --tracks"
    )


def _doubts(recipe: Recipe, clips: list[Clip], server: Welcome) -> list[str]:
    """Say it if a track is played by a preset for another instrument."""
    meant = _preset_role(recipe.preset, server)
    others = {infer(clip) for clip in clips} - {meant}
    if recipe.role != "auto" or meant == "auto" or not others:
        return []
    return [f"{recipe.preset} is for {meant}, and plays what looks like {' and '.join(others)}"]


def _preset_role(name: str, server: Welcome) -> str:
    presets = {preset["name"]: preset for preset in server.presets}
    if name not in presets:
        return "auto"  # and the server says why it has none
    if presets[name].get("kind") == "generator":
        raise BridgeError(
            f"preset {name} writes new notes, allowed are those that play: yuragi generate {name}"
        )
    role: str = presets[name]["role"]
    return role


def _check_pads(recipe: Recipe, asked: tuple[Clip, ...]) -> None:
    """Refuse pads that are named where nothing is played as drums."""
    if recipe.pads and not any(clip.pads for clip in asked):
        what = "pads are named, and no track looks like drums"
        raise BridgeError(f"{what}: choose them with --tracks, and say --role drums")


def _asked(song: Song, one: Instrument, recipe: Recipe) -> Clip:
    """Return what an instrument plays as it is sent: with its role, and its pads if it is drums."""
    role = recipe.role if recipe.role != "auto" else infer(song.clips[one.rows[0]])
    return one.clip.replace(role=role, pads=recipe.pads if role == "drums" else ())


def _line(song: Song, row: int, after: Clip) -> str:
    return f"track {label(song.clips, row)}: {sentence(describe((song.clips[row],), (after,)))}"
