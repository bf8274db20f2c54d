"""What the screen shows, and how its dials turn."""

import io
from os import terminal_size
from typing import Any

import msgspec
import pytest
from rich.console import Console

from bridge.command.live_screen import Dial, dials, draw
from bridge.gig_protocol import Lateness, Port, State

STATE = State(
    system="JACK",
    inputs=(Port("keys:out", there=False),),
    output=Port("yuragi:out", there=True, joined=("synth:in",)),
    preset="live/mine",
    engines=("live.velocity",),
    options=({"amount": 0.5, "learn": True, "calibration": ()},),
    notes_in=7,
    notes_out=9,
    sounding=2,
    bpm=None,
    beat=None,
    lateness=Lateness(1.25, 1.25, 12.5),
)


def shown(state: State, *told: str) -> str:
    console = Console(width=100, file=(screen := io.StringIO()))
    console.print(draw(state, 0, told, "Plays as I do."))
    return screen.getvalue()


@pytest.mark.parametrize(
    "text",
    ["keys:out ○ gone, waiting for it", "yuragi:out ●  synth:in", "live/mine  Plays as I do.",
     "no clock", "1.2 ms", "12.5 ms", "velocity", "learn", "on", "the cable is loose"],
)  # fmt: skip
def test_ports_preset_options_figures_and_sentences_are_shown(text: str) -> None:
    assert text in shown(STATE, "the cable is loose")


def test_the_tempo_and_the_beat_of_the_bar_are_shown() -> None:
    text = shown(msgspec.structs.replace(STATE, bpm=96.04, beat=6.5))
    assert "96.0 bpm  beat 3" in text


def test_only_what_a_key_can_turn_is_a_dial() -> None:
    assert [dial.name for dial in dials(STATE)] == ["amount", "learn"]


@pytest.mark.parametrize(
    ("rule", "value", "steps", "turned"),
    [
        ({"type": "number", "minimum": 0, "maximum": 2}, 1.0, 1, 1.1),
        ({"type": "number", "minimum": 0, "maximum": 2}, 2.0, 1, 2.0),
        ({"type": "integer", "minimum": 1, "maximum": 127}, 64, -1, 58),
        ({"type": "integer", "minimum": 0, "maximum": 4}, 2, 1, 3),
        ({"type": "boolean"}, True, 1, False),
        ({"enum": ["up", "down"]}, "down", 1, "up"),
        ({"type": "array"}, (), 1, None),
    ],
)
def test_a_dial_turns_by_steps_within_its_range(
    rule: dict[str, Any], value: Any, steps: int, turned: Any
) -> None:
    assert Dial(0, "live.velocity", "it", rule, value).turned(steps) == turned


@pytest.mark.parametrize("lines", [10, 16, 24])
def test_in_a_small_terminal_options_are_left_out_and_keys_and_sentences_are_not(
    lines: int,
) -> None:
    many = tuple(STATE.options * 8), tuple(STATE.engines * 8)
    state = msgspec.structs.replace(STATE, options=many[0], engines=many[1])
    console = Console(width=80, file=(screen := io.StringIO()))
    console.print(draw(state, 15, ["the cable is loose"], size=terminal_size((80, lines))))
    text = screen.getvalue()
    assert "the cable is loose" in text
    assert "leave" in text
    assert "learn" in text  # the last dial, which is chosen
    assert len(text.splitlines()) <= max(lines, 14)


def test_the_look_ahead_is_told_beside_the_latency() -> None:
    ahead = msgspec.structs.replace(
        STATE, engines=("live.humanize",), options=({"lookahead_ms": 10.0},)
    )
    assert "1.2 ms + 10 ms look-ahead" in shown(ahead)
