"""Declare the options that all engines have which write drums."""

from typing import Annotated

from engines.option import dial, note
from engines.writer.view import Styles

Density = Annotated[float, dial(0.25, 2, "how many strokes, 1 as many as drummers play there")]
Temperature = Annotated[
    float, dial(0, 2, "0 writes the likeliest, 1 as drummers vary, more strays farther")
]
Style = Annotated[Styles, note("the genre; auto leaves it to the clip")]
