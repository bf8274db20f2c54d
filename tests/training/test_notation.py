import logging
from pathlib import Path

import pytest

from engines.clip import Metre
from engines.training.notation import read_notation
from engines.training.recording import (
    ACCENT,
    ARPEGGIO,
    FERMATA,
    GRACE,
    GRACE_BEATS,
    IN_SLUR,
    ORNAMENT,
    PORTATO,
    SLUR_START,
    SLUR_STOP,
    STACCATISSIMO,
    STACCATO,
    STRONG_ACCENT,
    TENUTO,
)
from engines.training.written import BREATH, TIE, TREMOLO
from tests.training.scores import BACK, FOUR_FOUR, LAST, notated, note, score

WHOLE = note("C4", 4)
THREE_FOUR = "<attributes><time><beats>3</beats><beat-type>4</beat-type></time></attributes>"
SLUR = '<slur type="{}" number="{}"/>'


def slur(kind: str, number: int = 1) -> str:
    return SLUR.format(kind, number)


def tie(*kinds: str) -> str:
    return "".join(f'<tie type="{kind}"/>' for kind in kinds)


def tied(pitch: str, beats: float, *kinds: str) -> str:
    return note(pitch, beats).replace("<voice>", tie(*kinds) + "<voice>")


def test_notes_are_sorted_by_onset_then_pitch(tmp_path: Path) -> None:
    (part,) = notated(tmp_path, [note("E4", 4) + note("C4", 4, inside="<chord/>") + BACK + WHOLE])
    assert part.clip.notes.pitch.tolist() == [60, 64]


def test_a_unison_of_two_voices_is_one_note_as_long_as_the_longer(tmp_path: Path) -> None:
    (part,) = notated(tmp_path, [note("C4") + note("D4", 3) + BACK + note("C4", 4, staff=2)])
    assert part.clip.notes.pitch.tolist() == [60, 62]
    assert part.clip.notes.duration.tolist() == [4, 3]


def test_tied_notes_are_one_note_across_bars(tmp_path: Path) -> None:
    bars = [note("C4", 2) + tied("G4", 2, "start"), tied("G4", 4, "stop", "start")]
    (part,) = notated(tmp_path, [*bars, tied("G4", 1, "stop") + note("G4", 3)])
    assert part.clip.notes.duration.tolist() == [2, 7, 3]
    assert (part.marks & TIE > 0).tolist() == [False, True, False]


def test_a_tie_that_does_not_meet_its_note_joins_nothing(tmp_path: Path) -> None:
    (part,) = notated(tmp_path, [tied("G4", 1, "start") + note("C4", 2) + tied("G4", 1, "stop")])
    assert part.clip.notes.duration.tolist() == [1, 2, 1]


def test_a_grace_note_has_its_mark_and_a_short_length(tmp_path: Path) -> None:
    (part,) = notated(tmp_path, [note("D4", inside="<grace/>") + WHOLE])
    assert part.grace.tolist() == [False, True]
    assert part.clip.notes.onset.tolist() == [0, 0]
    assert part.clip.notes.duration.tolist() == [4, GRACE_BEATS]


@pytest.mark.parametrize(
    ("notations", "bit"),
    [
        ("<articulations><staccato/></articulations>", STACCATO),
        ("<articulations><staccatissimo/></articulations>", STACCATISSIMO),
        ("<articulations><accent/></articulations>", ACCENT),
        ("<articulations><strong-accent/></articulations>", STRONG_ACCENT),
        ("<articulations><tenuto/></articulations>", TENUTO),
        ("<articulations><detached-legato/></articulations>", PORTATO),
        ("<articulations><breath-mark/></articulations>", BREATH),
        ("<articulations><caesura/></articulations>", BREATH),
        ("<fermata/>", FERMATA),
        ("<arpeggiate/>", ARPEGGIO),
        ("<ornaments><trill-mark/></ornaments>", ORNAMENT),
        ("<ornaments><inverted-mordent/></ornaments>", ORNAMENT),
        ("<ornaments><tremolo>3</tremolo></ornaments>", TREMOLO),
    ],
)
def test_a_mark_on_one_note_of_a_chord_is_on_all(tmp_path: Path, notations: str, bit: int) -> None:
    chord = note("C4", 2, notations=notations) + note("E4", 2, inside="<chord/>")
    (part,) = notated(tmp_path, [chord + note("D4", 2)])
    assert part.marks.tolist() == [bit, bit, 0]


def test_the_bits_are_those_of_the_aligned_packs() -> None:
    bits = [STACCATO, STACCATISSIMO, ACCENT, STRONG_ACCENT, TENUTO, PORTATO, FERMATA, GRACE]
    bits += [ORNAMENT, ARPEGGIO, IN_SLUR, SLUR_START, SLUR_STOP, TREMOLO, TIE, BREATH]
    assert bits == [2**n for n in range(16)]


def test_a_slur_marks_its_ends_and_all_between_in_its_voice(tmp_path: Path) -> None:
    line = note("C5", notations=slur("start")) + note("D5") + note("E5", notations=slur("stop"))
    (part,) = notated(tmp_path, [line + note("F5") + BACK + note("C3", 4, staff=2)])
    assert part.clip.notes.pitch.tolist() == [48, 72, 74, 76, 77]
    assert part.marks.tolist() == [0, IN_SLUR | SLUR_START, IN_SLUR, IN_SLUR | SLUR_STOP, 0]


