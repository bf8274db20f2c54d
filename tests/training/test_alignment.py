import csv
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from symusic.core import (
    ControlChangeTick,
    NoteTick,
    ScoreTick,
    TempoTick,
    TimeSignatureTick,
    TrackTick,
)

from engines.error import EngineError
from engines.training.alignment import align, aligned_arrays, match_share
from engines.training.alignment.__main__ import main
from engines.training.alignment.follow import follow
from engines.training.alignment.keep import keep
from engines.training.alignment.match import onset_times
from engines.training.alignment.midi import read_performance, read_score
from engines.training.evaluation.pack import judged
from engines.training.recording import read_pack

BEAT = 480
Columns = tuple[np.ndarray, np.ndarray]


def music(beats: int = 120, seed: int = 0) -> Columns:
    """A melody in halves of a beat over three-note chords on each beat: pitch, onset in beats."""
    rng = np.random.default_rng(seed)
    melody = 72 + np.cumsum(rng.integers(-2, 3, 2 * beats)) % 12
    chords = np.sort(rng.choice(20, (beats, 3)), axis=1) + np.array([30, 40, 50])
    onset = np.concatenate([np.arange(2 * beats) / 2, np.repeat(np.arange(beats), 3)])
    order = np.lexsort((np.concatenate([melody, chords.ravel()]), onset))
    return np.concatenate([melody, chords.ravel()])[order], onset[order]


def rubato_s(onset: np.ndarray) -> np.ndarray:
    """Half a second a beat, a third faster and slower in turn."""
    return 1 + 0.5 * onset + np.sin(onset / 3) / 2


def played(onset: np.ndarray, seed: int = 0) -> np.ndarray:
    """When notes are played: with rubato, each 20 ms early or late."""
    return rubato_s(onset) + np.random.default_rng(seed).normal(0, 0.02, len(onset))


def agreeing(rows: np.ndarray, score: Columns) -> float:
    """The share of pairs that are one note; unisons are alike."""
    pitch, onset = score
    same = (pitch[rows[:, 0]] == pitch[rows[:, 1]]) & (onset[rows[:, 0]] == onset[rows[:, 1]])
    return float(same.mean())


def test_a_performance_with_rubato_and_spread_chords_is_matched_whole() -> None:
    pitch, onset = music()
    rows = align(pitch, onset, pitch, played(onset))
    assert len(rows) == len(pitch)
    assert agreeing(rows, (pitch, onset)) == 1


def test_rows_may_come_in_any_order() -> None:
    pitch, onset = music()
    rng = np.random.default_rng(1)
    written, heard = rng.permutation(len(pitch)), rng.permutation(len(pitch))
    rows = align(pitch[written], onset[written], pitch[heard], played(onset)[heard])
    pairs = np.column_stack([written[rows[:, 0]], heard[rows[:, 1]]])
    assert (np.diff(rows[:, 0]) > 0).all()
    assert agreeing(pairs, (pitch, onset)) == 1


def test_wrong_missing_and_extra_notes_do_not_lead_astray() -> None:
    pitch, onset = music()
    rng = np.random.default_rng(2)
    key = np.where(rng.random(len(pitch)) < 0.05, pitch + 1, pitch)
    heard = np.flatnonzero(rng.random(len(pitch)) > 0.05)
    more = rng.integers(30, 90, 30)
    rows = align(
        pitch,
        onset,
        np.concatenate([key[heard], more]),
        np.concatenate([played(onset)[heard], rng.uniform(1, 60, 30)]),
    )
    rows = rows[rows[:, 1] < len(heard)]
    right = heard[rows[:, 1]] == rows[:, 0]
    # a note that is wrong may be taken for another one near it, and an extra note for a missing one
    assert right.mean() > 0.97
    assert right.sum() > 0.98 * (key[heard] == pitch[heard]).sum()


