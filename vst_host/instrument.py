"""Let a plug-in play: settle it into silence once it is loaded, then give it a track's messages."""

import re
from bisect import bisect_right
from time import monotonic

import numpy as np

from bridge.sound_protocol import Events, Plugin
from vst_host.cue import Cues, cues
from vst_host.error import HostError
from vst_host.plugin import load_instrument
from vst_host.presence import Presence
from vst_host.sound import SILENCE, decibels, peak

LARGEST = 8192
"""Frames that a plug-in renders at once at most."""

WITHIN = 0.25
"""A message is put so far into its frame: rounding may move it, but not out of it."""

LETTING_GO = 256
"""Frames in which a channel's notes are let go: some plug-ins hear so few messages at once.

Source: DPF, DistrhoPluginInternal.hpp, kMaxMidiEvents is 512.
"""

FIRST = -1
"""The frame that playing begins on: what is to be heard before a note on frame 0 is heard there."""

CALMING_S = 30.0
"""So much silence a plug-in is played at most, until it is silent."""

LONGEST_CALMING_S = 5.0
"""So long that may take: one that hisses all the time is heard with its hiss."""


class PluginInstrument:
    """Be an instrument that is loaded, set and silent; it is played once.

    Raises:
        HostError: it cannot be loaded or set so, is an effect, or the first of its busses, which
            alone is heard, has other outputs than 1 or 2.
    """

    def __init__(self, plugin: Plugin, sample_rate: int, presence: Presence, field: str) -> None:
        self.path = plugin.path
        self.sample_rate = sample_rate
        with presence.loading(self.path):
            self._native = load_instrument(plugin, field)
            self.name: str = self._native.name
            self.channels = self._channels(field)
        noise = self._settle(presence)
        with presence.loading(self.path):
            self.latency = max(0, int(self._native.reported_latency_samples))
        loud = f"{self.name} sounds at {decibels(noise):.0f} dB before it is played"
        self.warnings = [loud] if noise >= SILENCE else []

    def render(self, messages: list[tuple[bytes, float]], frames: int) -> np.ndarray:
        """Return the next frames (C, F), C the plug-in's channels; times are within them, in s."""
        duration_s = (frames + 0.5) / self.sample_rate  # it is cut to whole frames
        return self._native(
            messages, duration_s, self.sample_rate, self.channels, LARGEST, reset=False
        )

    def close(self) -> None:
        """Let go of the plug-in."""
        self._native = None

    def _channels(self, field: str) -> int:
        for self.channels in (2, 1):
            try:
                self.render([], 64)
            except ValueError as error:
                refusal = str(error)
            else:
                return self.channels
        has = re.search(r"(\d+) output", refusal)
        what = f"has {has[1]} outputs" if has else f"cannot be played: {refusal}"
        raise HostError(f"{self.name} {what}, allowed are 1 and 2", f"{field}.path")

    def _settle(self, presence: Presence) -> float:
        """Silence what still sounds from loading, and return the peak that is left."""
        for channel in range(16):
            with presence.loading(self.path):
                self.render([(message, 0.0) for message in _letting_go(channel)], LETTING_GO)
        left, by_s = CALMING_S * self.sample_rate, monotonic() + LONGEST_CALMING_S
        loud = 1.0
        while loud >= SILENCE and left > 0 and monotonic() < by_s:
            with presence.loading(self.path):
                loud = peak(self.render([], LARGEST))
            left -= LARGEST
        return loud


class PluginPlayer:
    """Play a track on an instrument, in stereo."""

    def __init__(self, instrument: PluginInstrument, events: Events, presence: Presence) -> None:
        self._instrument = instrument
        self._presence = presence
        self._cues: Cues = cues(events, instrument.sample_rate)
        self._frames: list[int] = self._cues.frames.tolist()
        self._next = 0
        self._at = FIRST
        self._late = instrument.latency - FIRST

    def read(self, frames: int) -> np.ndarray:
        """Return the next frames."""
        while self._late:  # so much a plug-in says it is late by, and began early
            late = min(self._late, LARGEST)
            self._play(late)
            self._late -= late
        return self._play(frames)

    def _play(self, frames: int) -> np.ndarray:
        end = self._at + frames
        parts = []
        while self._at < end:
            parts.append(self._part(min(end, self._cut(), self._at + LARGEST)))
        sound = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
        return sound if len(sound) == 2 else np.repeat(sound, 2, axis=0)

    def _cut(self) -> int:
        """Return the next frame on which a controller moves."""
        cuts = self._cues.cuts
        place = bisect_right(cuts, self._at)
        return cuts[place] if place < len(cuts) else self._at + LARGEST

    def _part(self, end: int) -> np.ndarray:
        begin, first, rate = self._at, self._next, self._instrument.sample_rate
        while self._next < len(self._frames) and self._frames[self._next] < end:
            self._next += 1
        due = zip(
            self._cues.messages[first : self._next],
            self._frames[first : self._next],
            strict=True,
        )
        messages = [(message, (frame - begin + WITHIN) / rate) for message, frame in due]
        self._at = end
        with self._presence.playing(self._instrument.path):
            return self._instrument.render(messages, end - begin)


def _letting_go(channel: int) -> list[bytes]:
    """Return what ends all notes of a channel and puts its controllers back."""
    offs = [bytes([0x80 | channel, pitch, 0]) for pitch in range(128)]
    ends = [bytes([0xB0 | channel, number, 0]) for number in (64, 66, 123, 120, 121)]
    return [*offs, *ends, bytes([0xE0 | channel, 0, 64])]
