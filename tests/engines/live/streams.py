"""Draw what a port may hear, play it to a live player, and keep a ledger of what sounds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from hypothesis import strategies as st

from engines.live.engine import NEVER, LiveContext, Player
from engines.live.event import (
    ALL_NOTES_OFF,
    ALL_SOUND_OFF,
    RESET,
    SUSTAIN,
    Event,
    control,
    note_off,
    note_on,
)
from engines.option import read_options
from engines.registry import find_live

GAP_S = st.sampled_from([0.0, 0.001, 0.004, 0.011, 0.05, 0.3, 2.5])
CHANNEL = st.sampled_from([0, 0, 0, 1, 9])
PITCH = st.integers(60, 65) | st.integers(0, 127)
VELOCITY = st.integers(1, 127)
BYTE = st.integers(0, 127)

ON = st.builds(note_on, CHANNEL, PITCH, VELOCITY)
OFF = st.builds(note_off, CHANNEL, PITCH, BYTE) | st.builds(note_on, CHANNEL, PITCH, st.just(0))
NUMBER = st.sampled_from([SUSTAIN, SUSTAIN, ALL_SOUND_OFF, RESET, ALL_NOTES_OFF, 126, 1, 66])
CONTROLS = st.builds(control, CHANNEL, NUMBER, st.sampled_from([0, 20, 64, 127]))
SYSEX = b"\xf0\x7e\x7f\x09\x01\xf7"
OTHERS = st.sampled_from(
    [b"\xa0\x3c\x40", b"\xc0\x05", b"\xd0\x40", b"\xe0\x00\x40", b"\xf2\x00\x10"]
) | st.sampled_from([SYSEX, b"\xf8", b"\xfa", b"\xfe", b"\xff"])
MESSAGES = ON | ON | OFF | OFF | CONTROLS | OTHERS


class Take(NamedTuple):
    """Hold what a player heard, with when each was said, and all that it said."""

    heard: list[Event]
    said: list[Event]


class Ledger:
    """Count what sounds as an instrument does: an off ends its key, however often it was struck.

    Attributes:
        doubled: the ons of keys that sounded already.
        orphans: the offs of keys that did not sound.
        sounding: the keys that sound, channel and pitch.
        pedals: the channels whose sustain pedal is down.
    """

    def __init__(self, events: Iterable[Event]) -> None:
        self.doubled: list[Event] = []
        self.orphans: list[Event] = []
        self.sounding: set[tuple[int, int]] = set()
        self.pedals: set[int] = set()
        for event in sorted(events, key=lambda event: event.time_s):
            self._take(event)

    def _take(self, event: Event) -> None:
        if event.is_note_on:
            if event.key in self.sounding:
                self.doubled.append(event)
            self.sounding.add(event.key)
        elif event.is_note_off:
            if event.key not in self.sounding:
                self.orphans.append(event)
            self.sounding.discard(event.key)
        elif event.status == 0xB0:
            self._control(event.channel, *event.data[1:])

    def _control(self, channel: int, number: int, value: int) -> None:
        if number == ALL_SOUND_OFF or number >= ALL_NOTES_OFF:
            self.sounding = {key for key in self.sounding if key[0] != channel}
        elif number == SUSTAIN and value:
            self.pedals.add(channel)
        elif number in {SUSTAIN, RESET}:
            self.pedals.discard(channel)


@st.composite
def any_stream(draw: st.DrawFn) -> list[Event]:
    """Draw whatever may come: orphan offs, doubled ons, controllers, system messages."""
    return timed(draw(st.lists(st.tuples(GAP_S, MESSAGES), max_size=40)))


@st.composite
def clean_stream(draw: st.DrawFn) -> list[Event]:
    """Draw keys that go down and up by turns, with the sustain pedal among them."""
    rows: list[tuple[float, bytes]] = []
    down: set[tuple[int, int]] = set()
    for gap_s, channel, pitch, velocity in draw(
        st.lists(st.tuples(GAP_S, CHANNEL, PITCH, VELOCITY), max_size=40)
    ):
        if velocity < 5:
            rows.append((gap_s, control(channel, SUSTAIN, 127 if velocity < 3 else 0)))
        elif (channel, pitch) in down:
            down.remove((channel, pitch))
            rows.append((gap_s, note_off(channel, pitch, velocity)))
        else:
            down.add((channel, pitch))
            rows.append((gap_s, note_on(channel, pitch, velocity)))
    return timed(rows)


def timed(rows: Iterable[tuple[float, bytes]], start_s: float = 100.0) -> list[Event]:
    """Return messages that come so long after each other."""
    events, time_s = [], start_s
    for gap_s, data in rows:
        time_s += gap_s
        events.append(Event(time_s, data))
    return events


def player(engine: str, context: LiveContext | None = None, **options: Any) -> Any:
    """Return a player of a live engine."""
    found = find_live(engine)
    return found(read_options(found, options), context or LiveContext(engine=engine))


def turned(engine: str, **options: Any) -> Any:
    """Return a live engine's options, to turn a player to."""
    return read_options(find_live(engine), options)


def play(
    player: Player,
    events: Sequence[Event],
    turns: Mapping[int, Any] = {},
    *,
    finish: bool = True,
) -> Take:
    """Let a player hear events, wake it when it wants, and turn it after some of them.

    With `finish` all keys go up at last, and the player ends.
    """
    heard = [*events, *(keys_up(events) if finish else ())]
    said: list[Event] = []
    for row, event in enumerate(heard):
        said += woken(player, event.time_s)
        said += not_before(event.time_s, player.hear(event))
        if row in turns:
            said += not_before(event.time_s, player.turn(turns[row], event.time_s))
    if finish:
        end_s = heard[-1].time_s + 0.01 if heard else 0.0
        said += woken(player, end_s)
        said += not_before(end_s, player.end(end_s))
        assert player.due_s == NEVER
    return Take(heard, said)


def keys_up(events: Sequence[Event]) -> Iterator[Event]:
    """Yield an off for each on that has none yet."""
    open_keys: list[tuple[int, int]] = []
    for event in events:
        if event.is_note_on:
            open_keys.append(event.key)
        elif event.is_note_off and event.key in open_keys:
            open_keys.remove(event.key)
    time_s = events[-1].time_s + 0.2 if events else 0.0
    for row, key in enumerate(open_keys):
        yield Event(time_s + row / 1000, note_off(*key))


class Sleeper(Protocol):
    """Be what can be woken: a player or a chain of them."""

    @property
    def due_s(self) -> float: ...

    def wake(self, now_s: float) -> Sequence[Event]: ...


def woken(player: Sleeper, until_s: float) -> list[Event]:
    """Return what a player says when it is woken as often as it wants."""
    said: list[Event] = []
    while player.due_s <= until_s:
        due_s = player.due_s
        said += not_before(due_s, player.wake(due_s))
        assert player.due_s > due_s
    return said


def not_before(time_s: float, said: Iterable[Event]) -> list[Event]:
    """Return what was said, none of which may lie before it was said."""
    events = list(said)
    assert all(event.time_s >= time_s for event in events)
    return events


def messages(events: Iterable[Event]) -> list[bytes]:
    """Return the messages alone."""
    return [event.data for event in events]
