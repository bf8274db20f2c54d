"""Soundfonts are found where systems keep them, the best first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.error import BridgeError
from bridge.midi_file import new_song, write_song
from bridge.sound.soundfonts import (
    PLACES,
    default_soundfont,
    flaw,
    lack,
    misnamed,
    own_folder,
    soundfonts,
)
from tests.bridge.sound.soundfont import soundfont
from tests.bridge.sound.sounds import need
from tests.clips import stiff_clip


@pytest.fixture(autouse=True)
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only place of soundfonts of a system, and forget the machine's own."""
    place = tmp_path / "system"
    place.mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("SDL_SOUNDFONTS", raising=False)
    for name in PLACES:
        monkeypatch.setitem(PLACES, name, (str(place),))
    return place


def test_the_best_known_soundfont_comes_first_and_strangers_last(system: Path) -> None:
    names = ["Aardvark.sf2", "TimGM6mb.sf2", "MuseScore_General.sf3", "FluidR3_GM.sf2"]
    for name in ("GeneralUser GS v1.471.sf2", "FluidR3Mono_GM.sf3", *names):
        soundfont(system / name)
    assert [path.name for path in soundfonts()] == [
        "FluidR3_GM.sf2",
        "GeneralUser GS v1.471.sf2",
        "MuseScore_General.sf3",
        "FluidR3Mono_GM.sf3",
        "TimGM6mb.sf2",
        "Aardvark.sf2",
    ]


def test_the_users_own_come_before_those_of_the_system(system: Path) -> None:
    theirs = soundfont(system / "FluidR3_GM.sf2")
    own = soundfont(own_folder() / "Mine.sf2")
    assert soundfonts() == (own, theirs)
    assert default_soundfont() == own


def test_the_environment_variable_comes_before_all_in_its_own_order(
    system: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, own = soundfont(system / "FluidR3_GM.sf2"), soundfont(own_folder() / "Mine.sf2")
    named = [soundfont(tmp_path / name) for name in ("Z.sf2", "GM.sf2")]
    monkeypatch.setenv("SDL_SOUNDFONTS", ";".join(map(str, named)))
    assert soundfonts() == (*named, own, theirs)


def test_a_soundfont_of_two_names_is_told_once(system: Path) -> None:
    one = soundfont(system / "FluidR3_GM.sf2")
    (system / "default-GM.sf2").symlink_to(one)
    assert soundfonts() == (one,)


def test_what_only_ends_like_a_soundfont_is_left_out(system: Path) -> None:
    (system / "FluidR3_GM.sf2").write_text("version https://git-lfs.github.com/spec/v1\n")
    (system / "gone.sf2").symlink_to(system / "nowhere")
    (system / "ring.sf2").symlink_to(system / "ring.sf2")
    soundfont(system / os.fsdecode(b"Sch\xf6n.sf2"))
    (system / "folder.sf2").mkdir()
    os.mkfifo(system / "pipe.sf2")
    soundfont(system / "text.txt")
    soundfont(system / "torn.sf2", announced=1000)
    assert soundfonts() == ()


def test_an_environment_variable_that_names_nobodys_home_names_nothing(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = soundfont(system / "FluidR3_GM.sf2")
    monkeypatch.setenv("SDL_SOUNDFONTS", "~nobody-here/x.sf2")
    assert soundfonts() == (theirs,)


def test_a_name_that_is_too_long_is_no_soundfont() -> None:
    why = "cannot be read: File name too long; allowed are .sf2 and .sf3 files"
    assert flaw(Path("x" * 4000)) == why


def test_what_is_no_soundfont_is_not_quoted(tmp_path: Path) -> None:
    (tmp_path / "secret.sf2").write_text("root:x:0:0:root:/root:/bin/bash\n")
    assert flaw(tmp_path / "secret.sf2") == "is no soundfont, allowed are .sf2 and .sf3 files"


GONE = (
    "SDL_SOUNDFONTS names '/nope/a.sf2', which cannot be read: No such file or directory; allowed"
    " are .sf2 and .sf3 files"
)


def test_a_soundfont_that_plays_in_the_stead_of_the_named_one_is_told_once(
    system: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = soundfont(system / "FluidR3_GM.sf2")
    monkeypatch.setenv("SDL_SOUNDFONTS", "/nope/a.sf2")
    assert [default_soundfont(), default_soundfont()] == [theirs, theirs]
    assert caplog.messages == [f"{GONE}; {theirs} plays instead"]


def test_a_render_says_once_which_soundfont_plays_in_the_stead_of_the_named_one(
    soundfont: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("fluidsynth", "pedalboard", "pyloudnorm", "soundfile")
    own = own_folder() / "Own.sf2"
    own.parent.mkdir(parents=True)
    own.symlink_to(soundfont)
    monkeypatch.setenv("SDL_SOUNDFONTS", "/nope/a.sf2")
    parts = (stiff_clip(2, name="Piano"), stiff_clip(2, name="Bass", role="bass", channel=1))
    write_song(new_song(parts), tmp_path / "song.mid")
    render = [sys.executable, "-m", "bridge.command.main", "render", str(tmp_path / "song.mid")]
    ran = subprocess.run(
        [*render, "-o", str(tmp_path / "song.wav")], capture_output=True, text=True, check=True
    )
    assert ran.stderr.splitlines() == [f"{GONE}; {own.resolve()} plays instead"]


def test_a_named_soundfont_that_plays_is_no_matter_for_a_warning(
    system: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    named = soundfont(system / "Own.sf2")
    monkeypatch.setenv("SDL_SOUNDFONTS", f"{named};/nope/a.sf2")
    assert default_soundfont() == named
    assert caplog.messages == []
    assert misnamed() == (GONE,)


def test_where_nothing_plays_the_named_soundfont_is_told_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SDL_SOUNDFONTS", "/nope/a.sf2")
    with pytest.raises(BridgeError) as refused:
        default_soundfont()
    assert str(refused.value).startswith(f"{GONE}; there is no General MIDI soundfont: ")


def test_a_torn_soundfont_says_how_much_of_it_is_there(tmp_path: Path) -> None:
    # the head has 12 bytes and announces 1,000 behind its first 8
    torn = soundfont(tmp_path / "torn.sf2", announced=1000)
    assert flaw(torn) == "has 12 bytes, allowed are the 1008 that it announces"


def test_where_there_is_none_the_sentence_says_what_to_install() -> None:
    with pytest.raises(BridgeError, match="there is no General MIDI soundfont: ") as refused:
        default_soundfont()
    assert lack() in str(refused.value)
    assert str(own_folder()) in lack()
    assert "apt install fluid-soundfont-gm" in lack()
