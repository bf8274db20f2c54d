from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.lender import Lender
from engines.live.engine import LiveContext
from engines.live.event import SYSTEM, Event, control, note_off, note_on
from engines.live.humanize import LATE_ONLY, LATEST_MS, Humanize, HumanizeOptions, Player
from engines.touch.network import Network
from tests.engines.live.streams import Take, any_stream, clean_stream, play, timed
from tests.touch.hands import small

ROUNDING_S = 1e-9


class Metronome:
    """Be a pulse at 120 beats a minute."""

    bpm: float | None = 120.0

    def beat(self, time_s: float) -> float | None:
        return 2.0 * time_s


@pytest.fixture(scope="session")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Lender[Network]:
    return Lender(small(tmp_path_factory.mktemp("hand") / "small.npz"), Network)


OPTIONS = st.builds(
    HumanizeOptions,
    amount=st.sampled_from([0.0, 0.7, 2.0]),
    lookahead_ms=st.sampled_from([0.0, 7.0, 30.0]),
    keep_accents=st.booleans(),
    style=st.sampled_from(["auto", "piano", "line", "drums"]),
)


def player(lender: Lender[Network], options: HumanizeOptions, seed: int = 0) -> Player:
    context = LiveContext(seed=seed, engine=Humanize.name, pulse=Metronome())
    return Humanize(lender)(options, context)


def steady(count: int = 60, velocity: int = 80, channel: int = 0) -> list[Event]:
    """Sixteenths of one velocity, each ended before the next."""
    rows = []
    for row in range(count):
        pitch = 60 + row % 5
        rows.append((0.025, note_on(channel, pitch, velocity)))
        rows.append((0.1, note_off(channel, pitch)))
    return timed(rows)


def velocities(events: Sequence[Event]) -> list[int]:
    return [event.data[2] for event in events if event.is_note_on]


def by_key(events: Sequence[Event]) -> dict[tuple[int, int], list[tuple[bool, bytes]]]:
    """Return the messages of each key in the order of their times, velocities of ons left out."""
    found = defaultdict(list)
    for event in sorted(events, key=lambda event: event.time_s):
        if event.is_note_on or event.is_note_off:
            is_on = event.is_note_on
            found[event.key].append((is_on, event.data[:2] if is_on else event.data))
    return found


@given(any_stream(), OPTIONS)
def test_nothing_is_lost_or_doubled(
    lender: Lender[Network], events: list[Event], options: HumanizeOptions
) -> None:
    take = play(player(lender, options), events)
    kinds = [
        Counter(event.data[:2] if event.is_note_on else event.data for event in each)
        for each in take
    ]
    assert kinds[0] == kinds[1]


@given(any_stream(), OPTIONS)
def test_each_key_goes_down_and_up_as_it_was_played(
    lender: Lender[Network], events: list[Event], options: HumanizeOptions
) -> None:
    take = play(player(lender, options), events)
    assert by_key(take.heard) == by_key(take.said)


@given(any_stream(), OPTIONS)
def test_nothing_comes_before_it_was_played_or_much_later_than_the_look_ahead(
    lender: Lender[Network], events: list[Event], options: HumanizeOptions
) -> None:
    take = play(player(lender, options), events)
    latest_s = 1e-3 * (options.lookahead_ms + LATEST_MS) + ROUNDING_S
    asked = sorted(event.time_s for event in take.heard)
    given = sorted(event.time_s for event in take.said)
    assert all(0.0 <= ours - theirs <= latest_s for theirs, ours in zip(asked, given, strict=True))


@given(clean_stream(), OPTIONS)
def test_a_note_is_as_long_as_it_was_played(
    lender: Lender[Network], events: list[Event], options: HumanizeOptions
) -> None:
    keys = [event for event in events if event.is_note_on or event.is_note_off]
    take = play(player(lender, options), keys)
    before, after = lengths(take.heard), lengths(take.said)
    for key, spans in before.items():
        for played, sounding in zip(spans, after[key], strict=True):
            # only a key that is struck again within the range of its timing may be shortened
            assert sounding <= played + ROUNDING_S
            assert sounding >= played - 2e-3 * LATEST_MS - 1e-3 * options.lookahead_ms


def lengths(events: Sequence[Event]) -> dict[tuple[int, int], list[float]]:
    began: dict[tuple[int, int], float] = {}
    found = defaultdict(list)
    for event in sorted(events, key=lambda event: event.time_s):
        if event.is_note_on:
            began[event.key] = event.time_s
        elif event.is_note_off:
            found[event.key].append(event.time_s - began.pop(event.key))
    return found


@given(any_stream(), st.sampled_from([0.0, 12.0]))
def test_at_amount_0_messages_are_those_that_were_played(
    lender: Lender[Network], events: list[Event], lookahead_ms: float
) -> None:
    options = HumanizeOptions(amount=0.0, lookahead_ms=lookahead_ms)
    take = play(player(lender, options), events)
    later_s = 1e-3 * lookahead_ms
    told = [event.at(event.time_s + (0.0 if is_time(event) else later_s)) for event in take.heard]
    assert Counter(take.said) == Counter(told)


def is_time(event: Event) -> bool:
    return event.status == SYSTEM and event.data[0] != 0xF0


def test_at_amount_0_without_look_ahead_an_event_is_answered_by_itself(
    lender: Lender[Network],
) -> None:
    still = player(lender, HumanizeOptions(amount=0.0, lookahead_ms=0.0))
    assert [still.hear(event) for event in steady(4)] == [[event] for event in steady(4)]