def test_a_note_may_end_one_slur_and_begin_the_next(tmp_path: Path) -> None:
    middle = note("D5", notations=slur("start") + slur("stop"))
    line = note("C5", notations=slur("start")) + middle + note("E5", 2, notations=slur("stop"))
    (part,) = notated(tmp_path, [line])
    assert part.marks[1] == IN_SLUR | SLUR_START | SLUR_STOP
    assert part.marks[2] == IN_SLUR | SLUR_STOP


def test_slurs_of_two_voices_with_one_number_are_told_apart(tmp_path: Path) -> None:
    upper = note("C5", 2, notations=slur("start")) + note("D5", 2, notations=slur("stop"))
    lower = note("C3", 1, notations=slur("start"), staff=2) + note("D3", 3, staff=2)
    more = note("E3", 4, notations=slur("stop"), staff=2)
    (part,) = notated(
        tmp_path, [upper + BACK + lower, "<forward><duration>0</duration></forward>" + more]
    )
    assert part.clip.notes.pitch.tolist() == [48, 72, 50, 74, 52]
    stops = (part.marks & SLUR_STOP) > 0
    assert stops.tolist() == [False, False, False, True, True]


def test_a_slur_that_never_ends_marks_nothing(tmp_path: Path) -> None:
    (part,) = notated(tmp_path, [note("C5", 2, notations=slur("start")) + note("D5", 2)])
    assert not part.marks.any()


def test_a_pickup_ends_at_the_first_bar_line(tmp_path: Path) -> None:
    (part,) = notated(tmp_path, [note("G4"), WHOLE])
    assert part.clip.notes.onset.tolist() == [3, 4]
    assert part.clip.metre == (Metre(0, 4, 4),)


def test_the_metre_may_change(tmp_path: Path) -> None:
    (part,) = notated(tmp_path, [WHOLE, THREE_FOUR + note("C4", 3), note("D4", 3)])
    assert part.clip.metre == (Metre(0, 4, 4), Metre(4, 3, 4))
    assert part.clip.length == 10


def test_a_bar_that_a_repeat_cuts_in_two_stays_one_bar(tmp_path: Path) -> None:
    (part,) = notated(tmp_path, [WHOLE, note("C4", 3), note("D4", 1), WHOLE])
    assert part.clip.metre == (Metre(0, 4, 4),)


def test_bars_begin_anew_after_one_that_is_too_short(tmp_path: Path) -> None:
    (part,) = notated(tmp_path, [WHOLE, note("C4", 3), WHOLE, WHOLE])
    assert part.clip.metre == (Metre(0, 4, 4), Metre(7, 4, 4))


def test_a_bar_is_as_long_as_its_longest_part(tmp_path: Path) -> None:
    short, full = notated(tmp_path, [note("C4", 1), WHOLE], [WHOLE, WHOLE])
    assert short.clip.notes.onset.tolist() == full.clip.notes.onset.tolist() == [0, 4]


def test_a_last_bar_line_ends_a_movement(tmp_path: Path) -> None:
    first, second = notated(tmp_path, [WHOLE + LAST, note("G4"), WHOLE])
    assert (first.name, second.name) == ("score/1/1", "score/2/1")
    assert second.clip.notes.onset.tolist() == [3, 4]


def test_a_repeat_ends_no_movement(tmp_path: Path) -> None:
    repeat = LAST.replace("</barline>", '<repeat direction="backward"/></barline>')
    assert len(notated(tmp_path, [WHOLE + repeat, WHOLE])) == 1


@pytest.mark.parametrize(
    ("sound", "role"),
    [
        ("keyboard.piano", "piano"),
        ("keyboard.harpsichord", "keys"),
        ("voice.vocals", "lead"),
        ("strings.viola", "strings"),
        ("wind.flutes.flute", "winds"),
        ("", "lead"),  # by its name, "Part 0", and one note alone, high
    ],
)
def test_the_role_is_that_of_the_sound(tmp_path: Path, sound: str, role: str) -> None:
    (part,) = notated(tmp_path, [note("C5", 4)], sound=sound)
    assert part.clip.role == role


def test_the_tempo_of_one_part_is_that_of_all(tmp_path: Path) -> None:
    first, second = notated(tmp_path, [WHOLE, '<sound tempo="90"/>' + WHOLE], [WHOLE, WHOLE])
    assert first.clip.tempo.time.tolist() == second.clip.tempo.time.tolist() == [4]
    assert first.clip.tempo.bpm.tolist() == second.clip.tempo.bpm.tolist() == [90]


def test_a_broken_file_is_left_out_with_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "good.xml").write_text(score([WHOLE]))
    (tmp_path / "odd.xml").write_text(
        score([WHOLE]).replace(FOUR_FOUR, FOUR_FOUR.replace("4<", "5<"))
    )
    rows = "".join(f"{name}.xml,Nobody,Studies,test\n" for name in ("missing", "odd", "good"))
    (tmp_path / "index.csv").write_text("file,composer,set,split\n" + rows)
    with caplog.at_level(logging.WARNING):
        (part,) = read_notation(tmp_path)
    assert (part.name, part.work, part.split) == ("good/1/1", "Studies", "test")
    left_out = [record.getMessage().split()[0] for record in caplog.records]
    assert left_out == ["missing.xml", "odd.xml"]
