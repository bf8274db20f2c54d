"""Read a MIDI file's events as clips, and write clips into them again.

What clips do not hold (sysex, pitch bends, lyrics, unknown events, ...) stays in the song's
residue and is written where it stood.

Source: Standard MIDI Files 1.0 (RP-001).
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from mido import Message

from bridge.error import BridgeError
from bridge.midi_draft import Draft, repeated, rows_of, write_controllers, write_notes
from bridge.midi_meta import (
    TEMPO,
    flaws,
    key_event,
    metre_event,
    name_event,
    read_key,
    read_metre,
    read_name,
    read_tempo,
    stated,
    tempo_event,
)
from bridge.midi_part import Part, find_parts, read_controllers, read_notes
from bridge.midi_source import META, MidiFileError, Source, Track
from engines.clip import MAX_BEATS, Clip, Controllers, Role, Tempo
from engines.role import DRUM_CHANNEL, infer

FINE = 960
"""The least ticks a beat in which a changed song is written: half a millisecond at 120 bpm."""

PROGRAM_CHANGE = 0xC0
"""Status byte on channel 0. Source: MIDI 1.0, table 2."""


class SongError(BridgeError, ValueError):
    """Report clips that cannot be written into one song."""


@dataclasses.dataclass(frozen=True, eq=False)
class Residue:
    """Keep what a song was read from: its events, and the clips as they were."""

    source: Source
    parts: tuple[Part, ...] = ()
    clips: tuple[Clip, ...] = ()
    tempo: Tempo = dataclasses.field(default_factory=Tempo)


class Song(msgspec.Struct, frozen=True, eq=False):
    """Be a MIDI file as clips, one for each channel of each track that has notes.

    `warnings` say what was odd in the file; nothing of it is lost. The residue is the file's own.
    """

    clips: tuple[Clip, ...]
    residue: Residue
    warnings: tuple[str, ...] = ()

    def with_clips(self, clips: Sequence[Clip]) -> "Song":
        """Return the song with the notes, controllers and tempo of these clips in the file's stead.

        The first clips stand for the file's, in order; their notes are told by id, so one without
        a known id is new. Each further clip becomes a track. Names, programs, metre and key of
        the file's own clips stay as they are in the file.

        Raises:
            SongError: there are too few clips, or they carry different new tempo maps.
        """
        least = len(self.residue.parts)
        if len(clips) < least:
            raise SongError(f"song has {len(clips)} clips, allowed are {least} or more")
        _agreed_tempo(self.residue, clips)
        return Song(tuple(clips), self.residue, self.warnings)


def new_song(clips: Sequence[Clip]) -> Song:
    """Return a song from scratch: a track of tempo, metre and key, then a track for each clip.

    Raises:
        SongError: the clips carry different tempo maps.
    """
    metres = next((clip.metre for clip in clips if clip.metre), ())
    key = next((clip.key for clip in clips if clip.key), None)
    events = [(round(metre.time * FINE), metre_event(metre)) for metre in metres]
    signature = key_event(key) if key else None
    if signature:
        events.insert(0, (0, signature))
    conductor = _track(events, events[-1][0] if events else 0)
    return Song((), Residue(Source(1, FINE, (conductor,)))).with_clips(clips)


def to_song(source: Source) -> Song:
    """Return a file's events as a song.

    Raises:
        MidiFileError: the file is longer than a clip may be.
    """
    length = max([1, *(track.end for track in source.tracks)]) / source.ticks_per_beat
    if length > MAX_BEATS:
        raise MidiFileError(f"it lasts {length:g} beats, allowed are up to {MAX_BEATS:g}")
    parts = [p for index, track in enumerate(source.tracks) for p in find_parts(index, track)]
    shared: dict[str, Any] = {
        "length": length,
        "tempo": read_tempo(source),
        "metre": read_metre(source),
        "key": read_key(source),
    }
    clips = tuple(_read_clip(source, part, parts, shared) for part in parts)
    oddities = (*source.warnings, *flaws(source), *(w for part in parts for w in _oddities(part)))
    return Song(clips, Residue(source, tuple(parts), clips, shared["tempo"]), oddities)


def to_source(song: Song) -> Source:
    """Return the song's events: as they were read, or at 960 ticks a beat or more if changed.

    Raises:
        MidiFileError: the format cannot say what a clip holds, such as a tempo of 2 bpm.
    """
    residue, source = song.residue, song.residue.source
    if not _changed(song):
        return source
    scale = -(-FINE // source.ticks_per_beat)
    drafts = [Draft(track, scale, source.ticks_per_beat * scale) for track in source.tracks]
    for part, old, new in zip(residue.parts, residue.clips, song.clips, strict=False):
        if new.notes != old.notes:
            write_notes(drafts[part.track], part, new.notes)
        write_controllers(drafts[part.track], part, old.controllers, new.controllers)
    further = song.clips[len(residue.parts) :]
    for clip, channel in zip(further, _channels(residue.parts, further), strict=True):
        drafts.append(_new_track(clip, channel, source.ticks_per_beat * scale))
    _write_tempo(drafts, source, residue.tempo, _agreed_tempo(residue, song.clips))
    return dataclasses.replace(
        source,
        format=1 if further else source.format,
        ticks_per_beat=source.ticks_per_beat * scale,
        tracks=tuple(draft.finish() for draft in drafts),
    )


def _read_clip(source: Source, part: Part, parts: list[Part], shared: dict[str, Any]) -> Clip:
    track, resolution = source.tracks[part.track], source.ticks_per_beat
    clip = Clip(
        notes=read_notes(track, part, resolution),
        controllers=read_controllers(track, part, resolution),
        name=read_name(track),
        channel=part.channel,
        program=_read_program(source, part),
        **shared,
    )
    alone = sum(other.track == part.track for other in parts) == 1
    return clip if alone else clip.replace(role=_role_without_name(clip))


def _read_program(source: Source, part: Part) -> int | None:
    """Return the channel's first program in its own track, else in any."""
    for track in (source.tracks[part.track], *source.tracks):
        rows = np.flatnonzero(track.heads[:, 0] == PROGRAM_CHANGE | part.channel)
        if len(rows):
            return int(track.heads[rows[0], 1])
    return None


