"""Calibrate a keyboard by playing it, and play by what was learned."""

import signal

import pytest

from bridge.calibration import calibrated, keep_calibration
from bridge.error import BridgeError
from bridge.gig_protocol import Ports
from bridge.live.jack_musician import RATE, READY_S, Musician, wait_until
from bridge.live.order import Ask, Choose
from bridge.live.stage_door import StageDoor
from engines.live.calibration import LEVELS
from engines.live.event import note_off, note_on
from engines.stage import Stage
from tests.bridge.live.programs import yuragi

HARD = tuple(100.0 + number for number in range(len(LEVELS)))
HAND = Stage("live.velocity", {"low": 20})


def test_a_preset_knows_the_hands_at_a_calibrated_port() -> None:
    keep_calibration("nanoKEY2:nanoKEY2 KEYBOARD", HARD)
    (stage,) = calibrated((HAND,), ["other:out", "nanoKEY2:nanoKEY2 KEYBOARD"])
    assert stage.options == {"low": 20, "calibration": HARD}


def test_a_calibration_outlives_the_numbers_behind_a_name() -> None:
    keep_calibration("padKEY:padKEY _ CTRL 20:0", HARD)
    (stage,) = calibrated((HAND,), ["padKEY:padKEY _ CTRL 24:0"])
    assert stage.options == {"low": 20, "calibration": HARD}
    assert calibrated((HAND,), ["padKEY:padKEY _ KEYS 24:0"]) == (HAND,)


def test_other_ports_engines_and_own_calibrations_stay_as_they_are() -> None:
    keep_calibration("keys:out", HARD)
    own = Stage("live.velocity", {"calibration": ()})
    latch = Stage("live.latch")
    assert calibrated((HAND,), ["other:out"]) == (HAND,)
    assert calibrated((own, latch), ["keys:out"]) == (own, latch)


def test_a_calibration_that_cannot_be_used_is_named_with_its_file() -> None:
    path = keep_calibration("torn:out", HARD)
    path.write_text("played = [3, 2, 1]")
    with pytest.raises(BridgeError, match=r"torn-out\.toml: the calibration cannot be used"):
        calibrated((HAND,), ["torn:out"])


def test_how_much_was_heard_of_the_minute_is_told(player: Musician) -> None:
    with StageDoor(Ports(inputs=(f"{player.name}:out",), output=f"{player.name}:in")) as door:
        door.ask(Choose(name="", stages=(HAND,)))
        begin = player.frame() + RATE // 10
        for number in range(19):
            player.play(note_on(0, 60, 40 + number), at=begin + number * RATE // 10)
            player.play(note_off(0, 60), at=begin + number * RATE // 10 + RATE // 20)
        wait_until(lambda: len(player.heard) == 38, "all notes")
        door.ask(Ask())
    assert door.state is not None
    # 18 gaps of a tenth of a second are a 33rd of the minute; of the 100 notes it is more
    assert abs(door.state.learning - 1.8 / 60) < 1e-4


def test_who_leaves_before_the_minute_is_over_keeps_nothing(player: Musician) -> None:
    with yuragi("calibrate", "--in", f"{player.name}:out") as process:
        assert process.stdout is not None
        assert any("for a minute" in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        assert process.wait(READY_S) == 130
    assert calibrated((HAND,), [f"{player.name}:out"]) == (HAND,)
