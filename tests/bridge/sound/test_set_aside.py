"""Plug-ins that crashed stay away until they are allowed."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from bridge.sound.set_aside import SetAside
from tests.plugins.faulty import junk


@pytest.fixture
def aside(tmp_path: Path) -> SetAside:
    return SetAside(tmp_path / "set_aside")


def test_who_is_set_aside_is_known_to_another_process(aside: SetAside, tmp_path: Path) -> None:
    plugin = junk(tmp_path)
    aside.add(plugin, "crashed")
    assert SetAside(tmp_path / "set_aside").why(plugin) == "crashed"


def test_who_is_allowed_is_set_aside_no_more(aside: SetAside, tmp_path: Path) -> None:
    plugin = junk(tmp_path)
    aside.add(plugin, "crashed")
    assert aside.allow(plugin)
    assert aside.why(plugin) is None
    assert not aside.allow(plugin)


def test_another_spelling_of_the_path_means_the_same_plugin(
    aside: SetAside, tmp_path: Path
) -> None:
    aside.add(junk(tmp_path), "hung")
    assert aside.why(f"{tmp_path}/../{tmp_path.name}/Junk.vst3/") == "hung"


def test_what_is_installed_anew_is_another_plugin(aside: SetAside, tmp_path: Path) -> None:
    plugin = junk(tmp_path)
    aside.add(plugin, "crashed")
    next(plugin.rglob("*.so")).write_bytes(b"mended")
    assert aside.why(plugin) is None
    assert aside.entries == ()


def test_a_link_to_a_name_that_is_no_utf_8_can_be_set_aside(
    aside: SetAside, tmp_path: Path
) -> None:
    odd = os.fsencode(junk(tmp_path).parent) + b"/Sch\xf6n.vst3"
    (tmp_path / "Junk.vst3").rename(os.fsdecode(odd))
    (tmp_path / "Link.vst3").symlink_to(os.fsdecode(odd))
    aside.add(tmp_path / "Link.vst3", "crashed")
    assert aside.why(tmp_path / "Link.vst3") == "crashed"


def test_a_torn_file_sets_nothing_aside(aside: SetAside, tmp_path: Path) -> None:
    plugin = junk(tmp_path)
    aside.add(plugin, "crashed")
    for file in (tmp_path / "set_aside").iterdir():
        file.write_bytes(b"{")
    assert aside.why(plugin) is None
    assert aside.entries == ()


def test_processes_do_not_undo_each_other(aside: SetAside, tmp_path: Path) -> None:
    plugins = [str(junk(tmp_path / str(row))) for row in range(8)]
    folders = [str(tmp_path / "set_aside")] * len(plugins)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(_add, folders, plugins))
    assert [entry.path for entry in aside.entries] == sorted(plugins)


def _add(folder: str, plugin: str) -> None:
    SetAside(Path(folder)).add(plugin, "crashed")
