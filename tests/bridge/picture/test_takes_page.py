import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.error import BridgeError
from bridge.picture import SoundFile, Take, takes_page
from tests.bridge.picture.clicks import BEATS, FREE, clicks, clip, mp3
from tests.bridge.picture.test_page import Reader
from tests.bridge.picture.visit import Visit

Visitor = Callable[..., Visit]

SEEDS = (17, 4)

NEAR = 0.02
"""How far the beat of a click may be from a whole one: 10 ms at two beats a second."""


def midi(seed: int) -> bytes:
    """Return bytes of every kind: they are saved as they are."""
    return b"MThd" + bytes(range(256)) * seed


def choice(*, seeds: tuple[int, ...] = SEEDS, written: bool = True) -> str:
    """Return a page of takes in the free tempo, of a piece in the steady one."""
    sound = mp3(clicks(FREE, 2000.0))
    takes = [Take(seed=seed, clips=(clip(FREE),), file=sound, midi=midi(seed)) for seed in seeds]
    first = mp3(clicks()) if written else None
    return takes_page((clip(),), takes, title="Clicks", stem="song", written=first)


def silent_choice(takes: int) -> str:
    nothing = SoundFile(content=b"", frames=1, sample_rate=48_000)
    row = [Take(seed=n, clips=(clip(),), file=nothing, midi=b"") for n in range(takes)]
    return takes_page((clip(),), row, title="x", stem="x")


def test_a_page_of_takes_closes_what_it_opens() -> None:
    assert Reader(choice()).open == []


def test_a_page_of_takes_has_all_it_looks_for() -> None:
    text = choice()
    wanted = set(re.findall(r'getElementById\("([\w-]+)"\)', text)) - {"blind"}
    assert {name for name in wanted if f'id="{name}"' not in text} == set()


def test_each_take_says_its_seed_and_what_changed() -> None:
    words = Reader(choice()).words
    assert {"seed 17", "seed 4"} <= set(words)
    assert words.count(f"{2 * BEATS} notes: tempo 75\N{EN DASH}160 bpm instead of 120") == 2


def test_takes_behind_the_ninth_have_no_key() -> None:
    keys = re.findall('name="heard"[^>]*><kbd>(.*?)</kbd>', silent_choice(11))
    assert keys == [*"123456789", "", ""]


def test_no_takes_are_refused() -> None:
    with pytest.raises(BridgeError, match="takes is empty, allowed are one or more"):
        silent_choice(0)


def test_the_first_take_is_chosen_and_drawn(visit: Visitor) -> None:
    here = visit(choice())
    assert here.page.inner_text("#takes li:has(:checked) b") == "Take 1"
    assert here.tell("transport.player.heard.name") == "Take 1"
    # only takes have another tempo than what was written
    assert here.page.locator("#music .tempo.now").count() == 1


def test_a_key_chooses_what_is_heard_and_drawn(visit: Visitor) -> None:
    here = visit(choice())
    for key, name, curves in (("2", "Take 2", 1), ("w", "As written", 0), ("1", "Take 1", 1)):
        here.page.keyboard.press(key)
        assert here.tell("transport.player.heard.name") == name
        assert here.page.inner_text("#takes li:has(:checked) b") == name
        assert here.page.locator("#music .tempo.now").count() == curves


def test_a_key_goes_back_to_what_was_heard_before(visit: Visitor) -> None:
    here = visit(choice())
    here.page.keyboard.press("2")
    here.page.keyboard.press("w")
    here.page.keyboard.press("x")
    assert here.tell("transport.player.heard.name") == "Take 2"


def test_another_take_is_drawn_as_wide_and_as_far_scrolled(visit: Visitor) -> None:
    here = visit(choice())
    for _ in range(4):
        here.page.click("#in")
    state = "[plot.getBoundingClientRect().width, music.scrollLeft]"
    before = here.tell(state)
    here.page.keyboard.press("w")
    assert here.tell(state) == before


def test_takes_are_heard_from_the_same_beat(visit: Visitor) -> None:
    here = visit(choice(), bypass_csp=True)
    here.listen()
    here.play()
    for key in ("2", "w", "1"):
        here.between_beats()
        here.page.keyboard.press(key)
        beats = [beat for _, beat in here.heard(2)]
        assert beats == pytest.approx([round(beat) for beat in beats], abs=NEAR)


@pytest.mark.parametrize("row", [0, 1])
def test_a_take_is_saved_as_it_was_given(visit: Visitor, tmp_path: Path, row: int) -> None:
    here = visit(choice())
    with here.page.expect_download() as download:
        here.page.locator(".save").nth(row).click()
    saved = tmp_path / "saved.mid"
    download.value.save_as(saved)
    assert download.value.suggested_filename == f"song-{SEEDS[row]}.mid"
    assert saved.read_bytes() == midi(SEEDS[row])
    assert here.complaints == []


def test_a_take_can_be_starred(visit: Visitor) -> None:
    here = visit(choice())
    here.page.keyboard.press("2")
    here.page.keyboard.press("s")
    assert here.page.locator(".starred b").all_text_contents() == ["Take 2"]


def test_stars_are_there_when_the_page_is_opened_again(visit: Visitor) -> None:
    here = visit(choice())
    here.page.keyboard.press("2")
    here.page.keyboard.press("s")
    here.page.reload()
    assert here.page.locator(".starred b").all_text_contents() == ["Take 2"]
    here.page.locator(".star").nth(1).click()
    here.page.reload()
    assert here.page.locator(".starred").count() == 0
    assert here.tell("localStorage.length") == 0


def test_other_takes_have_stars_of_their_own(visit: Visitor) -> None:
    visit(choice()).page.locator(".star").first.click()
    assert visit(choice(seeds=(17, 5))).page.locator(".starred").count() == 0


@pytest.mark.parametrize(
    "storage",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })",
        "Storage.prototype.getItem = () => 'no JSON'",
        "Storage.prototype.getItem = () => '{}'",
    ],
    ids=["refused", "junk", "else"],
)
def test_stars_that_cannot_be_kept_shine_all_the_same(visit: Visitor, storage: str) -> None:
    here = visit(choice(), first=storage)
    here.page.locator(".star").first.click()
    assert here.page.locator(".starred b").all_text_contents() == ["Take 1"]
    assert here.complaints == []


def test_takes_of_what_cannot_be_heard_are_played_too(visit: Visitor) -> None:
    here = visit(choice(written=False), bypass_csp=True)
    here.listen()
    here.play()
    assert here.heard(1, first=0)[0][1] == pytest.approx(0, abs=NEAR)


def test_takes_ask_for_nothing(visit: Visitor) -> None:
    here = visit(choice())
    here.play()
    here.page.keyboard.press("2")
    here.until("transport.player.place() > 1")
    assert [url for url in here.asked if not url.startswith("file:")] == []
    assert here.complaints == []


def test_takes_are_drawn_where_they_cannot_be_heard(visit: Visitor) -> None:
    here = visit(choice(), first="delete window.AudioContext")
    here.page.click("#takes li:first-child label")
    assert here.page.locator("#music .tempo.now").count() == 0
    assert here.complaints == []
