import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.error import BridgeError
from bridge.midi_file import read_song
from bridge.picture import draw
from bridge.picture.chart import MOST_PANELS
from engines import Clip, Controllers, Metre, Notes, Tempo
from engines.clip import ROLES
from tests.clips import stiff_clip

MUSIC = sorted((Path(__file__).parents[2] / "music").glob("*.mid"))

SVG = "{http://www.w3.org/2000/svg}"


def elements(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter())  # noqa: S314  # a picture of our own


def words(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in elements(svg) if one.tag == f"{SVG}text"]


def classed(svg: str, *names: str) -> list[ElementTree.Element]:
    return [one for one in elements(svg) if {*names} <= set(one.get("class", "").split())]


def notes(svg: str, *names: str) -> list[ElementTree.Element]:
    """Return the drawn notes: unlike the legend's samples they follow the width of the music."""
    places = ((one, one.get("x") or one.get("cx") or "") for one in classed(svg, "note", *names))
    return [one for one, place in places if place.endswith("%")]


def changed(clip: Clip, **columns: np.ndarray) -> Clip:
    return clip.replace(notes=clip.notes.replace(**columns))


def at(time: list[float], bpm: list[float]) -> Tempo:
    return Tempo(time=np.array(time), bpm=np.array(bpm))


@pytest.mark.parametrize("path", MUSIC, ids=lambda path: path.stem)
def test_real_music_is_drawn(path: Path) -> None:
    clips = read_song(path).clips
    after = tuple(changed(clip, onset=clip.notes.onset + 0.02) for clip in clips)
    assert clips[0].name in " ".join(words(draw(clips, after, title=path.stem)))


def test_each_note_is_drawn_now_and_before() -> None:
    picture = draw((stiff_clip(),), (stiff_clip(),), title="")
    assert len(notes(picture, "now")) == len(notes(picture, "was")) == 16


def test_one_version_has_no_ghosts() -> None:
    picture = draw((stiff_clip(),), None, title="")
    assert len(notes(picture, "now")) == 16
    assert not classed(picture, "was")


def test_a_longer_note_is_drawn_wider() -> None:
    clip = changed(stiff_clip(2), duration=np.array([1.0, 2.0]))
    first, second = notes(draw((clip,), None, title=""), "now")
    assert [one.get("width") for one in (first, second)] == ["25.0000%", "50.0000%"]


def test_a_note_that_crosses_the_edge_is_cut_there() -> None:
    clip = changed(stiff_clip(1), duration=np.array([9.0]))
    (note,) = notes(draw((clip,), None, title="", start=1.0, end=5.0), "now")
    assert (note.get("x"), note.get("width")) == ("0.0000%", "100.0000%")


def test_a_louder_note_has_another_colour() -> None:
    clip = changed(stiff_clip(2), velocity=np.array([30.0, 110.0]))
    soft, loud = notes(draw((clip,), None, title=""), "now")
    assert soft.get("class") != loud.get("class")


def test_a_new_note_and_a_lost_one_are_outlined() -> None:
    clip = stiff_clip(4)
    after = clip.replace(notes=clip.notes.replace(note_id=np.array([0, 1, 2, 9])))
    picture = draw((clip,), (after,), title="")
    assert len(notes(picture, "new")) == 1
    assert len(notes(picture, "gone")) == 1
    assert {"added", "removed"} <= set(words(picture))


def test_a_muted_note_is_pale() -> None:
    clip = changed(stiff_clip(3), mute=np.array([0, 1, 0]))
    assert len(classed(draw((clip,), None, title=""), "mute")) == 1


def test_early_and_late_are_written_on_the_axis() -> None:
    clip = stiff_clip()
    # 9 ms at 120 bpm, on an axis that ends at the next round number
    after = changed(clip, onset=clip.notes.onset + 0.018)
    said = words(draw((clip,), (after,), title=""))
    assert {"10 ms late", "as before", "10 ms early"} <= set(said)


def test_where_no_note_moved_there_is_no_timing() -> None:
    assert "Timing" not in words(draw((stiff_clip(),), (stiff_clip(),), title=""))


def test_one_version_is_measured_against_the_grid() -> None:
    clip = stiff_clip()
    early = changed(clip, onset=clip.notes.onset + np.where(np.arange(16) == 5, -0.02, 0))
    said = words(draw((early,), None, title=""))
    assert {"10 ms late", "on the grid", "10 ms early"} <= set(said)


def test_a_pedal_is_drawn_where_there_is_one() -> None:
    pedal = Controllers(
        number=np.array([64, 64]), time=np.array([0.0, 2.0]), value=np.array([127, 0])
    )
    assert "Pedal" not in words(draw((stiff_clip(),), None, title=""))
    picture = draw((stiff_clip(),), (stiff_clip(controllers=pedal),), title="")
    # 8 beats over 1400 px: down at once, up after 350 px, to the end
    (curve,) = classed(picture, "pedal")
    assert curve.get("d") == "M0.00 36H0.00V0.0H350.00V36.0H1400.00V36Z"


def test_a_tempo_that_changes_is_drawn_beside_the_one_before() -> None:
    before, after = stiff_clip(), stiff_clip(tempo=at([0.0, 4.0], [96.0, 108.0]))
    picture = draw((before,), (after,), title="")
    assert {"95 bpm", "120 bpm"} <= set(words(picture))
    assert len(classed(picture, "curve", "tempo")) == 2


def test_a_tempo_that_holds_is_not_drawn() -> None:
    assert "Tempo" not in words(draw((stiff_clip(),), (stiff_clip(),), title=""))