@given(any_stream(), OPTIONS, st.integers(0, 3))
def test_the_same_seed_gives_the_same_events(
    lender: Lender[Network], events: list[Event], options: HumanizeOptions, seed: int
) -> None:
    one, other = (play(player(lender, options, seed), events) for _ in range(2))
    assert one == other


def test_another_seed_gives_another_performance(lender: Lender[Network]) -> None:
    one, other = (play(player(lender, HumanizeOptions(), seed), steady()) for seed in (0, 1))
    assert velocities(one.said) != velocities(other.said)


@given(clean_stream(), st.lists(OPTIONS, min_size=1, max_size=3))
def test_no_key_hangs_when_dials_are_turned(
    lender: Lender[Network], events: list[Event], turns: list[HumanizeOptions]
) -> None:
    places = {row * 7: options for row, options in enumerate(turns) if row * 7 < len(events)}
    take = play(player(lender, HumanizeOptions()), events, places)
    assert by_key(take.heard) == by_key(take.said)


def test_notes_come_early_within_the_look_ahead_and_late(lender: Lender[Network]) -> None:
    take = play(player(lender, HumanizeOptions(amount=2.0, lookahead_ms=20.0)), steady(200))
    moved = moves(take, 0.02)
    assert moved.min() == pytest.approx(-0.02)
    assert moved.max() == pytest.approx(1e-3 * LATEST_MS)


def moves(take: Take, lookahead_s: float) -> np.ndarray:
    """Return how early or late each note is; the notes of `steady` cannot overtake."""
    heard, said = (np.array([event.time_s for event in each if event.is_note_on]) for each in take)
    return said - heard - lookahead_s


def test_without_timing_all_is_as_late_as_the_look_ahead(lender: Lender[Network]) -> None:
    take = play(player(lender, HumanizeOptions(timing=0.0, lookahead_ms=15.0)), steady())
    assert moves(take, 0.015) == pytest.approx(0.0)
    assert len(set(velocities(take.said))) > 5


def test_without_velocity_notes_are_as_loud_as_they_were_played(lender: Lender[Network]) -> None:
    take = play(player(lender, HumanizeOptions(velocity=0.0)), steady(velocity=83))
    assert set(velocities(take.said)) == {83}


def test_without_look_ahead_it_says_once_that_notes_cannot_come_early(
    lender: Lender[Network],
) -> None:
    told: list[str] = []
    context = LiveContext(warn=told.append)
    still = Humanize(lender)(HumanizeOptions(lookahead_ms=0.0), context)
    still.turn(HumanizeOptions(lookahead_ms=5.0), 1.0)
    still.turn(HumanizeOptions(lookahead_ms=0.0), 2.0)
    assert told == [LATE_ONLY]


@pytest.mark.parametrize(
    "options", [HumanizeOptions(), HumanizeOptions(timing=0.0, lookahead_ms=0.0)]
)
def test_it_says_nothing_where_nothing_is_lacking(
    lender: Lender[Network], options: HumanizeOptions
) -> None:
    told: list[str] = []
    Humanize(lender)(options, LiveContext(warn=told.append))
    assert told == []


def test_without_weights_notes_pass_and_a_sentence_says_so(tmp_path: Path) -> None:
    told: list[str] = []
    deaf = Humanize(Lender(tmp_path / "none.npz", Network))(
        HumanizeOptions(), LiveContext(warn=told.append)
    )
    take = play(deaf, steady())
    assert velocities(take.said) == velocities(take.heard)
    assert [sentence.split(":")[0] for sentence in told] == ["notes are passed on as they are"]


def test_channels_do_not_change_each_other(lender: Lender[Network]) -> None:
    alone = play(player(lender, HumanizeOptions()), steady())
    both = sorted([*steady(), *steady(channel=3)], key=lambda event: event.time_s)
    together = play(player(lender, HumanizeOptions()), both)
    assert [event for event in together.said if event.channel == 0] == alone.said


def test_velocities_replaced_have_the_mean_that_was_played(lender: Lender[Network]) -> None:
    options = HumanizeOptions(keep_accents=False, amount=0.5)
    wild = [
        Event(event.time_s, note_on(0, event.data[1], 70 + 40 * (row // 2 % 2)))
        if event.is_note_on
        else event
        for row, event in enumerate(steady(200))
    ]
    take = play(player(lender, options), wild)
    by_turns = np.array(velocities(take.said)).reshape(-1, 2)
    assert np.ptp(by_turns.mean(axis=0)) < 0.75 * 40  # half of what was played is gone


def test_drums_of_no_voice_are_not_touched(lender: Lender[Network]) -> None:
    options = HumanizeOptions(style="drums", lookahead_ms=0.0)
    take = play(player(lender, options), timed([(0.1, note_on(9, 1, 77))] * 5))
    ons = [event for event in take.said if event.is_note_on]
    assert ons == [event for event in take.heard if event.is_note_on]


def test_a_controller_stays_behind_the_notes_that_it_ends(lender: Lender[Network]) -> None:
    events = [*steady(9), Event(200.0, note_on(0, 60, 80)), Event(200.0, control(0, 123, 0))]
    take = play(player(lender, HumanizeOptions(amount=2.0)), events, finish=True)
    ending = max(event.time_s for event in take.said if event.status == 0xB0)
    assert max(event.time_s for event in take.said if event.is_note_on) <= ending