def test_repeated_notes_follow_the_time() -> None:
    onset = np.arange(24.0)
    heard = np.delete(np.arange(24), [7, 15])
    others = np.arange(24) % 5 + 40
    rows = align(
        np.concatenate([np.full(24, 60), others]),
        np.concatenate([onset, onset]),
        np.concatenate([np.full(22, 60), others]),
        np.concatenate([rubato_s(onset[heard]), rubato_s(onset)]),
    )
    assert rows[rows[:, 1] < 22, 0].tolist() == heard.tolist()


def test_of_an_ornament_one_note_is_the_written_one() -> None:
    pitch, onset = music()
    trill_s = 30 + 0.05 * np.arange(20)
    key = np.concatenate([pitch, np.tile([97, 98], 10)])
    rows = align(np.append(pitch, 97), np.append(onset, 58), key, np.append(played(onset), trill_s))
    assert len(rows) == len(pitch) + 1
    assert key[rows[-1, 1]] == 97


def test_a_section_that_is_left_out_is_not_matched() -> None:
    pitch, onset = music()
    heard = np.flatnonzero((onset < 30) | (onset >= 70))
    rows = align(pitch, onset, pitch[heard], played(onset[heard] - 40 * (onset[heard] >= 70)))
    right = heard[rows[:, 1]] == rows[:, 0]
    assert right.mean() > 0.99
    assert right.sum() > 0.99 * len(heard)


def test_a_performance_of_the_second_half_is_matched_there() -> None:
    pitch, onset = music()
    heard = np.flatnonzero(onset >= 60)
    rows = align(pitch, onset, pitch[heard], played(onset[heard]) - 30)
    assert (heard[rows[:, 1]] == rows[:, 0]).mean() > 0.99
    assert len(rows) > 0.99 * len(heard)


def test_music_without_a_pitch_in_common_has_no_matches() -> None:
    rows = align(np.array([60, 62]), np.array([0.0, 1]), np.array([61, 63]), np.array([0.0, 1]))
    assert rows.shape == (0, 2)


def test_nothing_matches_nothing() -> None:
    nothing = np.empty(0)
    assert align(nothing, nothing, nothing, nothing).shape == (0, 2)
    assert align(np.array([60]), np.zeros(1), nothing, nothing).shape == (0, 2)


def test_one_note_matches_one_note() -> None:
    assert align(np.array([60]), np.zeros(1), np.array([60]), np.ones(1)).tolist() == [[0, 0]]


notes = st.lists(st.tuples(st.integers(60, 64), st.integers(0, 12)), max_size=25)


@given(notes, notes)
@example([(60, 0), (61, 0), (62, 0), (63, 0), (64, 1)], [(64, 0)])  # followed at the chord
def test_each_note_is_matched_at_most_once_and_with_its_own_pitch(
    score: list[tuple[int, int]], performance: list[tuple[int, int]]
) -> None:
    pitch, onset = np.array(score, dtype=float).reshape(-1, 2).T
    key, time = np.array(performance, dtype=float).reshape(-1, 2).T
    rows = align(pitch, onset / 2, key, time / 3)
    assert len(set(rows[:, 0].tolist())) == len(set(rows[:, 1].tolist())) == len(rows)
    assert (pitch[rows[:, 0]] == key[rows[:, 1]]).all()


def test_the_notes_of_a_chord_may_come_in_any_order() -> None:
    pitch, onset = np.array([60, 64, 67, 62, 65, 69]), np.array([0, 0, 0, 1, 1, 1])
    heard, time = np.array([67, 60, 64, 65, 69, 62]), np.array([0, 0.02, 0.04, 1, 1.02, 1.04])
    assert follow(pitch, onset, heard, time).tolist() == [0, 0, 0, 1, 1, 1]


def test_onsets_between_and_outside_known_ones_go_evenly() -> None:
    # beats 2 and 4 at 1 s and 3 s: a second a beat
    times = onset_times(np.arange(6.0), np.array([4, 2, 2, 2]), np.array([3.0, 1, 9, 0.5]))
    assert times.tolist() == [-1, 0, 1, 2, 3, 4]


