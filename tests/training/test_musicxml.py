from pathlib import Path

import pytest

from engines.training.musicxml import read_score
from engines.training.written import ScoreError, Tone
from tests.training.scores import note, packed, score

SCALE = score([note("C4") + note("D4")])
CONTAINER = '<container><rootfiles><rootfile full-path="{}"/></rootfiles></container>'


def pitches(path: Path) -> list[int]:
    return [tone.pitch for tone in read_score(path)[0].tones]


def tones(folder: Path, *bars: str) -> list[Tone]:
    path = folder / "score.xml"
    path.write_text(score(list(bars)))
    return read_score(path)[0].tones


def test_a_packed_score_is_the_one_that_its_container_names(tmp_path: Path) -> None:
    members = {
        "META-INF/container.xml": CONTAINER.format("right.xml"),
        "other.xml": score([note("G4")]),
        "right.xml": SCALE,
    }
    assert pitches(packed(tmp_path / "a.mxl", members)) == [60, 62]


@pytest.mark.parametrize("container", ["<broken", CONTAINER.format("elsewhere.xml")])
def test_a_packed_score_is_found_in_spite_of_a_broken_container(
    tmp_path: Path, container: str
) -> None:
    members = {"META-INF/container.xml": container, "song.musicxml": SCALE}
    assert pitches(packed(tmp_path / "a.mxl", members)) == [60, 62]


def test_a_packed_score_needs_no_container(tmp_path: Path) -> None:
    assert pitches(packed(tmp_path / "a.mxl", {"song.xml": SCALE})) == [60, 62]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html/>",
        SCALE[:-1],
        SCALE.replace("12", "twelve"),
        SCALE.replace("12", "0"),
        SCALE.replace("<step>C", "<step>H"),
        SCALE.replace("<octave>4", "<octave>inf"),
        SCALE.replace("<note>", '<sound tempo="fast"/><note>'),
    ],
)
def test_a_file_that_is_no_score_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.xml"
    path.write_text(text)
    with pytest.raises(ScoreError, match=r"bad\.xml"):
        read_score(path)


def test_an_archive_without_a_score_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScoreError, match=r"readme\.txt"):
        read_score(packed(tmp_path / "a.mxl", {"readme.txt": ""}))


def test_an_archive_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.mxl", {"song.xml": SCALE})
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ScoreError):
        read_score(path)


def test_voices_begin_where_the_file_goes_back_to(tmp_path: Path) -> None:
    bar = note("C4", 2) + "<backup><duration>18</duration></backup>" + note("E3", 1, staff=2)
    assert [(t.beat, t.staff, t.voice) for t in tones(tmp_path, bar)] == [(0, 1, 1), (0.5, 2, 5)]


def test_a_forward_leaves_room(tmp_path: Path) -> None:
    bar = "<forward><duration>6</duration></forward>" + note("C4")
    assert tones(tmp_path, bar)[0].beat == 0.5


def test_chord_tones_begin_together_and_the_next_note_after_them(tmp_path: Path) -> None:
    bar = note("C4", 2) + note("E4", 2, inside="<chord/>") + note("D4")
    assert [t.beat for t in tones(tmp_path, bar)] == [0, 0, 2]


def test_a_triplet_lasts_a_third_of_its_beat(tmp_path: Path) -> None:
    bar = note("C4", 1 / 3) * 3
    assert [t.beat for t in tones(tmp_path, bar)] == pytest.approx([0, 1 / 3, 2 / 3])


def test_divisions_may_change_within_a_bar(tmp_path: Path) -> None:
    # 12 divisions a quarter, then 24: the second note's 12 divisions are an eighth
    change = "<attributes><divisions>24</divisions></attributes>"
    assert [t.beat for t in tones(tmp_path, note("C4") + change + note("D4") * 2)] == [0, 1, 1.5]


def test_a_transposing_part_is_read_as_it_sounds(tmp_path: Path) -> None:
    # a clarinet in B flat sounds a whole tone, an instrument one octave lower sounds 12 below
    down = "<transpose><chromatic>-2</chromatic><octave-change>-1</octave-change></transpose>"
    assert tones(tmp_path, f"<attributes>{down}</attributes>" + note("D5"))[0].pitch == 74 - 14


def test_cue_notes_take_time_but_are_no_notes(tmp_path: Path) -> None:
    read = tones(tmp_path, note("C4", inside="<cue/>") + note("D4"))
    assert [(t.pitch, t.beat) for t in read] == [(62, 1)]
