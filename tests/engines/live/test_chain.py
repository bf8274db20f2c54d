"""What one player says, the next one hears; all of them together hang no note."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.error import OptionError
from engines.live.chain import LiveChain, checked
from engines.live.engine import NEVER
from engines.live.event import Event, note_off, note_on
from engines.stage import Stage
from tests.engines.live.streams import (
    Ledger,
    any_stream,
    clean_stream,
    keys_up,
    messages,
    timed,
    woken,
)

STAGES = [
    Stage("live.velocity"),
    Stage("live.humanize", {"lookahead_ms": 20.0}),
    Stage("live.harmonise"),
    Stage("live.latch"),
    Stage("live.strum"),
    Stage("live.pedal"),
]
ORDERS = st.lists(st.sampled_from(STAGES), max_size=4)
CHANGES = st.sampled_from(
    [
        ("live.latch", {"hold": False}),
        ("live.latch", {"mode": "toggle"}),
        ("live.harmonise", {"steps": (7,), "amount": 0.3}),
        ("live.strum", {"amount": 0.0}),
        ("live.pedal", {"amount": 0.0}),
        ("live.velocity", {"drive": 1.0}),
        ("live.humanize", {"lookahead_ms": 0.0}),
    ]
)
TURNS = st.dictionaries(st.integers(0, 40), CHANGES, max_size=4)


def rehearsed(
    chain: LiveChain, heard: list[Event], turns: dict[int, Any], rest_s: float = 0.01
) -> list[Event]:
    """Let a chain hear events, be turned, and end so long after the last of them."""
    said: list[Event] = []
    for row, event in enumerate(heard):
        said += woken(chain, event.time_s)
        said += chain.hear(event)
        name, changes = turns.get(row, ("", {}))
        for stage, engine in enumerate(chain.engines):
            if engine.name == name:
                said += chain.turn(stage, changes, event.time_s)
    end_s = heard[-1].time_s + rest_s if heard else 0.0
    return said + woken(chain, end_s) + chain.end(end_s)


@given(any_stream(), ORDERS, TURNS)
def test_nothing_sounds_when_all_keys_are_up_and_it_ended(
    events: list[Event], stages: list[Stage], turns: dict[int, Any]
) -> None:
    chain = LiveChain(stages)
    ledger = Ledger(rehearsed(chain, [*events, *keys_up(events)], turns))
    assert ledger.sounding == set()
    assert chain.due_s == NEVER


@given(any_stream(), ORDERS, TURNS, st.sampled_from([0.0, 0.01, 1.0]))
def test_when_it_ended_nothing_sounds_but_keys_that_are_held(
    events: list[Event], stages: list[Stage], turns: dict[int, Any], rest_s: float
) -> None:
    """Also if the players before still had something to say."""
    said = rehearsed(LiveChain(stages), events, turns, rest_s)
    own = {event.channel for event in events if event.status == 0xB0}
    ledger = Ledger(said)
    assert ledger.sounding <= Ledger(events).sounding
    assert ledger.pedals <= own


@given(clean_stream(), ORDERS, TURNS)
def test_each_key_goes_on_and_off_by_turns(
    events: list[Event], stages: list[Stage], turns: dict[int, Any]
) -> None:
    ledger = Ledger(rehearsed(LiveChain(stages), [*events, *keys_up(events)], turns))
    assert (ledger.doubled, ledger.orphans) == ([], [])


@given(any_stream())
def test_an_empty_chain_says_what_it_hears(events: list[Event]) -> None:
    chain = LiveChain([])
    assert [said for event in events for said in chain.hear(event)] == events
    assert (chain.due_s, chain.end(1.0)) == (NEVER, [])


def test_what_one_says_the_next_one_hears() -> None:
    """A third is added, and both notes are held when the key goes up."""
    chain = LiveChain(
        [Stage("live.harmonise", {"tonic": "C", "scale": "major"}), Stage("live.latch")]
    )
    on, off = timed([(0, note_on(0, 60, 100)), (1, note_off(0, 60))])
    assert messages([*chain.hear(on), *chain.hear(off)]) == [
        note_on(0, 60, 100),
        note_on(0, 64, 80),
    ]
    assert messages(chain.end(200.0)) == [note_off(0, 60), note_off(0, 64)]


def test_a_turn_keeps_the_options_that_it_does_not_name() -> None:
    chain = LiveChain([Stage("live.velocity", {"low": 100})])
    chain.turn(0, {"high": 100}, 0.0)
    (said,) = chain.hear(Event(1.0, note_on(0, 60, 5)))
    assert said.data[2] == 100


@pytest.mark.parametrize(
    ("stage", "field"),
    [
        (Stage("live.echo"), r"stages\[0\].engine is 'live.echo', allowed are .*live.latch"),
        (Stage("velocity"), r"stages\[0\].engine is 'velocity', allowed are .*live.velocity"),
        (Stage("live.latch", {"mode": 1}), r"stages\[0\].options.mode is 1, allowed are chord"),
    ],
)
def test_a_stage_that_is_wrong_is_told_with_its_place(stage: Stage, field: str) -> None:
    with pytest.raises(OptionError, match=field):
        checked([stage])


def test_a_stage_that_is_not_there_cannot_be_turned() -> None:
    with pytest.raises(OptionError, match="stage is 1, allowed are 0 to 0"):
        LiveChain([Stage("live.latch")]).turn(1, {}, 0.0)


def test_players_are_woken_in_order_of_time() -> None:
    """The pedal goes down 90 ms and 35 ms after the first note, long before the chord rings out."""
    slow = Stage("live.strum", {"spread_ms": 300.0, "window_ms": 60.0})
    chain = LiveChain([slow, Stage("live.pedal")])
    for event in timed([(0, note_on(0, pitch, 80)) for pitch in (60, 64, 67, 72)]):
        chain.hear(event)
    times = [event.time_s for event in chain.wake(101.0)]
    assert times == sorted(times)
    assert len(times) == 4
