import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from symusic.core import ControlChangeTick, NoteTick, ScoreTick, TempoTick, TrackTick

from engines.clip import Metre
from engines.training.phrase_label import Phrases, place_phrases
from engines.training.pop909 import PIANO, Song, SongError, read_song, read_songs

BEAT = 480
LATE = 100
"""How many ticks the first edition of a song is behind the corrected one."""

TUNE = [60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65]
ROW = {"song_id": "001", "split": "valid", "same_song_as": ""}

Row = tuple[float, int, int]


def track(rows: Sequence[Row], name: str = "", late: int = 0) -> TrackTick:
    """Return a track of quarter notes: beat, pitch, velocity."""
    made = TrackTick(name)
    for beat, pitch, velocity in rows:
        made.notes.append(NoteTick(round(beat * BEAT) + late, BEAT, pitch, velocity))
    return made


def saved(path: Path, tracks: list[TrackTick], bpm: float) -> None:
    score = ScoreTick(BEAT)
    score.tempos.append(TempoTick(0, bpm))
    for one in tracks:
        score.tracks.append(one)
    path.parent.mkdir(parents=True, exist_ok=True)
    score.dump_midi(str(path))


def pack(
    folder: Path,
    *,
    number: str = "001",
    start: int = 2,
    melody: Sequence[Row] = (),
    bridge: Sequence[Row] = (),
    piano: Sequence[Row] = (),
    chord_beats: int = 4,
    labelled: Sequence[int] = TUNE,
) -> Path:
    """Write a song whose melody begins on a bar line, at beat `start` of the corrected edition."""
    melody = melody or [(start + n, pitch, 70 + 3 * n) for n, pitch in enumerate(TUNE)]
    piano = piano or [(start + n, 40, 50 + n) for n in range(0, len(TUNE), 2)]
    parts = [("MELODY", melody), ("BRIDGE", bridge), ("PIANO", piano)]
    first = [track(rows, name, LATE) for name, rows in parts]
    first[PIANO].controls.append(ControlChangeTick(LATE + BEAT * start, 64, 127))
    first[PIANO].controls.append(ControlChangeTick(LATE + BEAT * (start + 2), 64, 0))
    saved(folder / f"main/{number}/{number}.mid", first, bpm=60)
    chords = [(start + n, 48, 90) for n in range(0, len(TUNE), chord_beats)]
    both = [track([*melody, *bridge, *piano], "piano"), track(chords, "chords")]
    saved(folder / f"cl_cleaned/{number}.mid", both, bpm=100)
    phrases = folder / "phrases" / number
    phrases.mkdir(parents=True)
    (phrases / "human_label1.txt").write_text(f"A{4 // chord_beats}b{8 // chord_beats}")
    (phrases / "melody.txt").write_text("".join(f"{pitch} 4\n" for pitch in labelled))
    (phrases / "finalized_chord.txt").write_text("C:maj [0, 4, 7] 0 4\n" * 3)
    return folder


def song(folder: Path) -> Song:
    return read_song(folder, ROW)


def test_a_song_is_written_on_the_corrected_grid_from_its_first_bar(tmp_path: Path) -> None:
    clip = song(pack(tmp_path)).recording.clip
    assert clip.notes.onset[clip.notes.pitch > 40].tolist() == list(range(12))
    assert clip.metre == (Metre(0, 4, 4),)
    assert set(clip.notes.velocity.tolist()) == {64}


def test_a_song_is_played_as_in_the_first_edition(tmp_path: Path) -> None:
    recording = song(pack(tmp_path)).recording
    melody = recording.clip.notes.pitch > 40
    assert recording.played.velocity[melody].tolist() == [70 + 3 * n for n in range(12)]
    # at 60 bpm a beat lasts a second; all notes are moved alike, so none is late
    assert recording.played.onset_s[melody].tolist() == pytest.approx(list(range(12)))
    assert recording.played.release_s[melody].tolist() == pytest.approx(list(range(1, 13)))


def test_the_pedal_moves_with_the_notes(tmp_path: Path) -> None:
    recording = song(pack(tmp_path)).recording
    assert recording.sustain_s.tolist() == pytest.approx([0, 2])
    assert recording.sustain.tolist() == [127, 0]


