import os
import sys

import pytest

from bridge.sound.host_watch import LONGEST_LOOK_S, STUCK_S, HostWatch
from bridge.sound.process_time import ProcessTime, process_time
from bridge.witness import Sight


def test_the_time_that_a_plugin_has_is_its_own() -> None:
    watch, within = HostWatch(0.0), Sight(1, 1.0, "X.vst3")
    looks = [watch.look(within, 0.1 * k) for k in range(1, 14)]
    # the first look begins to count; 1.1 s later more than 1 s have passed
    assert looks.index(True) == 11


def test_a_machine_that_stood_still_is_no_hang() -> None:
    watch, within = HostWatch(0.0), Sight(1, 2 * LONGEST_LOOK_S, "X.vst3")
    assert [watch.look(within, 100.0 * k) for k in (1, 2, 3)] == [False, False, False]


def test_waiting_for_the_processor_is_no_hang() -> None:
    watch, within = HostWatch(0.0), Sight(1, 1.0, "X.vst3")
    # of each tenth of a second it gets a hundredth: ten times as long until it has had its second
    looks = (watch.look(within, 0.1 * k, ProcessTime(0.01 * k, wants=True)) for k in range(1, 200))
    assert next(k for k, overdue in enumerate(looks) if overdue) == pytest.approx(101, abs=1)


def test_a_plugin_that_sleeps_is_a_hang() -> None:
    watch, within = HostWatch(0.0), Sight(1, 1.0, "X.vst3")
    looks = [watch.look(within, 0.1 * k, ProcessTime(5.0, wants=False)) for k in range(1, 14)]
    assert looks.index(True) == 11


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_a_process_is_known_to_run() -> None:
    before = process_time(os.getpid())
    assert before is not None
    assert before.wants
    while (now := process_time(os.getpid())) is not None and now.ran_s == before.ran_s:
        pass
    assert now is not None
    assert now.ran_s - before.ran_s < 5


def test_a_process_that_is_in_no_plugin_has_more_time() -> None:
    watch, outside = HostWatch(0.0), Sight(2, 0.1, "X.vst3")
    looks = (watch.look(outside, 0.1 * k) for k in range(1, 2000))
    assert 10 * STUCK_S <= next(k for k, overdue in enumerate(looks) if overdue) <= 1250
