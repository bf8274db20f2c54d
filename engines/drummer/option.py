"""Declare the dials of whoever plays the drums; other parts take no notice of them."""

from typing import Annotated

from engines.drummer.page import Player, Style
from engines.option import dial, note

StyleOption = Annotated[Style, note("drums: the style that the drummer thinks of")]
DrummerOption = Annotated[Player, note("drums: whose playing, of those that were learned from")]

Ghosts = Annotated[float, dial(0.25, 2, "drums: how loud ghost notes are, 1 as the drummer's")]
Accents = Annotated[
    float, dial(0, 2, "drums: how far strokes differ from each other, 1 as the drummer's")
]

Tightness = Annotated[
    float,
    dial(0, 1, "drums: how much of the drummer's timing is taken back; 1 leaves drift and pushes"),
]
VoicePush = Annotated[
    float, dial(-50, 50, "drums: the same for one part of the kit, on top of push", "ms")
]
