"""`yuragi show --audio` is run as a user would, and its page is opened in a browser."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.midi_file import new_song, read_song, write_song
from engines import Clip, Notes, Tempo
from tests.bridge.picture.clicks import FREE, STEADY
from tests.bridge.picture.visit import Visit
from tests.bridge.sound.sounds import need
from tests.conftest import Ran

need("pedalboard", "pyloudnorm", "scipy", "soundfile")

Run = Callable[..., Ran]

NOTES = 12

NEAR_S = 0.005
"""How far a note may be from where it is written: a tick is half a millisecond, MP3 smears."""


def song(path: Path, tempo: Tempo) -> Path:
    """Write a file of short notes, one on every beat."""
    notes = Notes(
        pitch=np.full(NOTES, 76),
        onset=np.arange(NOTES, dtype=float),
        duration=np.full(NOTES, 0.25),
        velocity=np.full(NOTES, 100.0),
    )
    clip = Clip(notes, length=float(NOTES), tempo=tempo, name="Lead")
    write_song(new_song((clip,)), path)
    return path


@pytest.fixture
def songs(tmp_path: Path) -> list[Path]:
    """Return the same notes at a steady tempo and at a free one, as files."""
    return [song(tmp_path / "stiff.mid", STEADY), song(tmp_path / "free.mid", FREE)]


@pytest.mark.usefixtures("soundfont")
def test_without_a_plug_in_a_soundfont_is_heard(
    run_yuragi: Run, songs: list[Path], tmp_path: Path
) -> None:
    ran = run_yuragi("show", *songs, "-o", tmp_path / "page.html", "--audio")
    assert ran.code == 0, ran.err
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert len(re.findall('<script type="audio/mpeg"', text)) == 2
    assert "both at \N{MINUS SIGN}16 LUFS" in text


def test_what_the_page_plays_is_what_the_files_say(
    run_yuragi: Run, songs: list[Path], plugins: Path, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    out = tmp_path / "page.html"
    ran = run_yuragi("show", *songs, "-o", out, "--audio", "--plugin", plugins / "Test Synth.vst3")
    assert ran.code == 0, ran.err
    here = visit(out.read_text(encoding="utf-8"))
    for row, path in enumerate(songs):
        (clip,) = read_song(path).clips
        wanted = clip.tempo.seconds(clip.notes.onset)
        assert np.abs(np.array(here.onsets(row)) - wanted).max() < NEAR_S
    assert here.complaints == []


def test_one_file_is_heard_alone(
    run_yuragi: Run, songs: list[Path], plugins: Path, tmp_path: Path
) -> None:
    out, synth = tmp_path / "page.html", plugins / "Test Synth.vst3"
    ran = run_yuragi("show", songs[0], "-o", out, "--audio", "--plugin", synth, "--loudness", -20)
    assert ran.code == 0, ran.err
    assert ">at \N{MINUS SIGN}20 LUFS<" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["x.png", "--audio"], "output ends in '.png', allowed with --audio is .html"),
        (
            ["x.html", "--soundfont", "x"],
            "--soundfont is given without --audio, allowed are both together",
        ),
        (
            ["x.html", "--loudness", "-9"],
            "--loudness is given without --audio, allowed are both together",
        ),
        (
            ["x.svg", "--loudness", "0"],
            "--loudness is given without --audio, allowed are both together",
        ),
        (["x.html", "--audio", "--soundfont", "none such"], "instrument.soundfont is 'none such'"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    run_yuragi: Run, songs: list[Path], tmp_path: Path, options: list[str], sentence: str
) -> None:
    ran = run_yuragi("show", *songs, "-o", tmp_path / options[0], *options[1:])
    assert ran.code == 2
    assert sentence in ran.err
    assert not (tmp_path / options[0]).exists()


def test_a_file_without_notes_is_no_page_with_sound(run_yuragi: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty.mid"
    write_song(new_song((Clip(Notes(), length=4.0),)), empty)
    ran = run_yuragi("show", empty, "-o", tmp_path / "page.html", "--audio")
    assert ran.code == 2
    assert "empty.mid: the song has no notes" in ran.err
    assert not (tmp_path / "page.html").exists()


def test_a_page_that_is_there_is_refused_before_it_is_rendered(
    run_yuragi: Run, songs: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "page.html"
    out.write_text("mine")
    ran = run_yuragi("show", *songs, "-o", out, "--audio")
    assert ran.code == 2
    assert "is there already" in ran.err
    assert "rendering" not in ran.out
    assert out.read_text() == "mine"
