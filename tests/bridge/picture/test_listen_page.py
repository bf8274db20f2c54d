import re
from collections.abc import Callable

import numpy as np
import pytest

from bridge.picture import Listening, SoundFile, page
from engines import Tempo
from tests.bridge.picture.clicks import BEATS, FREE, STEADY, click_page, clicks, clip, mp3
from tests.bridge.picture.visit import Visit

NEAR_S = 0.005
"""How far a click may be from its beat: MP3 smears what is sudden by a millisecond or two."""

KEPT_S = 0.02
"""How far the place may jump when another version is heard."""

Visitor = Callable[..., Visit]


def off_beat_s(heard: list[tuple[float, float]], tempo: Tempo) -> float:
    """Return how far at most the beats of clicks are from whole ones, in seconds."""
    beats = np.array([beat for _, beat in heard])
    return float(np.abs(tempo.seconds(beats) - tempo.seconds(np.round(beats))).max())


def largest_jump_s(places: list[tuple[float, float]], tempi: tuple[Tempo, Tempo]) -> float:
    """Return the largest step of the place beyond what time went by between two looks.

    A look in which the version changes may have gone by either tempo.
    """
    time, beat = np.array(places).T
    steps = [np.abs(np.diff(tempo.seconds(beat)) - np.diff(time)) for tempo in tempi]
    return float(np.minimum(*steps).max())


@pytest.mark.parametrize("version", [0, 1])
def test_what_is_decoded_begins_where_it_was_recorded(visit: Visitor, version: int) -> None:
    here = visit(click_page(FREE))
    wanted = (STEADY, FREE)[version].seconds(np.arange(BEATS))
    assert np.abs(np.array(here.onsets(version)) - wanted).max() < NEAR_S


def test_an_encoders_silence_that_was_decoded_is_left_out(visit: Visitor) -> None:
    whole = mp3(clicks())
    # without its first frame the file does not say how much silence the encoder put before
    length = whole.content.index(whole.content[:2], 4)
    told = SoundFile(content=whole.content[length:], frames=whole.frames, sample_rate=48_000)
    here = visit(page((clip(),), None, title="x", sound=Listening(before=told)))
    onsets = here.onsets(0)
    assert here.tell("transport.recordings[0].lead") > 0
    assert np.abs(np.array(onsets) - STEADY.seconds(np.arange(BEATS))).max() < NEAR_S


@pytest.mark.parametrize("tempo", [STEADY, FREE], ids=["steady", "free"])
def test_the_head_is_where_the_sound_is(visit: Visitor, tempo: Tempo) -> None:
    here = visit(click_page(tempo), bypass_csp=True)
    here.page.keyboard.press("b")
    here.listen()
    here.play()
    assert off_beat_s(here.heard(5), tempo) < NEAR_S


@pytest.mark.parametrize("tempo", [STEADY, FREE], ids=["steady", "free"])
def test_another_version_is_heard_from_the_same_beat(visit: Visitor, tempo: Tempo) -> None:
    here = visit(click_page(tempo), bypass_csp=True)
    here.listen()
    here.play()
    here.heard(4)
    here.watch()
    here.between_beats()
    here.page.keyboard.press("x")
    assert off_beat_s(here.heard(3), tempo) < NEAR_S
    here.between_beats()
    here.page.keyboard.press("x")
    assert off_beat_s(here.heard(3), STEADY) < NEAR_S
    assert largest_jump_s(here.tell("places"), (STEADY, tempo)) < KEPT_S


def test_a_pause_holds_the_place(visit: Visitor) -> None:
    here = visit(click_page())
    here.play()
    here.until("transport.player.place() > 1")
    here.page.keyboard.press(" ")
    held = here.place()
    assert not here.tell("transport.player.playing")
    here.page.keyboard.press(" ")
    here.until("transport.player.span?.when < transport.player.now")
    began = here.tell("transport.player.span.recording.beat(transport.player.span.second)")
    assert began == pytest.approx(held, abs=2 * KEPT_S)  # two beats a second


def test_a_click_on_the_music_goes_there(visit: Visitor) -> None:
    here = visit(click_page())
    box = here.page.locator("#plot").bounding_box()
    assert box
    # the page shows BEATS beats over the width of the plot
    here.page.mouse.click(box["x"] + box["width"] / BEATS * 5, box["y"] + 90)
    here.until("transport.player.place() > 0")
    assert here.place() == pytest.approx(5, abs=0.05)


def test_the_head_is_drawn_over_its_beat(visit: Visitor) -> None:
    here = visit(click_page())
    here.tell("transport.seek(8)")
    here.until("transport.player.place() === 8")
    head, plot = (here.page.locator(name).bounding_box() for name in ("#head", "#plot"))
    assert head
    assert plot
    middle = head["x"] + head["width"] / 2
    assert middle == pytest.approx(plot["x"] + plot["width"] * 8 / BEATS, abs=1)


