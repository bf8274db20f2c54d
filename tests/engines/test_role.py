import numpy as np
import pytest

from engines import Clip, Notes
from engines.role import infer


def clip(*notes: tuple[float, int], **fields: object) -> Clip:
    onset, pitch = np.array(notes or [(0.0, 60)]).T
    table = Notes(pitch=pitch.astype("u1"), onset=onset, duration=np.full(len(onset), 0.5))
    return Clip(table, length=16.0).replace(**fields)


def line(*pitches: int) -> Clip:
    return clip(*[(0.5 * row, pitch) for row, pitch in enumerate(pitches)])


def test_the_role_that_is_given_wins() -> None:
    assert infer(clip(role="pad", channel=9, program=33, name="bass")) == "pad"


def test_channel_ten_plays_drums() -> None:
    assert infer(clip(channel=9, program=0)) == "drums"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Piano Bass", "bass"),
        ("Grand Piano", "piano"),
        ("Rhodes MkI", "keys"),
        ("E-Piano", "keys"),
        ("Violin II", "strings"),
        ("Hi-Hat", "drums"),
        ("808 kit", "drums"),
        ("Warm Pad", "pad"),
        ("Ac. Gtr", "guitar"),
        ("Alto Sax", "winds"),
        ("Vocal melody", "lead"),
        ("Bass_01", "bass"),
        ("Bass1", "bass"),
        ("bassline", "bass"),
        ("Synth Bass 2", "bass"),
        ("SynthBass", "bass"),
        ("Pluck Bass", "bass"),
        ("Sub", "bass"),
        ("Bass Clarinet", "winds"),
        ("MV Bassoon", "winds"),
        ("Brass", "winds"),
        ("Drums_L", "drums"),
        ("drumkit", "drums"),
        ("DrumRack", "drums"),
        ("Bass Drum", "drums"),
        ("Kick", "drums"),
        ("808s", "drums"),
        ("TR909", "drums"),
        ("Perc_2", "drums"),
        ("Hihat", "drums"),
        ("HH", "drums"),
        ("Snare_top", "drums"),
        ("Schlagzeug", "drums"),
        ("Strings2", "strings"),
        ("StringsHi", "strings"),
        ("Viola", "strings"),
        ("Cello", "strings"),
        ("Solo Violin", "strings"),
        ("Gtr_DI", "guitar"),
        ("Gitarre", "guitar"),
        ("Ukulele", "guitar"),
        ("Grand_Piano", "piano"),
        ("GrandPiano", "piano"),
        ("Piano_L", "piano"),
        ("Pno", "piano"),
        ("Klavier", "piano"),
        ("E.Piano", "keys"),
        ("EPiano", "keys"),
        ("EP", "keys"),
        ("Vox", "lead"),
        ("Lead_1", "lead"),
        ("LEAD-02", "lead"),
        ("07_arp", "lead"),
    ],
)
def test_a_name_tells_the_role(name: str, role: str) -> None:
    assert infer(clip(name=name)) == role


@pytest.mark.parametrize("name", ["Bassoonist", "Track 3", "MIDI_12", "Kitchen", "Override", ""])
def test_a_word_inside_a_word_tells_nothing(name: str) -> None:
    assert infer(clip(name=name, program=0)) == "piano"


@pytest.mark.parametrize(
    ("program", "role"), [(0, "piano"), (4, "keys"), (16, "keys"), (33, "bass"), (48, "strings")]
)
def test_a_program_tells_the_role(program: int, role: str) -> None:
    assert infer(clip(program=program)) == role


def test_a_low_line_is_a_bass() -> None:
    assert infer(line(36, 43, 41, 40, 38, 36)) == "bass"


def test_a_high_line_is_a_lead() -> None:
    assert infer(line(72, 74, 76, 79)) == "lead"


def test_chords_are_a_piano() -> None:
    assert infer(clip((0, 48), (0, 60), (0, 64), (1, 67), (1, 55), (1, 59))) == "piano"


def test_kick_snare_and_hats_are_drums_without_any_name() -> None:
    hats = [(0.5 * place, 42) for place in range(8)]
    assert infer(clip((0, 36), (1, 38), (2, 36), (3, 38), *hats)) == "drums"


def test_low_octaves_are_no_drums() -> None:
    octaves = [(beat, pitch) for beat in range(4) for pitch in (36 + beat, 48 + beat)]
    assert infer(clip(*octaves)) == "piano"


def test_no_notes_are_a_piano() -> None:
    assert infer(Clip(Notes(), length=4.0)) == "piano"