def test_drums_have_names_and_discs() -> None:
    clip = changed(stiff_clip(3, role="drums"), pitch=np.array([36, 38, 42]))
    picture = draw((clip,), None, title="")
    assert {"Kick", "Snare", "Hi-hat closed"} <= set(words(picture))
    assert {one.tag for one in notes(picture, "now")} == {f"{SVG}circle"}


def test_a_piano_has_its_octaves() -> None:
    assert "C4" in words(draw((stiff_clip(),), None, title=""))


def test_bars_and_beats_are_numbered_in_the_metre() -> None:
    said = words(draw((stiff_clip(12, metre=(Metre(0, 6, 8),)),), None, title=""))
    # twelve eighths are two bars of 6/8; 2 is a bar and a beat of each
    assert "2 bars · 6/8" in said
    assert [said.count(str(number)) for number in range(1, 8)] == [1, 3, 2, 2, 2, 2, 0]


def test_beats_are_numbered_from_the_bar_that_a_picture_begins_in() -> None:
    said = words(draw((stiff_clip(16),), None, title="", start=2.0, end=6.0))
    # beats 3 and 4 of bar 1, then bar 2 and its beat 2
    assert [one for one in said if one in "1234"] == ["2", "3", "4", "2"]


def test_a_long_piece_says_which_bars_are_shown() -> None:
    assert "Bars 1\N{EN DASH}16 of 100 · 4/4" in words(
        draw((stiff_clip(length=400.0),), None, title="")
    )


def test_the_busiest_part_is_on_top_and_the_rest_is_counted() -> None:
    clips = tuple(stiff_clip(4 + row, name=f"Part {row}") for row in range(MOST_PANELS + 2))
    said = words(draw(clips, None, title=""))
    names = [one.split("notes")[0] for one in said if one.startswith("Part")]
    assert names == ["Part 5", "Part 4", "Part 3", "Part 2"]
    assert "2 more parts not shown: Part 1, Part 0" in said


def test_the_headline_says_what_changed() -> None:
    after = changed(stiff_clip(), onset=stiff_clip().notes.onset + 0.02)
    said = words(draw((stiff_clip(),), (after,), title="My song"))
    assert said[:2] == ["My song", "16 notes: all moved by 10 ms on average (mostly late)"]


def test_a_name_is_text_whatever_it_holds() -> None:
    clip = stiff_clip(name="<script>alert('x')</script> & \x00\x1b\u202e")
    picture = draw((clip, clip), None, title="\ud800<b>")
    assert "<script" not in picture
    assert {"□<b>", "<script>alert('x')</script> & □□□"} <= {
        one.split("16 notes")[0].strip() for one in words(picture)
    }


@pytest.mark.parametrize("after", [None, (), (stiff_clip(),)])
def test_no_parts_are_a_picture_too(after: tuple[Clip, ...] | None) -> None:
    assert "Nothing" in words(draw((), after, title="Nothing"))


def test_a_clip_without_notes_is_a_picture_too() -> None:
    empty = Clip(Notes(), length=4.0)
    assert not notes(draw((empty,), None, title=""), "now")
    assert len(notes(draw((empty,), (stiff_clip(1),), title=""), "new")) == 1


def test_a_stretch_without_length_is_refused() -> None:
    with pytest.raises(BridgeError, match="allowed are beats after 3"):
        draw((stiff_clip(),), None, title="", start=3.0, end=3.0)


def test_the_same_clips_are_the_same_picture() -> None:
    code = (
        "from tests.clips import stiff_clip; from bridge.picture import page; import hashlib;"
        "picture = page((stiff_clip(),), (stiff_clip(9),), title='x');"
        "print(hashlib.sha256(picture.encode()).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[3],
        ).stdout
        for _ in range(2)
    }
    assert len(runs) == 1


@st.composite
def any_clip(draw_: st.DrawFn) -> Clip:
    count = draw_(st.integers(0, 8))
    rng = np.random.default_rng(draw_(st.integers(0, 2**32)))
    reach = draw_(st.sampled_from([0.001, 8.0, 1e5]))
    tempo_at = np.unique(rng.uniform(0, reach, draw_(st.integers(0, 4))))
    times = np.sort(rng.uniform(0, reach, draw_(st.integers(0, 6))))
    return Clip(
        Notes(
            pitch=rng.integers(0, 128, count),
            onset=rng.uniform(0, reach, count),
            duration=rng.choice([0.0, 1.0, reach], count),
            velocity=rng.uniform(1, 127, count),
            note_id=rng.permutation(100)[:count],
        ),
        length=draw_(st.floats(0.01, 2e4)),
        controllers=Controllers(
            number=np.full(len(times), 64), time=times, value=rng.integers(0, 128, len(times))
        ),
        tempo=Tempo(time=tempo_at, bpm=rng.uniform(1, 900, len(tempo_at))),
        metre=(Metre(0, draw_(st.integers(1, 40)), draw_(st.sampled_from([1, 4, 8]))),),
        role=draw_(st.sampled_from(ROLES)),
        name=draw_(st.text(max_size=40)),
    )


@given(
    st.lists(any_clip(), max_size=2).map(tuple),
    st.none() | st.lists(any_clip(), max_size=2).map(tuple),
    st.text(max_size=20),
)
def test_any_clips_are_well_formed(
    before: tuple[Clip, ...], after: tuple[Clip, ...] | None, title: str
) -> None:
    assert elements(draw(before, after, title=title))
