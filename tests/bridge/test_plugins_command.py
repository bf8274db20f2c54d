"""The command that lists plug-ins, as a user meets it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.command.doctor_sound import LIBRARIES, check_plugins, check_soundfonts, missing
from bridge.sound.set_aside import SetAside
from tests.conftest import Ran
from tests.plugins.build import ARCH, bundle
from tests.plugins.faulty import foreign

Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of plug-ins for a user who has nothing else."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("VST3_PATH", str(tmp_path / "vst3"))
    return tmp_path / "vst3"


@pytest.fixture
def synth(plugins: Path, folder: Path) -> Path:
    return copied("Test Synth", plugins, folder)


@pytest.fixture
def crash(plugins: Path, folder: Path) -> Path:
    return copied("Test Crash", plugins, folder)


def copied(name: str, plugins: Path, folder: Path) -> Path:
    binary = plugins / f"{name}.vst3" / "Contents" / ARCH / f"{name}.so"
    return bundle(folder, name, binary.read_bytes())


def test_the_list_tells_name_kind_maker_and_path(run_yuragi: Run, synth: Path) -> None:
    lines = run_yuragi("plugins").out.splitlines()
    assert f"Test Synth  instrument  VST3  yuragi  {synth}" in lines


@pytest.mark.usefixtures("synth")
def test_the_list_tells_the_effects_that_come_with_yuragi(run_yuragi: Run) -> None:
    assert "builtin:reverb" in run_yuragi("plugins").out


def test_the_list_tells_who_is_set_aside_and_what_cannot_be_used(
    run_yuragi: Run, crash: Path, folder: Path
) -> None:
    foreign(folder)
    out = run_yuragi("plugins").out
    assert f"Test Crash  crashed as it was loaded (SIGSEGV)  {crash}" in out
    assert f"Foreign  has binaries for x86_64-win, allowed are those for {ARCH}" in out


def test_the_list_as_json_is_the_whole_catalogue(run_yuragi: Run, synth: Path) -> None:
    found = {one["name"]: one for one in json.loads(run_yuragi("plugins", "--json").out)}
    assert found["Test Synth"]["path"] == str(synth)
    assert found["Test Synth"]["parameters"][0]["name"] == "level"


def test_without_a_plugin_it_is_said_that_a_soundfont_plays(run_yuragi: Run) -> None:
    assert "a soundfont plays without any" in run_yuragi("plugins").out


@pytest.mark.usefixtures("synth")
def test_a_scan_anew_finds_the_same(run_yuragi: Run) -> None:
    assert run_yuragi("plugins", "--scan").out == run_yuragi("plugins").out


def test_show_tells_parameters_with_range_unit_default_and_values(
    run_yuragi: Run, synth: Path
) -> None:
    assert run_yuragi("plugins", "show", "test synth").out.splitlines() == [
        f"Test Synth 1.2.3, VST3 instrument by yuragi: {synth}",
        "",
        "  level      0 to 1; default 1",
        "  octave     -2 to 2; default 0",
        "  wave       Sine, Square; default Sine",
        "  cutoff_hz  20 to 20000 Hz; default 20000",
    ]


@pytest.mark.usefixtures("synth")
def test_show_of_an_unknown_name_is_one_sentence(run_yuragi: Run) -> None:
    ran = run_yuragi("plugins", "show", "Test Sinth")
    assert ran.code == 2
    assert ran.err.startswith("yuragi: plug-in is 'Test Sinth', allowed are for example Test Synth")


def test_who_crashes_again_when_it_is_allowed_stays_set_aside(run_yuragi: Run, crash: Path) -> None:
    run_yuragi("plugins")
    ran = run_yuragi("plugins", "allow", "Test Crash")
    assert ran.code == 2
    assert "Test Crash was tried again, and crashed as it was loaded (SIGSEGV)" in ran.err
    assert SetAside().why(crash) is not None


def test_who_is_allowed_may_be_loaded_again(run_yuragi: Run, synth: Path) -> None:
    SetAside().add(synth, "crashed as it played (SIGSEGV)")
    assert run_yuragi("plugins", "allow", "Test Synth").out == "Test Synth may be loaded again\n"
    assert run_yuragi("plugins", "show", "Test Synth").code == 0


@pytest.mark.usefixtures("synth")
def test_the_doctor_counts_plugins_and_names_those_that_are_set_aside(
    run_yuragi: Run, crash: Path
) -> None:
    run_yuragi("plugins")
    count, aside = check_plugins()
    assert count == (True, "plug-ins that can be used: 1")
    assert not aside.well
    assert aside.sentence == (
        f"{crash} is set aside, for it crashed as it was loaded (SIGSEGV); "
        f'to try again: yuragi plugins allow "{crash}"'
    )


def test_a_name_with_a_slash_is_a_name(run_yuragi: Run) -> None:
    ran = run_yuragi("plugins", "show", "A/B Synth")
    assert ran.err.startswith("yuragi: plug-in is 'A/B Synth', allowed are ")


@pytest.mark.usefixtures("synth")
def test_the_doctor_says_that_plugins_are_not_scanned_yet() -> None:
    (count,) = check_plugins()
    assert count.sentence == (
        "plug-ins that can be used: 0, files not looked into yet: 1; run yuragi plugins"
    )


def test_the_doctor_tells_which_soundfont_plays(tmp_path: Path) -> None:
    font = tmp_path / "config" / "yuragi" / "soundfonts" / "own.sf2"
    font.parent.mkdir(parents=True)
    font.write_bytes(b"RIFF\x04\0\0\0sfbk")
    (found,) = check_soundfonts()
    assert found.sentence.startswith(f"without plug-ins {font} plays")


def test_the_doctor_tells_of_a_named_soundfont_that_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.sf2").write_text("no music")
    monkeypatch.setenv("SDL_SOUNDFONTS", str(tmp_path / "a.sf2"))
    _, named = check_soundfonts()
    assert not named.well
    assert named.sentence == (
        f"SDL_SOUNDFONTS names '{tmp_path / 'a.sf2'}', which is no soundfont, allowed are .sf2 and"
        " .sf3 files"
    )


@pytest.mark.usefixtures("synth")
def test_show_of_a_stranger_names_the_users_own_first(run_yuragi: Run) -> None:
    assert "allowed are for example Test Synth, " in run_yuragi("plugins", "show", "Qqq").err


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_doctor_says_how_to_get_a_library(library: str) -> None:
    sentence = missing(library, f"ModuleNotFoundError: No module named '{library}'")
    assert sentence.endswith("pip install 'yuragi[render]'")


def test_the_doctor_says_how_to_get_the_library_of_fluidsynth() -> None:
    sentence = missing("fluidsynth", "ImportError: Couldn't find the FluidSynth library.")
    assert sentence == (
        "fluidsynth, which plays soundfonts, does not load (ImportError: Couldn't find the "
        "FluidSynth library.): install it (Debian, Ubuntu: apt install libfluidsynth3; Fedora: dnf "
        "install fluidsynth-libs; Arch: pacman -S fluidsynth)"
    )


def test_the_doctor_tells_of_sound(run_yuragi: Run) -> None:
    assert "plug-ins that can be used: " in run_yuragi("doctor").out
