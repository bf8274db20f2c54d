import asyncio
import os
import shutil
import statistics
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
import numpy as np
import psutil
import pytest
import zmq

from bridge.async_client import AsyncClient
from bridge.client import Client
from bridge.error import RefusedError
from bridge.local import local_server
from bridge.message import Code, Failure, Reply
from bridge.protocol import Cancel, decode_reply, encode
from bridge.replay import Replay
from bridge.server import Config
from bridge.sound_protocol import Block, Instrument, Plugin
from engines import Clip, Notes, Stage
from tests.bridge.sound.playing import WAIT_S, asked, joined
from tests.bridge.sound.sounds import need
from tests.clips import stiff_clip
from tests.conftest import serve

need("pedalboard")

LONG = 66_000
"""So many strokes last for almost two hours, and take minutes to be made."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a user of its own: plug-ins are set aside."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "yuragi"


def config(**fields: Any) -> Config:
    return Config(bind="tcp://127.0.0.1:0", warm=False, **fields)


@pytest.fixture
def studio() -> Iterator[Client]:
    with local_server(config()) as address, Client(address, timeout_s=30) as one:
        yield one


def ignore(_block: Block) -> None:
    """Hear nothing."""


def hosts(server: int) -> list[psutil.Process]:
    """Return the processes that host plug-ins for a server."""
    children = psutil.Process(server).children(recursive=True)
    return [one for one in children if "vst_host" in one.cmdline()]


def refusal(client: Client, **wishes: Any) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        client.bounce(ignore, **wishes)
    return caught.value


def wait_until(is_so: Callable[[], bool], client: Client) -> None:
    """Wait for something as long as a server answers."""
    by_s = monotonic() + WAIT_S
    while not is_so():
        assert monotonic() < by_s
        client.ping()


def test_a_clip_sounds_from_its_first_note_on(studio: Client, synth: Path) -> None:
    notes = Notes(pitch=np.array([69]), onset=np.array([1.0]), duration=np.array([1.0]))
    blocks: list[Block] = []
    instrument = Instrument(Plugin(str(synth)))
    bounced = studio.bounce(blocks.append, clips=(Clip(notes, length=4.0),), instrument=instrument)
    sound = joined(blocks)
    assert len(sound) == bounced.frames
    # a beat at 120 a minute is half a second: 24,000 frames
    assert int(np.flatnonzero(sound.any(axis=1))[0]) == 24_000


def test_sound_comes_before_the_whole_is_made(studio: Client, synth: Path) -> None:
    begun_s = monotonic()
    with pytest.raises(InterruptedError):
        studio.bounce(_interrupt, tracks=asked(synth, LONG).tracks)
    assert monotonic() - begun_s < 20


def _interrupt(_block: Block) -> None:
    raise InterruptedError


def test_what_is_cancelled_makes_room_for_what_follows(studio: Client, synth: Path) -> None:
    for _ in range(2):
        with pytest.raises(InterruptedError):
            studio.bounce(_interrupt, tracks=asked(synth, LONG).tracks)
    assert studio.bounce(ignore, tracks=asked(synth).tracks).frames


def test_a_bounce_that_waits_is_cancelled_at_once(studio: Client, synth: Path) -> None:
    with zmq.Context() as context:
        client = Dealer(context, studio.address)
        client.socket.send(encode(asked(synth, LONG)))
        assert isinstance(client.read(), Block)
        waiting = msgspec.structs.replace(asked(synth), id=8)
        cancels = [Cancel(9, request=8), Cancel(10, request=8), Cancel(11, request=7)]
        for request in (waiting, *cancels):  # that of the one that waits comes twice
            client.socket.send(encode(request))
        answers = [reply for reply in client.until(7) if not isinstance(reply, Block)]
        client.socket.close()
    codes = {one.id: one.code if isinstance(one, Failure) else "" for one in answers}
    assert codes == {8: Code.CANCELLED, 9: "", 10: "", 11: "", 7: Code.CANCELLED}
    assert len(answers) == 5
    assert studio.ping() > 0


def test_progress_is_told_if_it_is_asked_for(studio: Client, synth: Path) -> None:
    seen: list[float] = []
    studio.bounce(ignore, seen.append, tracks=asked(synth, 600).tracks)
    assert seen == sorted(seen)
    assert 0 < seen[0] <= seen[-1] <= 1


def test_a_plugin_is_found_by_its_name(
    studio: Client, plugins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(plugins / "Test Synth.vst3", tmp_path / "plugins" / "Test Synth.vst3")
    monkeypatch.setenv("VST3_PATH", str(tmp_path / "plugins"))
    tracks = asked(Path("test synth")).tracks
    assert studio.bounce(ignore, tracks=tracks).peak > 0.05


def test_the_users_own_instruments_play(studio: Client, synth: Path, home: Path) -> None:
    home.mkdir()
    (home / "instruments.toml").write_text(
        f"[default]\nplugin = '{synth}'\nparameters = {{ level = 0.5 }}\n"
        "[[master]]\nplugin = 'builtin:gain'\nparameters = { gain_db = -6.0 }\n"
    )
    peak = studio.bounce(ignore, clips=(stiff_clip(4),)).peak
    without = studio.bounce(ignore, clips=(stiff_clip(4),), master=()).peak
    assert peak == pytest.approx(without * 10 ** (-6 / 20), rel=1e-3)


def test_the_plugins_and_soundfonts_are_told(
    studio: Client, plugins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(plugins / "Test Gain.vst3", tmp_path / "plugins" / "Test Gain.vst3")
    monkeypatch.setenv("VST3_PATH", str(tmp_path / "plugins"))
    assert "Test Gain" not in {one.name for one in studio.plugins().plugins if one.kind}
    (gain,) = (one for one in studio.plugins(scan=True).plugins if one.name == "Test Gain")
    assert (gain.kind, gain.format) == ("effect", "VST3")
    assert studio.plugins().plugins


@pytest.mark.parametrize("name", ["Test Crash", "Test Crash Note", "Test Hang", "Test Hang Note"])
def test_a_plugin_that_takes_its_process_down_is_named_and_the_server_goes_on(
    studio: Client, plugins: Path, synth: Path, name: str
) -> None:
    tracks = asked(plugins / f"{name}.vst3", 600).tracks
    error = refusal(studio, tracks=tracks, load_s=20.0 if "Crash" in name else 2.0)
    assert error.failure.code == Code.PLUGIN
    assert str(error).endswith(f'by yuragi plugins allow "{name}"')
    assert studio.bounce(ignore, tracks=asked(synth).tracks).frames
    assert "is set aside, for it" in str(refusal(studio, tracks=tracks))


def test_pings_and_clips_are_answered_while_a_plugin_hangs(studio: Client, plugins: Path) -> None:
    pings: list[float] = []

    def bounce() -> None:
        with Client(studio.address, timeout_s=30) as other:
            tracks = asked(plugins / "Test Hang Note.vst3", 30).tracks
            assert "hung at 0." in str(refusal(other, tracks=tracks, patience_s=3.0))

    bouncing = threading.Thread(target=bounce)
    bouncing.start()
    while bouncing.is_alive():
        pings.append(studio.ping())
        assert studio.render((stiff_clip(),), stages=(Stage("echo"),)).takes
    bouncing.join()
    assert len(pings) > 10
    assert statistics.median(pings) < 100


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "clips"),
        ({"clips": (stiff_clip(),), "tracks": asked(Path("X.vst3")).tracks}, "clips"),
        ({"tracks": asked(Path("X.vst3")).tracks, "instrument": Instrument()}, "instrument"),
    ],
)
def test_what_contradicts_itself_is_refused(
    studio: Client, fields: dict[str, Any], field: str
) -> None:
    failure = refusal(studio, **fields).failure
    assert (failure.code, failure.field) == (Code.INVALID, field)


def test_a_plugin_that_is_not_there_is_told_with_its_field(studio: Client, tmp_path: Path) -> None:
    failure = refusal(studio, tracks=asked(tmp_path / "No.vst3").tracks).failure
    assert (failure.code, failure.field) == (Code.PLUGIN, "tracks[0].instrument.plugin.path")
    assert "is not there" in failure.message


def test_a_listener_that_takes_its_time_gets_all(studio: Client, synth: Path) -> None:
    blocks: list[Block] = []

    def hear(block: Block) -> None:
        blocks.append(block)
        if len(blocks) == 1:
            with Client(studio.address) as other:
                wait_until(Stillness(hosts(os.getpid())).lasts, other)

    bounced = studio.bounce(hear, tracks=asked(synth, 600).tracks)
    assert len(joined(blocks)) == bounced.frames


class Stillness:
    """See that processes spend no time: a bounce that goes on spends some in each look."""

    LOOK_S = 0.3

    def __init__(self, processes: Iterable[psutil.Process]) -> None:
        self._processes = tuple(processes)
        self._look()

    def lasts(self) -> bool:
        """Return whether no more than one tick was spent in a look that is over."""
        if monotonic() < self._by_s:
            return False
        before_s = self._spent_s
        self._look()
        return self._spent_s - before_s < 0.1 * self.LOOK_S

    def _look(self) -> None:
        self._by_s = monotonic() + self.LOOK_S
        self._spent_s = sum(sum(process.cpu_times()[:2]) for process in self._processes)


class Dealer:
    """Be a client that reads when it is told to."""

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]", address: str) -> None:
        self.socket = context.socket(zmq.DEALER)
        self.socket.rcvhwm = 1
        self.socket.linger = 0
        self.socket.connect(address)

    def read(self) -> Reply:
        assert self.socket.poll(int(WAIT_S * 1e3))
        return decode_reply(self.socket.recv())

    def until(self, request: int) -> Iterator[Reply]:
        """Yield replies until the last one to a request."""
        while True:
            reply = self.read()
            yield reply
            if reply.id == request and not isinstance(reply, Block):
                return


def test_the_process_that_renders_waits_for_a_client_that_reads_nothing(synth: Path) -> None:
    with serve() as served, zmq.Context() as context, Client(served.address) as other:
        slow = Dealer(context, served.address)
        slow.socket.send(encode(asked(synth, LONG)))
        assert isinstance(slow.read(), Block)
        (host,) = hosts(served.process.pid)
        wait_until(Stillness([host]).lasts, other)
        slow.socket.close()


def test_the_sound_of_a_client_that_has_gone_is_given_up(studio: Client, synth: Path) -> None:
    with zmq.Context() as context:
        gone = Dealer(context, studio.address)
        gone.socket.send(encode(asked(synth, LONG)))
        assert isinstance(gone.read(), Block)
        gone.socket.close()
        assert studio.bounce(ignore, tracks=asked(synth).tracks).frames


def test_a_server_that_stops_gives_up_what_exceeds_its_grace(synth: Path) -> None:
    with serve() as served, Client(served.address, timeout_s=30) as client:
        stop = iter([served.process.terminate])
        with pytest.raises(RefusedError) as caught:
            client.bounce(
                lambda _: next(stop, lambda: None)(),
                tracks=asked(synth, LONG).tracks,
            )
        assert caught.value.failure.code == Code.STOPPING
        assert served.process.wait(WAIT_S) == 0


def test_a_server_that_would_leave_bounces_first(synth: Path) -> None:
    with (
        local_server(config(leave_after_s=0.1)) as address,
        Client(address, timeout_s=30) as client,
    ):
        begun_s = monotonic()
        assert client.bounce(ignore, tracks=asked(synth, 600).tracks).frames
        assert monotonic() - begun_s > 0.1


def test_a_server_that_is_killed_leaves_no_process(synth: Path) -> None:
    with serve() as served, zmq.Context() as context:
        client = Dealer(context, served.address)
        client.socket.send(encode(asked(synth, LONG)))
        assert isinstance(client.read(), Block)
        left = hosts(served.process.pid)
        served.process.kill()
        _, alive = psutil.wait_procs(left, WAIT_S)
        client.socket.close()
    assert left
    assert alive == []


def test_sound_goes_on_where_it_was_when_the_server_is_another_one(synth: Path) -> None:
    blocks: list[Block] = []
    with ExitStack() as servers:
        first = servers.enter_context(serve())

        def hear(block: Block) -> None:
            blocks.append(block)
            if len(blocks) == 3:
                first.process.kill()
                first.process.wait(WAIT_S)
                servers.enter_context(serve(bind=first.address))

        with Client(first.address, timeout_s=30) as client:
            bounced = client.bounce(hear, tracks=asked(synth, 600).tracks)
    assert len(joined(blocks)) == bounced.frames


def test_a_journal_keeps_what_is_asked_and_not_the_sound(synth: Path, tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    with local_server(config(journal=folder)) as address, Client(address, timeout_s=30) as client:
        bounced = client.bounce(ignore, tracks=asked(synth, 100).tracks)
        client.render((stiff_clip(),), stages=(Stage("echo"),), seed=1)
    (path,) = folder.iterdir()
    assert path.stat().st_size < 8 * bounced.frames / 10
    replay = Replay(path)
    assert replay.whole_bytes == path.stat().st_size
    assert [verdict.same for verdict in replay.verdicts()] == [True]


def test_sound_comes_to_asyncio_too(studio: Client, synth: Path) -> None:
    async def bounce() -> None:
        blocks: list[Block] = []

        async def hear(block: Block) -> None:
            await asyncio.sleep(0)
            blocks.append(block)

        async with AsyncClient(studio.address, timeout_s=30) as client:
            assert (await client.plugins()).soundfonts is not None
            bounced, ping_ms = await asyncio.gather(
                client.bounce(hear, tracks=asked(synth, 600).tracks), client.ping()
            )
            assert ping_ms > 0
            assert len(joined(blocks)) == bounced.frames

    asyncio.run(bounce())


def test_a_task_that_is_cancelled_cancels_its_sound(studio: Client, synth: Path) -> None:
    async def bounce() -> None:
        begun = asyncio.Event()

        async def hear(_block: Block) -> None:
            begun.set()
            await asyncio.Event().wait()

        async with AsyncClient(studio.address, timeout_s=30) as client:
            task = asyncio.create_task(client.bounce(hear, tracks=asked(synth, LONG).tracks))
            await asyncio.wait_for(begun.wait(), WAIT_S)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await client.ping() > 0

    asyncio.run(bounce())
    assert studio.bounce(ignore, tracks=asked(synth).tracks).frames
