"""The line at the bottom of a terminal."""

import msgspec
import pytest

from bridge.command.status_line import ERASE, StatusLine, pulse
from bridge.gig_protocol import Lateness, State

STATE = State(
    system="JACK",
    inputs=(),
    output=None,
    preset="",
    engines=(),
    options=(),
    notes_in=0,
    notes_out=0,
    sounding=0,
    bpm=120.0,
    beat=5.9,
    lateness=Lateness(),
)


def test_a_pulse_is_told_in_bars_and_beats() -> None:
    assert pulse(STATE) == "120.0 bpm  bar 2 beat 2"
    assert pulse(msgspec.structs.replace(STATE, beat=-0.1)) == "120.0 bpm  bar 0 beat 4"
    assert pulse(msgspec.structs.replace(STATE, beat=None)) == "120.0 bpm"
    assert pulse(msgspec.structs.replace(STATE, beat=None, bpm=None)) == "no clock"


def test_without_a_terminal_only_sentences_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    line = StatusLine()
    line.show("5 notes")
    line.say(["a port has gone"])
    line.end()
    assert capsys.readouterr().out == "a port has gone\n"


def test_on_a_terminal_sentences_stand_above_the_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    line = StatusLine()
    line.show("5 notes")
    line.say(["a port has gone"])
    line.show("6 notes")
    line.end()
    assert capsys.readouterr().out == f"{ERASE}5 notes{ERASE}a port has gone\n{ERASE}6 notes\n"
