import csv
import logging
from pathlib import Path

import numpy as np
import pytest
from symusic.core import ControlChangeTick, NoteTick, ScoreTick, TimeSignatureTick, TrackTick

from engines.error import EngineError
from engines.training.percepiano import read_clip, read_clips, split_of

BEAT = 480
PITCHES = (48, 55, 64, 72)

Row = dict[str, str]


def row(**changes: str) -> Row:
    given = {
        "clip": "clip",
        "kind": "performance",
        "file": "performance.mid",
        "piece": "Schubert_D960_mv2",
        "bars": "8",
        "player": "12",
        "segment": "01",
        "score_midi": "score.mid",
        "same_notes_as": "",
    }
    return {**given, **changes}


def saved(path: Path, keys: list[tuple[float, int]], *, pedal: bool = False) -> None:
    score = ScoreTick(BEAT)
    score.time_signatures.append(TimeSignatureTick(0, 3, 4))
    track = TrackTick("Piano")
    for beat, pitch in keys:
        track.notes.append(NoteTick(round(beat * BEAT), 240, pitch, 70))
    if pedal:
        track.controls.append(ControlChangeTick(BEAT, 64, 100))
    score.tracks.append(track)
    score.dump_midi(str(path))


def pack(folder: Path, missed: int = 0) -> Path:
    """Four voices on 12 beats, of which some notes at the end are not played."""
    keys = [(float(beat), pitch + beat) for beat in range(12) for pitch in PITCHES]
    saved(folder / "score.mid", keys)
    played = [(2 * beat, pitch) for beat, pitch in keys[: len(keys) - missed]]
    saved(folder / "performance.mid", played, pedal=True)
    rows = [row(kind="score_rendition", clip="score"), row(), row(clip="lost", file="lost.mid")]
    with (folder / "index.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row()))
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_a_clip_has_the_score_as_written_and_the_notes_as_played(tmp_path: Path) -> None:
    recording = read_clip(pack(tmp_path), row())
    notes = recording.clip.notes
    assert len(notes) == 48
    assert (notes.onset.max(), recording.clip.metre[0].numerator) == (11, 3)
    # two beats a beat at 120 bpm, where none is given: a second
    assert recording.played.onset_s == pytest.approx(notes.onset)
    assert np.unique(recording.played.velocity).tolist() == [70]
    assert (recording.sustain_s.tolist(), recording.sustain.tolist()) == ([0.5], [100])


def test_a_clip_has_only_notes_that_both_sides_have(tmp_path: Path) -> None:
    recording = read_clip(pack(tmp_path, missed=2), row())
    assert len(recording.clip.notes) == len(recording.played.onset_s) == 46
    assert len(recording.marks) == len(recording.staff) == 46


def test_a_clip_whose_notes_do_not_match_is_refused(tmp_path: Path) -> None:
    # 40 of 48
    with pytest.raises(EngineError, match="83% of its notes match"):
        read_clip(pack(tmp_path, missed=8), row())


def test_clips_of_no_use_are_left_out_with_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        (recording,) = read_clips(pack(tmp_path))
    assert recording.name == "clip"
    assert "clip lost is left out" in caplog.text


def test_a_movement_is_a_piece(tmp_path: Path) -> None:
    assert read_clip(pack(tmp_path), row()).piece == "Schubert/D960_mv2"


@pytest.mark.parametrize(
    ("origin", "player"), [("download/2011/Wang05.MID", "Wang05"), ("", "D960_12")]
)
def test_a_player_is_the_contestant_or_the_works_number(
    tmp_path: Path, origin: str, player: str
) -> None:
    assert read_clip(pack(tmp_path), row(same_notes_as=origin)).player == player


@pytest.mark.parametrize(
    ("changes", "split"),
    [
        ({}, "train"),
        ({"segment": "05"}, "train"),
        ({"segment": "06"}, "valid"),
        ({"segment": "11"}, "valid"),
        ({"segment": "12"}, "train"),
        ({"bars": "16", "segment": "04"}, "valid"),
        ({"bars": "16", "segment": "07"}, "train"),
        ({"piece": "Schubert_D960_mv3", "segment": "21"}, "valid"),
        ({"piece": "Schubert_D960_mv3", "bars": "16", "segment": "12"}, "valid"),
        ({"player": "9"}, "valid"),
        ({"piece": "Schubert_D935_no.3", "bars": "4"}, "test"),
    ],
)
def test_clips_are_split_by_player_and_section(changes: Row, split: str) -> None:
    assert split_of(row(**changes)) == split
