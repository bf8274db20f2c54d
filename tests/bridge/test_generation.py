"""A generator that goes by a file's track writes beside it or into it, and touches nothing else."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.midi_file import new_song, read_song, write_song
from engines import Clip
from engines.role import infer
from tests.clips import stiff_clip
from tests.conftest import Ran
from tests.writer.beats import beat, tapped

Run = Callable[..., Ran]


def written(path: Path, *clips: Clip) -> Path:
    write_song(new_song(clips), path)
    return path


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Return a file with a piano, a bass and drums of 4 bars."""
    bass = tapped("x..x..x...x.x..." * 4, name="Bass", channel=1, program=33)
    kit = beat(4, name="Kit", channel=9)
    return written(tmp_path / "song.mid", stiff_clip(32, name="Piano", channel=0), bass, kit)


def test_drums_to_a_bass_are_a_track_beside_the_others(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mid"
    options = ["--input", song, "--track", "bass", "-o", out, "--seed", "3"]
    ran = run_yuragi("generate", "drumify", *options, "--density", "1.2")
    assert (ran.code, ran.err) == (0, "")
    *old, new = read_song(out).clips
    assert [a.notes == b.notes for a, b in zip(read_song(song).clips, old, strict=True)] == [
        True
    ] * 3
    assert (new.name, infer(new), new.channel) == ("drumify", "drums", 9)
    assert new.notes.onset.max() < 16.0


def test_a_fill_changes_the_end_of_the_drum_track_alone(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mid"
    ran = run_yuragi("generate", "fill", "--input", song, "-o", out, "--beats", "4")
    assert (ran.code, ran.err) == (0, "")
    before, after = read_song(song).clips, read_song(out).clips
    assert [a.notes == b.notes for a, b in zip(before, after, strict=True)] == [True, True, False]
    kept = before[2].notes.take(before[2].notes.onset < 12.0)
    assert after[2].notes.take(after[2].notes.onset < 12.0) == kept


def test_a_fill_of_nothing_asks_for_a_file(run_yuragi: Run, tmp_path: Path) -> None:
    ran = run_yuragi("generate", "fill", "-o", tmp_path / "out.mid")
    what = "fill goes by drums, and there is no clip to go by: name a MIDI file with --input"
    assert (ran.code, ran.err) == (2, f"yuragi: {what}\n")


def test_a_fill_may_end_before_the_track_does(run_yuragi: Run, song: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mid"
    assert run_yuragi("generate", "fill", "--input", song, "-o", out, "--until", "2").code == 0
    before, after = (read_song(path).clips[2].notes for path in (song, out))
    for low, high, same in ((0.0, 6.0, True), (6.0, 8.0, False), (8.0, 16.0, True)):
        rows = [(notes.onset >= low) & (notes.onset < high) for notes in (before, after)]
        sounds = [
            list(zip(notes.onset[row].tolist(), notes.pitch[row].tolist(), strict=True))
            for notes, row in zip((before, after), rows, strict=True)
        ]
        assert (sorted(sounds[0]) == sorted(sounds[1])) is same


def test_strokes_of_a_kit_on_many_tracks_stay_on_theirs(run_yuragi: Run, tmp_path: Path) -> None:
    whole, parts = beat(4), []
    for name, pitch in (("Kick", 36), ("Snare", 38), ("Hat", 42)):
        notes = whole.notes.take(whole.notes.pitch == pitch)
        notes = notes.replace(note_id=np.arange(len(notes)))
        parts.append(whole.replace(notes=notes, name=name, channel=9))
    song, out = written(tmp_path / "song.mid", *parts), tmp_path / "out.mid"
    ran = run_yuragi("generate", "fill", "--input", song, "-o", out, "--seed", "2")
    assert (ran.code, ran.err) == (0, "")
    for part, after in zip(read_song(song).clips, read_song(out).clips, strict=True):
        kept = after.notes.take(after.notes.onset < 14.0)
        assert kept == part.notes.take(part.notes.onset < 14.0)
    assert set(read_song(out).clips[2].notes.pitch.tolist()) == {42}


def test_takes_differ_and_the_first_can_be_had_again(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    options = ["--input", song, "--track", "bass", "--bars", "2"]
    out = tmp_path / "out.mid"
    run_yuragi("generate", "drumify", *options, "-o", out, "--takes", "2", "--seed", "5")
    again = tmp_path / "again.mid"
    run_yuragi("generate", "drumify", *options, "-o", again, "--seed", "5")
    takes = [(tmp_path / f"out-{number}.mid").read_bytes() for number in (1, 2)]
    assert takes[0] != takes[1]
    assert takes[0] == again.read_bytes()


def test_drums_need_no_file(run_yuragi: Run, tmp_path: Path) -> None:
    out = tmp_path / "beat.mid"
    ran = run_yuragi(
        "generate", "drumify", "-o", out, "--bars", "4", "--bpm", "95", "--metre", "3/4"
    )
    assert ran.code == 0
    (clip,) = read_song(out).clips
    assert clip.metre[0].bar == 3.0
    assert clip.notes.onset.max() < 12.0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["drumify"], "3 instruments could be meant, allowed is one of 1 Piano (piano)"),
        (["drumify", "--track", "9"], "tracks is '9'"),
        (["fill", "--track", "bass"], "the clip plays bass, allowed for a fill are drums"),
        (
            ["fill", "--beats", "8", "--until", "1"],
            "beats is 8, allowed are less than the 4 beats",
        ),
        (["fill", "--until", "99"], "until is 99, allowed are bars from 1 to 4"),
        (["fill", "--bpm", "100"], "bpm and input are both given"),
    ],
)
def test_a_mistake_about_the_file_is_told(
    run_yuragi: Run, song: Path, tmp_path: Path, options: list[str], words: str
) -> None:
    out = tmp_path / "out.mid"
    ran = run_yuragi("generate", *options, "--input", song, "-o", out)
    assert ran.code == 2
    assert words in ran.err
    assert not out.exists()


def test_a_preset_writes_a_fill_and_plays_it(run_yuragi: Run, song: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mid"
    ran = run_yuragi("generate", "drums/fill", "--input", song, "-o", out, "--beats", "4")
    assert (ran.code, ran.err) == (0, "")
    before, after = read_song(song).clips, read_song(out).clips
    kept = before[2].notes.take(before[2].notes.onset < 12.0)
    assert after[2].notes.take(after[2].notes.onset < 11.9) == kept.take(kept.onset < 11.9)
    fill = after[2].notes.onset[after[2].notes.onset > 12.1]
    assert (np.abs(fill * 24 - np.rint(fill * 24)) > 0.01).any()  # played, not on the grid


def test_a_preset_that_writes_cannot_humanize(run_yuragi: Run, song: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mid"
    ran = run_yuragi("humanize", song, "-o", out, "--preset", "drums/fill")
    assert ran.code == 2
    assert "preset drums/fill writes new notes, allowed are those that play" in ran.err