def test_the_music_follows_the_head(visit: Visitor) -> None:
    here = visit(click_page())
    for _ in range(6):
        here.page.click("#in")
    here.tell("transport.seek(0)")
    edge = here.tell("Math.floor(transport.score.shown[1])")
    here.tell(f"transport.seek({edge} - 1)")
    here.play()
    here.until(f"transport.player.place() > {edge} + 0.5")
    first, last = here.tell("transport.score.shown")
    assert first < here.place() < last


def test_whoever_scrolls_away_is_left_there(visit: Visitor) -> None:
    here = visit(click_page())
    for _ in range(6):
        here.page.click("#in")
    here.play()
    here.tell("music.scrollLeft = music.scrollWidth")
    there = here.tell("music.scrollLeft")
    here.until("transport.player.place() > 1")
    assert here.tell("music.scrollLeft") == there


def test_a_stretch_is_played_again_and_again(visit: Visitor) -> None:
    here = visit(click_page(), bypass_csp=True)
    here.listen()
    here.tell("transport.player.repeat([4, 6])")
    here.play()
    beats = [round(beat) for _, beat in here.heard(5, first=0)]
    assert beats == [4, 5, 4, 5, 4]


def test_a_drag_over_the_music_chooses_the_stretch(visit: Visitor) -> None:
    here = visit(click_page())
    box = here.page.locator("#plot").bounding_box()
    assert box
    beat = box["width"] / BEATS
    here.page.mouse.move(box["x"] + beat * 9, box["y"] + 90)
    here.page.mouse.down()
    here.page.mouse.move(box["x"] + beat * 3, box["y"] + 90)
    here.page.mouse.up()
    assert here.tell("transport.player.loop") == pytest.approx([3, 9], abs=0.1)


def test_a_click_on_the_waveform_goes_there(visit: Visitor) -> None:
    here = visit(click_page())
    box = here.page.locator("#overview").bounding_box()
    assert box
    here.page.mouse.click(box["x"] + box["width"] / 4, box["y"] + 20)
    here.until("transport.player.place() > 0")
    assert here.place() == pytest.approx(BEATS / 4, abs=0.1)


def test_a_page_about_a_stretch_plays_no_further(visit: Visitor) -> None:
    sound = Listening(before=mp3(clicks()))
    text = page((clip(),), None, title="x", start=4.0, end=6.0, sound=sound)
    here = visit(text, bypass_csp=True)
    here.listen()
    here.play()
    here.until("!transport.player.playing")
    assert {round(beat) for _, beat in here.tell("onsets")} == {4, 5}
    assert here.place() == 4


def test_recordings_heard_longest_ago_make_room(visit: Visitor) -> None:
    here = visit(click_page())
    # half of what is kept each: a third one takes the place of the first
    forgotten = here.tell(
        """(() => {
          const gone = [];
          const row = ["a", "b", "c"].map((name) => ({
            frames: DECODED * 0.5, load: () => {}, forget: () => gone.push(name),
          }));
          const shelf = new Shelf(row);
          row.forEach((one) => shelf.load(one));
          return gone;
        })()"""
    )
    assert forgotten == ["a"]


@pytest.mark.parametrize(("frames", "decoded"), [("UNASKED", "ab"), ("UNASKED / 3.5", "abc")])
def test_two_recordings_and_more_short_ones_are_decoded_unasked(
    visit: Visitor, frames: str, decoded: str
) -> None:
    here = visit(click_page())
    loaded = here.tell(
        f"""(async () => {{
          const loaded = [];
          await new Shelf(["a", "b", "c", "d"].map((name) => ({{
            frames: {frames} + 1, load: () => loaded.push(name),
          }}))).warm();
          return loaded;
        }})()"""
    )
    assert "".join(loaded) == decoded


def test_a_recording_that_is_being_decoded_is_measured_once(visit: Visitor) -> None:
    here = visit(click_page())
    asked = here.tell(
        """(() => {
          let asked = 0;
          const slow = { asked: true, load: () => { asked += 1; return new Promise(() => {}); } };
          for (let frame = 0; frame < 9; frame += 1) transport.overview.loudest(slow, 100);
          return asked;
        })()"""
    )
    assert asked == 1


def test_what_is_on_the_right_alone_is_drawn_too(visit: Visitor) -> None:
    sound = clicks()
    sound[:, 0] = 0
    here = visit(page((clip(),), None, title="x", sound=Listening(before=mp3(sound))))
    here.until("transport.overview.peaks.has(transport.player.heard)")
    assert here.tell("Math.max(...transport.overview.peaks.get(transport.player.heard))") > 0.3


