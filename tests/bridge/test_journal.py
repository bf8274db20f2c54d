import random
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import msgpack
import pytest

from bridge.client import Client
from bridge.error import BridgeError
from bridge.local import local_server
from bridge.replay import Replay
from bridge.server import Config
from engines import Stage, Target
from tests.clips import stiff_clip
from tests.conftest import serve

HUMAN = (
    Stage("rules.velocity"),
    Stage("rules.groove"),
    Stage("rules.articulation"),
    Stage("rules.pedal"),
)


def the_journal(folder: Path) -> Path:
    (path,) = folder.glob("*.journal")
    return path


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a journal with 12 requests that were rendered and 2 that were refused."""
    folder = tmp_path_factory.mktemp("journal")
    config = Config(bind="tcp://127.0.0.1:0", warm=False, journal=folder)
    with local_server(config) as address, Client(address) as client:
        for seed in range(4):
            amounts = {"groove": seed / 2}
            client.render((stiff_clip(16 + seed),), stages=HUMAN, amounts=amounts, seed=seed)
            client.render((stiff_clip(8), stiff_clip(9)), preset="band/natural", takes=2)
        for start in (0.0, 2.0):
            client.render((stiff_clip(),), preset="band/natural", target=Target(start, start + 2))
        for _ in range(2):
            client.render((stiff_clip(),), stages=(Stage("euclid", {"bars": 3}),))
        client.ping()
        for preset in ("no/such", "band/none"):
            with pytest.raises(BridgeError):
                client.render((stiff_clip(),), preset=preset)
    return the_journal(folder).read_bytes()


def verdicts(content: bytes, path: Path) -> list[bool | None]:
    path.write_bytes(content)
    return [verdict.same for verdict in Replay(path).verdicts()]


def test_every_rendered_reply_is_reproduced_byte_for_byte(journal: bytes, tmp_path: Path) -> None:
    assert verdicts(journal, tmp_path / "j") == [True] * 12


def test_a_journal_cut_at_any_byte_gives_back_all_whole_requests(
    journal: bytes, tmp_path: Path
) -> None:
    unpacker = msgpack.Unpacker(max_buffer_size=0)
    unpacker.feed(journal)
    ends = [(unpacker.tell(), entry) for entry in unpacker]
    for cut in random.Random(7).sample(range(ends[0][0], len(journal)), 25):
        whole = [entry for end, entry in ends if end <= cut]
        accepted = sum("seed" in entry for entry in whole)
        path = tmp_path / f"cut-{cut}"
        found = verdicts(journal[:cut], path)
        assert len(found) == accepted
        assert False not in found
        answered = sum(
            entry.get("kind") == "reply" and msgpack.unpackb(entry["frame"])["op"] == "rendered"
            for entry in whole
        )
        assert found.count(True) == answered
        assert Replay(path).whole_bytes == max(end for end, _ in ends if end <= cut)


def test_a_reply_that_was_changed_is_noticed(journal: bytes, tmp_path: Path) -> None:
    entries = list(msgpack.Unpacker(BytesIO(journal)))
    index = next(
        i
        for i, entry in enumerate(entries)
        if entry.get("kind") == "reply" and b"rendered" in entry["frame"]
    )
    reply = msgpack.unpackb(entries[index]["frame"], use_list=True)
    onset = bytearray(reply["takes"][0][0]["notes"]["onset"])
    onset[-2] ^= 1
    reply["takes"][0][0]["notes"]["onset"] = bytes(onset)
    entries[index]["frame"] = msgpack.packb(reply)
    found = verdicts(b"".join(map(msgpack.packb, entries)), tmp_path / "j")
    assert found.count(False) == 1


def test_a_flipped_bit_ends_no_replay_in_a_traceback(journal: bytes, tmp_path: Path) -> None:
    generator = random.Random(3)
    for number in range(60):
        damaged = bytearray(journal)
        damaged[generator.randrange(len(damaged))] ^= 1 << generator.randrange(8)
        path = tmp_path / str(number)
        path.write_bytes(damaged)
        try:
            replay = Replay(path)
        except BridgeError:
            continue  # the heading was hit
        assert len(replay) <= 12
        assert replay.whole_bytes <= len(journal)


def test_a_full_disk_ends_the_journal_and_not_the_server(tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))"
    code = f"""
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
{limit}
from bridge.command.main import main
main(["serve", "--bind", "tcp://127.0.0.1:0", "--journal", {str(tmp_path)!r}])
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    with Client(process.stdout.readline().split()[-1]) as client:
        for seed in range(20):  # each entry has more than 1,000 bytes
            client.render((stiff_clip(),), stages=HUMAN, seed=seed)
    process.terminate()
    assert process.wait(timeout=10) == 0
    process.stdout.close()
    assert the_journal(tmp_path).stat().st_size <= 20_000
    assert next(Replay(the_journal(tmp_path)).verdicts()).same


def test_a_journal_survives_the_killing_of_its_server(tmp_path: Path) -> None:
    with serve("--journal", str(tmp_path)) as served:
        with Client(served.address) as client:
            for seed in range(20):
                client.render((stiff_clip(),), stages=HUMAN, seed=seed)
        served.process.kill()
        served.process.wait(timeout=10)
    replay = Replay(the_journal(tmp_path))
    assert [verdict.same for verdict in replay.verdicts()] == [True] * 20


@pytest.mark.parametrize("content", [b"", b"MThd", b"\xc1\xc1", msgpack.packb({"a": 1})])
def test_a_file_that_is_no_journal_is_told_so(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_bytes(content)
    with pytest.raises(BridgeError, match="is no journal, allowed are"):
        Replay(path)


def test_a_folder_that_cannot_hold_a_journal_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(BridgeError, match="journal cannot be kept in"),
        local_server(Config(bind="tcp://127.0.0.1:0", journal=tmp_path / "file")),
    ):
        pass
