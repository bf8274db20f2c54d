import subprocess
import sys
from itertools import product
from pathlib import Path

import msgspec
import pytest

from bridge.sound_protocol import Description, Parameter, Plugin
from tests.plugins.faulty import junk
from tests.vst_host.process import Peer, Row, track


def scan(path: Path | str) -> list[Description]:
    command = [sys.executable, "-P", "-m", "vst_host.scan", str(path)]
    ran = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return msgspec.json.decode(ran.stdout, type=list[Description])


def save(plugin: Plugin, path: Path) -> str:
    """Save a plug-in, and return why it could not be."""
    kind = "preset" if path.suffix == ".vstpreset" else "state"
    command = [sys.executable, "-P", "-m", "vst_host.save", kind]
    given = msgspec.msgpack.encode(plugin)
    ran = subprocess.run(command, input=given, capture_output=True, check=False, timeout=60)
    if ran.returncode:
        return ran.stdout.decode()
    path.write_bytes(ran.stdout)
    return ""


def test_an_instrument_is_described_with_what_can_be_set(synth: Path) -> None:
    (found,) = scan(synth)
    assert (found.name, found.kind, found.format) == ("Test Synth", "instrument", "VST3")
    assert (found.maker, found.version, found.fault) == ("yuragi", "1.2.3", "")
    assert found.parameters == (
        Parameter(name="level", low=0, high=1, step=0.001, default=1.0),
        Parameter(name="octave", low=-2, high=2, step=1, default=0.0),
        Parameter(name="wave", default="Sine", values=("Sine", "Square")),
        Parameter(name="cutoff_hz", unit="Hz", low=20, high=20_000, default=20_000.0),
    )


def test_an_effect_is_described_though_it_prints(plugins: Path) -> None:
    (found,) = scan(plugins / "Test Gain.vst3")
    assert (found.name, found.kind) == ("Test Gain", "effect")
    assert found.parameters == (
        Parameter(name="gain_db", unit="dB", low=-24, high=24, default=0.0),
    )


def test_what_is_wrong_with_a_file_is_its_fault(tmp_path: Path) -> None:
    (found,) = scan(junk(tmp_path))
    assert found.name == "Junk"
    assert found.fault.startswith("is junk: ")


def test_the_effects_of_the_host_are_described() -> None:
    found = {one.name: one for one in scan("builtin:")}
    assert "builtin:reverb" in found
    assert all(one.kind == "effect" and one.parameters for one in found.values())
    assert scan("builtin:gain") == [found["builtin:gain"]]


def test_every_effect_of_the_host_can_be_set_to_the_ends_of_its_dials(
    peer: Peer, synth: Path
) -> None:
    rows: list[Row] = [(0.0, 0x90, 69, 127), (0.05, 0x80, 69, 0)]
    for one, end in product(scan("builtin:"), ("low", "high", "default")):
        values = {dial.name: getattr(dial, end) for dial in one.parameters}
        effect = Plugin(one.path, parameters=values)
        for rate in (8_000, 48_000):
            heard = peer.bounce(track(rows, synth), master=(effect,), sample_rate=rate)
            assert 0 <= heard.bounced.peak < 1e3, (one.name, end)


@pytest.mark.parametrize("suffix", ["vstpreset", "state"])
def test_what_was_saved_sounds_the_same_again(
    peer: Peer, synth: Path, tmp_path: Path, suffix: str
) -> None:
    rows: list[Row] = [(0.0, 0x90, 69, 127), (0.1, 0x80, 69, 0)]
    wanted: dict[str, bool | float | str] = {"octave": 1, "level": 0.5}
    file = tmp_path / f"mine.{suffix}"
    assert save(Plugin(str(synth), parameters=wanted), file) == ""
    said = {"preset": str(file)} if suffix == "vstpreset" else {"state": file.read_bytes()}
    told = peer.bounce(track(rows, synth, parameters=wanted))
    again = peer.bounce(track(rows, synth, **said))
    assert told.mix.tobytes() == again.mix.tobytes()


def test_what_cannot_be_saved_is_told_in_a_sentence(synth: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.vstpreset"
    wrong = Plugin(str(synth), parameters={"level": 2.0})
    assert save(wrong, file) == "level of Test Synth is 2.0, allowed are 0 to 1"
    assert save(Plugin("builtin:gain"), file).startswith("builtin:gain has no state, allowed are ")
    assert not file.exists()
