"""The command renders songs, folders and takes as a user asks for them."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.midi_file import new_song, read_song, write_song
from bridge.protocol import MAX_SEED
from engines.clip import Clip, Notes, Tempo
from tests.bridge.sound.sounds import RATE, need
from tests.clips import stiff_clip
from tests.conftest import Ran

need("pedalboard", "pyloudnorm", "scipy", "soundfile")
pytestmark = pytest.mark.usefixtures("own_place")

Run = Callable[..., Ran]


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Return a file with a piano, a bass and drums, four seconds long."""
    path = tmp_path / "song.mid"
    clips = (
        stiff_clip(16, name="Piano"),
        stiff_clip(8, name="Bass", role="bass", channel=1),
        stiff_clip(8, name="Kit", role="drums", channel=9),
    )
    write_song(new_song(clips), path)
    return path


@pytest.fixture
def render(run_yuragi: Run, soundfont: Path) -> Run:
    """Return what renders with the small soundfont."""
    return lambda *arguments: run_yuragi("render", *arguments, "--soundfont", soundfont)


def sound(path: Path) -> np.ndarray:
    import soundfile  # noqa: PLC0415 - where it is missing the tests are skipped

    samples, rate = soundfile.read(path, always_2d=True)
    assert rate == RATE
    return samples


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.tmp"))


def test_all_formats_hold_the_same_sound(render: Run, song: Path, tmp_path: Path) -> None:
    heard = []
    for form in ("wav", "flac", "ogg", "mp3"):
        ran = render(song, "-o", tmp_path / f"out.{form}")
        assert ran.code == 0, ran.err
        heard.append(sound(tmp_path / f"out.{form}"))
    assert {len(samples) for samples in heard} == {len(heard[0])}
    assert np.abs(heard[0] - heard[1]).max() == 0
    for lossy in heard[2:]:
        assert np.corrcoef(heard[0][:, 0], lossy[:, 0])[0, 1] > 0.99


def test_it_says_what_played_how_long_how_fast_and_how_loud(
    render: Run, song: Path, tmp_path: Path, soundfont: Path
) -> None:
    ran = render(song, "-o", tmp_path / "out.wav")
    for name in ("Piano", "Bass", "Kit"):
        assert f"{name}: {soundfont.stem}" in ran.out
    told = r"wrote .*out\.wav: \d\.\d s of sound in [\d.]+ s \(\d+ times real time\), -[\d.]+ LUFS"
    assert re.search(told, ran.out)


def test_the_same_file_twice_is_the_same_bytes(render: Run, song: Path, tmp_path: Path) -> None:
    for name in ("a.ogg", "b.ogg"):
        render(song, "-o", tmp_path / name)
    assert (tmp_path / "a.ogg").read_bytes() == (tmp_path / "b.ogg").read_bytes()


def test_notes_begin_within_a_millisecond_of_the_file(render: Run, tmp_path: Path) -> None:
    onsets = np.array([0.0, 1.0, 1.5, 2.25, 3.1, 4.0123, 5.777])
    notes = Notes(
        pitch=np.full(7, 37),  # a side stick: nothing precedes its stroke
        onset=onsets,
        duration=np.full(7, 0.2),
        velocity=np.full(7, 120.0),
    )
    tempo = Tempo(time=np.zeros(1), bpm=np.full(1, 97.0))
    write_song(new_song((Clip(notes, length=8.0, tempo=tempo, channel=9),)), tmp_path / "in.mid")
    render(tmp_path / "in.mid", "-o", tmp_path / "out.wav")
    (clip,) = read_song(tmp_path / "in.mid").clips  # its times are in whole ticks
    level = np.abs(sound(tmp_path / "out.wav")).max(axis=1)
    for second in np.asarray(clip.tempo.seconds(clip.notes.onset)):
        begin = max(0, round((second - 0.02) * RATE))
        rest = level[begin : max(begin, round(second * RATE) - 48)].max(initial=0)  # 1 ms before
        first = begin + np.flatnonzero(level[begin:] > max(1e-3, 2 * rest))[0]
        assert abs(first / RATE - second) < 1e-3


