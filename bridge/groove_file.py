"""Carry grooves from MIDI files to profiles and back: choose what is meant, extract, apply."""

from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
import numpy as np

from bridge.client import Client
from bridge.error import BridgeError
from bridge.groove_shelf import GrooveShelf, read_profile
from bridge.humanize import Report
from bridge.instrument import instruments
from bridge.midi_file import Song, read_song, write_song
from bridge.picture.change import describe, sentence
from bridge.tracks import choose_tracks, label
from bridge.write_whole import refuse_existing
from engines.clip import Clip, Metre, Pad, Tempo
from engines.profile.player import Player
from engines.profile.profile import Profile
from engines.role import infer
from engines.stage import Stage


class Choice(msgspec.Struct, frozen=True):
    """Say which tracks of a file are meant, what they are, and which beats of them."""

    tracks: str = ""
    role: str = "auto"
    pads: tuple[Pad, ...] = ()
    start: float = 0.0
    end: float | None = None


def profile_of(given: str, shelf: GrooveShelf) -> Profile:
    """Return the profile that a name or a path of a file means."""
    path = Path(given)
    if path.suffix.lower() == ".toml":
        return read_profile(path)
    return shelf.find(given)


def read_take(source: Path, choice: Choice) -> Clip:
    """Return the one instrument of a file that is meant, as it was played.

    Raises:
        BridgeError: the file cannot be read, or several instruments are meant.
    """
    song = read_song(source)
    _check_notes(song)
    rows = choose_tracks(song.clips, choice.tracks) if choice.tracks else _likely(song)
    found = instruments(song.clips, rows)
    if len(found) > 1:
        names = ", ".join(label(song.clips, row) for row in rows)
        raise BridgeError(f"a groove is that of one instrument, and these are {names}: --track")
    return _excerpt(_as_told(found[0].clip, song.clips[found[0].rows[0]], choice), choice)


def apply_file(
    client: Client,
    source: Path,
    output: Path,
    profile: Profile,
    *,
    choice: Choice,
    options: dict[str, Any],
    seed: int | None,
    overwrite: bool,
) -> Report:
    """Give the chosen tracks of a file a groove, and write it whole or not at all.

    Without a choice they are those of the profile's own kind, or all if there is none.

    Raises:
        BridgeError: a file cannot be read or written, no track was chosen, or the server refused.
    """
    begun = perf_counter()
    refuse_existing(output, overwrite=overwrite)
    song = read_song(source)
    _check_notes(song)
    rows = choose_tracks(song.clips, choice.tracks) if choice.tracks else _fitting(song, profile)
    band = instruments(song.clips, rows)
    answer = client.render(
        tuple(_as_told(one.clip, song.clips[one.rows[0]], choice) for one in band),
        stages=(Stage(Player.name, {**options, "profile": msgspec.to_builtins(profile)}),),
        seed=seed,
    )
    clips = list(song.clips)
    for one, after in zip(band, answer.takes[0], strict=True):
        for row, clip in zip(one.rows, one.parted(after), strict=True):
            clips[row] = clip.replace(role=song.clips[row].role, pads=song.clips[row].pads)
    write_song(song.with_clips(tuple(clips)), output, overwrite=overwrite)
    lines = [
        f"track {label(song.clips, row)}: " + sentence(describe((song.clips[row],), (clips[row],)))
        for row in rows
    ]
    warnings = [*song.warnings, *answer.warnings]
    total_ms = (perf_counter() - begun) * 1e3
    return Report(warnings, lines, answer.seed, answer.timings.engine_ms, total_ms)


def _check_notes(song: Song) -> None:
    if not song.clips:
        raise BridgeError("the file has no notes, allowed are files with one note or more")


def _likely(song: Song) -> list[int]:
    """Return the rows of the drums, or of all tracks if none is of drums."""
    return _of_kind(song, drums=True) or list(range(len(song.clips)))


def _fitting(song: Song, profile: Profile) -> list[int]:
    rows = _of_kind(song, drums=profile.part == "drums")
    return rows or list(range(len(song.clips)))


def _of_kind(song: Song, *, drums: bool) -> list[int]:
    return [row for row, clip in enumerate(song.clips) if (infer(clip) == "drums") == drums]


def _as_told(clip: Clip, first: Clip, choice: Choice) -> Clip:
    role = choice.role if choice.role != "auto" else infer(first)
    return clip.replace(role=role, pads=choice.pads if role == "drums" else ())


def _excerpt(clip: Clip, choice: Choice) -> Clip:
    """Return the notes that begin between two beats, their bar the first one.

    Raises:
        BridgeError: the first beat is not before the last.
    """
    end = clip.length if choice.end is None else choice.end
    if end <= choice.start:
        raise BridgeError(f"end is {end:g}, allowed are beats after {choice.start:g}")
    held = [metre for metre in clip.metre if metre.time <= choice.start]
    metre = held[-1] if held else Metre()
    begin = metre.time + (choice.start - metre.time) // metre.bar * metre.bar
    notes = clip.notes.take((clip.notes.onset >= choice.start) & (clip.notes.onset < end))
    later = [
        Metre(m.time - begin, m.numerator, m.denominator)
        for m in clip.metre
        if choice.start < m.time < end
    ]
    return clip.replace(
        notes=notes.replace(onset=notes.onset - begin),
        length=max(clip.length, end) - begin,
        metre=(Metre(0.0, metre.numerator, metre.denominator), *later),
        tempo=_tempo_from(clip.tempo, begin),
        loop=None,
        chords=(),
    )


def _tempo_from(tempo: Tempo, begin: float) -> Tempo:
    """Return the tempo map of what follows a beat."""
    rows = tempo.time > begin
    first = tempo.at(np.array([begin]))
    return Tempo(
        time=np.concatenate([[0.0], tempo.time[rows] - begin]),
        bpm=np.concatenate([first, tempo.bpm[rows]]),
    )
