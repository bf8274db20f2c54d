"""Render takes of a MIDI file to one page to choose from, and write the choice."""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import list2cmdline

import click
import msgspec

from bridge.command.door import check_midi_name, open_client
from bridge.command.render_progress import told
from bridge.command.show_sound import sound_file
from bridge.error import BridgeError
from bridge.humanize import Recipe
from bridge.midi_file import song_bytes, write_song
from bridge.picture.takes import Take, takes_page
from bridge.protocol import MAX_SEED
from bridge.sound.audition import Heard, audition
from bridge.sound.host import Host
from bridge.sound.render_file import Wish, ordered
from bridge.sound.tracks import song_tracks
from bridge.takes import Takes, make_takes
from bridge.write_whole import drafts, refuse_existing

PRESET = "band/natural"
"""What performs where nothing else is named."""


class TakesWish(msgspec.Struct, frozen=True, kw_only=True):
    """Say which takes are made of what; the fields are options of `yuragi render`."""

    source: Path
    output: Path
    count: int
    preset: str | None = None
    tracks: str | None = None
    seed: int | None = None
    choose: int | None = None
    keep: Path | None = None
    server: str | None = None
    overwrite: bool = False


def render_takes(wish: TakesWish, sound: Wish) -> None:
    """Write a page on which takes are heard, and say how the one that is chosen is written.

    Raises:
        BridgeError: a file cannot be read or written, or the takes or their sound not made.
    """
    _check(wish)
    _check_seed(wish)
    made = _made(wish)
    kept = _kept(wish, made.seed)
    songs = [made.written] * bool(made.written.clips) + list(made.songs)
    with Host() as host, told("rendering") as (tell, over):
        tracks = [song_tracks(song, sound.instruments) for song in songs]
        order = ordered(sound.order, sound.instruments)
        heard = audition(host, tracks, order, on_progress=tell, cancelled=over)
    page = _page(wish, made, heard).encode()
    contents = {wish.output: page, **dict(zip(kept, map(song_bytes, made.songs), strict=False))}
    with drafts(overwrite=wish.overwrite) as written:
        for path, content in contents.items():
            with written.file(path) as file:
                file.write(content)
    for sentence in _sentences(wish, made, heard):
        click.echo(f"{wish.source.name}: {sentence}", err=True)
    for number in range(wish.count):
        click.echo(f"take {number + 1}: seed {made.seed + number}")
    click.echo(
        f"wrote {wish.output}; the page saves a take as MIDI, and so does: {_again(wish, made)}"
    )


def choose_take(wish: TakesWish) -> None:
    """Write one of the takes as MIDI.

    Raises:
        BridgeError: there is no such take, or a file cannot be read or written.
    """
    if wish.choose is None or wish.choose > wish.count:
        raise BridgeError(f"--choose is {wish.choose}, allowed are takes from 1 to {wish.count}")
    if wish.seed is None:
        raise BridgeError("--choose is given without --seed, allowed is the seed of take 1")
    _check_seed(wish)
    check_midi_name(wish.output)
    refuse_existing(wish.output, overwrite=wish.overwrite)
    made = _made(wish)
    write_song(made.songs[wish.choose - 1], wish.output, overwrite=wish.overwrite)
    click.echo(f"wrote {wish.output}: take {wish.choose}, seed {made.seed + wish.choose - 1}")


def _check(wish: TakesWish) -> None:
    """Refuse what cannot be written before anything is made."""
    if wish.output.suffix.lower() != ".html":
        raise BridgeError(f"output is {wish.output}, allowed are names with .html for takes")
    if not wish.output.parent.is_dir():
        raise BridgeError(f"output is {wish.output}, and there is no folder {wish.output.parent}")
    refuse_existing(wish.output, overwrite=wish.overwrite)
    if wish.source.is_dir():
        raise BridgeError(f"{wish.source} is a folder, allowed are takes of one MIDI file")
    if wish.keep is not None and wish.keep.exists() and not wish.keep.is_dir():
        raise BridgeError(f"--keep is {wish.keep}, which is a file; allowed are folders")


def _made(wish: TakesWish) -> Takes:
    recipe = Recipe(wish.preset or PRESET, seed=wish.seed, tracks=wish.tracks or "")
    with open_client(wish.server) as client:
        return make_takes(client, wish.source, recipe, wish.count)


def _check_seed(wish: TakesWish) -> None:
    """Refuse a seed behind which not every take has one of its own."""
    most = MAX_SEED - wish.count + 1
    if wish.seed is not None and wish.seed > most:
        raise BridgeError(
            f"--seed is {wish.seed}, allowed with {wish.count} takes is one up to {most}"
        )


def _kept(wish: TakesWish, seed: int) -> list[Path]:
    """Return where the takes go that are kept, in a folder that is there.

    Raises:
        BridgeError: one of them is there already, or the folder cannot be made.
    """
    if wish.keep is None:
        return []
    stem = wish.source.stem
    paths = [wish.keep / f"{stem}-{seed + number}.mid" for number in range(wish.count)]
    for path in paths:
        refuse_existing(path, overwrite=wish.overwrite)
    try:
        wish.keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise BridgeError(f"--keep is {wish.keep}, which cannot be made: {reason}") from error
    return paths


def _sentences(wish: TakesWish, made: Takes, heard: list[Heard]) -> Iterator[str]:
    """Yield what is odd: about all, about the file as it is written, about each take."""
    alike = set.intersection(*(set(one.sentences) for one in heard))
    yield from dict.fromkeys([*made.warnings, *(s for s in heard[0].sentences if s in alike)])
    names = [f"take {number}" for number in range(1, wish.count + 1)]
    names = ["as written"] * (len(heard) - len(names)) + names
    for name, one in zip(names, heard, strict=True):
        yield from (f"{name}: {said}" for said in one.sentences if said not in alike)


def _again(wish: TakesWish, made: Takes) -> str:
    """Return the command that writes a take, as the system's shell takes it."""
    asked = ["yuragi", "render", str(wish.source), "--takes", str(wish.count)]
    asked += ["--preset", wish.preset or PRESET, "--seed", str(made.seed)]
    asked += ["--tracks", wish.tracks] if wish.tracks else []
    asked += ["--choose", "K", "-o", "OUT.mid"]
    return list2cmdline(asked) if sys.platform == "win32" else shlex.join(asked)


def _page(wish: TakesWish, made: Takes, heard: list[Heard]) -> str:
    files = [sound_file(one) for one in heard]
    written = files.pop(0) if len(files) > len(made.songs) else None
    takes = [
        Take(seed=made.seed + number, clips=song.clips, file=file, midi=song_bytes(song))
        for number, (song, file) in enumerate(zip(made.songs, files, strict=True))
    ]
    stem = wish.source.stem
    title = f"{stem}, {wish.preset or PRESET}"
    return takes_page(made.written.clips, takes, title=title, stem=stem, written=written)
