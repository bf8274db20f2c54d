"""Bounce tracks: load what plays them, mix, and end."""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import NamedTuple

import numpy as np

from bridge.sound_protocol import Bounce, Bounced, Events, Plugin, Track
from bridge.witness import Witness
from vst_host.cue import NOTE_ON, first_note, frames_of
from vst_host.effect import Effected, PluginEffect
from vst_host.ending import LONGEST_S, Slab, until, until_silent
from vst_host.error import HostError, invalid
from vst_host.instrument import PluginInstrument, PluginPlayer
from vst_host.mix import Fader, Mix
from vst_host.plugin import refuse_files, refuse_path
from vst_host.presence import Presence
from vst_host.rack import Rack, Recipe, U, Unit
from vst_host.sound import SILENCE, STEP, Source, decibels, peak
from vst_host.soundfont import Soundfont, SoundfontPlayer

BLOCKS = (STEP, 2 * STEP, 4 * STEP)
"""Frames of the first block, so that sound comes early, the second, and all others."""

TAIL_S = 2.0
"""So long the end is thought to take when progress is told and no tail is asked for."""


class Sound(NamedTuple):
    """Be a block: (2, F) of the mix, or of a track."""

    start: int
    samples: np.ndarray
    track: int | None = None


class Listener(NamedTuple):
    """Be who hears: told of blocks and of how far it is, asked whether it is still wanted."""

    hear: Callable[[Sound], None]
    progress: Callable[[float], None]
    wanted: Callable[[], bool]


def bounce(asked: Bounce, rack: Rack, witness: Witness, listener: Listener) -> Bounced | None:
    """Bounce what is asked, or return None when it is not wanted any more.

    Raises:
        HostError: something asked for cannot be played.
    """
    _check(asked)
    return Bouncing(asked, rack, witness).run(listener)


class Bouncing:
    """Be one request that is bounced."""

    def __init__(self, asked: Bounce, rack: Rack, witness: Witness) -> None:
        self._asked = asked
        self._rack = rack
        self._presence = Presence(witness, asked.patience_s, asked.load_s)
        self._lent: list[tuple[Recipe[Unit], Unit]] = []
        self._warnings: list[str] = []
        self._begun_s = perf_counter()

    def run(self, listener: Listener) -> Bounced | None:
        """Bounce it; what was lent goes back to the rack."""
        try:
            mix = Mix(
                [self._track(k, track) for k, track in enumerate(self._asked.tracks)],
                keep=self._asked.stems,
            )
            master = self._effects(mix, self._asked.master or (), "master")
            loaded_s = perf_counter()
            heard = self._play(mix, master, listener)
        finally:
            for recipe, unit in self._lent:
                self._rack.give_back(recipe, unit, self._presence)
        if heard is None:
            return None
        frames, loudest = heard
        return Bounced(
            self._asked.id,
            frames=frames,
            sample_rate=self._asked.sample_rate,
            peak=loudest,
            tracks=tuple(track.name for track in self._asked.tracks),
            load_ms=(loaded_s - self._begun_s) * 1e3,
            total_ms=(perf_counter() - self._begun_s) * 1e3,
            warnings=list(dict.fromkeys(self._warnings)),
        )

    def _play(self, mix: Mix, master: Source, listener: Listener) -> tuple[int, float] | None:
        """Return how many frames were heard and their peak, or None if they were not wanted."""
        frames, loudest = 0, 0.0
        last = self._last()
        expected = last + (self._asked.tail_s or TAIL_S) * self._asked.sample_rate
        for slab in self._ended(_slabs(mix, master), last):
            if not listener.wanted():
                return None
            now = peak(slab.mix)
            if not np.isfinite(now):
                raise _no_numbers(mix)
            loudest = max(loudest, now)
            frames = slab.end
            listener.hear(Sound(slab.start, slab.mix))
            for track, stem in enumerate(slab.stems):
                listener.hear(Sound(slab.start, stem, track))
            listener.progress(min(0.99, frames / max(expected, 1)))
        return frames, loudest

    def _ended(self, slabs: Iterator[Slab], last: int) -> Iterator[Slab]:
        rate, tail_s = self._asked.sample_rate, self._asked.tail_s
        if tail_s is not None:
            yield from until(slabs, last + round(tail_s * rate))
            return
        loud = 0.0
        for slab in until_silent(slabs, last, rate):
            yield slab
            loud = peak(slab.mix[:, -1:])
        if loud >= SILENCE:
            end = f"it still sounded {LONGEST_S:g} s after the last message and was ended"
            self._warnings.append(f"{end}, at {decibels(loud):.0f} dB")

    def _last(self) -> int:
        """Return the frame of the last message."""
        rate = self._asked.sample_rate
        return max(int(frames_of(t.events, rate)[-1]) for t in self._asked.tracks if len(t.events))

    def _track(self, number: int, track: Track) -> Source:
        field = f"tracks[{number}].instrument"
        instrument = track.instrument
        source = self._player(track, field)
        return Fader(self._effects(source, instrument.effects, f"{field}.effects"), instrument)

    def _player(self, track: Track, field: str) -> Source:
        instrument, events = track.instrument, track.events
        if instrument.plugin is not None:
            return self._plugin_player(instrument.plugin, events, f"{field}.plugin")
        if not instrument.soundfont:
            what = f"{field} has neither a plug-in nor a soundfont, allowed is one of them"
            raise invalid(what, field)
        where = f"{field}.soundfont"
        refuse_path(instrument.soundfont, where)
        recipe = Recipe(Soundfont, instrument.soundfont, self._asked.sample_rate)
        unit = self._lend(recipe, where)
        return SoundfontPlayer(unit, events, instrument.program, self._presence)

    def _plugin_player(self, plugin: Plugin, events: Events, field: str) -> Source:
        refuse_files(plugin, field)
        rate = self._asked.sample_rate
        unit = self._lend(Recipe(PluginInstrument, plugin, rate), field)
        player = PluginPlayer(unit, events, self._presence)
        if unit.warnings:
            return player
        return _Prompt(player, first_note(events, rate), unit.name, self._warnings)

    def _effects(self, source: Source, effects: tuple[Plugin, ...], field: str) -> Source:
        for number, plugin in enumerate(effects):
            where = f"{field}[{number}]"
            refuse_files(plugin, where)
            unit = self._lend(Recipe(PluginEffect, plugin, self._asked.sample_rate), where)
            source = Effected(source, unit, self._presence)
        return source

    def _lend(self, recipe: Recipe[U], field: str) -> U:
        unit = self._rack.take(recipe, self._presence, field)
        self._lent.append((recipe, unit))
        self._warnings += unit.warnings
        return unit


