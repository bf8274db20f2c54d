"""What every note number plays."""

import numpy as np
import pytest

from engines.clip import Clip, Notes, Pad
from engines.kit import KICK, STROKES, UNMAPPED, VOICES, Group, kit_of, unmapped_sentence


def a_clip(*pads: tuple[int, str]) -> Clip:
    return Clip(Notes(), length=4.0, pads=tuple(Pad(pitch, name) for pitch, name in pads))


def voice_of(note: int, *pads: tuple[int, str]) -> str:
    voice = kit_of(a_clip(*pads)).voice[note]
    return VOICES[voice] if voice != UNMAPPED else "none"


@pytest.mark.parametrize(
    ("voice", "notes"),
    {
        # the reduction of the Groove MIDI Dataset's notes of the Roland TD-11
        "kick": (35, 36),
        "snare": (37, 38, 40),
        "high tom": (48, 50),
        "mid tom": (45, 47),
        "low tom": (41, 43, 58),
        "closed hat": (22, 42, 44),
        "open hat": (26, 46),
        "crash": (49, 52, 55, 57),
        "ride": (51, 53, 59),
        "none": (0, 21, 34, 83, 127),
    }.items(),
)
def test_a_kit_plays_its_notes(voice: str, notes: tuple[int, ...]) -> None:
    assert {voice_of(note) for note in notes} == {voice}


def test_all_of_general_midi_is_mapped() -> None:
    assert (kit_of(a_clip()).voice[35:82] != UNMAPPED).all()


def test_each_note_number_is_of_one_stroke() -> None:
    notes = [note for stroke in STROKES for note in stroke.notes]
    assert sorted(set(notes)) == sorted(notes)


def test_each_voice_is_the_name_of_a_stroke_of_it() -> None:
    strokes = {stroke.name: stroke.voice for stroke in STROKES}
    assert [strokes[voice] for voice in VOICES] == list(range(len(VOICES)))


def test_strokes_fall_into_groups_that_rules_play_alike() -> None:
    # bass drum, snare, side stick, low tom, open and pedal hi-hat, ride, crash, low conga
    notes = [36, 40, 37, 45, 46, 44, 51, 49, 64]
    expected = ["KICK", "SNARE", "SIDE", "TOM", "HAT", "PEDAL", "RIDE", "CRASH", "HAND"]
    assert [Group(group).name for group in kit_of(a_clip()).group[notes]] == expected


def test_what_is_unmapped_is_played_as_by_hand() -> None:
    kit = kit_of(a_clip())
    assert (kit.group[kit.voice == UNMAPPED] == Group.HAND).all()


def test_a_pad_that_is_called_as_a_voice_plays_it() -> None:
    assert voice_of(60, (60, "Kick"), (61, "open hat")) == "kick"


def test_a_kit_is_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        kit_of(a_clip()).voice[60] = KICK


def test_tables_have_a_row_for_each_note_number() -> None:
    kit = kit_of(a_clip((127, "ride bell")))
    assert [(table.shape, table.dtype) for table in kit] == [((128,), np.dtype(np.int8))] * 2


def played(*pitches: int, name: str = "drums", pads: tuple[Pad, ...] = ()) -> Clip:
    count = len(pitches)
    notes = Notes(pitch=np.array(pitches), onset=np.arange(count), duration=np.ones(count))
    return Clip(notes, length=max(count, 1), name=name, pads=pads)


def test_notes_that_play_no_voice_are_counted_and_named() -> None:
    assert unmapped_sentence(played(36, 84, 13, 84)) == (
        "track drums: 3 notes of 13 (C#0), 84 (C6) are on no voice of the kit and pass untouched;"
        " name their pads, such as 13=snare"
    )


def test_one_note_that_plays_no_voice_is_told_of_as_one() -> None:
    assert unmapped_sentence(played(90, name="\x07")) == (
        "track without a name: 1 note of 90 (F#6) is on no voice of the kit and passes untouched;"
        " name their pads, such as 90=snare"
    )


def test_many_note_numbers_are_told_in_short() -> None:
    assert ", 88 (E6) and 9 more are on" in unmapped_sentence(played(*range(83, 98)))


@pytest.mark.parametrize("clip", [played(), played(36, 38, 82)])
def test_nothing_is_said_of_notes_that_play_voices(clip: Clip) -> None:
    assert unmapped_sentence(clip) == ""


def test_a_pad_that_has_a_name_mends_it() -> None:
    assert unmapped_sentence(played(90, pads=(Pad(90, "snare"),))) == ""
