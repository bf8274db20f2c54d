"""Play for long while everything changes, and count the notes and the controllers."""

import heapq
import random
from collections import Counter

import pytest

from bridge.live.follower import Follower
from bridge.live.loop_guard import PATTERN
from bridge.live.rig import Rig
from bridge.live_shelf import LiveShelf
from engines.live.chain import LiveChain
from engines.live.event import Event, control, note_off, note_on

NOTES, A_SECOND = 200_000, 500

MOVES_A_SECOND = 100
"""So often the wheel, a bend and a sysex come each."""

PRESETS = ("live/through", "live/natural", "live/tight", "live/loose", "live/stage-keys")
"""Presets that change notes and add none."""


def stream(rng: random.Random) -> list[Event]:
    """Return so many notes and what comes with them, in order of time.

    Ticks of a clock jitter by a ms; wheel, bend and sysex count, so that each can be told.
    """
    events = []
    for number in range(NOTES):
        begin = number / A_SECOND
        pitch = number * 7 % 128
        events.append(Event(begin, note_on(0, pitch, 1 + number % 127)))
        events.append(Event(begin + rng.uniform(0.001, 0.2), note_off(0, pitch)))
    ticks = int(NOTES / A_SECOND * 48)
    events += [
        Event(max(number / 48 + rng.gauss(0, 0.001), 0.0), b"\xf8") for number in range(ticks)
    ]
    for number in range(int(NOTES / A_SECOND * MOVES_A_SECOND)):
        begin, low, high = number / MOVES_A_SECOND, number % 128, number // 128 % 128
        moves = (control(0, 1, low), bytes((0xE0, low, high)), bytes((0xF0, low, high, 0xF7)))
        events += [Event(begin + rng.uniform(0.0, 0.009), data) for data in moves]
    return sorted(events, key=lambda event: event.time_s)


def moves(events: list[Event]) -> dict[int, list[bytes]]:
    """Return the wheel, the bends and the sysexes, each in the order in which they sound."""
    found: dict[int, list[bytes]] = {0xB0: [], 0xE0: [], 0xF0: []}
    for event in sorted(events, key=lambda event: event.time_s):
        wheel = event.data[0] != 0xB0 or event.data[1] == 1
        if event.data[0] in found and wheel:
            found[event.data[0]].append(event.data)
    return found


@pytest.mark.slow
def test_of_200_000_notes_and_120_000_moves_none_is_lost_doubled_reordered_or_hung() -> None:
    rng = random.Random(1)
    shelf = LiveShelf()
    chains = [shelf.find(name).stages for name in PRESETS]
    told: list[str] = []
    rig = Rig(told.append)
    follower = Follower(told.append)
    rig.clock, rig.pulse = follower.hear, follower
    said: list[Event] = []
    heard: Counter[int] = Counter()
    played = stream(rng)
    for number, event in enumerate(played):
        if rig.due_s <= event.time_s:
            said += rig.tick(event.time_s)
        if number % 5_000 == 4_999:
            stages = chains[number // 5_000 % len(chains)]
            said += rig.change(LiveChain(stages, seed=number, pulse=follower), event.time_s)
        if number % 500 == 250 and rig.chain.engines:
            said += rig.turn(0, {"amount": rng.choice([0.0, 0.5, 1.0])}, event.time_s)
        said += rig.hear(event)
        if event.is_note_on:
            heard[event.data[1]] += 1
    said += rig.release_all(NOTES / A_SECOND + 1.0)
    assert told == []
    check(said, heard)
    assert moves([event for event in said if event.data not in PATTERN]) == moves(played)


def check(said: list[Event], heard: Counter[int]) -> None:
    """Look at each key's events in the order in which they sound: on, off, on, off."""
    queue = [(event.time_s, number, event) for number, event in enumerate(said)]
    heapq.heapify(queue)
    down: set[int] = set()
    sounded: Counter[int] = Counter()
    while queue:
        _, _, event = heapq.heappop(queue)
        if event.is_note_on:
            assert event.data[1] not in down, "a note is doubled, or came before the last one's end"
            down.add(event.data[1])
            sounded[event.data[1]] += 1
        elif event.is_note_off:
            assert event.data[1] in down, "a note ended before it began"
            down.remove(event.data[1])
    assert sounded == heard
    assert not down
