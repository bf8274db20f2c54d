"""Measure how far apart the players of a band come where they are written together.

Letters: N notes of a track, M meetings of two notes of different tracks.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines.clip import Clip
from engines.preset import Chain
from engines.training.pop909 import read_songs

WAYS = ("alone", "clock", "band")
"""How tracks are humanized: each in a request of its own, with one clock, or as one band."""

SEEDS = range(1, 4)

TRACKS = ("MELODY", "BRIDGE", "PIANO")

SAME = 1e-6
"""Notes that are written at most so many beats apart are written together."""

Meetings = dict[str, np.ndarray]
"""How far apart notes come, in ms, (M,), by what sort of notes they are."""

Chains = dict[str, Chain]
"""The chain of stages of each way."""


class Track(NamedTuple):
    """Be notes of one track: when they are written, in beats, and how late they come, in ms.

    `onset`, `late` and `pitch` are (N,).
    """

    onset: np.ndarray
    late: np.ndarray
    pitch: np.ndarray

    def only(self, rows: np.ndarray) -> "Track":
        """Return some of the notes."""
        return Track(*(column[rows] for column in self))

    def whole(self) -> "Track":
        """Return each onset as one note that is as late as its notes on average."""
        onset, first, row = np.unique(self.onset, return_index=True, return_inverse=True)
        late = np.bincount(row, self.late) / np.bincount(row)
        return Track(onset, late, self.pitch[first])


def songs_of(folder: Path) -> Iterator[tuple[Clip, ...]]:
    """Yield the tracks of each song of POP909 that nothing was trained on, as written."""
    for song in read_songs(folder):
        if song.recording.split == "test":
            clip = song.recording.clip.replace(role="auto", program=0)
            tracks = [clip.notes.take(song.track == row) for row in range(len(TRACKS))]
            yield tuple(
                clip.replace(notes=notes, name=name)
                for name, notes in zip(TRACKS, tracks, strict=True)
                if len(notes)
            )


def played(clips: tuple[Clip, ...], way: str, chains: Chains, seed: int) -> list[Track]:
    """Return the tracks as one of the `WAYS` plays them."""
    if way == "alone":
        seeds = range(1_000 * seed, 1_000 * seed + len(clips))
        after = [
            chains[way].render((clip,), seed=own)[0] for clip, own in zip(clips, seeds, strict=True)
        ]
    else:
        after = list(chains[way].render(clips, seed=seed))
    return [_track(*pair) for pair in zip(clips, after, strict=True)]


def apart_ms(one: Track, other: Track) -> tuple[np.ndarray, np.ndarray]:
    """Return how much later notes of one come than those of the other, in ms, (M,).

    Second, whether they double each other: notes of one pitch class, (M,) bool.
    """
    first = np.searchsorted(one.onset, other.onset - SAME)
    count = np.searchsorted(one.onset, other.onset + SAME) - first
    theirs = np.repeat(np.arange(len(other.onset)), count)
    mine = np.arange(len(theirs)) + np.repeat(first - np.cumsum(count) + count, count)
    doubled = one.pitch[mine] % 12 == other.pitch[theirs] % 12
    return one.late[mine] - other.late[theirs], doubled


def meetings(tracks: Sequence[Track]) -> Meetings:
    """Return how far apart notes of each two of the tracks come."""
    notes = [apart_ms(*pair) for pair in combinations(tracks, 2)]
    onsets = [apart_ms(one.whole(), other.whole())[0] for one, other in combinations(tracks, 2)]
    ms, doubled = (np.concatenate(found) for found in zip(*notes, strict=True))
    return {"notes": ms, "doubled notes": ms[doubled], "onsets": np.concatenate(onsets)}


def measured(
    songs: Sequence[tuple[Clip, ...]], chains: Chains, say: Callable[[str], None]
) -> dict[str, list[Meetings]]:
    """Return the meetings of each song under each of the `WAYS`, with all seeds."""
    found: dict[str, list[Meetings]] = {way: [] for way in WAYS}
    for row, clips in enumerate(songs):
        say(f"song {row + 1} of {len(songs)}")
        for way in WAYS:
            takes = [meetings(played(clips, way, chains, seed)) for seed in SEEDS]
            found[way].append({kind: np.concatenate([t[kind] for t in takes]) for kind in takes[0]})
    return found


def _track(before: Clip, after: Clip) -> Track:
    order = np.argsort(before.notes.onset, kind="stable")
    ms = 1e3 * (before.tempo.seconds(after.notes.onset) - before.tempo.seconds(before.notes.onset))
    return Track(before.notes.onset[order], ms[order], before.notes.pitch[order])
