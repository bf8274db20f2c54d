"""Drum tracks' pads are named by the command, and what could not be done is printed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.local import local_server
from bridge.midi_file import new_song, read_song, write_song
from bridge.server import Config
from tests.clips import stiff_clip
from tests.conftest import Ran

Run = Callable[..., Ran]


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Return a file with a piano and drums."""
    path = tmp_path / "song.mid"
    kit = stiff_clip(16, name="Kit", role="drums", channel=9)
    write_song(new_song((stiff_clip(16, name="Piano"), kit)), path)
    return path


@pytest.mark.parametrize(
    "pad", ["60", "60=", "=kick", "128=kick", "-1=kick", "C3=kick", "60=foo", "60=kick;61=snare"]
)
def test_a_pad_that_cannot_be_named_is_told(
    run_yuragi: Run, song: Path, tmp_path: Path, pad: str
) -> None:
    ran = run_yuragi("humanize", song, "-o", tmp_path / "out.mid", "--pads", f"36=kick, {pad}")
    assert ran.code == 2
    assert f"pads is {pad!r}, allowed are a note number from 0 to 127, = and what it" in ran.err


def test_a_pad_that_is_nearly_named_is_told_its_name(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    ran = run_yuragi("humanize", song, "-o", tmp_path / "out.mid", "--pads", "60=cowbel")
    assert "or none; did you mean cowbell?" in ran.err


def test_a_note_number_has_one_pad(run_yuragi: Run, song: Path, tmp_path: Path) -> None:
    pads = "36=kick,36=snare"
    ran = run_yuragi("humanize", song, "-o", tmp_path / "out.mid", "--pads", pads)
    assert (ran.code, ran.err) == (
        2,
        "yuragi: pads has 36 twice, allowed is each note number once\n",
    )


def test_notes_that_play_no_voice_are_left_and_told_of(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    # the scale goes from 60 to 71, all of which are hand percussion but where a pad says otherwise
    out = tmp_path / "out.mid"
    pads = ",".join(f"{note}=none" for note in range(60, 72))
    ran = run_yuragi("humanize", song, "-o", out, "--tracks", "drums", "--pads", pads)
    assert "song.mid: track Kit: 16 notes of 60 (C4), 61 (C#4), " in ran.out
    assert read_song(out).clips[1].notes == read_song(song).clips[1].notes


def test_named_pads_change_how_drums_are_played(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    outs = [tmp_path / "a.mid", tmp_path / "b.mid"]
    pads = ",".join(f"{note}={name}" for note, name in enumerate(("BD", "Open Hat"), 60))
    for out, more in zip(outs, ((), ("--pads", pads)), strict=True):
        run_yuragi("humanize", song, "-o", out, "--seed", "1", "--tracks", "drums", *more)
    (_, one), (_, other) = (read_song(out).clips for out in outs)
    assert one.notes != other.notes


def test_pads_without_drums_are_told(run_yuragi: Run, song: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mid"
    ran = run_yuragi("humanize", song, "-o", out, "--tracks", "piano", "--pads", "60=kick")
    assert (ran.code, out.exists()) == (2, False)
    assert "pads are named, and no track looks like drums: choose them with --tracks" in ran.err


@pytest.fixture
def doubtful(tmp_path: Path) -> Iterator[str]:
    """Yield the address of a server with a preset that warns."""
    preset = 'summary = "Warns."\nrole = "auto"\n[[stage]]\nengine = "doubter"\n'
    presets = tmp_path / "presets"
    presets.mkdir()
    (presets / "doubter.toml").write_text(preset)
    config = Config(bind="tcp://127.0.0.1:0", warm=False, presets=presets)
    with local_server(config) as address:
        yield address


def test_what_an_engine_could_not_do_is_printed(
    run_yuragi: Run, song: Path, tmp_path: Path, doubtful: str
) -> None:
    out = tmp_path / "out.mid"
    ran = run_yuragi("humanize", song, "-o", out, "--preset", "doubter", "--server", doubtful)
    assert ran.out.count("song.mid: it is late\n") == 1


def test_what_an_engine_could_not_do_is_printed_for_each_file_of_a_folder(
    run_yuragi: Run, song: Path, tmp_path: Path, doubtful: str
) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    for folder in ("a", "b"):
        (source / folder).mkdir(parents=True)
        (source / folder / "song.mid").write_bytes(song.read_bytes())
    asked = ("--preset", "doubter", "--server", doubtful, "--jobs", "1")
    ran = run_yuragi("humanize", source, "-o", out, *asked)
    assert ran.code == 0
    late = [line for line in ran.err.splitlines() if line.endswith("it is late")]
    assert late == ["a/song.mid: it is late", "b/song.mid: it is late"]
