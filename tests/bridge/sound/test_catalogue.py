"""Plug-ins of all kinds in one folder: what is found, and what becomes of the bad ones."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import msgspec
import pytest

from bridge.error import BridgeError
from bridge.sound.bundle import BUILT_IN, arch
from bridge.sound.catalogue import PluginShelf
from bridge.sound.findings import Findings
from bridge.sound.scanner import Scanned, Scanner
from bridge.sound.set_aside import SetAside
from bridge.sound_protocol import Description
from tests.plugins.build import ARCH, bundle
from tests.plugins.faulty import foreign, junk

Copy = Callable[..., Path]


class Watched(Scanner):
    """Scan, and remember what for."""

    looked: list[str]

    def look(self, path: str, *, alone: bool = False) -> Scanned:
        self.looked.append(Path(path).name)
        return super().look(path, alone=alone)


class Asked(SetAside):
    """Remember who was asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: list[str | Path] = []

    def why(self, path: str | Path) -> str | None:
        self.asked.append(path)
        return super().why(path)


@pytest.fixture
def shelf(tmp_path: Path) -> PluginShelf:
    """Return what knows the plug-ins in the folder `vst3`, and nothing of the user's."""
    return shelf_of(tmp_path)


def shelf_of(tmp_path: Path, scanner: Callable[[], Scanner] = Scanner) -> PluginShelf:
    findings, aside = Findings(tmp_path / "findings"), SetAside(tmp_path / "set_aside")
    return PluginShelf([tmp_path / "vst3"], findings, aside, scanner)


@pytest.fixture
def copy(plugins: Path, tmp_path: Path) -> Copy:
    """Return a function that copies a plug-in into the folder `vst3`."""

    def one(name: str, into: str = "") -> Path:
        binary = plugins / f"{name}.vst3" / "Contents" / ARCH / f"{name}.so"
        return bundle(tmp_path / "vst3", into or name, binary.read_bytes())

    return one


def users(shelf: PluginShelf) -> dict[str, Description]:
    return {Path(one.path).stem: one for one in shelf.plugins if one.format != "built in"}


def test_a_scan_tells_what_an_instrument_is(shelf: PluginShelf, copy: Copy) -> None:
    path = copy("Test Synth")
    shelf.scan()
    found = users(shelf)["Test Synth"]
    assert (found.path, found.kind, found.format) == (str(path), "instrument", "VST3")
    assert (found.maker, found.version, found.fault) == ("yuragi", "1.2.3", "")


def test_a_scan_tells_the_ranges_of_parameters(shelf: PluginShelf, copy: Copy) -> None:
    copy("Test Synth")
    found = {one.name: one for one in shelf.find("Test Synth").parameters}
    cutoff, octave = found["cutoff_hz"], found["octave"]
    assert (cutoff.low, cutoff.high, cutoff.unit, cutoff.default) == (20, 20_000, "Hz", 20_000)
    assert (octave.low, octave.high, octave.step, octave.default) == (-2, 2, 1, 0)
    assert (found["wave"].values, found["wave"].default) == (("Sine", "Square"), "Sine")


def test_the_effects_that_come_with_the_host_are_listed(shelf: PluginShelf) -> None:
    shelf.scan()
    reverb = shelf.find("builtin:reverb")
    assert (reverb.path, reverb.kind) == (f"{BUILT_IN}reverb", "effect")
    assert "wet_level" in {one.name for one in reverb.parameters}


def test_a_plugin_is_scanned_again_only_when_it_changed(tmp_path: Path, copy: Copy) -> None:
    Watched.looked = []
    path = copy("Test Gain")
    shelf_of(tmp_path, Watched).scan()
    shelf_of(tmp_path, Watched).scan()
    assert sorted(Watched.looked) == ["Test Gain.vst3", BUILT_IN]
    binary = path / "Contents" / arch() / "Test Gain.so"
    binary.write_bytes(binary.read_bytes() + b"\0")
    shelf_of(tmp_path, Watched).scan()
    assert Watched.looked[2:] == ["Test Gain.vst3"]


def test_what_is_forgotten_is_scanned_again(tmp_path: Path, copy: Copy) -> None:
    copy("Test Gain")
    shelf = shelf_of(tmp_path)
    shelf.scan()
    shelf.forget()
    assert [Path(path).name for path in shelf.unknown] == [BUILT_IN, "Test Gain.vst3"]


def test_a_plugin_that_crashes_is_set_aside_and_not_tried_again(tmp_path: Path, copy: Copy) -> None:
    Watched.looked = []
    copy("Test Crash")
    for _ in range(2):
        shelf_of(tmp_path, Watched).scan()
    found = users(shelf_of(tmp_path))["Test Crash"]
    assert (found.set_aside, found.fault) == (True, "crashed as it was loaded (SIGSEGV)")
    assert Watched.looked.count("Test Crash.vst3") == 1


