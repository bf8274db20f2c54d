"""Make sound of a song: its tracks are bounced by the host, levelled, and written.

with Host() as host, render(host, song_tracks(song, instruments), Order()) as rendering:
    write_audio({Path("song.wav"): rendering.mix}, Choice("wav"))
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import perf_counter
from typing import NamedTuple

import msgspec

from bridge.error import BridgeError
from bridge.sound.host import Host
from bridge.sound.level import Level, Sound, level_to, own_level
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


class Rendering(NamedTuple):
    """Be what tracks became: the mix, and if they were asked for the stems, in order of tracks.

    `took_s` is how long it took, the measuring of its level included.
    """

    mix: Sound
    stems: tuple[Sound, ...]
    bounced: Bounced
    took_s: float

    @property
    def seconds(self) -> float:
        """How long the sound is."""
        return self.bounced.frames / self.bounced.sample_rate

    @property
    def level(self) -> Level:
        """How loud it is."""
        return self.mix.level

    @property
    def sentences(self) -> list[str]:
        """What is odd, and what had to be done."""
        lost = self.mix.recording.faults
        faults = [f"{lost} samples were no numbers, and are silent"] if lost else []
        return [*self.bounced.warnings, *faults, *self.level.sentences]


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
        BridgeError: there is nothing to play, or the sound cannot be made or kept.
    """
    check_tracks(tracks)
    begun = perf_counter()
    with ExitStack() as stack:

        def recording() -> Recording:
            return stack.enter_context(Recording(order.sample_rate, cancelled=cancelled))

        mix, stems = recording(), tuple(recording() for _ in tracks if order.stems)

        def heard(block: Block) -> None:
            (mix if block.track is None else stems[block.track]).write(block.start, block.audio)

        bounced = host.bounce(_asked(tracks, order), heard, on_progress, cancelled)
        level = own_level(mix, stems) if order.loudness is None else level_to(mix, order.loudness)
        yield Rendering(
            Sound(mix, level),
            tuple(Sound(stem, level, mix) for stem in stems),
            bounced,
            perf_counter() - begun,
        )


def check_tracks(tracks: tuple[Track, ...]) -> None:
    """Do nothing if there is something to hear.

    Raises:
        BridgeError: no track has a note.
    """
    if not any((track.events.status >> 4 == NOTE_ON).any() for track in tracks):
        raise BridgeError("there is nothing to hear, allowed are files with one note or more")


NOTE_ON = 9
"""Source: MIDI 1.0, table 2."""


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
