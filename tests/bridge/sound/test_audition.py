"""Versions are made ready for the ear: equally loud, unlimited, and no more than a page holds."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bridge.error import BridgeError
from bridge.sound.audition import MOST_S, audition
from bridge.sound.host import Host
from bridge.sound.render import Order
from bridge.sound_protocol import Events, Instrument, Plugin, Track
from tests.bridge.sound.playing import strokes
from tests.bridge.sound.sounds import need

need("pedalboard", "pyloudnorm", "scipy", "soundfile")


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as one:
        yield one


def test_versions_are_equally_loud_and_tell_of_no_limiter(host: Host, plugins: Path) -> None:
    import pyloudnorm  # noqa: PLC0415 - where it is missing the tests are skipped
    import soundfile  # noqa: PLC0415

    def version(level: float, notes: int) -> tuple[Track, ...]:
        synth = Plugin(str(plugins / "Test Synth.vst3"), parameters={"level": level})
        return (Track(strokes(notes), Instrument(synth)),)

    told: list[float] = []
    heard = audition(
        host, [version(1.0, 30), version(0.1, 20)], Order(tail_s=0.1), on_progress=told.append
    )
    for one in heard:
        samples, rate = soundfile.read(io.BytesIO(one.content))
        assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(-16, abs=0.3)
        assert one.sentences == ()
    assert told == sorted(told)
    assert told[-1] == 1


def test_more_sound_than_a_page_holds_is_refused_before_it_is_made(host: Host) -> None:
    end = Events(time=np.array([0.0, MOST_S / 2 + 1]), status=np.array([0x90, 0x80]))
    versions = [(Track(end, Instrument(soundfont="/none.sf2")),)] * 2
    told = "the versions are 61 minutes of sound together, allowed in a page are 60"
    with pytest.raises(BridgeError, match=told):
        audition(host, versions, Order())