def test_the_loudness_is_as_asked(render: Run, song: Path, tmp_path: Path) -> None:
    import pyloudnorm  # noqa: PLC0415 - where it is missing the tests are skipped

    assert render(song, "-o", tmp_path / "out.wav", "--loudness", "-16").code == 0
    heard = sound(tmp_path / "out.wav")
    assert pyloudnorm.Meter(RATE).integrated_loudness(heard) == pytest.approx(-16, abs=0.2)
    assert np.abs(heard).max() <= 10 ** (-1 / 20) + 2**-23


def test_stems_add_up_to_the_mix(render: Run, song: Path, tmp_path: Path) -> None:
    ran = render(song, "-o", tmp_path / "out.wav", "--stems", "--loudness", "-12")
    assert "3 stems beside it" in ran.out
    names = ("Bass", "Kit", "Piano")
    stems = [sound(tmp_path / f"out - {name}.wav") for name in names]
    assert all(np.abs(stem).max() > 0.01 for stem in stems)
    apart = sum(stems[1:], start=stems[0]) - sound(tmp_path / "out.wav")
    # three stems and the mix are off by half of 2**-23 each, and a float32 has 24 bits
    assert np.abs(apart).max() <= 4 * 2**-24 + 4 * 2**-24


def test_without_a_tail_it_ends_when_it_is_silent(render: Run, song: Path, tmp_path: Path) -> None:
    render(song, "-o", tmp_path / "own.wav")
    render(song, "-o", tmp_path / "asked.wav", "--tail", "1.5")
    # 16 eighths at 120 bpm are 4 s
    assert len(sound(tmp_path / "asked.wav")) == pytest.approx(5.5 * RATE, abs=RATE * 0.02)
    assert np.abs(sound(tmp_path / "own.wav")[-480:]).max() < 1e-3


def test_a_file_without_notes_is_a_sentence(render: Run, tmp_path: Path) -> None:
    write_song(new_song((stiff_clip(0),)), tmp_path / "empty.mid")
    ran = render(tmp_path / "empty.mid", "-o", tmp_path / "out.wav")
    assert ran.code == 2
    assert "notes" in ran.err
    assert not (tmp_path / "out.wav").exists()