def _role_without_name(clip: Clip) -> Role:
    """Return the role where channel or program tells it: the name is that of several parts."""
    if clip.channel != DRUM_CHANNEL and clip.program is None:
        return "auto"
    return infer(clip.replace(name=""))  # type: ignore[return-value]


def _oddities(part: Part) -> list[str]:
    what, endless = f"track {part.track + 1}, channel {part.channel + 1}", int((part.off < 0).sum())
    counts = (
        (endless, "notes without an end", "read as lasting to the end of the track"),
        (len(part.orphans), "note offs without a note", "kept"),
    )
    return [f"{what}: {kind}: {count} ({fate})" for count, kind, fate in counts if count]


def _changed(song: Song) -> bool:
    return len(song.clips) > len(song.residue.parts) or any(
        new.notes != old.notes or new.controllers != old.controllers or new.tempo != old.tempo
        for new, old in zip(song.clips, song.residue.clips, strict=True)
    )


def _agreed_tempo(residue: Residue, clips: Sequence[Clip]) -> Tempo:
    """Return the one tempo map that differs from the file's, else the file's.

    A further clip without a tempo map leaves the question to the others.
    """
    agreed, first = residue.tempo, -1
    for index, clip in enumerate(clips):
        silent = index >= len(residue.parts) and not len(clip.tempo)
        if silent or clip.tempo == residue.tempo:
            continue
        if first >= 0 and clip.tempo != agreed:
            raise SongError(
                f"clips {first} and {index} carry different new tempo maps, allowed is one for all"
            )
        agreed, first = clip.tempo, index
    return agreed


def _channels(parts: Sequence[Part], clips: Sequence[Clip]) -> list[int]:
    """Return a channel for each clip: its own, that of drums for drums, else a free one."""
    taken = {part.channel for part in parts} | {clip.channel for clip in clips} | {DRUM_CHANNEL}
    free = iter(sorted(set(range(16)) - taken))
    return [
        clip.channel
        if clip.channel is not None
        else DRUM_CHANNEL
        if infer(clip) == "drums"
        else next(free, 0)
        for clip in clips
    ]


def _new_track(clip: Clip, channel: int, ticks_per_beat: int) -> Draft:
    events = [(0, name_event(clip.name))] if clip.name else []
    if clip.program is not None:
        program = Message("program_change", channel=channel, program=clip.program)
        events.append((0, bytes(program.bytes())))
    track = _track(events, round(clip.length * ticks_per_beat))
    draft = Draft(track, 1, ticks_per_beat)
    none = np.empty(0, dtype=np.intp)
    part = Part(-1, channel, none, none, none, none)
    write_notes(draft, part, clip.notes)
    write_controllers(draft, part, Controllers(), clip.controllers)
    return draft


def _track(events: list[tuple[int, bytes]], end: int) -> Track:
    ticks = np.array([tick for tick, _ in events], dtype=np.int64)
    return Track(ticks, tuple(event for _, event in events), end)


def _write_tempo(drafts: list[Draft], source: Source, old: Tempo, new: Tempo) -> None:
    """Put a tempo map in place of the file's; events that both have stay in their place."""
    if new == old:
        return
    events, was = stated(source, TEMPO), repeated(rows_of(old), rows_of(new))
    for draft in drafts:
        draft.keep[: len(draft.heads)] &= ~(draft.heads[:, :2] == (META, TEMPO)).all(axis=1)
    for row in was[was >= 0].tolist():
        drafts[events[row].track].keep[events[row].row] = True
    lead, added = drafts[events[0].track if events else 0], was < 0
    rows = lead.place(np.full(int(added.sum()), -1))
    lead.put(rows, lead.to_ticks(new.time[added]), map(tempo_event, new.bpm[added].tolist()))
