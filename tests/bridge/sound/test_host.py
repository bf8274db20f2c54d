import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import psutil
import pytest

from bridge.message import Code
from bridge.sound.fault import SoundError
from bridge.sound.host import Host
from bridge.sound.host_watch import LONGEST_LOOK_S, STUCK_S, HostWatch
from bridge.sound.judgement import End, is_over, judge
from bridge.sound.process_time import ProcessTime, process_time
from bridge.sound.set_aside import SetAside
from bridge.sound_protocol import Block, Bounced
from bridge.witness import Doing, Sight
from tests.bridge.sound.playing import asked, joined
from tests.bridge.sound.sounds import need

need("pedalboard")

WAIT_S = 60.0
"""So long a test waits for what must come."""

FAULTS = {
    "Test Crash": r"crashed as it was loaded \(SIGSEGV\)",
    "Test Crash Note": r"crashed at 49\.\d s \(SIGABRT\)",
    "Test Hang": r"hung: it did not load within 2 s",
    "Test Hang Note": r"hung at 0\.\d s: a block took it more than 1 s",
}
"""What is said of plug-ins that take their process down; notes come every 0.1 s."""


@pytest.fixture
def set_aside(tmp_path: Path) -> SetAside:
    return SetAside(tmp_path / "set_aside")


@pytest.fixture
def host(set_aside: SetAside) -> Iterator[Host]:
    with Host(set_aside) as one:
        yield one


@pytest.fixture
def synth(plugins: Path) -> Path:
    return plugins / "Test Synth.vst3"


def ignore(_block: Block) -> None:
    """Hear nothing."""


def fail(host: Host, plugin: Path) -> SoundError:
    """Bounce what fails."""
    with pytest.raises(SoundError) as caught:
        host.bounce(asked(plugin, notes=600, load_s=2.0), ignore)
    return caught.value


def is_gone(pid: int) -> bool:
    """Wait until a process has ended."""
    with suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
        psutil.Process(pid).wait(WAIT_S)
    return not psutil.pid_exists(pid)


def test_blocks_follow_each_other_and_hold_all_that_sounds(host: Host, synth: Path) -> None:
    blocks: list[Block] = []
    bounced = host.bounce(asked(synth, notes=100), blocks.append)
    sound = joined(blocks)
    assert len(sound) == bounced.frames
    assert abs(sound).max() == bounced.peak
    assert {block.id for block in blocks} == {bounced.id} == {7}


def test_sound_comes_before_the_whole_is_made(host: Host, synth: Path) -> None:
    class HeardError(Exception):
        pass

    def hear(_block: Block) -> None:
        raise HeardError

    begun_s = monotonic()
    with pytest.raises(HeardError):  # of two hours of sound, which take minutes
        host.bounce(asked(synth, tail_s=600.0, notes=66_000), hear)
    assert monotonic() - begun_s < 20


def test_progress_rises_to_what_is_done(host: Host, synth: Path) -> None:
    seen: list[float] = []
    wishes = asked(synth, notes=600, progress=True)
    host.bounce(wishes, ignore, seen.append)
    assert seen == sorted(seen)
    assert 0 < seen[0] <= seen[-1] <= 1


@pytest.mark.parametrize("name", FAULTS)
def test_a_plugin_that_takes_its_process_down_is_named_and_set_aside(
    host: Host, set_aside: SetAside, plugins: Path, name: str
) -> None:
    path = plugins / f"{name}.vst3"
    error = fail(host, path)
    assert error.code == Code.PLUGIN
    remedy = f'it is set aside; allow it again by yuragi plugins allow "{name}"'
    assert str(error).endswith(f": {remedy}")
    assert re.match(f"{name} {FAULTS[name]}: it is set aside", str(error))
    assert str(error).startswith(f"{name} {set_aside.why(path)}")


def test_a_plugin_that_is_set_aside_is_not_loaded(
    host: Host, set_aside: SetAside, plugins: Path
) -> None:
    path = plugins / "Test Crash.vst3"
    set_aside.add(path, "crashed as it was loaded")
    host.start()
    pid = host.pid
    error = fail(host, path)
    assert str(error) == (
        "Test Crash is set aside, for it crashed as it was loaded; "
        'allow it again by yuragi plugins allow "Test Crash"'
    )
    assert error.field == "tracks[0].instrument.plugin.path"
    assert host.pid == pid


def test_a_plugin_that_is_allowed_again_is_loaded(
    host: Host, set_aside: SetAside, plugins: Path
) -> None:
    path = plugins / "Test Crash.vst3"
    fail(host, path)
    set_aside.allow(path)
    assert "is set aside, for it" not in str(fail(host, path))


def test_the_host_is_back_within_two_seconds(
    host: Host, set_aside: SetAside, plugins: Path, synth: Path
) -> None:
    took_s = []
    for _ in range(3):  # the machine may do other things in between
        fail(host, plugins / "Test Crash.vst3")
        begun_s = monotonic()
        host.bounce(asked(synth), ignore)
        took_s.append(monotonic() - begun_s)
        set_aside.allow(plugins / "Test Crash.vst3")
    assert min(took_s) < 2


def test_a_bounce_that_waited_behind_a_hang_is_made(host: Host, plugins: Path, synth: Path) -> None:
    made: list[Bounced] = []
    begun = threading.Event()

    def wait_and_bounce() -> None:
        begun.wait(WAIT_S)
        made.append(host.bounce(asked(synth), ignore))

    other = threading.Thread(target=wait_and_bounce)
    other.start()
    with pytest.raises(SoundError, match="hung"):
        host.bounce(asked(plugins / "Test Hang Note.vst3", notes=30), lambda _: begun.set())
    other.join(WAIT_S)
    assert len(made) == 1


