from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from bridge.message import Code
from bridge.sound_protocol import Plugin
from tests.plugins.build import bundle
from tests.plugins.faulty import foreign, hollow, junk, narrow
from tests.vst_host.process import NOTE, Peer, Row, track

INSTRUMENT = "tracks[0].instrument"


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
        ({"levle": 1.0}, "Test Synth has no parameter 'levle', allowed are 'level'"),
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
        ({"gain_db": 99.0}, "gain_db of builtin:gain is 99.0, allowed are -24 to 24 dB"),
        ({"gian_db": 1.0}, "builtin:gain has no parameter 'gian_db', allowed are 'gain_db'"),
    ):
        effect = Plugin("builtin:gain", parameters=dict(wrong))
        failure = peer.refusal(track([NOTE], synth), master=(effect,))
        assert failure.message == sentence.replace("-24 to", "-96 to")
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


@pytest.mark.parametrize("rows", [[], [(0.0, 0xB0, 7, 1)], [(0.0, 0x90, 60, 0)]])
def test_a_request_without_notes_is_refused(peer: Peer, synth: Path, rows: list[Row]) -> None:
    failure = peer.refusal(track(rows, synth))
    assert failure.message == "tracks have 0 notes, allowed are 1 or more"
    assert (failure.code, failure.field) == (Code.INVALID, "tracks")


def test_the_host_plays_on_after_what_it_refused(peer: Peer, synth: Path) -> None:
    peer.refusal(track([NOTE], synth, parameters={"level": 3.0}))
    assert peer.bounce(track([NOTE], synth), tail_s=0.1).bounced.peak == pytest.approx(0.1)
