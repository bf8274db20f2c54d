"""What can be told of a plug-in by its files."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.sound.bundle import arch, fault, folders, plugin_files, stamp
from tests.plugins.faulty import foreign, hollow, junk, narrow

linux = pytest.mark.skipif(sys.platform != "linux", reason="the bundles are those of Linux")


@linux
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            junk,
            "is junk: its binary begins with b'this is ', allowed are programs of this system",
        ),
        (foreign, f"has binaries for x86_64-win, allowed are those for {arch()}"),
        (narrow, "is of 32 bits, allowed are plug-ins of 64 bits"),
        (hollow, f"is empty: it has no binary, allowed are bundles with one for {arch()}"),
    ],
)
def test_a_fault_is_seen_before_the_plugin_is_loaded(
    make: Callable[[Path], Path], sentence: str, tmp_path: Path
) -> None:
    assert fault(make(tmp_path)) == sentence


def test_a_plugin_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert fault(tmp_path / "X.vst3") == "is not there, allowed are VST3 and Audio Unit plug-ins"


def test_a_file_of_another_name_is_no_plugin(tmp_path: Path) -> None:
    (tmp_path / "song.mid").touch()
    assert fault(tmp_path / "song.mid").startswith("is no plug-in by its name")


@linux
def test_an_audio_unit_is_for_macos(tmp_path: Path) -> None:
    (tmp_path / "X.component").mkdir()
    assert "only macOS loads" in fault(tmp_path / "X.component")


@linux
def test_a_bundle_that_was_renamed_lacks_a_binary_of_its_name(tmp_path: Path) -> None:
    renamed = junk(tmp_path).rename(tmp_path / "Other.vst3")
    what = "has Junk.so in it, allowed is a binary of the bundle's own name"
    assert fault(renamed) == what


def test_a_plugin_that_was_built_has_no_fault(plugins: Path) -> None:
    assert [path.name for path in plugin_files([plugins]) if fault(path)] == []


def test_plugins_are_found_in_folders_of_vendors(tmp_path: Path) -> None:
    made = [hollow(tmp_path / "vendor"), junk(tmp_path / "vendor" / "deeper"), narrow(tmp_path)]
    assert sorted(plugin_files([tmp_path])) == sorted(made)


def test_a_plugin_in_two_folders_by_a_link_is_found_once(tmp_path: Path) -> None:
    made = hollow(tmp_path / "a")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert list(plugin_files([tmp_path / "a", tmp_path / "b"])) == [made]


def test_a_ring_of_links_has_an_end(tmp_path: Path) -> None:
    made = hollow(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path)
    assert list(plugin_files([tmp_path])) == [made]


def test_folders_that_are_not_there_hold_nothing(tmp_path: Path) -> None:
    assert list(plugin_files([tmp_path / "nowhere"])) == []


def test_the_environment_names_folders_before_those_of_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VST3_PATH", str(tmp_path))
    first, *others = folders()
    assert first == tmp_path
    assert others != []


def test_an_environment_variable_that_names_nobodys_home_names_an_empty_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VST3_PATH", "~nobody-here/vst3")
    assert list(plugin_files(folders()[:1])) == []


def test_a_plugin_that_is_installed_anew_has_another_stamp(plugins: Path, tmp_path: Path) -> None:
    path = tmp_path / "Test Gain.vst3"
    shutil.copytree(plugins / path.name, path)
    before = stamp(path)
    binary = path / "Contents" / arch() / "Test Gain.so"
    binary.write_bytes(binary.read_bytes() + b"\0")
    assert stamp(path) != before
