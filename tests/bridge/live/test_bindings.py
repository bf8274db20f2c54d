import pytest

from bridge.live.bindings import Bindings
from engines.error import OptionError
from engines.live.chain import LiveChain
from engines.live.event import Event, control
from engines.stage import Stage

CHAIN = LiveChain([Stage("live.velocity")])


def test_the_next_controller_that_moves_turns_the_option_over_its_range() -> None:
    bindings = Bindings()
    bindings.learn(CHAIN, 0, "drive")
    assert bindings.take(Event(0.0, control(0, 21, 0))) == (0, {"drive": -1.0})
    assert bindings.take(Event(0.0, control(0, 21, 127))) == (0, {"drive": 1.0})


def test_other_controllers_and_pedals_turn_nothing() -> None:
    bindings = Bindings()
    bindings.learn(CHAIN, 0, "drive")
    assert bindings.take(Event(0.0, control(0, 64, 127))) is None
    assert bindings.take(Event(0.0, control(0, 21, 127))) is not None
    assert bindings.take(Event(0.0, control(0, 22, 127))) is None
    assert bindings.take(Event(0.0, control(1, 21, 127))) is None


def test_an_option_that_no_knob_can_turn_is_refused() -> None:
    with pytest.raises(OptionError, match="calibration takes"):
        Bindings().learn(CHAIN, 0, "calibration")


def test_an_unknown_option_is_refused_with_those_there_are() -> None:
    with pytest.raises(OptionError, match="volume is no option of live"):
        Bindings().learn(CHAIN, 0, "volume")


def test_learning_that_is_called_off_binds_nothing() -> None:
    bindings = Bindings()
    bindings.learn(CHAIN, 0, "drive")
    bindings.learn(CHAIN, 0, "")
    assert bindings.sentences() == ()
    assert bindings.take(Event(0.0, control(0, 21, 127))) is None
