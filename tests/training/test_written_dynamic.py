from pathlib import Path

import numpy as np
import pytest

from tests.training.scores import BACK, direction, mark, notated, note, wedge, words

P, F, MP = 49.0, 96.0, 64.0


def dynamic(folder: Path, *bars: str) -> list[float]:
    (part,) = notated(folder, list(bars))
    return [round(float(value), 3) for value in part.dynamic]


def quarters(count: int = 1) -> str:
    return note("C4") * count


def test_nothing_is_known_before_the_first_mark(tmp_path: Path) -> None:
    first, second = dynamic(tmp_path, note("C4", 2) + mark("p") + note("D4", 2))
    assert np.isnan(first)
    assert second == P


@pytest.mark.parametrize(
    ("name", "velocity"),
    [
        ("ppp", 16),
        ("pp", 33),
        ("p", 49),
        ("mp", 64),
        ("mf", 80),
        ("f", 96),
        ("ff", 112),
        ("fff", 126),
    ],
)
def test_each_mark_has_its_velocity(tmp_path: Path, name: str, velocity: int) -> None:
    assert dynamic(tmp_path, mark(name) + note("C4", 4)) == [velocity]


def test_a_hairpin_goes_to_the_next_mark(tmp_path: Path) -> None:
    bar = mark("p") + wedge("crescendo") + quarters(2) + wedge("stop") + mark("f") + quarters(2)
    # half way from 49 to 96 after one of two beats
    assert dynamic(tmp_path, bar) == [P, (P + F) / 2, F, F]


def test_a_hairpin_that_no_mark_follows_goes_one_dozen(tmp_path: Path) -> None:
    bar = mark("f") + wedge("diminuendo") + quarters(2) + wedge("stop") + quarters(2)
    assert dynamic(tmp_path, bar) == [F, F - 6, F - 12, F - 12]


def test_a_mark_against_a_hairpin_comes_suddenly(tmp_path: Path) -> None:
    bar = mark("mp") + wedge("crescendo") + quarters(2) + wedge("stop") + mark("p") + quarters(2)
    assert dynamic(tmp_path, bar) == [MP, MP + 6, P, P]


def test_two_hairpins_swell_and_come_back(tmp_path: Path) -> None:
    up = mark("p") + wedge("crescendo") + quarters(2) + wedge("stop")
    down = wedge("diminuendo") + quarters(2) + wedge("stop")
    # up by 12 over two beats, then down to the p that follows at once
    assert dynamic(tmp_path, up + down, mark("p") + quarters(4))[:5] == [P, P + 6, P + 12, P + 6, P]


def test_the_word_crescendo_is_a_hairpin_until_the_next_mark(tmp_path: Path) -> None:
    bar = mark("p") + words("poco cresc.") + quarters(4)
    # over four beats from 49 to 96
    expected = [P + (F - P) * beat / 4 for beat in range(4)]
    assert dynamic(tmp_path, bar, mark("f") + note("C4", 4)) == [*expected, F]


def test_words_may_hold_a_mark(tmp_path: Path) -> None:
    assert dynamic(tmp_path, words("sempre p") + note("C4", 4)) == [P]


def test_a_sforzato_is_one_loud_note(tmp_path: Path) -> None:
    bar = mark("p") + quarters() + mark("sf") + quarters() + quarters(2)
    assert dynamic(tmp_path, bar) == [P, P + 16, P, P]


def test_a_forte_piano_is_one_loud_note_and_soft_ones(tmp_path: Path) -> None:
    assert dynamic(tmp_path, mark("fp") + quarters(4)) == [F, P, P, P]


def test_a_mark_between_the_staves_is_for_both_hands(tmp_path: Path) -> None:
    bar = mark("p") + note("C5", 4) + BACK + note("C3", 4, staff=2)
    assert dynamic(tmp_path, bar) == [P, P]


def test_a_hand_with_a_mark_of_its_own_follows_that(tmp_path: Path) -> None:
    bar = mark("p") + note("C5", 4) + BACK + mark("f", staff=2) + note("C3", 4, staff=2)
    assert dynamic(tmp_path, bar) == [F, P]


def test_an_accent_below_the_lower_staff_is_for_the_left_hand(tmp_path: Path) -> None:
    bar = mark("p") + note("C5") + note("D5", 3) + BACK + note("C3", staff=2)
    (part,) = notated(tmp_path, [bar + mark("sf", staff=2) + note("D3", 3, staff=2)])
    assert part.clip.notes.pitch.tolist() == [48, 72, 50, 74]
    assert part.dynamic.tolist() == [P, P, P + 16, P]


def test_a_hairpin_without_an_end_is_none(tmp_path: Path) -> None:
    assert dynamic(tmp_path, mark("p") + wedge("crescendo") + quarters(4)) == [P] * 4


def test_other_words_are_no_dynamics(tmp_path: Path) -> None:
    dolce = direction("<dynamics><p/><other-dynamics> dolce</other-dynamics></dynamics>")
    assert dynamic(tmp_path, dolce + note("C4", 4)) == [P]


def test_a_swell_never_leaves_the_range(tmp_path: Path) -> None:
    bar = mark("fff") + wedge("crescendo") + quarters(3) + wedge("stop") + mark("sf") + quarters()
    assert max(dynamic(tmp_path, bar)) == 126
