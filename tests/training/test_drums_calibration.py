"""How the noise of drummers is made up, found again in noise that is known."""

from functools import partial

import numpy as np
import pytest

from engines.drummer.drummer import interpret
from engines.drummer.feel import WANDERING, Places, Shares, feel
from engines.drummer.page import Sight, Telling
from engines.stream import stream
from engines.training.drums.calibration import MOST, shares
from engines.training.drums.lesson import Lesson
from tests.drummer.fake_player import FakePlayer

PLAYER = FakePlayer(velocity=70.0, late=0.0, width=40.0)


def lesson(seed: int, late: Shares, velocity: Shares, bars: int = 8) -> Lesson:
    """Return strokes of four voices, as loud and late as noise that is made up so picks them."""
    time = np.repeat(np.arange(8.0 * bars) / 2, 4)
    voice = np.tile(np.arange(4), 8 * bars)
    none = np.zeros(len(time))
    sight = Sight(time, voice, voice, np.mod(time, 4.0), none + 4, none, none + 120)
    places = Places(time, sight.beat, voice, None)
    expected = interpret(sight, Telling(), PLAYER)
    drawn = {
        name: feel(places, made, WANDERING[name], partial(stream, seed, name))
        for name, made in (("late", late), ("velocity", velocity))
    }
    return Lesson(
        sight=sight,
        velocity=np.rint(expected.velocity.drawn(drawn["velocity"])),
        late=expected.late.drawn(drawn["late"]),
        telling=Telling("rock", "drummer1"),
        bars=bars,
        teaches_velocity=True,
    )


def found(late: Shares, velocity: Shares, takes: int = 40) -> dict[str, Shares]:
    return shares(PLAYER, [lesson(seed, late, velocity) for seed in range(takes)], lambda _: None)


@pytest.mark.parametrize(
    ("late", "velocity"),
    [
        (Shares(clock=0.5, bar=0.2), Shares(voice=0.4, beat=0.3)),
        (Shares(whole=0.4, beat=0.2), Shares(clock=0.2, bar=0.4)),
        (Shares(), Shares(0.1, 0.1, 0.2, 0.2, 0.2)),
    ],
)
def test_what_the_noise_was_made_of_is_found(late: Shares, velocity: Shares) -> None:
    again = found(late, velocity)
    # a take has one number of the whole, of strength e^(0.45 z): of 40 its mean square is known to
    # within a third, a standard error, and what 4 voices do better
    assert again["late"].parts == pytest.approx(late.parts, abs=0.2)
    assert again["velocity"].parts == pytest.approx(velocity.parts, abs=0.2)


def test_hits_on_the_beat_are_at_one_place_of_it_whatever_the_last_digits() -> None:
    shared = Shares(beat=0.6)
    takes = [lesson(seed, shared, shared) for seed in range(10)]
    errors = [1e-9 * (-1) ** np.arange(len(take.late)) for take in takes]
    blurred = [
        take._replace(sight=take.sight._replace(beat=take.sight.beat + error))
        for take, error in zip(takes, errors, strict=True)
    ]
    assert shares(PLAYER, blurred, lambda _: None) == shares(PLAYER, takes, lambda _: None)


def test_no_two_hits_are_alike() -> None:
    again = found(Shares(voice=1.0), Shares(voice=1.0), takes=8)
    assert sum(again["late"].parts) == pytest.approx(MOST, abs=1e-3)


def test_takes_that_teach_no_velocity_say_nothing_of_it() -> None:
    one = lesson(0, Shares(), Shares())._replace(teaches_velocity=False)
    assert set(shares(PLAYER, [one], lambda _: None)) == {"late"}


def test_a_take_of_one_hit_is_no_obstacle() -> None:
    whole = lesson(0, Shares(), Shares())
    one = whole.take(np.arange(len(whole.velocity)) == 0)
    assert set(shares(PLAYER, [one, whole], lambda _: None)) == {"late", "velocity"}


def test_the_same_takes_are_measured_alike_and_progress_is_told() -> None:
    takes, told = [lesson(seed, Shares(voice=0.3), Shares()) for seed in range(2)], list[float]()
    assert shares(PLAYER, takes, told.append) == shares(PLAYER, takes, lambda _: None)
    assert told == [0.0, 0.5]


def test_style_and_player_are_told() -> None:
    class Listening(FakePlayer):
        told: np.ndarray

        def run(
            self, said: np.ndarray, around: np.ndarray, beats: np.ndarray
        ) -> tuple[np.ndarray, np.ndarray]:
            self.told = said
            return super().run(said, around, beats)

    player, friend = Listening(), Listening()
    one = lesson(0, Shares(), Shares(), bars=2)
    shares(player, [one], lambda _: None)
    interpret(one.sight, one.telling, friend)
    assert np.array_equal(player.told, friend.told)
