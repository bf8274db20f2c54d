"""A server that was started by a device ends by itself when nobody asks any more."""

import time
from collections.abc import Callable

import pytest

from bridge.client import Client
from engines import Stage
from tests.clips import stiff_clip
from tests.conftest import Ran, serve


def test_a_server_leaves_by_itself_when_nobody_asks_any_more() -> None:
    with serve("--leave-after", "1") as served:
        with Client(served.address) as client:
            client.ping()
        assert served.process.wait(timeout=10) == 0
        assert served.process.stdout is not None
        assert "yuragi has stopped" in served.process.stdout.read()


def test_a_server_that_may_leave_stays_while_a_job_runs() -> None:
    with serve("--leave-after", "1") as served, Client(served.address, timeout_s=30) as client:
        stages = (Stage("sleeper", {"seconds": 2.0}),)
        assert client.render((stiff_clip(),), stages=stages).takes


def test_a_server_that_may_leave_stays_while_it_is_asked() -> None:
    # a busy machine may pause the pings, but hardly for as long as that
    with serve("--leave-after", "3") as served, Client(served.address) as client:
        begun = time.monotonic()
        while time.monotonic() - begun < 3.5:
            client.ping()
        assert served.process.poll() is None


@pytest.mark.parametrize("seconds", ["0", "-1", "soon"])
def test_only_seconds_above_zero_are_a_time_to_leave_after(
    run_yuragi: Callable[..., Ran], seconds: str
) -> None:
    ran = run_yuragi("serve", "--leave-after", seconds)
    assert ran.code == 2
    assert seconds in ran.err
