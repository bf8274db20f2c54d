"""Draw what happened to clips: as SVG, as a page that works offline, as PNG, and in a sentence."""

from bridge.picture.change import Change, describe, sentence, summary
from bridge.picture.chart import draw
from bridge.picture.listening import Listening, SoundFile
from bridge.picture.page import page
from bridge.picture.png import png
from bridge.picture.takes import Take, takes_page

__all__ = [
    "Change",
    "Listening",
    "SoundFile",
    "Take",
    "describe",
    "draw",
    "page",
    "png",
    "sentence",
    "summary",
    "takes_page",
]
