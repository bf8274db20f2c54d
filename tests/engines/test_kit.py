"""What every note number plays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.clip import Clip, Notes, Pad
from engines.features import Features
from engines.kit import (
    KICK,
    STROKES,
    UNMAPPED,
    VOICES,
    Group,
    Stroke,
    kit_of,
    unmapped_sentence,
)
from engines.pad_name import CLUES, NO_STROKE, Clue


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


KNOWN = {
    "kick": (
        "Kick 808", "Kick-808", "KICK_01", "BD", "909 BD", "Bass Drum", "BassDrum 1", "KickDrum",
        "Acoustic Bass Drum", "kd", "Sub Kick", "Cajon Bass",
    ),
    "snare": (
        "SD", "Snr", "Snare 909 1", "SnareDrum", "SD 75 C", "Electric Snare", "E-Snare",
        "Snare Clap Layer", "Cajon Slap", "Brush",
    ),
    "rimshot": ("Snare Rim 01", "Snare Rimshot", "Rim Shot", "RS"),
    "side stick": ("Rim", "Rim 808", "SideStick", "Cross Stick", "X-Stick", "Stick"),
    "clap": ("Clap", "Clap-909", "Hand Clap", "Handclap", "CP", "Finger Snap"),
    "closed hat": (
        "CHH", "HH Closed", "HHClosed", "HHc", "Closed Hat", "HiHat Closed 606", "Hihat Closed",
        "Closed Hi-hat", "Hi-Hat (C)", "ClHat", "HiHat Closed 004 Flat Real", "Hat Tight", "Hat",
        "HH", "Hi Hat 3",
    ),
    "closed hat edge": ("Hat Edge", "HH Closed Edge"),
    "pedal hat": ("Pedal Hi-Hat", "Hat Foot", "PHH", "Hihat Ped"),
    "open hat": (
        "OH", "OHH", "Hat Open", "Open Hat", "OpenHat", "HH Open 2", "hh_open_03", "TR909_Hat_O",
        "HiHat Half Open", "Hat Semi-Open", "Open Hi Hat",
    ),
    "low tom": ("Floor Tom", "Low Floor Tom", "High Floor Tom", "Tom Low", "LT", "Tom 3", "FTom"),
    "mid tom": ("Tom Mid 808", "Low-Mid Tom", "MT", "Rack Tom 2", "Tom2", "Medium Tom", "Tom"),
    "high tom": ("Tom Hi", "High Tom", "Hi-Mid Tom", "HT", "Tom 1", "Rack Tom"),
    "crash": ("Crash", "Crash Cymbal L", "Crash 16", "Cymbal", "Cym 808", "CR"),
    "splash": ("Splash 8", "Splash Cymbal"),
    "china": ("China", "Chinese Cymbal"),
    "ride": ("Ride", "Ride Cymbal 2", "Cymbal Ride", "RD"),
    "ride bell": ("Ride Bell", "Bell Ride Cymbal", "Ride-Cup"),
    "shaker": ("Shaker", "Shaker Short", "Egg"),
    "tambourine": ("Tamb 707", "Tambourine", "TAM"),
    "cowbell": ("Cowbell 808", "Cow Bell", "CB"),
    "maracas": ("Maracas 808",),
    "claves": ("Clave", "Percussion Clave 002 808"),
    "low conga": ("Conga Low", "Percussion Conga 003 Lo"),
    "open high conga": ("Conga Hi", "Djembe"),
    "high bongo": ("Bongo Hi", "Hi Bongo"),
    "low wood block": ("Wood Block Lo", "Low Woodblock"),
    "percussion": ("Perc", "Perc 1"),
    "none": ("Vox Chop", "Chord Stab", "808 Bass", "FX 2", "Glitch 7", "", "C1", "キック"),
}  # fmt: skip
"""What pads of drum racks, drum maps and drum machines are called, on no note of a kit."""


def stroke_of(note: int, name: str) -> str:
    stroke = kit_of(a_clip((note, name))).stroke[note]
    return STROKES[stroke].name if stroke != UNMAPPED else "none"


@pytest.mark.parametrize(
    ("name", "stroke"), [(name, stroke) for stroke, names in KNOWN.items() for name in names]
)
def test_a_pad_plays_what_its_name_says(name: str, stroke: str) -> None:
    assert stroke_of(127, name) == stroke


GENERAL_MIDI = {
    35: "Acoustic Bass Drum, Bass Drum 1, Side Stick, Acoustic Snare, Hand Clap, Electric Snare",
    41: "Low Floor Tom, Closed Hi Hat, High Floor Tom, Pedal Hi-Hat",
    46: "Open Hi-Hat, Low-Mid Tom, Hi Mid Tom, Crash Cymbal 1, High Tom, Ride Cymbal 1",
    52: "Chinese Cymbal, Ride Bell, Tambourine, Splash Cymbal, Cowbell, Crash Cymbal 2",
    59: "Ride Cymbal 2, Hi Bongo, Low Bongo, Mute Hi Conga, Open Hi Conga, Low Conga",
    65: "High Timbale, Low Timbale, High Agogo, Low Agogo, Cabasa, Maracas, Short Whistle",
    72: "Long Whistle, Short Guiro, Long Guiro, Claves, Hi Wood Block, Low Wood Block",
    78: "Mute Cuica, Open Cuica, Mute Triangle, Open Triangle",
}
"""The names of General MIDI 1 from these numbers on. Two are not here: 45 is its low tom, of six,
and the second of the Groove MIDI Dataset's three; 58 is its vibraslap, and a tom's rim there."""


def general_midi() -> list[tuple[int, str]]:
    return [
        (first + row, name)
        for first, names in GENERAL_MIDI.items()
        for row, name in enumerate(names.split(", "))
    ]


@pytest.mark.parametrize(("note", "name"), general_midi(), ids=str)
def test_the_names_of_general_midi_play_the_voices_of_their_numbers(note: int, name: str) -> None:
    assert voice_of(127, (127, name)) == voice_of(note)


@pytest.mark.parametrize(
    ("note", "name", "stroke"),
    [
        (36, "Snare", "snare"),
        (44, "Maracas 808", "maracas"),
        (49, "Cymbal", "crash"),
        (51, "Cymbal 2", "ride"),
        (46, "Hat 2", "open hat"),
        (43, "Hat 2", "closed hat"),
        (43, "Tom 606 01", "low tom"),
        (62, "Conga", "mute high conga"),
        (56, "Perc 3", "cowbell"),
        (41, "Perc 3", "percussion"),
        (38, "Vox", "none"),
        (38, "None", "none"),
        (38, "Glitch 7", "snare"),
        (38, "", "snare"),
    ],
)
def test_a_name_wins_over_the_number_which_decides_what_the_name_leaves_open(
    note: int, name: str, stroke: str
) -> None:
    assert stroke_of(note, name) == stroke


@pytest.mark.parametrize("clue", CLUES, ids=lambda clue: clue.stroke)
def test_each_clue_means_a_stroke_that_there_is(clue: Clue) -> None:
    assert clue.stroke in {NO_STROKE, *(stroke.name for stroke in STROKES)}


@pytest.mark.parametrize("stroke", STROKES, ids=lambda stroke: stroke.name)
def test_a_name_of_a_stroke_is_that_stroke_in_any_case(stroke: Stroke) -> None:
    assert stroke_of(127, f" {stroke.name.title()} ") == stroke.name


@given(st.dictionaries(st.integers(0, 127), st.text(max_size=64), max_size=128))
def test_whatever_pads_are_called_each_note_has_a_stroke_of_its_voice(pads: dict[int, str]) -> None:
    kit = kit_of(a_clip(*pads.items()))
    played = kit.stroke != UNMAPPED
    assert (played == (kit.voice != UNMAPPED)).all()
    assert [STROKES[stroke].voice for stroke in kit.stroke[played]] == kit.voice[played].tolist()


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
    assert unmapped_sentence(Features(played(36, 84, 13, 84))) == (
        "track drums: 3 notes of 13 (C#0), 84 (C6) are on no voice of the kit and pass untouched;"
        " name their pads, such as 13=snare"
    )


def test_one_note_that_plays_no_voice_is_told_of_as_one() -> None:
    assert unmapped_sentence(Features(played(90, name="\x07"))) == (
        "track without a name: 1 note of 90 (F#6) is on no voice of the kit and passes untouched;"
        " name their pads, such as 90=snare"
    )


def test_many_note_numbers_are_told_in_short() -> None:
    assert ", 88 (E6) and 9 more are on" in unmapped_sentence(Features(played(*range(83, 98))))


@pytest.mark.parametrize("clip", [played(), played(36, 38, 82)])
def test_nothing_is_said_of_notes_that_play_voices(clip: Clip) -> None:
    assert unmapped_sentence(Features(clip)) == ""


def test_a_pad_that_has_a_name_mends_it() -> None:
    assert unmapped_sentence(Features(played(90, pads=(Pad(90, "snare"),)))) == ""
