"""Let the server's watch look at plug-ins that are slow, but go on."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from bridge.sound.host import Host
from bridge.sound.set_aside import SetAside
from bridge.sound_protocol import Bounce, Bounced
from tests.vst_host.process import NOTE, Row, track
from vst_host.instrument import LONGEST_CALMING_S


@pytest.fixture
def watched(tmp_path: Path, plugins: Path) -> Iterator[Host]:  # noqa: ARG001 - or it is skipped
    with Host(SetAside(tmp_path)) as host:
        yield host


def bounced(host: Host, path: Path, rows: list[Row], **wishes: float) -> Bounced:
    asked = Bounce(1, tracks=(track(rows, path),), tail_s=0, sample_rate=8_000)
    return host.bounce(msgspec.structs.replace(asked, **wishes), lambda _: None)


def test_a_plugin_has_its_patience_for_each_call(watched: Host, plugins: Path) -> None:
    # the first block alone takes 250 calls of 4 ms or more: a second, of which a call has a fifth
    bends: list[Row] = [(k / 1000, 0xE0, k % 128, 64) for k in range(1, 251)]
    rows = [NOTE, *bends, (0.3, 0x80, 69, 0)]
    assert bounced(watched, plugins / "Test Slow.vst3", rows, patience_s=0.2).frames == 2_400


def test_a_plugin_that_always_hisses_is_played_with_a_warning(watched: Host, plugins: Path) -> None:
    # a call for 8,192 frames takes it 0.82 s; 30 s of silence would take 24 s
    rows: list[Row] = [NOTE, (0.1, 0x80, 69, 0)]
    heard = bounced(watched, plugins / "Test Hiss.vst3", rows, load_s=4, patience_s=4)
    assert heard.load_ms < 1e3 * (LONGEST_CALMING_S + 10)
    # 5e-4 is -66 dB
    assert heard.warnings == ["Test Hiss sounds at -66 dB before it is played"]
