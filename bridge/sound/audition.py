"""Make versions of music ready to be compared by ear: equally loud, as files for a browser."""

import math
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final, NamedTuple

from bridge.error import BridgeError
from bridge.sound.audio_file import encoded
from bridge.sound.host import Host
from bridge.sound.level import Sound, matched
from bridge.sound.render import Order, Take, record
from bridge.sound.share import share_of
from bridge.sound_protocol import Track
from engines.progress import ignore_progress

BOUNCE_SHARE: Final = 0.7
"""How much of the work is done when all sound is there; it is levelled and encoded then."""

FORM: Final = "mp3"
"""Every browser decodes it, and it is small."""

MOST_S: Final = 3600.0
"""How long all versions are together at most: 130 MB in a page, 1.4 GB while they are made."""


class Heard(NamedTuple):
    """Be a version: the bytes of its file, and how many frames went in; `loudness` in LUFS."""

    content: bytes
    frames: int
    sample_rate: int
    loudness: float | None
    sentences: tuple[str, ...]


def audition(
    host: Host,
    versions: Sequence[tuple[Track, ...]],
    order: Order,
    *,
    on_progress: Callable[[float], None] = ignore_progress,
    cancelled: threading.Event | None = None,
) -> list[Heard]:
    """Return versions, each of its tracks, at the loudness that is ordered or as in `matched`.

    Raises:
        BridgeError: they are too long for a page, or one cannot be made, kept or encoded.
    """
    _check(versions)

    def bounced(share: float) -> None:
        on_progress(share * BOUNCE_SHARE)

    with ExitStack() as stack:
        takes = [
            stack.enter_context(
                record(
                    host,
                    tracks,
                    order,
                    on_progress=share_of(bounced, row, len(versions)),
                    cancelled=cancelled,
                )
            )
            for row, tracks in enumerate(versions)
        ]
        levels = matched([take.mix for take in takes], order.loudness)
        heard = []
        for row, (take, level) in enumerate(zip(takes, levels, strict=True), 1):
            heard.append(_heard(take, Sound(take.mix, level)))
            take.mix.close()  # that many recordings take room
            on_progress(BOUNCE_SHARE + (1 - BOUNCE_SHARE) * row / len(takes))
        return heard


def _check(versions: Sequence[tuple[Track, ...]]) -> None:
    long_s = sum(max(track.events.time.max(initial=0.0) for track in one) for one in versions)
    if long_s > MOST_S:
        raise BridgeError(
            f"the versions are {math.ceil(long_s / 60)} minutes of sound together,"
            f" allowed in a page are {MOST_S / 60:.0f}"
        )


def _heard(take: Take, sound: Sound) -> Heard:
    level, mix = sound.level, take.mix
    said = (*take.sentences, *level.sentences)
    return Heard(encoded(sound, FORM), mix.frames, mix.sample_rate, level.loudness, said)