def test_a_file_that_is_there_is_kept_unless_it_is_told(
    render: Run, song: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out - Bass.wav"
    out.write_bytes(b"mine")
    ran = render(song, "-o", tmp_path / "out.wav", "--stems")
    assert ran.code == 2
    assert "is there already, allowed is a new name; add --overwrite" in ran.err
    assert (out.read_bytes(), (tmp_path / "out.wav").exists()) == (b"mine", False)
    assert render(song, "-o", tmp_path / "out.wav", "--stems", "--overwrite").code == 0
    assert len(out.read_bytes()) > 1000


def test_into_a_folder_a_file_keeps_its_name(render: Run, song: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert render(song, "-o", tmp_path / "out", "--format", "flac").code == 0
    assert (tmp_path / "out" / "song.flac").exists()


def test_a_full_disk_is_a_sentence_and_nothing_stays(
    render: Run, song: Path, tmp_path: Path, full_disk: Callable[[], None]
) -> None:
    full_disk()
    ran = render(song, "-o", tmp_path / "out.wav")
    assert ran.code == 2
    assert "File too large" in ran.err
    assert not (tmp_path / "out.wav").exists()
    assert left_behind(tmp_path) == []


def test_a_folder_keeps_its_places_and_one_bad_file_stops_no_other(
    render: Run, song: Path, tmp_path: Path
) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("a.mid", "b.midi", "deep/c.mid"):
        (tmp_path / "in" / name).write_bytes(song.read_bytes())
    (tmp_path / "in" / "b.mid").write_bytes(b"no music")
    ran = render(tmp_path / "in", "-o", tmp_path / "out", "--format", "flac")
    assert ran.code == 2
    assert "failed: b.mid: " in ran.err
    written = sorted(path.relative_to(tmp_path / "out") for path in tmp_path.rglob("*.flac"))
    assert [path.as_posix() for path in written] == ["a.flac", "b.midi.flac", "deep/c.flac"]
    assert "wrote 3 of 4 files" in ran.out


def test_no_two_files_of_a_folder_are_one_nor_their_stems(render: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("x.mid", "x.midi", "x.mid.mid", "x - Piano.mid"):
        clip = stiff_clip(2, name="Piano")
        write_song(new_song((clip,)), tmp_path / "in" / name)
    ran = render(tmp_path / "in", "-o", tmp_path / "out", "--stems", "--overwrite")
    assert ran.code == 0, ran.err
    mixes = ("x - Piano", "x.mid", "x.mid 2", "x.midi")
    stems = [f"{mix} - Piano" for mix in mixes]
    names = sorted(path.stem for path in (tmp_path / "out").iterdir())
    assert names == sorted([*mixes, *stems])


def test_a_stem_takes_no_other_files_place(render: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, notes in (("a", 2), ("a - Piano", 16)):
        write_song(new_song((stiff_clip(notes, name="Piano"),)), tmp_path / "in" / f"{name}.mid")
    render(tmp_path / "in", "-o", tmp_path / "out", "--stems", "--overwrite", "--tail", "0")
    # eighths at 120 bpm: 2 are half a second, 16 are 4
    assert len(sound(tmp_path / "out" / "a - Piano.wav")) == pytest.approx(4 * RATE, rel=0.01)
    assert len(sound(tmp_path / "out" / "a - Piano 2.wav")) == pytest.approx(RATE / 2, rel=0.1)


def test_a_folder_goes_on_where_it_was_stopped(render: Run, song: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.mid", "b.mid"):
        (tmp_path / "in" / name).write_bytes(song.read_bytes())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.wav").write_bytes(b"done")
    os.utime(tmp_path / "in" / "a.mid", (0, 0))
    ran = render(tmp_path / "in", "-o", tmp_path / "out")
    assert "1 of 2 files are there already\n" in ran.out
    assert "wrote 1 of 1 files" in ran.out
    assert (tmp_path / "out" / "a.wav").read_bytes() == b"done"
    assert len(sound(tmp_path / "out" / "b.wav")) > 4 * RATE


def test_sound_that_is_older_than_its_file_is_told_of(
    render: Run, song: Path, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.mid").write_bytes(song.read_bytes())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.wav").write_bytes(b"done")
    os.utime(tmp_path / "out" / "a.wav", (0, 0))
    ran = render(tmp_path / "in", "-o", tmp_path / "out")
    assert "older than their MIDI: 1, --overwrite renders all anew" in ran.out


def test_ctrl_c_leaves_nothing_half(soundfont: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    first = stiff_clip(2)
    write_song(new_song((first,)), tmp_path / "in" / "a.mid")
    hour = stiff_clip(4 * 3600, name="An hour")
    write_song(new_song((hour,)), tmp_path / "in" / "b.mid")
    command = [sys.executable, "-m", "bridge.command.main", "render", str(tmp_path / "in")]
    command += ["-o", str(tmp_path / "out"), "--soundfont", str(soundfont)]
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    ) as ran:
        patience = time.monotonic() + 60
        while not (tmp_path / "out" / "a.wav").exists():
            assert ran.poll() is None
            assert time.monotonic() < patience
        ran.send_signal(signal.SIGINT)
        _, said = ran.communicate(timeout=60)
    assert ran.returncode == 130, said
    assert "yuragi: stopped" in said
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.wav"]


CHOOSE = ["-o", "out.mid", "--takes", "2", "--seed", "1", "--choose", "1"]

MISTAKES = [
    (["-o", "out.txt"], "allowed are names with .wav, .flac, .ogg, .mp3"),
    (["-o", "none/out.wav"], "there is no folder"),
    (["-o", "out.mp3", "--sample-rate", "96000"], "the sample rate is 96000, allowed in mp3"),
    (["-o", "out.ogg", "--bits", "16"], "bits is 16, allowed in ogg are none"),
    (["-o", "out.wav", "--loudness", "3"], "3.0 is not in the range -70<=x<=0"),
    (["-o", "out.wav", "--param", "Gain=1"], "--param is given without --plugin"),
    (["-o", "out.wav", "--plugin", "no such thing"], "plug-in is 'no such thing'"),
    (["-o", "out.wav", "--soundfont", "none.sf2"], "none.sf2"),
    (["-o", "out.wav", "--preset", "band/tight"], "--preset is given without --takes"),
    (["-o", "out.wav", "--choose", "1"], "--choose is given without --takes"),
    (["-o", "out.wav", "--takes", "2"], "allowed are names with .html for takes"),
    (["-o", "out.html", "--takes", "2", "--stems"], "--stems is given with --takes"),
    (["-o", "out.mid", "--takes", "2", "--choose", "3"], "allowed are takes from 1 to 2"),
    (["-o", "out.mid", "--takes", "2", "--choose", "1"], "--choose is given without --seed"),
    ([*CHOOSE, "--soundfont", "x"], "--soundfont is given with --choose, which writes MIDI"),
    ([*CHOOSE, "--keep", "out"], "--keep is given with --choose"),
    ([*CHOOSE, "--sample-rate", "48000"], "--sample-rate is given with --choose"),
    (
        ["-o", "out.html", "--takes", "2", "--seed", str(MAX_SEED)],
        f"allowed with 2 takes is one up to {MAX_SEED - 1}",
    ),
    (["-o", "out.html", "--takes", "2", "--keep", "song.mid"], "which is a file"),
    (["-o", "out.html", "--takes", "2", "--keep", "song.mid/a"], "which cannot be made"),
]


@pytest.mark.parametrize(("options", "words"), MISTAKES)
def test_a_mistake_is_one_sentence_and_no_file(
    run_yuragi: Run,
    song: Path,
    tmp_path: Path,
    options: list[str],
    words: str,
) -> None:
    ran = run_yuragi("render", song, *options)
    assert ran.code == 2
    assert words in ran.err
    assert [path.name for path in tmp_path.glob("out*")] == []


def test_takes_are_a_page_and_the_choice_is_midi(
    render: Run, run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    asked = ("--takes", "2", "--preset", "band/natural", "--seed", "7")
    ran = render(song, "-o", tmp_path / "takes.html", *asked, "--keep", tmp_path / "kept")
    assert ran.code == 0, ran.err
    assert "take 2: seed 8" in ran.out
    page = (tmp_path / "takes.html").read_text(encoding="utf-8")
    assert page.count('class="save"') == 2
    ran = run_yuragi("render", song, "-o", tmp_path / "mine.mid", *asked, "--choose", "2")
    assert ran.code == 0, ran.err
    kept = sorted((tmp_path / "kept").iterdir())
    assert [path.name for path in kept] == ["song-7.mid", "song-8.mid"]
    assert (tmp_path / "mine.mid").read_bytes() == kept[1].read_bytes()


def test_a_take_that_is_there_is_refused_before_any_is_rendered(
    render: Run, song: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "kept" / "song-8.mid"
    mine.parent.mkdir()
    mine.write_bytes(b"mine")
    asked = ("--takes", "2", "--seed", "7", "--keep", mine.parent)
    ran = render(song, "-o", tmp_path / "takes.html", *asked)
    assert ran.code == 2
    assert "song-8.mid is there already, allowed is a new name; add --overwrite" in ran.err
    assert "rendering" not in ran.out
    assert not (tmp_path / "takes.html").exists()
    assert [path.read_bytes() for path in mine.parent.iterdir()] == [b"mine"]


def test_a_take_is_what_humanize_plays_with_its_seed(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    asked = ("--preset", "band/natural", "--seed")
    run_yuragi(
        "render", song, "-o", tmp_path / "a.mid", "--takes", "3", "--choose", "3", *asked, "7"
    )
    run_yuragi("humanize", song, "-o", tmp_path / "b.mid", *asked, "9")
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()


def test_takes_perform_the_tracks_that_are_named(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    asked = ("--takes", "1", "--seed", "7", "--tracks", "bass", "--choose", "1")
    assert run_yuragi("render", song, "-o", tmp_path / "a.mid", *asked).code == 0
    before, after = (read_song(path).clips for path in (song, tmp_path / "a.mid"))
    changed = [old.name for old, new in zip(before, after, strict=True) if old.notes != new.notes]
    assert changed == ["Bass"]


def test_takes_of_a_generator_are_chosen_in_the_same_way(run_yuragi: Run, tmp_path: Path) -> None:
    notes = Notes(
        pitch=np.tile([36, 42, 38, 42], 8),  # kick and snare, hats between
        onset=np.arange(32) / 2,
        duration=np.full(32, 0.25),
        velocity=np.full(32, 90.0),
    )
    beat = Clip(notes, length=16.0, role="drums", channel=9)
    write_song(new_song((beat,)), tmp_path / "beat.mid")
    asked = ("--takes", "2", "--preset", "drums/fill", "--seed", "3", "--choose", "1")
    ran = run_yuragi("render", tmp_path / "beat.mid", "-o", tmp_path / "a.mid", *asked)
    assert ran.code == 0, ran.err
    assert "take 1, seed 3" in ran.out
