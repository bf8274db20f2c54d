import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bridge.message import Code
from bridge.sound_protocol import Instrument, Plugin, Track
from tests.plugins.build import bundle
from tests.plugins.faulty import foreign, hollow, junk, narrow
from tests.vst_host.process import NOTE, Peer, Row, events, track
from vst_host.plugin import PRESET_BYTES

INSTRUMENT = "tracks[0].instrument"
KNOWN = "allowed are 'cutoff_hz', 'level', 'octave', 'wave'"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (junk, "is junk: its binary begins with b'this is ', allowed are programs of this system"),
        (foreign, "has binaries for x86_64-win, allowed are those for"),
        (narrow, "is of 32 bits, allowed are plug-ins of 64 bits"),
        (hollow, "is empty: it has no binary, allowed are bundles with one for"),
    ],
)
def test_what_cannot_be_loaded_is_refused_in_a_sentence(
    peer: Peer, tmp_path: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    path = make(tmp_path)
    failure = peer.refusal(track([NOTE], path))
    assert failure.message.startswith(f"{path} {sentence}")
    assert (failure.code, failure.field) == (Code.PLUGIN, f"{INSTRUMENT}.plugin.path")


def test_a_path_that_leads_nowhere_is_refused(peer: Peer) -> None:
    failure = peer.refusal(track([NOTE], "/nowhere/X.vst3"))
    assert failure.message.startswith("/nowhere/X.vst3 is not there, allowed are ")


def test_a_library_that_is_no_plugin_is_refused(peer: Peer, tmp_path: Path) -> None:
    library = find_spec("msgspec._core")
    assert library is not None
    path = bundle(tmp_path, "Library", Path(str(library.origin)).read_bytes())
    failure = peer.refusal(track([NOTE], path))
    assert failure.message.startswith(f"{path} cannot be loaded: ")
    assert failure.field == f"{INSTRUMENT}.plugin.path"


def test_an_effect_is_no_instrument(peer: Peer, plugins: Path) -> None:
    failure = peer.refusal(track([NOTE], plugins / "Test Gain.vst3"))
    assert failure.message == "Test Gain is an effect, allowed here are instruments"
    assert failure.field == f"{INSTRUMENT}.plugin.path"


def test_an_instrument_is_no_effect(peer: Peer, synth: Path) -> None:
    failure = peer.refusal(track([NOTE], synth, effects=(Plugin(str(synth)),)))
    assert failure.message == "Test Synth is an instrument, allowed here are effects"
    assert failure.field == f"{INSTRUMENT}.effects[0].path"


def test_another_name_than_the_files_plugin_has_is_refused(peer: Peer, synth: Path) -> None:
    one = track([NOTE], synth)
    assert one.instrument.plugin is not None
    failure = peer.refusal(track([NOTE], synth, effects=(Plugin(str(synth), "Other"),)))
    assert failure.message == f"name is 'Other', allowed are those in {synth}: 'Test Synth'"
    assert failure.field == f"{INSTRUMENT}.effects[0].name"


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"level": 3.0}, "level of Test Synth is 3.0, allowed are 0 to 1"),
        ({"cutoff_hz": 5.0}, "cutoff_hz of Test Synth is 5.0, allowed are 20 to 20000 Hz"),
        ({"level": "loud"}, "level of Test Synth is 'loud', allowed are 0 to 1"),
        ({"level": True}, "level of Test Synth is True, allowed are 0 to 1"),
        ({"wave": "Saw"}, "wave of Test Synth is 'Saw', allowed are 'Sine', 'Square'"),
        ({"levle": 1.0}, f"Test Synth has no parameter 'levle', {KNOWN}; did you mean 'level'?"),
        ({"LEVEL": 1.0}, f"Test Synth has no parameter 'LEVEL', {KNOWN}; did you mean 'level'?"),
        ({"zzz": 10.0}, f"Test Synth has no parameter 'zzz', {KNOWN}"),
    ],
)
def test_a_parameter_that_is_not_allowed_is_refused_in_a_sentence(
    peer: Peer, synth: Path, parameters: dict[str, float], sentence: str
) -> None:
    failure = peer.refusal(track([NOTE], synth, parameters=parameters))
    assert failure.message == sentence
    assert failure.code is Code.INVALID
    assert failure.field == f"{INSTRUMENT}.plugin.parameters.{next(iter(parameters))}"


def test_a_parameter_of_an_effect_of_the_host_is_checked(peer: Peer, synth: Path) -> None:
    for wrong, sentence in (
        ({"gain_db": 99.0}, "gain_db of builtin:gain is 99.0, allowed are -96 to 24 dB"),
        ({"gian": 1.0}, "builtin:gain has no parameter 'gian', allowed are 'gain_db'"),
    ):
        effect = Plugin("builtin:gain", parameters=dict(wrong))
        failure = peer.refusal(track([NOTE], synth), master=(effect,))
        assert failure.message == sentence
        assert failure.field == f"master[0].parameters.{next(iter(wrong))}"