def test_a_process_that_somebody_kills_is_no_fault_of_the_plugin(
    host: Host, set_aside: SetAside, synth: Path
) -> None:
    def kill(_block: Block) -> None:
        os.kill(host.pid or 0, signal.SIGKILL)

    with pytest.raises(SoundError, match=r"ended by itself \(SIGKILL\).*it is started again") as it:
        host.bounce(asked(synth, notes=3000), kill)
    assert it.value.code == Code.INTERNAL
    assert set_aside.entries == ()
    assert host.bounce(asked(synth), ignore).frames


def test_a_process_that_ended_while_nothing_was_asked_is_started_again(
    host: Host, synth: Path
) -> None:
    host.bounce(asked(synth), ignore)
    os.kill(host.pid or 0, signal.SIGKILL)
    assert host.bounce(asked(synth), ignore).frames


def test_a_bounce_that_is_cancelled_ends_and_the_process_goes_on(host: Host, synth: Path) -> None:
    cancelled = threading.Event()
    with pytest.raises(SoundError) as caught:
        host.bounce(asked(synth, 66_000), lambda _: cancelled.set(), cancelled=cancelled)
    assert caught.value.code == Code.CANCELLED
    pid = host.pid
    assert host.bounce(asked(synth), ignore).frames
    assert host.pid == pid


def test_a_bounce_that_is_cancelled_while_a_plugin_hangs_leaves_no_process_hanging(
    host: Host, set_aside: SetAside, plugins: Path, synth: Path
) -> None:
    host.bounce(asked(synth), ignore)
    cancelled, hung = threading.Event(), host.pid
    threading.Timer(0.5, cancelled.set).start()
    begun_s = monotonic()
    wishes = asked(plugins / "Test Hang.vst3", load_s=300.0)
    with pytest.raises(SoundError) as caught:
        host.bounce(wishes, ignore, cancelled=cancelled)
    assert caught.value.code == Code.CANCELLED
    assert monotonic() - begun_s < 20
    assert is_gone(hung or 0)
    assert set_aside.entries == ()
    assert host.bounce(asked(synth), ignore).frames


def test_what_a_listener_raises_ends_the_bounce(host: Host, synth: Path) -> None:
    def hear(_block: Block) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        host.bounce(asked(synth, 66_000), hear)
    assert host.bounce(asked(synth), ignore).frames


def test_a_listener_that_takes_its_time_is_no_hang(host: Host, synth: Path) -> None:
    blocks: list[Block] = []

    def hear(block: Block) -> None:
        if not blocks:
            threading.Event().wait(2.5)
        blocks.append(block)

    bounced = host.bounce(asked(synth, 600, patience_s=0.5), hear)
    assert len(joined(blocks)) == bounced.frames


def test_what_the_process_refuses_names_its_field(host: Host, tmp_path: Path, synth: Path) -> None:
    with pytest.raises(SoundError) as caught:
        host.bounce(asked(tmp_path / "No.vst3"), ignore)
    assert caught.value.code == Code.PLUGIN
    assert caught.value.field.startswith("tracks[0].instrument.plugin")
    assert host.bounce(asked(synth), ignore).frames


def test_a_host_that_is_closed_gives_up_its_bounce_and_leaves_no_process(
    host: Host, synth: Path
) -> None:
    host.start()
    pid, errors = host.pid or 0, []
    begun = threading.Event()

    def bounce() -> None:
        try:
            host.bounce(asked(synth, 66_000), lambda _: begun.set())
        except SoundError as error:
            errors.append(error.code)

    thread = threading.Thread(target=bounce)
    thread.start()
    assert begun.wait(WAIT_S)
    host.close()
    thread.join(WAIT_S)
    assert errors == [Code.STOPPING]
    assert is_gone(pid)


def test_a_process_that_does_not_start_tells_why(set_aside: SetAside, synth: Path) -> None:
    command = (sys.executable, "-c", "raise SystemExit('no luck')")
    with (
        Host(set_aside, command) as host,
        pytest.raises(SoundError, match=r"did not start: no luck$") as caught,
    ):
        host.bounce(asked(synth), ignore)
    assert caught.value.code == Code.INTERNAL


KILLED = """
import sys
from pathlib import Path
from bridge.sound.host import Host
from bridge.sound.set_aside import SetAside
from tests.bridge.sound.playing import asked
host = Host(SetAside(Path(sys.argv[1])))
def tell(block=None):
    print(host.pid, flush=True)
host.bounce(asked(Path(sys.argv[2])), tell)
host.bounce(asked(Path(sys.argv[3]), load_s=300.0), tell)
"""


@pytest.mark.parametrize("name", ["Test Synth", "Test Hang"])
def test_a_parent_that_is_killed_leaves_no_process_and_no_file(
    plugins: Path, synth: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "tmp").mkdir()
    second = plugins / f"{name}.vst3"
    program = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), str(synth), str(second)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
    )
    assert program.stdout is not None
    pid = int(program.stdout.readline())
    program.kill()
    program.wait(WAIT_S)
    program.stdout.close()
    assert is_gone(pid)
    assert list((tmp_path / "tmp").iterdir()) == []


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
