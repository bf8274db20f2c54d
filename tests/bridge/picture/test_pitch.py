import pytest

from bridge.picture.pitch import DRUMS, drum_name, drum_place, pitch_name
from engines import Key

MINOR = (0, 2, 3, 5, 7, 8, 10)


@pytest.mark.parametrize(
    ("pitch", "key", "name"),
    [
        (60, None, "C4"),
        (0, None, "C-1"),
        (127, None, "G9"),
        (70, None, "A#4"),
        (70, Key(5), "Bb4"),  # F major
        (70, Key(2, MINOR), "Bb4"),  # D minor has the notes of F major
        (66, Key(4, MINOR), "F#4"),  # E minor those of G major
    ],
)
def test_a_pitch_is_spelled_as_its_key_is(pitch: int, key: Key | None, name: str) -> None:
    assert pitch_name(pitch, key) == name


def test_no_two_drums_share_a_name() -> None:
    assert len({drum_name(pitch) for pitch in range(128)}) == 128


def test_the_kick_stands_below_the_snare_and_that_below_the_cymbals() -> None:
    assert drum_place(36) < drum_place(38) < drum_place(42) < drum_place(49)


def test_a_drum_that_the_kit_does_not_know_stands_on_top() -> None:
    assert drum_place(1) > max(drum_place(pitch) for pitch in DRUMS)
