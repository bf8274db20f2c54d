from collections.abc import Callable

import pytest

from tests.bridge.picture.clicks import BEATS, click_page
from tests.bridge.picture.visit import Visit

Visitor = Callable[..., Visit]


def test_a_bar_is_one_arrow_further(visit: Visitor) -> None:
    here = visit(click_page())
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        here.page.keyboard.press(key)
    # four quarter notes a bar
    assert here.place() == 8
    assert here.page.text_content("#place") == "3.1.00"


@pytest.mark.parametrize("control", ["#volume", ".volume", ".heard label:last-child", "#loop"])
def test_what_was_pressed_leaves_the_keys_to_the_page(visit: Visitor, control: str) -> None:
    here = visit(click_page())
    here.page.click(control, position={"x": 8, "y": 8})
    here.page.keyboard.press("ArrowRight")
    # four quarter notes a bar
    assert here.place() == 4
    here.page.keyboard.press(" ")
    here.until("transport.player.playing")


@pytest.mark.parametrize("control", ["#volume", ".heard input:checked", "#loop"])
def test_space_plays_whatever_has_the_focus(visit: Visitor, control: str) -> None:
    here = visit(click_page())
    here.page.focus(control)
    here.page.keyboard.press(" ")
    here.until("transport.player.playing")
    assert here.tell("transport.player.loop") is None


def test_arrows_move_a_slider_that_was_reached_by_keys(visit: Visitor) -> None:
    here = visit(click_page())
    here.page.focus("#volume")
    here.page.keyboard.press("ArrowLeft")
    assert here.page.input_value("#volume") == "0.99"
    assert here.place() == 0


def test_what_is_typed_into_a_field_is_no_order(visit: Visitor) -> None:
    here = visit(click_page())
    here.tell("document.body.appendChild(document.createElement('textarea')).focus()")
    here.page.keyboard.type("b l")
    assert here.page.input_value("textarea") == "b l"
    assert here.tell("transport.player.heard.name") == "Before"
    assert here.tell("transport.player.loop") is None


def test_home_and_end_go_to_the_ends(visit: Visitor) -> None:
    here = visit(click_page())
    here.page.keyboard.press("End")
    assert here.place() == BEATS
    here.page.keyboard.press("Home")
    assert here.place() == 0
