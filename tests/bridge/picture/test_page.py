import base64
import hashlib
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from bridge.picture import page
from bridge.picture.document import MOST_PANELS
from engines import Clip
from tests.clips import stiff_clip

VOID = {"meta", "input"}


class Reader(HTMLParser):
    """Collect a page's elements and text, and refuse one that is closed out of order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def tips(self) -> list[str]:
        return [str(attrs["data-tip"]) for _, attrs in self.elements if "data-tip" in attrs]

    def ids(self) -> set[str]:
        return {str(attrs["id"]) for _, attrs in self.elements if "id" in attrs}


def humanized() -> tuple[tuple[Clip, ...], tuple[Clip, ...]]:
    before = stiff_clip(3)
    notes = before.notes.replace(
        onset=np.array([0.02, 0.5, 0.96]),
        velocity=np.array([93.0, 80.0, 60.0]),
        duration=np.array([0.4, 0.5, 0.5]),
    )
    return (before,), (before.replace(notes=notes),)


def test_a_page_closes_what_it_opens() -> None:
    assert Reader(page(*humanized(), title="x")).open == []


def test_a_page_asks_for_nothing_from_elsewhere() -> None:
    text = page(*humanized(), title="x")
    assert not re.search(r"https?:|//\w|url\(|@import|<link|<img|\bsrc=|\bhref=", text)


def test_a_page_runs_its_own_script_and_no_other() -> None:
    text = page(*humanized(), title="x")
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text


def test_a_title_is_text_whatever_it_holds() -> None:
    clip = stiff_clip(name="</svg><script>1</script>")
    reader = Reader(page((clip, clip), None, title="</title><script>alert(1)</script>${script}"))
    assert [tag for tag, _ in reader.elements].count("script") == 1
    assert "</title><script>alert(1)</script>${script}" in reader.words


def test_each_note_says_what_became_of_it() -> None:
    assert Reader(page(*humanized(), title="x")).tips() == [
        # 0.02 and 0.04 beats at 120 bpm last 10 and 20 ms
        "C4 · bar 1, beat 1.02 · velocity 80 → 93 · 10.0 ms late · length 0.50 → 0.40 beats",
        "C#4 · bar 1, beat 1.50 · velocity 80 · not moved · length 0.50 beats",
        "D4 · bar 1, beat 1.96 · velocity 80 → 60 · 20.0 ms early · length 0.50 beats",
    ]


def test_notes_that_came_and_went_say_so() -> None:
    clip = stiff_clip(1)
    other = clip.replace(notes=clip.notes.replace(note_id=np.array([5]), pitch=np.array([72])))
    assert Reader(page((clip,), (other,), title="x")).tips() == [
        "C4 · removed",
        "C5 · bar 1, beat 1.00 · velocity 80 · added · length 0.50 beats",
    ]


def test_a_note_of_one_version_is_told_against_the_grid() -> None:
    assert Reader(page((stiff_clip(1),), None, title="x")).tips() == [
        "C4 · bar 1, beat 1.00 · velocity 80 · on the grid · length 0.50 beats"
    ]


def test_music_beside_every_grid_is_not_called_late() -> None:
    clip = stiff_clip(1)
    free = clip.replace(notes=clip.notes.replace(onset=np.array([1 / 6])))
    assert Reader(page((free,), None, title="x")).tips() == [
        "C4 · bar 1, beat 1.17 · velocity 80 · length 0.50 beats"
    ]


def test_before_and_after_can_be_looked_at_alone() -> None:
    inputs = [attrs for tag, attrs in Reader(page(*humanized(), title="x")).elements]
    assert [attrs["value"] for attrs in inputs if "value" in attrs] == ["both", "before", "after"]


def test_one_version_has_nothing_to_choose() -> None:
    reader = Reader(page((stiff_clip(),), None, title="x"))
    assert "input" not in [tag for tag, _ in reader.elements]


def test_the_script_finds_what_it_looks_for() -> None:
    text = page(*humanized(), title="x")
    wanted = set(re.findall(r'getElementById\("(\w+)"\)', text))
    assert wanted == {"music", "axis", "plot", "tip", "in", "out", "fit"}
    assert wanted <= Reader(text).ids()


def test_a_page_shows_all_of_a_long_piece() -> None:
    notes = 800
    # a picture would stop after 220 notes
    assert len(Reader(page((stiff_clip(notes),), None, title="x")).tips()) == notes


def test_a_page_grows_with_the_music() -> None:
    widths = [
        float(str(attrs["width"]))
        for text in (page((stiff_clip(n),), None, title="x") for n in (16, 800))
        for _, attrs in Reader(text).elements
        if attrs.get("id") == "plot"
    ]
    # 400 beats, of which a picture shows 64 at most
    assert widths[1] / widths[0] == pytest.approx(400 / 64)


def test_a_page_counts_the_parts_it_leaves_out() -> None:
    clips = tuple(stiff_clip(2, name=f"P{row}") for row in range(MOST_PANELS + 1))
    words = Reader(page(clips, None, title="x")).words
    assert f"1 more part not shown: P{MOST_PANELS}" in words


def test_no_parts_are_a_page_too() -> None:
    assert Reader(page((), None, title="Nothing")).open == []
