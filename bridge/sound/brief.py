"""Make of what a client asks what the process that renders is asked: tracks, and paths."""

import msgspec

from bridge.sound.instruments import Instruments, read_instruments
from bridge.sound.resolution import Find, resolve, resolve_plugin
from bridge.sound.tracks import clip_tracks
from bridge.sound_protocol import Bounce, Track


def brief(asked: Bounce, find: Find) -> Bounce:
    """Return the bounce with tracks for its clips, and paths for names.

    Plug-ins get at least the time that the user's own file of instruments gives them.

    Args:
        asked: what a client asks.
        find: finds plug-ins by name.

    Raises:
        BridgeError: what shall play is not there, or nothing is to be played.
    """
    instruments = read_instruments(find=find)
    if asked.master is None:
        master = instruments.master
    else:
        master = tuple(
            resolve_plugin(plugin, find, f"master[{row}].path")
            for row, plugin in enumerate(asked.master)
        )
    return msgspec.structs.replace(
        asked,
        clips=(),
        instrument=None,
        tracks=_tracks(asked, instruments, find),
        master=master,
        patience_s=max(asked.patience_s, instruments.patience_s),
        load_s=max(asked.load_s, instruments.load_s),
    )


def _tracks(asked: Bounce, instruments: Instruments, find: Find) -> tuple[Track, ...]:
    if asked.clips:
        if asked.instrument is not None:
            instruments = instruments.only(asked.instrument)
        return clip_tracks(asked.clips, instruments, asked.seed)
    found = (
        resolve(track.instrument, find, f"tracks[{row}].instrument")
        for row, track in enumerate(asked.tracks)
    )
    return tuple(
        msgspec.structs.replace(track, instrument=instrument)
        for track, instrument in zip(asked.tracks, found, strict=True)
    )
