"""Play a track with FluidSynth.

Source: FluidSynth API, fluidsynth.h 2.x; it hears messages every 64 frames (FLUID_BUFSIZE), so each
is put to the nearest of these, at most 32 frames away: 1 ms from 32,000 Hz on, 4 ms at 8,000 Hz.
"""

from ctypes import c_int, c_void_p
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bridge.sound_protocol import Events
from vst_host.cue import frames_of
from vst_host.error import HostError
from vst_host.library import fluidsynth
from vst_host.presence import Presence

GRID = 64
"""FluidSynth hears messages every so many frames."""

GAIN = 0.5
"""Its own loudness: with it a chord of a piano, struck hard, comes near full scale."""

VOICES = 1024
"""So many sound at once; of its default, 256, pedalled pieces would lose some."""

RATES = (8_000, 96_000)
"""The sample rates that it can. Source: its setting synth.sample-rate."""

BANK_SELECT = {0, 32}
"""The controllers that choose a bank."""


class Soundfont:
    """Be a FluidSynth with a soundfont; it is played once.

    Raises:
        HostError: FluidSynth is missing, or the soundfont cannot be used.
    """

    def __init__(self, path: str, sample_rate: int, presence: Presence, field: str) -> None:
        self.path = path
        self.sample_rate = sample_rate
        self.warnings: list[str] = []
        if not Path(path).is_file():
            raise HostError(f"{path} is not there, allowed are soundfonts (.sf2, .sf3)", field)
        if not RATES[0] <= sample_rate <= RATES[1]:
            allowed = f"allowed with a soundfont are {RATES[0]} to {RATES[1]} Hz"
            raise HostError(f"sample_rate is {sample_rate}, {allowed}", "sample_rate")
        library = fluidsynth()
        with presence.loading(path):
            settings = {"synth.polyphony": VOICES, "synth.lock-memory": 0}
            self.synth = library.Synth(GAIN, sample_rate, 16, **settings)
            if self.synth.sfload(path, True) < 0:  # and choose its programs
                self.close()
                raise HostError(f"{path} is no soundfont, allowed are .sf2 and .sf3 files", field)

    def render(self, frames: int) -> np.ndarray:
        """Return the next frames (2, F)."""
        return write_float(self.synth, frames)

    def close(self) -> None:
        """Let go of FluidSynth."""
        self.synth.delete()


def write_float(synth: Any, frames: int) -> np.ndarray:
    """Return the next frames (2, F) of a FluidSynth."""
    sound = np.empty((2, frames), np.float32)
    left, right = (channel.ctypes.data for channel in sound)
    _write()(synth.synth, frames, left, 0, 1, right, 0, 1)
    return sound


class SoundfontPlayer:
    """Play a track on a soundfont.

    `program` is what it plays whatever the track says.
    """

    def __init__(
        self, soundfont: Soundfont, events: Events, program: int | None, presence: Presence
    ) -> None:
        self._soundfont = soundfont
        self._presence = presence
        frames = frames_of(events, soundfont.sample_rate)
        self._places: list[int] = ((frames + GRID // 2) // GRID * GRID).tolist()
        rows = (events.status, events.data1, events.data2)
        self._rows = list(zip(*(column.tolist() for column in rows), strict=True))
        self._chosen = program is not None
        self._next = 0
        self._at = 0
        for channel in range(16) if program is not None else ():
            self._soundfont.synth.program_change(channel, program)

    def read(self, frames: int) -> np.ndarray:
        """Return the next frames."""
        end = self._at + frames
        parts = []
        while self._at < end:
            with self._presence.playing(self._soundfont.path):
                stop = self._hear(end)
                parts.append(self._soundfont.render(stop - self._at))
            self._at = stop
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)

    def _hear(self, end: int) -> int:
        """Tell FluidSynth all that is due by now, and return when more is, or the end."""
        while self._next < len(self._places):
            if self._places[self._next] > self._at:
                return min(end, self._places[self._next])
            self._tell(*self._rows[self._next])
            self._next += 1
        return end

    def _tell(self, status: int, data1: int, data2: int) -> None:
        kind, channel = status & 0xF0, status & 0x0F
        if self._chosen and (kind == 0xC0 or (kind == 0xB0 and data1 in BANK_SELECT)):
            return
        synth = self._soundfont.synth
        match kind:
            case 0x90 if data2:
                synth.noteon(channel, data1, data2)
            case 0x80 | 0x90:
                synth.noteoff(channel, data1)
            case 0xB0:
                synth.cc(channel, data1, data2)
            case 0xC0:
                synth.program_change(channel, data1)
            case 0xE0:
                synth.pitch_bend(channel, (data2 << 7 | data1) - 8192)
            case _:
                _press(synth, channel, (data1, data2) if kind == 0xA0 else (data1,))


def _press(synth: Any, channel: int, pressure: tuple[int, ...]) -> None:
    """Tell the pressure of a channel (1 number), or of one of its keys (2 numbers)."""
    _pressure(len(pressure))(synth.synth, channel, *pressure)


@cache
def _pressure(numbers: int) -> Any:
    name = "fluid_synth_key_pressure" if numbers == 2 else "fluid_synth_channel_pressure"
    values = [(f"value{k}", c_int, 1) for k in range(numbers)]
    return fluidsynth().cfunc(name, c_int, ("synth", c_void_p, 1), ("chan", c_int, 1), *values)


@cache
def _write() -> Any:
    """Return FluidSynth's function that renders floats, which pyfluidsynth leaves out."""
    sides = [
        (f"{side}{what}", kind, 1)
        for side in ("left", "right")
        for what, kind in (("", c_void_p), ("_offset", c_int), ("_step", c_int))
    ]
    first = (("synth", c_void_p, 1), ("frames", c_int, 1))
    return fluidsynth().cfunc("fluid_synth_write_float", c_int, *first, *sides)
