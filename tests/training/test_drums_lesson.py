"""What a take teaches: what stood on the page, and how it was played."""

import numpy as np
import pytest

from engines.kit import CLOSED_HAT, SNARE
from engines.kit import KICK as KICK_VOICE
from engines.training.drums.lesson import Lesson, page_lesson, sixteenth_lesson
from tests.training.takes import HAT, KICK, TOM, beat, take_of
from tests.training.takes import SNARE as SNARE_NOTE

BEAT_MS = 500.0
"""Takes are at 120 bpm."""


def triplets(late: float = 0.0) -> list[tuple[float, int, float]]:
    return [(place / 3 + late, HAT, 60.0 + 10 * (place % 3 == 0)) for place in range(24)]


def test_a_lesson_tells_the_page_from_how_late_it_was_played() -> None:
    hits = [(0.0, KICK, 100.0), (1.04, SNARE_NOTE, 90.0), (2.0, KICK, 80.0), (2.98, HAT, 60.0)]
    lesson = page_lesson(take_of(hits))
    assert lesson.sight.time == pytest.approx([0.0, 1.0, 2.0, 3.0])
    assert lesson.late == pytest.approx([0.0, 20.0, 0.0, -10.0], abs=0.01)
    assert lesson.sight.voice.tolist() == [KICK_VOICE, SNARE, KICK_VOICE, CLOSED_HAT]
    assert lesson.velocity.tolist() == [100.0, 90.0, 80.0, 60.0]


def test_a_take_s_latency_is_no_lesson_but_on_sixteenths() -> None:
    late = [(at + 0.05, pitch, velocity) for at, pitch, velocity in beat(4, 0)]
    ahead, behind = (page_lesson(take_of(hits)) for hits in (beat(4, 0), late))
    assert behind.late == pytest.approx(ahead.late, abs=1e-6)
    on_sixteenths = [sixteenth_lesson(take_of(hits)).late for hits in (beat(4, 0), late)]
    assert np.median(on_sixteenths[1] - on_sixteenths[0]) == pytest.approx(0.05 * BEAT_MS, abs=0.5)


def test_triplets_are_written_as_such_but_on_sixteenths() -> None:
    page, sixteenths = page_lesson(take_of(triplets())), sixteenth_lesson(take_of(triplets()))
    assert page.sight.time[:3] == pytest.approx([0.0, 1 / 3, 2 / 3])
    assert np.abs(page.late).max() < 1e-6
    assert sixteenths.sight.time[:3] == pytest.approx([0.0, 0.25, 0.75])
    # a third is a twelfth of a beat behind a sixteenth
    assert sixteenths.late[1] == pytest.approx(BEAT_MS / 12)


def test_how_they_are_to_be_read_is_told() -> None:
    take = take_of(beat(2, 0), style="funk/groove", drummer="drummer7")
    page, sixteenths = page_lesson(take), sixteenth_lesson(take)
    assert (page.telling.style, page.telling.player) == ("funk", "drummer7")
    assert (page.telling.strokes, page.telling.sixteenths) == (True, False)
    assert (sixteenths.telling.strokes, sixteenths.telling.sixteenths) == (False, True)


def test_a_flam_is_one_hit_of_the_lesson() -> None:
    hits = [(0.0, KICK, 90.0), (0.97, SNARE_NOTE, 40.0), (1.0, SNARE_NOTE, 110.0)]
    assert page_lesson(take_of(hits)).velocity.tolist() == [90.0, 110.0]


def test_of_a_voice_s_notes_on_one_sixteenth_the_loudest_is_kept() -> None:
    hits = [(0.0, KICK, 90.0), (1.0, TOM, 40.0), (1.1, TOM, 110.0), (2.0, KICK, 80.0)]
    assert sixteenth_lesson(take_of(hits)).velocity.tolist() == [90.0, 110.0, 80.0]


def test_hits_come_in_order_of_time_and_then_of_voice() -> None:
    for lesson in (page_lesson(take_of(beat(8, 1))), sixteenth_lesson(take_of(beat(8, 1)))):
        order = np.lexsort((lesson.sight.voice, lesson.sight.time))
        assert (order == np.arange(len(order))).all()


def test_an_excerpt_begins_at_beat_0() -> None:
    lesson = page_lesson(take_of(beat(8, 0)))
    part = lesson.excerpt(2, 3)
    assert part.bars == 3
    assert (part.sight.time.min(), part.sight.time.max()) == pytest.approx((0.0, 11.5), abs=0.3)
    rows = (lesson.sight.time > 7.9) & (lesson.sight.time < 19.9)
    assert np.array_equal(part.velocity, lesson.velocity[rows])
    assert np.array_equal(part.late, lesson.late[rows])


def test_excerpts_in_turn_hold_every_hit_once() -> None:
    lesson = page_lesson(take_of(beat(8, 0)))
    parts = [lesson.excerpt(first, 2).velocity for first in range(0, lesson.bars, 2)]
    assert np.array_equal(np.concatenate(parts), lesson.velocity)


def test_a_take_of_one_velocity_teaches_none() -> None:
    flat = [(at, pitch, 100.0) for at, pitch, _ in beat(2, 0)]
    lessons: list[Lesson] = [page_lesson(take_of(hits)) for hits in (flat, beat(2, 0))]
    assert [lesson.teaches_velocity for lesson in lessons] == [False, True]
