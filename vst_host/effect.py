"""Send sound through an effect: time is kept whatever the effect is late by."""

from typing import Any

import numpy as np

from bridge.sound.bundle import BUILT_IN
from bridge.sound_protocol import Plugin
from vst_host import builtin
from vst_host.error import HostError
from vst_host.plugin import load_effect
from vst_host.presence import Presence
from vst_host.sound import STEP, Fifo, Source

LATEST_S = 60.0
"""An effect that has given nothing after so much sound gives nothing at all."""


class PluginEffect:
    """Be an effect that is loaded and set, one for both channels or one each; it is used once.

    Raises:
        HostError: it cannot be loaded or set so, is an instrument, or takes not 1 or 2 channels.
    """

    def __init__(self, plugin: Plugin, sample_rate: int, presence: Presence, field: str) -> None:
        self.path = plugin.path
        self.sample_rate = sample_rate
        built_in = self.path.startswith(BUILT_IN)
        with presence.loading(self.path):
            self._natives = [load_effect(plugin, sample_rate, field)]
            self.warnings = builtin.warnings(plugin, sample_rate) if built_in else []
            if built_in or self._takes(2):
                return
            self._natives.append(load_effect(plugin, sample_rate, field))
            if not self._takes(1):
                what = f"{self._natives[0].name} takes neither 2 channels nor 1, allowed are these"
                raise HostError(what, f"{field}.path")

    def process(self, sound: np.ndarray) -> np.ndarray:
        """Return what comes out, which may be less than (2, STEP) at first."""
        if len(self._natives) == 1:
            return self._run(self._natives[0], sound)
        return np.concatenate(
            [self._run(one, sound[k : k + 1]) for k, one in enumerate(self._natives)]
        )

    def close(self) -> None:
        """Let go of the plug-in."""
        self._natives = []

    def _run(self, native: Any, sound: np.ndarray) -> np.ndarray:
        return native.process(np.ascontiguousarray(sound), self.sample_rate, STEP, reset=False)

    def _takes(self, channels: int) -> bool:
        """Try it, so that all begin alike: the first sound may change what one is late by."""
        try:
            for native in self._natives:
                self._run(native, np.zeros((channels, STEP), np.float32))
                native.reset()
        except ValueError:
            return False
        return True


class Effected:
    """Be a source behind an effect."""

    def __init__(self, source: Source, effect: PluginEffect, presence: Presence) -> None:
        self._source = source
        self._effect = effect
        self._presence = presence
        self._ready = Fifo()
        self._given = 0

    def read(self, frames: int) -> np.ndarray:
        """Return the next frames, as if the effect had not been late."""
        while self._ready.frames < frames:
            self._give(self._source.read(-(-(frames - self._ready.frames) // STEP) * STEP))
        return self._ready.take(frames)

    def _give(self, sound: np.ndarray) -> None:
        for begin in range(0, sound.shape[1], STEP):
            with self._presence.playing(self._effect.path):
                self._ready.push(self._effect.process(sound[:, begin : begin + STEP]))
        self._given += sound.shape[1]
        if not self._ready.frames and self._given > LATEST_S * self._effect.sample_rate:
            raise HostError(f"{self._effect.path} gives no sound, whatever it is given")
