import signal
from pathlib import Path

import pytest

from bridge.sound.judgement import End, is_over, judge
from bridge.sound.set_aside import SetAside
from bridge.witness import Doing, Sight
from tests.bridge.sound.playing import asked


def test_a_plugin_that_was_loaded_ahead_does_not_harm_another_bounce(
    synth: Path, plugins: Path, set_aside: SetAside
) -> None:
    ahead = plugins / "Test Gain.vst3"
    end = End(Sight(1, 20.0, str(ahead)), -signal.SIGSEGV)
    assert not is_over(end, asked(synth))
    assert is_over(end, asked(ahead))
    judge(end, asked(synth), set_aside)
    assert set_aside.why(ahead) == "crashed as it was loaded (SIGSEGV)"


@pytest.mark.parametrize("status", [-signal.SIGSEGV, None])
def test_a_plugin_that_goes_down_as_it_is_let_go_of_is_not_set_aside(
    synth: Path, set_aside: SetAside, status: int | None
) -> None:
    end = End(Sight(1, 20.0, str(synth), Doing.CLOSING), status)
    assert "while letting go of Test Synth; it is started" in str(
        judge(end, asked(synth), set_aside)
    )
    assert set_aside.entries == ()
    assert not is_over(end, asked(synth))


def test_what_was_heard_in_part_is_not_made_again(synth: Path, plugins: Path) -> None:
    ahead = Sight(1, 20.0, str(plugins / "Test Gain.vst3"))
    assert not is_over(End(ahead, -signal.SIGSEGV, second=0.0), asked(synth))
    assert is_over(End(ahead, -signal.SIGSEGV, second=0.1), asked(synth))


def test_a_plugin_that_crashes_in_its_first_block_crashed_as_it_played(
    synth: Path, set_aside: SetAside
) -> None:
    end = End(Sight(1, 20.0, str(synth), Doing.PLAYING), -signal.SIGSEGV)
    judge(end, asked(synth), set_aside)
    assert set_aside.why(synth) == "crashed at 0.0 s (SIGSEGV)"
