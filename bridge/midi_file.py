"""Read MIDI files as songs of clips, and write them whole or not at all."""

import os
from pathlib import Path

from bridge.midi_song import Song, SongError, new_song, to_song, to_source
from bridge.midi_source import MidiFileError, decode, encode
from bridge.write_whole import write_whole

__all__ = [
    "MidiFileError",
    "Song",
    "SongError",
    "new_song",
    "read_song",
    "song_bytes",
    "write_song",
]

MAX_BYTES = 64 * 2**20
"""The largest file that is read: some ten million notes."""


def read_song(path: str | os.PathLike[str]) -> Song:
    """Read a MIDI file of format 0 or 1.

    Raises:
        MidiFileError: the file cannot be read, or is no sound MIDI file.
    """
    try:
        return to_song(decode(_read_bytes(Path(path))))
    except MidiFileError as error:
        raise MidiFileError(f"{os.fspath(path)}: {error}") from None


def write_song(song: Song, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Write a song as a MIDI file; until all of it is written, the path holds what it held.

    Raises:
        BridgeError: the file is there already and `overwrite` is off, or cannot be written.
        MidiFileError: a MIDI file cannot say what a clip holds.
    """
    try:
        content = song_bytes(song)
    except MidiFileError as error:
        raise MidiFileError(f"{os.fspath(path)}: {error}") from None
    write_whole(Path(path), content, overwrite=overwrite)


def song_bytes(song: Song) -> bytes:
    """Return a song as the bytes of a MIDI file.

    Raises:
        MidiFileError: a MIDI file cannot say what a clip holds.
    """
    return encode(to_source(song))


def _read_bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise MidiFileError("it is no file, allowed is a MIDI file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise MidiFileError(f"it cannot be read: {_reason(error)}") from error
    if not content:
        raise MidiFileError("it is empty, allowed is a MIDI file")
    if len(content) > MAX_BYTES:
        raise MidiFileError(f"it has more than {MAX_BYTES} bytes, allowed are up to that many")
    return content


def _reason(error: Exception) -> str:
    """Return what the system says, without the number and the path that it adds."""
    return getattr(error, "strerror", None) or str(error)
