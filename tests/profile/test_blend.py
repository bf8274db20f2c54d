"""A blend is on the way from one groove to the other, and refuses what has no way between."""

import numpy as np
import pytest

from engines import Metre
from engines.profile.blend import blend
from engines.profile.extract import extract
from engines.profile.profile import Cell, Profile, ProfileError, Voice
from engines.profile.shelf import SHIPPED
from engines.profile.text import parse, to_text
from tests.profile.beats import HAT, SNARE, beat, clip_of, late_ms, played, render, voice

NAMES = ("boom-bap", "disco")


def grooves() -> tuple[Profile, Profile]:
    first, second = (SHIPPED.find(name) for name in NAMES)
    return first, second


def test_the_ends_of_the_way_are_the_profiles_themselves() -> None:
    first, second = grooves()
    assert blend(first, second, 0.0) == first
    assert blend(first, second, 1.0) == second


def test_a_blend_plays_between_its_profiles() -> None:
    written = beat(8)
    snares = voice(written, SNARE)
    early, late = (
        extract(played(written, np.where(snares, shift, 0.0), np.where(snares, loud, 60.0)))
        for shift, loud in ((-10.0, 80.0), (20.0, 120.0))
    )
    after = render(written, blend(early, late, 0.3), spread=0.0, drift=0.0)
    before = render(written, early, spread=0.0, drift=0.0)
    # -10 + 0.3 * 30 = -1 and 80 + 0.3 * 40 = 92
    moved = (late_ms(written, after) - late_ms(written, before))[snares]
    assert moved == pytest.approx(9.0, abs=1.0)
    assert after.notes.velocity[snares] == pytest.approx(92, abs=1)


def test_what_all_notes_share_is_between_too() -> None:
    first, second = grooves()
    half = blend(first, second, 0.5)
    for name in ("push_ms", "swing", "bpm"):
        middle = (getattr(first, name) + getattr(second, name)) / 2
        assert getattr(half, name) == pytest.approx(middle, abs=0.051)
    assert half.drift.size_ms == pytest.approx((8.2 + 9.3) / 2, abs=0.6)
    assert half.drift.clock == ()


def test_a_cell_of_one_profile_meets_what_the_other_expects_there() -> None:
    def snare(*cells: Cell) -> Profile:
        return Profile("drums", (Voice("snare", cells),))

    first = snare(Cell(1, 2.0, "normal", 1e6, 10.0, 0, 100, 0))
    second = snare(Cell(1, 4.0, "normal", 1e6, -10.0, 0, 60, 0))
    cells = {cell.beat: cell for cell in blend(first, second, 0.5).voices[0].cells}
    # the second's only snares are 10 ms early at 60, and so it would play the first's
    assert (cells[2.0].offset_ms, cells[2.0].velocity) == (0.0, 80.0)
    assert (cells[2.0].notes, cells[4.0].notes) == (5e5, 5e5)


def test_profiles_of_one_and_of_four_bars_blend_over_four() -> None:
    blended = blend(SHIPPED.find("disco"), SHIPPED.find("afrobeat"), 0.5)
    assert blended.bars == 4
    assert blended.notes == pytest.approx((2864 + 2264) / 2, abs=10)


@pytest.mark.parametrize("mix", [0.01, 0.5, 0.99])
@pytest.mark.parametrize("second", ["bossa-nova", "tight-funk"])
def test_a_blend_can_be_written_and_read_again(second: str, mix: float) -> None:
    blended = blend(SHIPPED.find("afrobeat"), SHIPPED.find(second), mix)
    assert parse("it", to_text(blended)) == blended
    assert 0 < len(blended.summary) <= 200
    assert blended.source.count("CC BY 4.0") == 2


def test_different_metres_have_no_way_between() -> None:
    with pytest.raises(ProfileError, match="metre is 4/4 in one profile and 3/4 in the other"):
        blend(SHIPPED.find("disco"), SHIPPED.find("jazz-waltz"), 0.5)
    with pytest.raises(ProfileError, match="metre is 4/4 in one profile and 6/8"):
        blend(extract(beat(4)), extract(beat(4, metre=Metre(0.0, 6, 8))), 0.5)


def test_drums_and_pitched_parts_have_no_way_between() -> None:
    bass = extract(clip_of(np.arange(16.0), np.full(16, HAT), role="bass"))
    with pytest.raises(ProfileError, match="part is drums in one profile and pitched in the other"):
        blend(SHIPPED.find("disco"), bass, 0.5)


@pytest.mark.parametrize("mix", [-0.1, 1.1, np.nan])
def test_a_mix_out_of_its_range_is_refused(mix: float) -> None:
    with pytest.raises(ProfileError, match=r"mix is .*, allowed are numbers from 0 to 1"):
        blend(*grooves(), mix)
