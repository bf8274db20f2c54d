"""Write sound as WAV, FLAC, Ogg Vorbis or MP3: whole or not at all, and the same bytes each time.

Letters: F frames.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

from bridge.error import BridgeError
from bridge.sound.audio_form import FORMS, Choice
from bridge.sound.extra import extra
from bridge.sound.level import Sound
from bridge.sound.ogg import settle
from bridge.sound.share import share_of
from bridge.sound.sink import Rounding, Sink
from bridge.sound_protocol import CHANNELS
from bridge.write_whole import drafts
from engines.progress import ignore_progress

COMPRESSION: Final = {"ogg": 0.4, "mp3": 0.2}
"""From 0, best, to 1: some 190 and 220 kbit/s of music."""

BLOCK: Final = 2**14
"""Frames for libsndfile at once: it overflows its stack at long blocks of Vorbis."""


def write_audio(
    sounds: Mapping[Path, Sound],
    choice: Choice,
    *,
    overwrite: bool = False,
    tell: Callable[[float], None] = ignore_progress,
) -> None:
    """Write sounds to files, each whole or not at all, and none before all are on disk.

    Args:
        sounds: what is written, by where.
        choice: how.
        overwrite: whether files that are there may be replaced.
        tell: called with the share that is done, from 0 to 1; what it raises ends the writing.

    Raises:
        ExistingFileError: a file is there and `overwrite` is off.
        BridgeError: the format cannot hold the sound, or the system refuses.
    """
    for sound in sounds.values():
        choice.check(sound.recording.sample_rate, sound.recording.frames)
    with drafts(overwrite=overwrite) as written:
        for row, (path, sound) in enumerate(sounds.items()):
            with written.file(path) as file:
                _encode(sound, file, choice, share_of(tell, row, len(sounds)))


def encoded(sound: Sound, form: str) -> bytes:
    """Return sound as the bytes of a file, of a format as in `FORMS`.

    Raises:
        BridgeError: the format is unknown or cannot hold the sound.
    """
    choice = Choice(form)
    choice.check(sound.recording.sample_rate, sound.recording.frames)
    file = io.BytesIO()
    _encode(sound, file, choice, ignore_progress)
    return file.getvalue()


def _encode(sound: Sound, file: BinaryIO, choice: Choice, tell: Callable[[float], None]) -> None:
    if not sound.recording.frames:
        raise BridgeError("the sound has no frames, allowed is one frame or more")
    with extra():
        import soundfile  # noqa: PLC0415 - only who renders has it
    sink = Sink(file)
    try:
        with soundfile.SoundFile(sink, "w", **_shape(sound, choice)) as writer:
            out = writer if choice.depth in {0, 32} else Rounding(writer, choice.depth)
            for done, block in _pieces(sound):
                out.write(block)
                sink.check()
                tell(done)
    except (AssertionError, soundfile.LibsndfileError) as error:  # less was written than asked
        sink.check()
        raise BridgeError(f"the sound cannot be encoded as {choice.form}: {error}") from error
    sink.check()
    _settle(file, choice)


def _shape(sound: Sound, choice: Choice) -> dict[str, Any]:
    compression = COMPRESSION.get(choice.form)
    return {
        "samplerate": sound.recording.sample_rate,
        "channels": CHANNELS,
        "format": FORMS[choice.form].container,
        "subtype": choice.subtype,
        **({} if compression is None else {"compression_level": compression}),
        **({"bitrate_mode": "VARIABLE"} if choice.form == "mp3" else {}),
    }


def _pieces(sound: Sound) -> Iterator[tuple[float, np.ndarray]]:
    """Yield the share that is done with each piece, and the piece, (F, 2)."""
    frames, done = sound.recording.frames, 0
    for block in sound.blocks():
        for start in range(0, len(block), BLOCK):
            piece = block[start : start + BLOCK]
            done += len(piece)
            yield done / frames, piece


def _settle(file: BinaryIO, choice: Choice) -> None:
    """Take what differs each time out of a file: a number drawn by lot, a date."""
    if choice.form == "ogg":
        settle(file)
    if choice.subtype == "FLOAT":
        file.seek(0)
        head = file.read(256)
        at = head.find(b"PEAK")
        if at >= 0:
            file.seek(at + 12)  # name, size, version, then the date. Source: libsndfile, wavlike.c
            file.write(bytes(4))