def test_onsets_that_run_backwards_meet_halfway() -> None:
    times = onset_times(np.arange(3.0), np.arange(3), np.array([0.0, 2, 1]))
    assert times.tolist() == [0, 1.5, 1.5]


def saved(
    path: Path, tracks: list[list[NoteTick]], bpm: float = 60, *, pedal: bool = False
) -> Path:
    score = ScoreTick(BEAT)
    score.tempos.append(TempoTick(0, bpm))
    score.time_signatures.append(TimeSignatureTick(0, 3, 4))
    for held in tracks:
        track = TrackTick("part")
        for note in held:
            track.notes.append(note)
        if pedal:
            for n in range(4):
                track.controls.append(ControlChangeTick(BEAT * n, 64, 127 * (n % 2)))
            track.controls.append(ControlChangeTick(BEAT, 67, 90))
        score.tracks.append(track)
    score.dump_midi(str(path))
    return path


def written(path: Path) -> Path:
    """Hands of quarters, the lower one first, and a unison that the lower holds for a bar."""
    lower = [NoteTick(BEAT * n, BEAT, 40 + n, 64) for n in range(12)]
    upper = [NoteTick(BEAT * n, BEAT, 70 + n, 64) for n in range(12)]
    lower.append(NoteTick(0, 3 * BEAT, 70, 64))
    return saved(path, [lower, upper])


def performed(path: Path, wrong: int = 0) -> Path:
    """The same at a beat a second, but each note 48 ticks, 0.1 s, late; some wrong notes."""
    keys = [(n, pitch + n) for n in range(12) for pitch in (40, 70)]
    held = [NoteTick(BEAT * n + 48, 240, p, 50 + n) for n, p in keys[wrong:]]
    held += [NoteTick(BEAT * n + 48, 240, 100, 50) for n in range(wrong)]
    return saved(path, [held], pedal=True)


def run(folder: Path, name: str, *more: str, wrong: int = 0) -> None:
    score, performance = written(folder / "song.mid"), performed(folder / "anna.mid", wrong)
    main([str(score), str(performance), "-o", str(folder / "pack" / name), *more])


def test_a_score_has_staves_beats_metre_and_no_unisons(tmp_path: Path) -> None:
    score = read_score(written(tmp_path / "score.mid"))
    assert score.onset.tolist() == [n for n in range(12) for _ in range(2)]
    assert score.staff.tolist() == [2, 2] + [2, 1] * 11
    assert score.duration[score.pitch == 70].tolist() == [3]
    assert (score.numerator.tolist(), score.denominator.tolist()) == ([3], [4])


def test_without_two_tracks_staves_part_at_middle_c(tmp_path: Path) -> None:
    held = [NoteTick(0, BEAT, pitch, 64) for pitch in (59, 60)]
    assert read_score(saved(tmp_path / "score.mid", [held])).staff.tolist() == [2, 1]


def test_a_performance_has_seconds_and_pedals(tmp_path: Path) -> None:
    path = saved(tmp_path / "played.mid", [[NoteTick(BEAT, 240, 60, 99)]], bpm=120, pedal=True)
    performance = read_performance(path)
    # half a second a beat
    assert performance.onset_s.tolist() == [0.5]
    assert performance.release_s.tolist() == [0.75]
    assert performance.sustain.tolist() == [[0, 0], [0.5, 127], [1, 0], [1.5, 127]]
    assert performance.soft.tolist() == [[0.5, 90]]


def test_the_arrays_hold_what_only_one_side_has(tmp_path: Path) -> None:
    arrays = aligned_arrays(
        read_score(written(tmp_path / "a.mid")), read_performance(performed(tmp_path / "b.mid", 2))
    )
    assert arrays["missed_pitch"].tolist() == [40, 70]
    assert arrays["extra_pitch"].tolist() == [100, 100]
    # 22 of 24 notes on either side
    assert match_share(arrays) == pytest.approx(22 / 24)


