"""Have tracks bounced, keep what comes, and choose its level.

with Host() as host, render(host, song_tracks(song, instruments), Order()) as rendering:
    write_audio({Path("song.wav"): rendering.mix}, Choice("wav"))
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

import msgspec

from bridge.sound.host import Host
from bridge.sound.level import Sound, is_clipped, level_to, own_level
from bridge.sound.recording import Recording
from bridge.sound_protocol import Block, Bounce, Bounced, Plugin, Track
from engines.progress import ignore_progress


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Say how tracks become sound: as in `Bounce`, and how loud in LUFS (None: as they are)."""

    master: tuple[Plugin, ...] = ()
    sample_rate: int = 48_000
    tail_s: float | None = None
    stems: bool = False
    patience_s: float = 1.0
    load_s: float = 20.0
    loudness: float | None = None


class Take(NamedTuple):
    """Be what tracks became, as it came: the mix, and stems in the order of the tracks."""

    mix: Recording
    stems: tuple[Recording, ...]
    bounced: Bounced

    @property
    def sentences(self) -> list[str]:
        """What is odd."""
        lost = self.mix.faults
        faults = [f"{lost} samples were no numbers, and are silent"] if lost else []
        return [*self.bounced.warnings, *faults]


class Rendering(NamedTuple):
    """Be what tracks became at the level that was asked for; `sentences` tell what is odd."""

    mix: Sound
    stems: tuple[Sound, ...]
    sentences: tuple[str, ...]


@contextmanager
def render(
    host: Host,
    tracks: tuple[Track, ...],
    order: Order,
    *,
    on_progress: Callable[[float], None] = ignore_progress,
    cancelled: threading.Event | None = None,
) -> Iterator[Rendering]:
    """Yield the sound of tracks; it is gone when the context is left.

    Raises:
        BridgeError: the sound cannot be made or kept.
    """
    with record(host, tracks, order, on_progress=on_progress, cancelled=cancelled) as take:
        mix, lufs = take.mix, order.loudness
        level = own_level(mix) if lufs is None else level_to(mix, lufs)
        parts = tuple(Sound(stem, level, mix) for stem in take.stems)
        alone = (
            f"{track.name} alone is louder than full scale, which only 32 bits hold"
            for track, part in zip(tracks, parts, strict=False)
            if is_clipped(part)
        )
        yield Rendering(Sound(mix, level), parts, (*take.sentences, *level.sentences, *alone))


@contextmanager
def record(
    host: Host,
    tracks: tuple[Track, ...],
    order: Order,
    *,
    on_progress: Callable[[float], None] = ignore_progress,
    cancelled: threading.Event | None = None,
) -> Iterator[Take]:
    """Yield the sound of tracks as it comes, whatever loudness is ordered; raises as `render`."""
    with ExitStack() as stack:
        mix, *stems = (
            stack.enter_context(Recording(order.sample_rate, cancelled=cancelled))
            for _ in range(1 + order.stems * len(tracks))
        )

        def heard(block: Block) -> None:
            (mix if block.track is None else stems[block.track]).write(block.start, block.audio)

        bounced = host.bounce(_asked(tracks, order), heard, on_progress, cancelled)
        yield Take(mix, tuple(stems), bounced)


def _asked(tracks: tuple[Track, ...], order: Order) -> Bounce:
    return Bounce(
        0,
        tracks=tracks,
        master=order.master,
        sample_rate=order.sample_rate,
        tail_s=order.tail_s,
        stems=order.stems,
        patience_s=order.patience_s,
        load_s=order.load_s,
        progress=True,
    )
