import struct
import subprocess
import sys

import pytest

from bridge.error import BridgeError
from bridge.picture import draw, png
from tests.clips import stiff_clip

FRAME = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 20">{}</svg>'


def written(words: str) -> bytes:
    return png(FRAME.format(f'<text y="15" font-family="Inter">{words}</text>'), 200)


def test_a_picture_is_as_wide_as_asked() -> None:
    content = png(draw((stiff_clip(),), None, title="x"), 640)
    # width and height follow the signature and the head of the first chunk (PNG, 11.2.1)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", content[16:20]) == (640,)


def test_the_same_picture_is_the_same_bytes() -> None:
    picture = draw((stiff_clip(),), (stiff_clip(9),), title="x")
    assert png(picture, 400) == png(picture, 400)


def test_letters_are_drawn() -> None:
    assert written("Dvořák") != written("Dvorak") != written("")


def test_both_weights_are_there() -> None:
    assert written("bold") != written('<tspan font-weight="600">bold</tspan>')


def test_letters_without_a_shape_become_boxes() -> None:
    assert written("\N{CJK UNIFIED IDEOGRAPH-65E5}") == written("\N{WHITE SQUARE}") != written("")


@pytest.mark.parametrize("width", [63, 8193])
def test_a_width_out_of_range_is_refused(width: int) -> None:
    with pytest.raises(BridgeError, match=f"width is {width}, allowed are 64 to 8192 px"):
        png(FRAME.format(""), width)


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(BridgeError, match="the picture cannot be drawn"):
        png("no picture", 200)


def test_the_drawing_library_is_loaded_only_for_a_png() -> None:
    code = "import sys, bridge.picture; print('resvg_py' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