def test_other_music_is_refused(tmp_path: Path) -> None:
    other = saved(tmp_path / "b.mid", [[NoteTick(BEAT * n, 240, 90, 64) for n in range(24)]])
    with pytest.raises(EngineError, match="share 0% of their notes"):
        aligned_arrays(read_score(written(tmp_path / "a.mid")), read_performance(other))


def test_the_command_writes_a_recording_that_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, "one.npz", "--composer", "Own", "--performer", "Anna")
    (recording,) = read_pack(tmp_path / "pack")
    assert (recording.piece, recording.player, recording.split) == ("Own/song", "Anna", "test")
    assert recording.played.onset_s[:2].tolist() == pytest.approx([0.1, 0.1])
    assert recording.played.velocity[:2].tolist() == [50, 50]
    assert recording.sustain.tolist() == [0, 127, 0, 127]
    assert recording.robust
    assert (
        "24 notes matched, 0 of the score not played, 0 played besides" in capsys.readouterr().out
    )


def test_what_the_command_writes_can_be_judged(tmp_path: Path) -> None:
    run(tmp_path, "one.npz")
    run(tmp_path, "two.npz", "--split", "train")
    (case,) = judged(tmp_path / "pack")
    assert case.recording.name == "one"
    # a beat a second as at the clip's own tempo: nothing is stretched
    assert case.expression.stretch == pytest.approx(np.zeros(12), abs=1e-6)


def test_a_recording_with_many_wrong_notes_is_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, "one.npz", wrong=6)
    (recording,) = read_pack(tmp_path / "pack")
    assert not recording.robust
    assert "not robust" in capsys.readouterr().err


def test_a_recording_is_replaced_when_asked(tmp_path: Path) -> None:
    run(tmp_path, "one.npz")
    with pytest.raises(SystemExit, match=r"one\.npz is there already"):
        run(tmp_path, "one.npz")
    run(tmp_path, "one.npz", "--overwrite", "--piece", "other")
    assert [recording.piece for recording in read_pack(tmp_path / "pack")] == ["own/other"]


def test_a_pack_keeps_its_own_columns(tmp_path: Path) -> None:
    run(tmp_path, "one.npz")
    path = tmp_path / "pack" / "metadata.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{rows[0]},room\n{rows[1]},hall\n", encoding="utf-8")
    run(tmp_path, "two.npz")
    with path.open(newline="", encoding="utf-8") as file:
        assert [(row["file"], row["room"]) for row in csv.DictReader(file)] == [
            ("one.npz", "hall"),
            ("two.npz", ""),
        ]


def test_a_folder_with_another_table_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "pack" / "metadata.csv"
    path.parent.mkdir()
    path.write_text("name\nx\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="lacks the column 'file'"):
        run(tmp_path, "one.npz")
    assert list(path.parent.iterdir()) == [path]


def test_a_name_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"allowed are names ending in \.npz"):
        run(tmp_path, "one.csv")


@pytest.mark.parametrize("content", [b"", b"no music", b"MThd\0\0\0\6\0\1"])
def test_what_is_no_midi_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.mid").write_bytes(content)
    score = written(tmp_path / "score.mid")
    with pytest.raises(SystemExit, match=r"bad\.mid"):
        main([str(score), str(tmp_path / "bad.mid"), "-o", str(tmp_path / "one.npz")])


@pytest.mark.parametrize("read", [read_score, read_performance])
def test_a_file_without_notes_is_refused(tmp_path: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(EngineError, match="has no notes"):
        read(saved(tmp_path / "empty.mid", [[]]))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"nowhere\.mid cannot be read"):
        read_score(tmp_path / "nowhere.mid")


@pytest.mark.skipif(sys.platform == "win32", reason="a file's place is no folder there either")
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    score, performance = written(tmp_path / "a.mid"), performed(tmp_path / "b.mid")
    arrays = aligned_arrays(read_score(score), read_performance(performance))
    with pytest.raises(EngineError, match="cannot be written"):
        keep(arrays, score / "one.npz", {})