class _Prompt:
    """Be a player that is checked not to sound before its first note."""

    def __init__(self, source: Source, until_note: int, name: str, warnings: list[str]) -> None:
        self._source = source
        self._left = until_note
        self._name = name
        self._warnings = warnings

    def read(self, frames: int) -> np.ndarray:
        """Return the next frames."""
        sound = self._source.read(frames)
        if self._left > 0:
            early = peak(sound[:, : self._left])
            self._left -= frames
            if early >= SILENCE:
                what = f"{self._name} sounds at {decibels(early):.0f} dB before its first note"
                self._warnings.append(what)
                self._left = 0
        return sound


def _slabs(mix: Mix, master: Source) -> Iterator[Slab]:
    start = 0
    for block in _endless(BLOCKS):
        sound = master.read(block)
        yield Slab(start, sound, tuple(stem.take(block) for stem in mix.stems))
        start += block


def _endless(numbers: tuple[int, ...]) -> Iterator[int]:
    yield from numbers
    while True:
        yield numbers[-1]


def _no_numbers(mix: Mix) -> HostError:
    """Return the error for samples that are no numbers, and say whose they are."""
    faulty = [k for k, part in enumerate(mix.parts) if not np.isfinite(part).all()]
    field = f"tracks[{faulty[0]}].instrument" if faulty else "master"
    return HostError(f"{field} gave samples that are no numbers", field)


def _check(asked: Bounce) -> None:
    if asked.clips:
        raise invalid(f"clips are {len(asked.clips)}, allowed here are tracks alone", "clips")
    if not asked.tracks:
        raise invalid("tracks are 0, allowed are 1 or more", "tracks")
    for track in asked.tracks:
        events = track.events
        if (((events.status & 0xF0) == NOTE_ON) & (events.data2 > 0)).any():
            return
    raise invalid("tracks have 0 notes, allowed are 1 or more", "tracks")