def test_nothing_is_asked_for_and_nothing_goes_wrong(visit: Visitor) -> None:
    here = visit(click_page(FREE))
    here.play()
    here.page.keyboard.press("x")
    here.until("transport.player.place() > 1")
    assert [url for url in here.asked if not url.startswith("file:")] == []
    assert here.complaints == []


def test_a_blind_test_tells_at_the_end_which_was_which(visit: Visitor) -> None:
    here = visit(click_page())
    here.page.click("#blind")
    assert here.page.locator(".heard span").all_text_contents() == ["1", "2"]
    here.page.keyboard.press("b")
    heard = here.tell("transport.player.heard.name")
    here.page.click("#blind")
    told = here.page.text_content("#told")
    assert told
    assert f"2 was {heard.lower()}" in told
    assert here.page.locator(".heard span").all_text_contents() == ["Before", "After"]


def test_a_blind_test_begins_in_silence_at_the_start(visit: Visitor) -> None:
    here = visit(click_page())
    here.play()
    here.until("transport.player.place() > 1")
    here.page.click("#blind")
    assert not here.tell("transport.player.playing")
    assert here.place() == 0


def test_a_blind_test_of_a_stretch_begins_at_its_start(visit: Visitor) -> None:
    here = visit(click_page())
    here.tell("transport.player.repeat([4, 6])")
    here.play()
    here.page.click("#blind")
    assert not here.tell("transport.player.playing")
    assert here.place() == 4
    assert here.tell("transport.player.loop") == [4, 6]


def test_a_blind_test_hides_what_lengths_would_tell(visit: Visitor) -> None:
    here = visit(click_page(FREE))
    here.page.click("#blind")
    assert not here.page.is_visible("#time")
    here.page.click("#blind")
    assert here.page.is_visible("#time")


def test_a_browser_without_web_audio_says_so_and_draws_the_music(visit: Visitor) -> None:
    here = visit(click_page(), first="delete window.AudioContext")
    assert "no Web Audio" in here.page.inner_text("#trouble")
    assert here.page.locator("#plot .note").count() > 0
    assert here.complaints == []


def test_sound_that_cannot_be_decoded_is_said_to_be_so(visit: Visitor) -> None:
    broken = SoundFile(content=b"no sound", frames=1, sample_rate=48_000)
    here = visit(page((clip(),), None, title="x", sound=Listening(before=broken)))
    here.page.wait_for_selector("#trouble:visible")
    assert here.page.inner_text("#trouble") == "This browser cannot decode the sound of “Before”."


def test_the_level_of_both_is_told() -> None:
    assert "both at \N{MINUS SIGN}16 LUFS" in click_page()


def test_the_script_finds_what_it_looks_for() -> None:
    text = click_page()
    wanted = set(re.findall(r'getElementById\("(\w+)"\)', text))
    assert {name for name in wanted if f'id="{name}"' not in text} == set()


def test_a_drag_over_the_music_selects_no_text(visit: Visitor) -> None:
    here = visit(click_page())
    box = here.page.locator("#plot").bounding_box()
    assert box
    here.page.mouse.move(box["x"] + 20, box["y"] + 36)
    here.page.mouse.down()
    here.page.mouse.move(box["x"] + 400, box["y"] + 90)
    here.page.mouse.up()
    assert here.tell("transport.player.loop") is not None
    assert here.tell("getSelection().toString()") == ""


def test_the_waveform_takes_the_colours_of_the_night_at_once(visit: Visitor) -> None:
    here = visit(click_page(), color_scheme="light")
    # the strip of what can be seen lies behind the upper left corner
    corner = "overview.getContext('2d').getImageData(8, 1, 1, 1).data.join()"
    assert here.tell(corner) == "238,241,245,255"
    here.page.emulate_media(color_scheme="dark")
    here.until(f"{corner} === '31,35,43,255'")


def test_the_head_lies_over_the_panels_and_no_words(visit: Visitor) -> None:
    sound = Listening(before=mp3(clicks()))
    here = visit(page((clip(), clip()), None, title="x", sound=sound))
    top = here.tell("plot.getBoundingClientRect().y")
    panels = here.tell("JSON.parse(plot.dataset.panels)")
    for row, (start, end) in enumerate(panels):
        heading, lane = (
            here.tell(f"document.querySelectorAll('{name}')[{row}].getBoundingClientRect().bottom")
            for name in ("#axis .t-part", "#axis .t-lane")
        )
        assert heading <= top + start < lane < top + end
    assert panels[0][1] < panels[1][0]
    assert f"transparent {panels[1][0]:g}px" in here.tell("head.style.background")


def test_a_narrow_page_has_its_volume(visit: Visitor) -> None:
    here = visit(click_page(), viewport={"width": 420, "height": 800})
    box = here.page.locator("#volume").bounding_box()
    assert box
    assert 0 <= box["x"] < box["x"] + box["width"] <= 420
    assert here.tell("document.documentElement.scrollWidth") == 420