def test_both_melodies_are_on_the_upper_staff_and_the_accompaniment_below(tmp_path: Path) -> None:
    read = song(pack(tmp_path, bridge=[(4, 80, 60), (5, 81, 61), (6, 82, 62), (7, 83, 63)]))
    pitch, staff = read.recording.clip.notes.pitch, read.recording.staff
    assert len(pitch) == 12 + 4 + 6
    assert staff.tolist() == np.where(pitch == 40, 2, 1).tolist()


def test_a_note_in_two_tracks_is_that_of_the_first(tmp_path: Path) -> None:
    piano = [(2 + n, pitch, 40 + n) for n, pitch in enumerate(TUNE)]
    read = song(pack(tmp_path, piano=piano))
    assert read.recording.staff.tolist() == [1] * 12
    assert read.recording.played.velocity.tolist() == [70 + 3 * n for n in range(12)]


def test_a_song_may_have_a_track_of_one_velocity(tmp_path: Path) -> None:
    # 12 of its 18 notes have a velocity of their own
    read = song(pack(tmp_path, piano=[(2 + n, 40, 90) for n in range(0, 12, 2)]))
    assert len(read.recording.clip.notes) == 18


def test_a_song_of_one_velocity_is_refused(tmp_path: Path) -> None:
    melody = [(2 + n, pitch, 90) for n, pitch in enumerate(TUNE)]
    with pytest.raises(SongError, match="one velocity"):
        song(pack(tmp_path, melody=melody))


def test_phrases_are_placed_by_their_melody(tmp_path: Path) -> None:
    labels = pack(tmp_path) / "phrases/001"
    # three bars of chords that last 12 beats
    assert place_phrases(labels, np.arange(9, 21), np.array(TUNE)) == Phrases(9, bar=4)


def test_phrases_of_another_melody_are_not_placed(tmp_path: Path) -> None:
    labels = pack(tmp_path, labelled=[50] * 12) / "phrases/001"
    assert place_phrases(labels, np.arange(9, 21), np.array(TUNE)) is None


def test_phrases_that_are_no_whole_number_of_beats_long_are_not_placed(tmp_path: Path) -> None:
    labels = pack(tmp_path) / "phrases/001"
    # 12 beats of chords for 5 bars
    (labels / "human_label1.txt").write_text("A2b3")
    assert place_phrases(labels, np.arange(9, 21), np.array(TUNE)) is None


def test_without_phrases_bars_begin_where_chords_change(tmp_path: Path) -> None:
    clip = song(pack(tmp_path, start=7, labelled=[50] * 12)).recording.clip
    assert clip.notes.onset.min() == 0


def test_a_song_whose_chords_last_three_beats_is_in_three(tmp_path: Path) -> None:
    read = song(pack(tmp_path, chord_beats=3))
    assert read.recording.clip.metre == (Metre(0, 3, 4),)


def test_notes_before_the_first_bar_line_are_at_the_end_of_a_bar(tmp_path: Path) -> None:
    melody = [(2 + n, pitch, 70 + 3 * n) for n, pitch in enumerate(TUNE)]
    clip = song(pack(tmp_path, melody=[(1, 59, 64), *melody])).recording.clip
    assert clip.notes.onset[:2].tolist() == [3, 4]


def test_editions_that_differ_are_refused(tmp_path: Path) -> None:
    pack(tmp_path)
    other = [track([(n, 90 + n, 80) for n in range(18)]), track([])]
    saved(tmp_path / "cl_cleaned/001.mid", other, bpm=100)
    with pytest.raises(SongError, match="share 0 of 18 notes"):
        song(tmp_path)


def test_broken_songs_are_left_out_with_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pack(tmp_path)
    (tmp_path / "index.csv").write_text(
        "song_id,split,same_song_as\n367,train,\n805,train,262\n001,valid,\n"
    )
    with caplog.at_level(logging.WARNING):
        (read,) = read_songs(tmp_path)
    assert (read.recording.name, read.recording.split) == ("pop909_001", "valid")
    assert [record.getMessage().split()[1] for record in caplog.records] == ["367", "805"]