def test_an_effect_that_the_host_has_not_is_refused(peer: Peer, synth: Path) -> None:
    failure = peer.refusal(track([NOTE], synth), master=(Plugin("builtin:wah"),))
    assert failure.message.startswith(
        "builtin:wah is no effect of the host's, allowed are reverb, "
    )


def test_a_preset_or_state_that_is_none_is_refused(peer: Peer, synth: Path, tmp_path: Path) -> None:
    junk_file = tmp_path / "junk.vstpreset"
    junk_file.write_bytes(b"junk")
    preset = peer.refusal(track([NOTE], synth, preset=str(junk_file)))
    assert preset.message.startswith(f"{junk_file} is no preset of Test Synth, allowed are ")
    missing = peer.refusal(track([NOTE], synth, preset=str(tmp_path / "none.vstpreset")))
    assert missing.message.endswith("cannot be read: No such file or directory")
    state = peer.refusal(track([NOTE], synth, state=b"junk"))
    assert state.message.startswith("state is 4 bytes that no VST3 saves so, allowed is ")


@pytest.mark.parametrize(
    "wish", [{"name": "Gain"}, {"preset": "/nowhere.vstpreset"}, {"state": b"VC2!"}]
)
def test_an_effect_of_the_host_is_set_by_its_parameters_alone(
    peer: Peer, synth: Path, wish: dict[str, Any]
) -> None:
    failure = peer.refusal(track([NOTE], synth), master=(Plugin("builtin:gain", **wish),))
    (key,) = wish
    assert failure.message == f"builtin:gain has no {key}, allowed are its parameters"
    assert (failure.code, failure.field) == (Code.INVALID, f"master[0].{key}")


@pytest.mark.skipif(
    sys.platform == "win32", reason="there are neither pipes nor devices with names"
)
def test_a_preset_that_would_be_read_without_an_end_is_refused(
    peer: Peer, synth: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe.vstpreset"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        failure = peer.refusal(track([NOTE], synth, preset=str(path)))
        allowed = "allowed are .vstpreset and .aupreset files"
        assert failure.message == f"{path} is no file, {allowed}"
        assert failure.field == f"{INSTRUMENT}.plugin.preset"


def test_a_preset_that_is_too_large_to_be_one_is_refused(
    peer: Peer, synth: Path, tmp_path: Path
) -> None:
    path = tmp_path / "large.vstpreset"
    path.touch()
    os.truncate(path, PRESET_BYTES + 1)
    failure = peer.refusal(track([NOTE], synth, preset=str(path)))
    assert failure.message == f"{path} has 67108865 bytes, allowed are presets of at most 67108864"


def test_a_text_that_is_no_path_is_refused(peer: Peer, synth: Path) -> None:
    for wrong, field in (
        (track([NOTE], "a\0b.vst3"), "plugin.path"),
        (track([NOTE], synth, preset="a\0b"), "plugin.preset"),
        (Track(events([NOTE]), Instrument(soundfont="a\0b")), "soundfont"),
    ):
        failure = peer.refusal(wrong)
        assert failure.field == f"{INSTRUMENT}.{field}"
        assert failure.code is Code.INVALID
        assert failure.message.endswith(", allowed are paths without \\0")


def test_an_instrument_of_four_channels_is_refused(peer: Peer, plugins: Path) -> None:
    failure = peer.refusal(track([NOTE], plugins / "Test Around.vst3"))
    assert failure.message == "Test Around has 4 outputs, allowed are 1 and 2"
    assert failure.field == f"{INSTRUMENT}.plugin.path"


def test_an_effect_of_four_channels_is_refused(peer: Peer, plugins: Path, synth: Path) -> None:
    effect = Plugin(str(plugins / "Test Around Gain.vst3"))
    failure = peer.refusal(track([NOTE], synth, effects=(effect,)))
    sentence = "Test Around Gain takes neither 2 channels nor 1, allowed are these"
    assert (failure.message, failure.field) == (sentence, f"{INSTRUMENT}.effects[0].path")


@pytest.mark.parametrize("rows", [[], [(0.0, 0xB0, 7, 1)], [(0.0, 0x90, 60, 0)]])
def test_a_request_without_notes_is_refused(peer: Peer, synth: Path, rows: list[Row]) -> None:
    failure = peer.refusal(track(rows, synth))
    assert failure.message == "tracks have 0 notes, allowed are 1 or more"
    assert (failure.code, failure.field) == (Code.INVALID, "tracks")


def test_the_host_plays_on_after_what_it_refused(peer: Peer, synth: Path) -> None:
    peer.refusal(track([NOTE], synth, parameters={"level": 3.0}))
    assert peer.bounce(track([NOTE], synth), tail_s=0.1).bounced.peak == pytest.approx(0.1)
