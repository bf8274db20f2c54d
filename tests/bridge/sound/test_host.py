import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from bridge.message import Code
from bridge.sound.fault import SoundError
from bridge.sound.host import Host
from bridge.sound.set_aside import SetAside
from bridge.sound_protocol import Block, Bounced
from tests.bridge.sound.playing import WAIT_S, asked, is_gone, joined
from tests.bridge.sound.sounds import need

need("pedalboard")

FAULTS = {
    "Test Crash": r"crashed as it was loaded \(SIGSEGV\)",
    "Test Crash Note": r"crashed at 49\.\d s \(SIGABRT\)",
    "Test Hang": r"hung: it did not load within 2 s",
    "Test Hang Note": r"hung at 0\.\d s: a block took it more than 1 s",
}
"""What is said of plug-ins that take their process down; notes come every 0.1 s."""


@pytest.fixture
def host(set_aside: SetAside) -> Iterator[Host]:
    with Host(set_aside) as one:
        yield one


def ignore(_block: Block) -> None:
    """Hear nothing."""


def fail(host: Host, plugin: Path) -> SoundError:
    """Bounce what fails."""
    with pytest.raises(SoundError) as caught:
        host.bounce(asked(plugin, notes=600, load_s=2.0), ignore)
    return caught.value


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
    took_s, crasher = [], plugins / "Test Crash Note.vst3"
    heard_s = [0.0]  # when each block was heard: the last of them just before the crash
    for _ in range(3):  # the machine may do other things in between
        with pytest.raises(SoundError, match="crashed at 49"):
            host.bounce(asked(crasher, 600), lambda _: heard_s.append(monotonic()))
        host.bounce(asked(synth), ignore)
        took_s.append(monotonic() - heard_s[-1])
        set_aside.allow(crasher)
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


def test_a_listener_that_takes_its_time_is_no_hang(
    host: Host, set_aside: SetAside, synth: Path
) -> None:
    blocks: list[Block] = []
    took_s: list[float] = []

    def hear(block: Block) -> None:
        blocks.append(block)
        if len(blocks) == 1:
            begun_s = monotonic()
            with Host(set_aside) as other:
                other.bounce(asked(synth), ignore)
            took_s.append(monotonic() - begun_s)

    bounced = host.bounce(asked(synth, 600, patience_s=0.2), hear)
    assert took_s[0] > 0.2
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


IDLE = """
import sys
from pathlib import Path
from threading import Event
from bridge.witness import Doing, Witness
print("tcp://127.0.0.1:1", flush=True)
with Witness(Path(sys.argv[1])).within("/no/Test Late.vst3", 0.2, Doing.LOADING):
    Event().wait()
"""


def test_a_plugin_that_hangs_while_nothing_is_asked_is_noticed(set_aside: SetAside) -> None:
    with Host(set_aside, (sys.executable, "-c", IDLE)) as host:
        host.start()
        assert is_gone(host.pid or 0)
    assert set_aside.why("/no/Test Late.vst3") == "hung: it did not load within 0.2 s"


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
