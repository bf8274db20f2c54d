"""Play 200,000 notes at 500 a second through a gig while all changes, and count what comes.

    python benchmarks/live_endurance.py [NOTES]

Options are turned twice a second, another preset is chosen every five seconds, and a MIDI clock
with 1 ms of jitter runs beside; so do the wheel and a bend, 100 times a second each. It takes 400
s, and ends with a line of counts and rc 0, or 1 if a note was lost, doubled, reordered or hung, or
a move of the wheel or the bend did not come once and in order.
"""

import random
import sys
import time
from collections import Counter

from bridge.gig_protocol import Ports
from bridge.live.jack_musician import RATE, Musician, jack_server, musician, wait_until
from bridge.live.loop_guard import PATTERN
from bridge.live.order import Ask, Choose, Turn
from bridge.live.stage_door import StageDoor
from bridge.live_shelf import LiveShelf
from engines.live.event import control, note_off, note_on

NOTES, A_SECOND = 200_000, 500
MOVES_A_SECOND = 100
"""So often the wheel and the bend come each; they count, so that each message can be told."""

PRESETS = ("live/through", "live/natural", "live/tight", "live/loose", "live/stage-keys")
"""Presets that change notes and add none."""

BLOCK_S = 0.5
"""Notes are handed over so far ahead, and an option is turned as often."""


def main(notes: int) -> int:
    """Play, and return 0 if all is well."""
    rng = random.Random(1)  # noqa: S311 - no secret
    shelf = LiveShelf()
    with jack_server("yuragi-endurance"), musician("listener") as listener:
        with musician("keys") as keys, musician("clock") as clock:
            ports = Ports(inputs=("keys:out", "clock:out"), output="listener:in", clock="midi")
            with StageDoor(ports) as door:
                begin = keys.frame() + RATE
                for block in range(int(notes / A_SECOND / BLOCK_S)):
                    hand_over(keys, clock, rng, begin, block)
                    if block % 10 == 0:
                        name = PRESETS[block // 10 % len(PRESETS)]
                        door.ask(Choose(name=name, stages=shelf.find(name).stages, seed=block))
                    elif door.state is not None and door.state.engines:
                        door.ask(Turn(stage=0, options={"amount": rng.choice([0.0, 0.5, 1.0])}))
                    door.ask(Ask())
                    while keys.frame() < begin + int((block - 0.5) * BLOCK_S * RATE):
                        time.sleep(0.01)
                wait_until(lambda: ons(listener) >= notes, "the last note", 30.0)
                wait_until(lambda: not listener.sounding.keys, "the last off", 30.0)
                door.ask(Ask())
                state = door.state
        wait_until(lambda: listener.sounding.silent, "silence", 30.0)
        well = check(listener, notes) and check_moves(listener, int(notes / A_SECOND / BLOCK_S))
    late = state.lateness if state else None
    print(f"{notes} notes, {ons(listener)} heard, {'all well' if well else 'NOT WELL'}, {late}")
    return 0 if well else 1


def hand_over(keys: Musician, clock: Musician, rng: random.Random, begin: int, block: int) -> None:
    """Hand over a block of notes, moves and ticks; no key is struck while it is down."""
    events = []
    for number in range(int(A_SECOND * BLOCK_S)):
        which = block * int(A_SECOND * BLOCK_S) + number
        at = begin + which * RATE // A_SECOND
        pitch, velocity = which * 7 % 128, 1 + which % 127
        events.append((at, note_on(0, pitch, velocity)))
        events.append((at + rng.randrange(RATE // 1000, RATE // 6), note_off(0, pitch)))
    for number, (wheel, bend) in enumerate(moves(block)):
        at = begin + int(block * BLOCK_S * RATE) + number * RATE // MOVES_A_SECOND
        events += [(at, wheel), (at, bend)]
    for at, data in sorted(events):
        keys.play(data, at=at)
    first = begin + int(block * BLOCK_S * RATE)
    ticks = [first + number * RATE // 48 + int(rng.gauss(0, RATE / 1000)) for number in range(24)]
    for at in sorted(ticks):
        clock.play(b"\xf8", at=at)


def moves(block: int) -> list[tuple[bytes, bytes]]:
    """Return the wheel's and the bend's messages in a block."""
    count = int(MOVES_A_SECOND * BLOCK_S)
    places = [divmod(which, 128) for which in range(block * count, (block + 1) * count)]
    return [(control(0, 1, low), bytes((0xE0, low, high % 128))) for high, low in places]


def check_moves(listener: Musician, blocks: int) -> bool:
    """Return whether the wheel and the bend came each once, and in order; feet are not counted."""
    heard = [one.data for one in listener.heard if one.data not in PATTERN]
    wheel = [data for data in heard if data[:2] == b"\xb0\x01"]
    bend = [data for data in heard if data[0] == 0xE0]
    sent = [move for block in range(blocks) for move in moves(block)]
    at_rest = bytes((0xE0, 0, 64))  # the bend is let go at the end
    wheels, bends = [one for one, _ in sent], [one for _, one in sent]
    return wheel == wheels and bend == [*bends, at_rest]


def ons(listener: Musician) -> int:
    """Return how many notes were heard."""
    return sum(1 for one in listener.heard if one.data[0] == 0x90)


def check(listener: Musician, notes: int) -> bool:
    """Return whether each key's ons and offs alternate, and each note was heard once, in order."""
    down: set[int] = set()
    heard: Counter[int] = Counter()
    for one in listener.heard:
        if one.data[0] == 0x90:
            if one.data[1] in down:
                return False
            down.add(one.data[1])
            heard[one.data[1]] += 1
        elif one.data[0] == 0x80:
            if one.data[1] not in down:
                return False
            down.remove(one.data[1])
    wanted = Counter(number * 7 % 128 for number in range(notes))
    return heard == wanted and not down


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else NOTES))
