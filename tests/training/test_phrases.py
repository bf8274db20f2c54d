from pathlib import Path

import numpy as np
import pytest

from engines.boundary import Net, describe, probability
from engines.clip import Clip, Metre, Notes
from engines.training.phrase_score import Case, best_threshold, cases, lbdm, rests, score
from engines.training.phrase_song import PhraseSong, read_pop
from engines.training.phrases import clips, examples, learn, with_clips

ROW = "song_id,num_beats_per_measure,split\n001,2,test\n"


def song(corpus: str = "pop", bars: int = 16) -> PhraseSong:
    """Return eighths in which every fourth bar ends with a rest, and a phrase begins after it."""
    place = np.arange(8 * bars)
    place = place[place % 32 < 28]
    pitch = 60 + place * 5 % 7
    notes = Notes(pitch=pitch, onset=0.5 * place, duration=np.full(len(place), 0.5))
    clip = Clip(notes, length=4.0 * bars, metre=(Metre(),), role="lead")
    return PhraseSong(corpus, "eighths", "train", clip, (place % 32 == 0).astype(float))


def pop_song(folder: Path, *readings: str, melody: str) -> PhraseSong:
    """Return a song of POP909 with these labels and this melody."""
    (folder / "phrases" / "001").mkdir(parents=True)
    (folder / "index.csv").write_text(ROW)
    texts = dict(zip(("human_label1.txt", "human_label2.txt"), readings, strict=True))
    for name, text in (texts | {"melody.txt": melody, "tempo.txt": "90"}).items():
        (folder / "phrases" / "001" / name).write_text(text)
    (only,) = read_pop(folder)
    return only


BARS = "\n".join(["60 8", "62 8"] * 8)
"""Half notes, eight bars."""


def test_labels_name_the_bars_that_phrases_begin_on(tmp_path: Path) -> None:
    found = pop_song(tmp_path, "A4B4", "A4B4", melody=BARS)
    assert found.clip.notes.onset[found.begins == 1].tolist() == [0.0, 16.0]


def test_where_readings_differ_nobody_knows(tmp_path: Path) -> None:
    found = pop_song(tmp_path, "A4B2C2", "A4B4", melody=BARS)
    assert found.clip.notes.onset[np.isnan(found.begins)].tolist() == [24.0]


def test_a_phrase_begins_with_its_upbeat(tmp_path: Path) -> None:
    # three bars, a rest of five sixteenths and an upbeat of three, a bar: 48, 56, 61 and 64 / 4
    melody = "60 48\n60 8\n0 5\n62 3\n64 16"
    found = pop_song(tmp_path, "A4B1", "A4B1", melody=melody)
    assert found.clip.notes.onset[found.begins == 1].tolist() == [0.0, 15.25]


def test_a_song_whose_labels_are_far_longer_is_left_out(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not enough values"):
        pop_song(tmp_path, "A40B4", "A40B4", melody=BARS)


def test_a_clip_that_is_cut_begins_at_zero() -> None:
    cut = song().cut(16.0, 32.0)
    assert cut.clip.notes.onset.tolist()[:2] == [0.0, 0.5]
    assert (cut.clip.length, cut.begins.sum(), len(cut.begins)) == (16.0, 1.0, 28)


def test_clips_hold_each_note_once() -> None:
    pieces = list(clips(song(bars=64), np.random.default_rng(0)))
    assert sum(len(piece.begins) for piece in pieces) == len(song(bars=64).begins)
    assert len(pieces) > 1


def test_notes_that_are_held_reach_for_the_next() -> None:
    # the last note of a phrase of 28 eighths, at beat 13.5, is followed at beat 16
    held = song().held(1.0)
    assert held.clip.notes.end[27] == 16.0
    assert song().held(0.6).clip.notes.duration[0] == pytest.approx(0.3)


def test_first_and_unsure_onsets_teach_nothing() -> None:
    unsure = song()._replace(begins=np.where(song().begins == 1, np.nan, 0.0))
    seen, begins = examples([unsure])
    assert len(seen) == len(begins) == len(unsure.begins) - 4
    assert not begins.any()


def test_a_net_learns_what_the_phrases_have_in_common_and_the_same_twice() -> None:
    songs = list(with_clips([song(bars=32)] * 4, np.random.default_rng(0)))
    seen, begins = examples(songs)
    net = learn(seen, begins, passes=8, batch=64)
    assert net == learn(seen, begins, passes=8, batch=64)
    told, label = odds(net, song())[1:], song().begins[1:]
    assert told[label == 1].min() > told[label == 0].max()


def odds(net: Net, of: PhraseSong) -> np.ndarray:
    line, _ = of.line()
    inside = np.maximum(describe(line) @ np.array(net.hidden) + np.array(net.hidden_bias), 0.0)
    return np.asarray(inside @ np.array(net.output) + net.output_bias)


def test_the_shipped_net_hears_the_rests() -> None:
    line, label = song().line()
    told = probability(line)
    assert told[label == 1].min() > told[label == 0].max()


def test_scores_count_each_corpus_by_itself_and_no_first_onset() -> None:
    right, wrong = cases([song(), song("jazz")])
    told = [right.label > 0, np.zeros(len(wrong.label), dtype=bool)]
    assert score([right, wrong], told, "pop") == (3, 0, 0)
    assert score([right, wrong], told, "jazz") == (0, 0, 3)
    assert score([right, wrong], told, "pop").f1 == 1.0


def test_unsure_onsets_are_neither_right_nor_wrong() -> None:
    line, label = song().line()
    case = Case("pop", line, np.where(label == 1, np.nan, label), label > 0)
    assert score([case], [case.cut], "pop") == (0, 0, 0)


def test_a_threshold_is_the_one_that_serves_best() -> None:
    # rests of two beats count as one, and all phrases begin after one
    assert best_threshold(cases([song(), song("jazz")]), rests) < 1.0


def test_the_rests_are_where_the_boundaries_are_strongest() -> None:
    line, label = song().line()
    assert lbdm(line)[label == 1][1:].min() > 0.5