def test_a_plugin_that_hangs_is_set_aside(tmp_path: Path, copy: Copy) -> None:
    copy("Test Hang")
    shelf = shelf_of(tmp_path, lambda: Scanner(limit_s=1, alone_s=3))
    shelf.scan()
    found = users(shelf)["Test Hang"]
    assert (found.set_aside, found.fault) == (True, "hung: it did not load within 3 s")


def test_who_is_too_slow_beside_others_is_given_longer_alone(tmp_path: Path, copy: Copy) -> None:
    copy("Test Gain")
    shelf = shelf_of(tmp_path, lambda: Scanner(limit_s=0.01, alone_s=60))
    shelf.scan()
    assert (users(shelf)["Test Gain"].kind, users(shelf)["Test Gain"].fault) == ("effect", "")


def test_where_what_scans_fails_no_plugin_is_at_fault(tmp_path: Path, copy: Copy) -> None:
    copy("Test Gain")
    broken = (sys.executable, "-c", "import no_such_library")
    shelf = shelf_of(tmp_path, lambda: Scanner(command=broken))
    with pytest.raises(BridgeError, match=r"for what does it fails: exit code 1; yuragi doctor"):
        shelf.scan()
    assert shelf_of(tmp_path).find("Test Gain").fault == ""


def test_who_ends_the_scan_without_a_crash_is_tried_again_by_the_next(
    tmp_path: Path, copy: Copy
) -> None:
    shelf_of(tmp_path).scan()
    path = copy("Test Gain")
    broken = (sys.executable, "-c", "raise SystemExit(3)")
    shelf = shelf_of(tmp_path, lambda: Scanner(command=broken))
    with pytest.raises(BridgeError) as refused:
        shelf.find("Test Gain")
    assert str(refused.value) == (
        f"{path} could not be looked into: what does it ended by itself (exit code 3)"
    )
    assert not users(shelf)["Test Gain"].set_aside
    assert shelf_of(tmp_path).find("Test Gain").fault == ""


def test_a_plugin_that_is_allowed_is_tried_again(tmp_path: Path, copy: Copy) -> None:
    Watched.looked = []
    copy("Test Crash")
    shelf = shelf_of(tmp_path, Watched)
    shelf.scan()
    assert shelf.allow("Test Crash").fault == "crashed as it was loaded (SIGSEGV)"
    assert Watched.looked.count("Test Crash.vst3") == 2


def test_a_plugin_that_crashed_in_a_render_is_known_and_refused(
    tmp_path: Path, shelf: PluginShelf, copy: Copy
) -> None:
    path = copy("Test Synth")
    shelf.scan()
    SetAside(tmp_path / "set_aside").add(path, "crashed as it played (SIGSEGV)")
    with pytest.raises(BridgeError) as refused:
        shelf.find("Test Synth")
    assert str(refused.value) == (
        "Test Synth is set aside, for it crashed as it played (SIGSEGV); "
        'allow it again by yuragi plugins allow "Test Synth"'
    )
    assert users(shelf)["Test Synth"].kind == "instrument"
    assert shelf.allow("Test Synth").fault == ""
    assert shelf.find("Test Synth").path == str(path)


def test_who_is_not_set_aside_cannot_be_allowed(shelf: PluginShelf, copy: Copy) -> None:
    copy("Test Gain")
    shelf.scan()
    with pytest.raises(BridgeError, match=r"Test Gain is not set aside, allowed are .* none now"):
        shelf.allow("Test Gain")


def test_a_name_finds_a_plugin_that_was_never_scanned(shelf: PluginShelf, copy: Copy) -> None:
    path = copy("Test Gain")
    assert shelf.find("test gain").path == str(path)


def test_a_name_is_found_without_a_look_at_the_other_files(tmp_path: Path, copy: Copy) -> None:
    copy("Test Gain")
    findings, aside = Findings(tmp_path / "findings"), Asked(tmp_path / "set_aside")
    for row in range(200):
        path = str(bundle(tmp_path / "vst3", f"Other {row}", b"\x7fELF"))
        findings.keep(path, (Description(path=path, name=f"Other {row}", kind="effect"),))
    shelf = PluginShelf([tmp_path / "vst3"], findings, aside)
    shelf.find(str(tmp_path / "vst3" / "Test Gain.vst3"))
    aside.asked = []
    assert shelf.find("test gain").name == "Test Gain"
    assert [Path(path).name for path in aside.asked] == ["Test Gain.vst3"]


def test_a_name_that_is_no_utf_8_stops_no_scan(
    tmp_path: Path, shelf: PluginShelf, copy: Copy
) -> None:
    copy("Test Gain")
    (tmp_path / "vst3" / os.fsdecode(b"Sch\xf6n.vst3")).mkdir()
    shelf.scan()
    assert users(shelf)["Test Gain"].fault == ""
    (odd,) = (one for one in shelf.plugins if one.name == "Sch\N{REPLACEMENT CHARACTER}n")
    assert odd.fault.startswith("has a path that is no UTF-8")
    assert msgspec.json.encode(shelf.plugins)


