"""Read the packs that the hand learns from as pages.

Only packs whose licence allows every use: what they know of timing differs, see `known` of `Page`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines.kit import STROKES, VOICES
from engines.touch.hearing import DRUMS, LINE, PIANO
from engines.training.corpus import find_pack
from engines.training.drums.lesson import page_lesson
from engines.training.groove_midi import read_takes
from engines.training.live.lesson import (
    LATEST_MS,
    Page,
    balanced,
    local_time,
    without_swing,
)
from engines.training.pop909 import LIVELY, Song, read_songs
from engines.training.recording import Recording, read_pack
from engines.training.weimar import read_solos

SONGS = 2
"""Of so many pop songs one is read: they are many, and tell of velocity alone."""

SPREAD, STRETCHED = 14.0, (0.5, 2.5)
"""Velocities of a song are stretched to this standard deviation, by a factor between these: those
of some songs spread five times those of others, as their makers liked it. It is that of the
pianists of Vienna 4x22."""

PITCH = np.array(
    [next(one.notes[0] for one in STROKES if one.voice == voice) for voice in range(len(VOICES))]
)
"""A note number of each voice."""


class Source(NamedTuple):
    """Be a pack, how its pages are read, its share of the windows, and who made it.

    `whole` is whether all of it is learned from, so that it tests hands that were trained without
    some pieces of it.
    """

    pack: str
    pages: Callable[[Path, str], Iterator[Page]]
    share: float
    attribution: str
    whole: bool = False


def read_pages(data: Path, source: Source, split: str) -> Iterator[Page]:
    """Yield the pages of a split, "train" or "test", of a pack that lies below a folder.

    Raises:
        EngineError: the pack is not there.
    """
    return source.pages(find_pack(data, source.pack), split)


def _performances(folder: Path, split: str) -> Iterator[Page]:  # noqa: ARG001 - used whole
    pieces: dict[str, list[Recording]] = {}
    for recording in read_pack(folder):
        pieces.setdefault(recording.piece, []).append(recording)
    for recordings in pieces.values():
        pace = usual_pace(recordings)
        for recording in recordings:
            yield timed_page(recording, PIANO, np.interp(recording.clip.notes.onset, *pace))


def _solos(folder: Path, split: str) -> Iterator[Page]:
    for solo in read_solos(folder):
        if solo.recording.split == split:
            page = timed_page(solo.recording, LINE)
            late = without_swing(page.beat, page.late_ms)
            yield page._replace(late_ms=late)


def _songs(folder: Path, split: str) -> Iterator[Page]:
    count = 0
    for song in read_songs(folder):
        if song.recording.split == split:
            count += 1
            if count % SONGS == 0:
                yield song_page(song)


def _takes(folder: Path, split: str) -> Iterator[Page]:
    for take in read_takes(folder, (split,)):
        taught = page_lesson(take)
        if len(taught.late) < 2:
            continue
        written_s = taught.sight.time * 60.0 / take.bpm
        played_s = written_s + 1e-3 * taught.late
        late = 1e3 * (played_s - local_time(written_s, played_s))
        known = np.abs(late) < LATEST_MS
        yield Page(
            piece=take.name,
            style=DRUMS,
            beat=taught.sight.time,
            time_s=written_s,
            pitch=PITCH[taught.sight.voice],
            voice=taught.sight.voice,
            louder=balanced(taught.sight.voice, taught.velocity),
            late_ms=late,
            known=np.stack([np.full(len(late), taught.teaches_velocity), known], axis=1),
            bpm=take.bpm,
        )


def usual_pace(recordings: list[Recording]) -> tuple[np.ndarray, np.ndarray]:
    """Return the onsets of a piece in beats, and when they come on the mean of its players.

    The players take the same time for all of it. Where all of them linger is how the piece goes,
    not how it is touched.
    """
    onset = np.unique(np.concatenate([one.clip.notes.onset for one in recordings]))
    curves = []
    for one in recordings:
        written, which = np.unique(one.clip.notes.onset, return_inverse=True)
        time = np.bincount(which, one.played.onset_s) / np.bincount(which)
        curve = np.interp(onset, written, time)
        curves.append((curve - curve[0]) / (curve[-1] - curve[0]))
    return onset, np.mean(curves, axis=0)


def timed_page(recording: Recording, style: int, written: np.ndarray | None = None) -> Page:
    """Return the page of a recording that knows velocity and timing.

    Args:
        recording: of N notes.
        style: index into `STYLES`.
        written: (N,) what their local tempo is measured against, by default their beats.
    """
    notes, played = recording.clip.notes, recording.played
    time_s = local_time(notes.onset if written is None else written, played.onset_s)
    late = 1e3 * (played.onset_s - time_s)
    knows = ~recording.grace & (np.abs(late) < LATEST_MS)
    return Page(
        piece=recording.piece,
        style=style,
        beat=notes.onset,
        time_s=time_s,
        pitch=notes.pitch,
        voice=np.full(len(late), -1),
        louder=played.velocity - played.velocity.mean(),
        late_ms=late,
        known=np.stack([np.ones(len(late), dtype=bool), knows], axis=1),
        bpm=float(recording.clip.tempo.bpm[0]),
    )


def song_page(song: Song) -> Page:
    """Return the page of a song, of which the velocities of its played tracks are known."""
    clip, velocity = song.recording.clip, song.recording.played.velocity
    many = [len(np.unique(velocity[song.track == track])) for track in range(3)]
    lively = np.array(many)[song.track] >= LIVELY
    count = len(velocity)
    louder = velocity - velocity[lively].mean()
    factor = np.clip(SPREAD / max(float(louder[lively].std()), 1e-3), *STRETCHED)
    return Page(
        piece=song.recording.piece,
        style=PIANO,
        beat=clip.notes.onset,
        time_s=clip.tempo.seconds(clip.notes.onset),
        pitch=clip.notes.pitch,
        voice=np.full(count, -1),
        louder=factor * louder,
        late_ms=np.zeros(count),
        known=np.stack([lively, np.zeros(count, dtype=bool)], axis=1),
        bpm=float(clip.tempo.bpm[0]),
    )


SOURCES = (
    Source(
        "vienna4x22",
        _performances,
        0.08,
        "Vienna 4x22 Piano Corpus: W. Goebl (1999), mdw - University of Music and Performing Arts"
        " Vienna, DOI 10.21939/4X22, CC BY 4.0; match files and scores revised by CPJKU.",
        whole=True,
    ),
    Source(
        "pop909",
        _songs,
        0.3,
        "POP909 (Z. Wang, K. Chen, J. Jiang, Y. Zhang, M. Xu, S. Dai, G. Bin, G. Xia, ISMIR 2020),"
        " (c) 2020 Music X Lab, MIT; POP909-CL (M. Yao, K. Chen, S. Dubnov, T. Berg-Kirkpatrick),"
        " (c) 2025, MIT.",
    ),
    Source(
        "weimar_jazz",
        _solos,
        0.25,
        "Contains information from the Weimar Jazz Database (Jazzomat Research Project, University"
        " of Music FRANZ LISZT Weimar), made available under the Open Database License (ODbL)"
        " v1.0; CSV export by S.-L. Wu and Y.-H. Yang (The Jazz Transformer, ISMIR 2020).",
    ),
    Source(
        "groove",
        _takes,
        0.37,
        'Groove MIDI Dataset, J. Gillick, A. Roberts, J. Engel, D. Eck, D. Bamman, "Learning to'
        ' Groove with Inverse Sequence Transformations" (ICML 2019), Google LLC, CC BY 4.0.',
    ),
)
"""What the hand learns from. The pack vienna4x22 is used whole: four pieces tell nothing of other
pieces, so each is judged by a hand that was trained without it. It gets few of the windows: with
0.3 of them a hand knew its pieces by heart, and was less at home in others than with 0.07."""
