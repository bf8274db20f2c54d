"""Name the genres that drummers were heard to play in."""

from typing import Literal

Genre = Literal[
    "afrobeat",
    "afrocuban",
    "blues",
    "country",
    "dance",
    "funk",
    "gospel",
    "highlife",
    "hiphop",
    "jazz",
    "latin",
    "middleeastern",
    "neworleans",
    "pop",
    "punk",
    "reggae",
    "rock",
    "soul",
]
"""The genres of the Groove MIDI Dataset."""