def test_a_home_that_nobody_has_is_a_path_that_is_not_there(shelf: PluginShelf) -> None:
    with pytest.raises(BridgeError, match=r"~nobody-here/x\.vst3 is not there"):
        shelf.find("~nobody-here/x.vst3")


def test_a_path_that_is_too_long_is_one_sentence(shelf: PluginShelf) -> None:
    with pytest.raises(BridgeError, match=r"x\.vst3 cannot be read: File name too long"):
        shelf.find(f"/{'x' * 4000}.vst3")


def test_what_cannot_be_forgotten_harms_nothing(tmp_path: Path, copy: Copy) -> None:
    copy("Test Gain")
    (tmp_path / "findings").touch()
    shelf = shelf_of(tmp_path)
    shelf.forget()
    assert shelf.find("Test Gain").fault == ""


def test_a_path_outside_of_all_folders_finds_a_plugin(shelf: PluginShelf, plugins: Path) -> None:
    assert shelf.find(str(plugins / "Test Gain.vst3")).name == "Test Gain"
    assert users(shelf) == {}


def test_a_wrong_name_is_answered_by_near_ones(shelf: PluginShelf, copy: Copy) -> None:
    copy("Test Gain")
    with pytest.raises(BridgeError) as refused:
        shelf.find("Test Gian")
    assert str(refused.value) == (
        "plug-in is 'Test Gian', allowed are for example Test Gain; yuragi plugins lists all"
    )


def test_a_wrong_name_is_answered_by_those_of_its_kind(shelf: PluginShelf, copy: Copy) -> None:
    copy("Test Gain")
    copy("Test Synth")
    with pytest.raises(BridgeError, match="allowed are Test Synth; yuragi plugins lists all"):
        shelf.find("Pianoteq 8", "instrument")
    with pytest.raises(BridgeError, match="allowed are for example Test Gain, builtin:") as refused:
        shelf.find("Pianoteq 8", "effect")
    assert "Test Synth" not in str(refused.value)


def test_where_there_is_no_instrument_it_is_said_that_a_soundfont_plays(
    shelf: PluginShelf, copy: Copy
) -> None:
    copy("Test Gain")
    with pytest.raises(BridgeError) as refused:
        shelf.find("Pianoteq 8", "instrument")
    assert str(refused.value) == (
        "plug-in is 'Pianoteq 8', and no instrument is installed that can be used, allowed are"
        " paths of VST3 plug-ins, or none: then a soundfont plays"
    )


@pytest.mark.parametrize("make", [junk, foreign])
def test_a_file_at_fault_is_listed_and_refused_with_its_fault(
    make: Callable[[Path], Path], tmp_path: Path, shelf: PluginShelf
) -> None:
    path = make(tmp_path / "vst3")
    (found,) = users(shelf).values()
    assert found.fault
    with pytest.raises(BridgeError) as refused:
        shelf.find(path.stem)
    assert str(refused.value) == f"{path} {found.fault}"


def test_a_scan_tells_how_far_it_is(shelf: PluginShelf, copy: Copy) -> None:
    copy("Test Gain")
    told: list[tuple[int, int]] = []
    shelf.scan(lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_a_scan_that_is_given_up_leaves_no_child(tmp_path: Path, copy: Copy) -> None:
    copy("Test Hang")
    copy("Test Gain")
    scanner = Scanner(limit_s=100)

    def give_up(done: int, _: int) -> None:
        if done == 2:  # all else is known, so the hanger runs or is about to
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelf_of(tmp_path, lambda: scanner).scan(give_up)
    assert scanner.running == 0


def test_where_nothing_can_be_written_a_plugin_is_found_all_the_same(
    tmp_path: Path, copy: Copy
) -> None:
    (tmp_path / "findings").touch()
    (tmp_path / "set_aside").touch()
    copy("Test Gain")
    copy("Test Crash")
    shelf = shelf_of(tmp_path)
    shelf.scan()
    assert users(shelf)["Test Gain"].kind == "effect"
    assert users(shelf)["Test Crash"].fault == "crashed as it was loaded (SIGSEGV)"


@pytest.mark.slow
def test_of_twenty_plugins_seventeen_are_found_though_two_crash_and_one_hangs(
    shelf: PluginShelf, copy: Copy
) -> None:
    good = ("Test Synth", "Test Mono", "Test State", "Test Gain", "Test Latency")
    for row in range(17):
        copy(good[row % len(good)], f"good {row}")
    for name in ("Test Crash", "Test Hang"):
        copy(name)
    copy("Test Crash", "another crash")
    began_s = monotonic()
    shelf.scan()
    took_s = monotonic() - began_s
    found = users(shelf)
    assert sorted(one for one in found if not found[one].fault) == sorted(
        f"good {row}" for row in range(17)
    )
    assert sorted(one for one in found if found[one].set_aside) == [
        "Test Crash",
        "Test Hang",
        "another crash",
    ]
    assert took_s < 30  # the one that hangs has 5 of them beside others, then 10 alone
