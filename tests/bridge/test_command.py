"""Every command is run as a user would; what goes wrong is one sentence and exit code 2."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.command.main import COMMANDS
from bridge.midi_file import new_song, read_song, write_song
from engines.registry import engines, live_engines
from tests.clips import stiff_clip
from tests.conftest import Ran, serve

Run = Callable[..., Ran]
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Return a file with a piano, a bass and drums."""
    path = tmp_path / "song.mid"
    clips = (
        stiff_clip(32, name="Piano"),
        stiff_clip(16, name="Bass", role="bass"),
        stiff_clip(16, name="Kit", role="drums", channel=9),
    )
    write_song(new_song(clips), path)
    return path


def changed(before: Path, after: Path) -> list[bool]:
    pairs = zip(read_song(before).clips, read_song(after).clips, strict=True)
    return [a.notes != b.notes for a, b in pairs]


def test_humanize_writes_a_performance_of_the_same_notes(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mid"
    ran = run_yuragi("humanize", song, "-o", out, "--seed", "1")
    assert ran.code == 0
    assert "32 notes" in ran.out
    assert "seed 1" in ran.out
    assert changed(song, out) == [True, True, True]
    for a, b in zip(read_song(song).clips, read_song(out).clips, strict=True):
        assert np.array_equal(a.notes.pitch, b.notes.pitch)


def test_the_same_seed_writes_the_same_bytes(run_yuragi: Run, song: Path, tmp_path: Path) -> None:
    outs = [tmp_path / "a.mid", tmp_path / "b.mid"]
    for out in outs:
        run_yuragi("humanize", song, "-o", out, "--seed", "5")
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_amount_zero_writes_the_same_notes(run_yuragi: Run, song: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mid"
    assert run_yuragi("humanize", song, "-o", out, "--amount", "0").code == 0
    assert changed(song, out) == [False, False, False]


def test_a_server_that_runs_already_gives_the_same_bytes(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    own, theirs = tmp_path / "own.mid", tmp_path / "theirs.mid"
    with serve() as served:
        assert run_yuragi("humanize", song, "-o", own, "--seed", "2").code == 0
        ran = run_yuragi("humanize", song, "-o", theirs, "--seed", "2", "--server", served.address)
        assert ran.code == 0
    assert own.read_bytes() == theirs.read_bytes()


@pytest.mark.parametrize(
    ("tracks", "expected"),
    [
        ("1", [True, False, False]),
        ("2-3", [False, True, True]),
        ("bass", [False, True, False]),
        ("drums,1", [True, False, True]),
        ("kit", [False, False, True]),
    ],
)
def test_tracks_are_chosen_by_number_name_or_role(
    run_yuragi: Run, song: Path, tmp_path: Path, tracks: str, expected: list[bool]
) -> None:
    out = tmp_path / "out.mid"
    assert run_yuragi("humanize", song, "-o", out, "--tracks", tracks).code == 0
    assert changed(song, out) == expected


def test_a_preset_for_a_role_takes_the_tracks_of_that_role(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mid"
    assert run_yuragi("humanize", song, "-o", out, "--preset", "drums/pocket").code == 0
    assert changed(song, out) == [False, False, True]


MISTAKES = [
    (["--preset", "no/such"], "preset is 'no/such', allowed are"),
    (["--amount", "7"], "7.0 is not in the range 0<=x<=2"),
    (["--amount", "nan"], "nan"),
    (["--tracks", "9"], "tracks is '9', allowed are 1 Piano (piano)"),
    (["--seed", "-1"], "-1 is not in the range"),
    (["--server", "nonsense"], "server is 'nonsense'"),
]


@pytest.mark.parametrize(("options", "words"), MISTAKES)
def test_a_mistake_is_one_sentence_and_exit_code_2(
    run_yuragi: Run, song: Path, tmp_path: Path, options: list[str], words: str
) -> None:
    out = tmp_path / "out.mid"
    ran = run_yuragi("humanize", song, "-o", out, *options)
    assert ran.code == 2
    assert words in ran.err
    assert "Traceback" not in ran.err
    assert not out.exists()


BAD_FILES = {
    "empty.mid": b"",
    "text.mid": b"this is no MIDI file",
    "cut.mid": b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\0\0\0\x40\0\x90\x3c",
    "format2.mid": b"MThd\0\0\0\6\0\2\0\1\1\xe0MTrk\0\0\0\4\0\xff\x2f\0",
    "smpte.mid": b"MThd\0\0\0\6\0\0\0\1\xe7\x28MTrk\0\0\0\4\0\xff\x2f\0",
    "silent.mid": b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\0\0\0\4\0\xff\x2f\0",
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_midi_file_is_named_with_its_fault_and_exit_code_2(
    run_yuragi: Run, tmp_path: Path, name: str
) -> None:
    path, out = tmp_path / name, tmp_path / "out.mid"
    path.write_bytes(BAD_FILES[name])
    ran = run_yuragi("humanize", path, "-o", out)
    assert ran.code == 2
    assert "allowed" in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert not out.exists()


def test_a_file_that_is_there_is_not_replaced_unless_told_so(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    before = song.read_bytes()
    ran = run_yuragi("humanize", song, "-o", song)
    assert ran.code == 2
    assert "is there already, allowed is a new name; add --overwrite" in ran.err
    assert song.read_bytes() == before
    assert run_yuragi("humanize", song, "-o", song, "--overwrite").code == 0
    assert song.read_bytes() != before
    assert [path.name for path in tmp_path.iterdir()] == ["song.mid"]


def test_a_folder_is_humanized_resumed_and_its_failures_told(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    (source / "deep").mkdir(parents=True)
    for name in ("a.mid", "deep/b.mid", "c.MID"):
        (source / name).write_bytes(song.read_bytes())
    (source / "bad.mid").write_bytes(b"nonsense")
    (source / "readme.txt").write_text("no music")
    ran = run_yuragi("humanize", source, "-o", out, "--jobs", "2", "--seed", "1")
    assert ran.code == 2
    assert "wrote 3 of 4 files" in ran.out
    assert "failed: bad.mid: " in ran.err
    assert sorted(str(p.relative_to(out)) for p in out.rglob("*.*")) == [
        "a.mid", "c.MID", "deep/b.mid",
    ]  # fmt: skip
    (out / "a.mid").unlink()
    (source / "bad.mid").unlink()
    again = run_yuragi("humanize", source, "-o", out, "--jobs", "1", "--seed", "1")
    assert again.code == 0
    assert "2 of 3 files are there already" in again.out
    assert "wrote 1 of 1 files" in again.out


def test_a_folder_without_midi_files_is_told_so(run_yuragi: Run, tmp_path: Path) -> None:
    ran = run_yuragi("humanize", tmp_path, "-o", tmp_path.with_name("elsewhere"))
    assert ran.code == 2
    assert "has no MIDI file" in ran.err


def test_a_folder_is_not_written_into_itself(run_yuragi: Run, song: Path) -> None:
    ran = run_yuragi("humanize", song.parent, "-o", song.parent / "out")
    assert ran.code == 2
    assert "allowed are folders outside" in ran.err


def test_a_server_that_is_not_there_is_told_once_for_a_folder(
    run_yuragi: Run, tmp_path: Path, song: Path
) -> None:
    ran = run_yuragi("humanize", song.parent, "-o", tmp_path.parent / "o", "--server", "nonsense")
    assert ran.code == 2
    assert len(ran.err.strip().splitlines()) == 1


def test_stopping_a_folder_leaves_no_half_file(tmp_path: Path, song: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for number in range(400):
        (source / f"{number}.mid").write_bytes(song.read_bytes())
    command = [sys.executable, "-m", "bridge.command.main", "humanize", str(source), "-o"]
    process = subprocess.Popen(
        [*command, str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    while not out.is_dir() or not any(out.iterdir()):
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    written = list(out.iterdir())
    assert 0 < len(written) < 400
    for path in written:
        assert path.suffix == ".mid"
        assert read_song(path).clips


def test_generate_writes_a_pattern(run_yuragi: Run, tmp_path: Path) -> None:
    out = tmp_path / "beat.mid"
    options = ["--bars", "2", "--steps", "8", "--division", "1/8", "--pulses", "3", "--pitch", "36"]
    ran = run_yuragi("generate", "euclid", "-o", out, "--bpm", "100", *options)
    assert ran.code == 0
    (clip,) = read_song(out).clips
    # E(3,8) is the tresillo, x..x..x. in eighths, twice: Toussaint (2005), section 4
    assert clip.notes.onset.tolist() == [0, 1.5, 3, 4, 5.5, 7]
    assert clip.channel == 9
    assert clip.tempo.bpm[0] == pytest.approx(100, abs=1e-3)


def test_generate_writes_several_takes(run_yuragi: Run, tmp_path: Path) -> None:
    out = tmp_path / "beat.mid"
    ran = run_yuragi("generate", "euclid", "-o", out, "--takes", "3", "--seed", "7")
    assert ran.code == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["beat-1.mid", "beat-2.mid", "beat-3.mid"]
    assert "seed 9" in ran.out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--steps", "99"], "99 is not in the range"),
        (["--pulses", "a,b"], "'a,b' is no list of numbers"),
        (["--pulses", "1,2,3,4,5"], "pulses"),
        (["--metre", "4/5"], "metre is '4/5'"),
        (["--key", "H"], "key is 'H'"),
        (
            ["--bars", "10000", "--division", "1/32", "--pulses", "32,32,32,32", "--steps", "32"],
            "bars",
        ),
    ],
)
def test_a_mistake_in_generate_is_told(
    run_yuragi: Run, tmp_path: Path, options: list[str], words: str
) -> None:
    ran = run_yuragi("generate", "euclid", "-o", tmp_path / "x.mid", *options)
    assert ran.code == 2
    assert words in ran.err
    assert not list(tmp_path.iterdir())


def test_engines_lists_every_engine(run_yuragi: Run) -> None:
    ran = run_yuragi("engines")
    assert ran.code == 0
    for name, engine in engines().items():
        assert name in ran.out
        assert engine.summary in ran.out


def test_engines_tells_the_options_of_one(run_yuragi: Run) -> None:
    ran = run_yuragi("engines", "rules.groove")
    assert "push: numbers from -50 to 50 ms; default 0.0" in ran.out


def test_engines_prints_json(run_yuragi: Run) -> None:
    names = {entry["name"] for entry in json.loads(run_yuragi("engines", "--json").out)}
    assert names == {*engines(), *live_engines()}


def test_an_unknown_engine_is_told_the_known_ones(run_yuragi: Run) -> None:
    ran = run_yuragi("engines", "nonsense")
    assert ran.code == 2
    assert "engine is 'nonsense', allowed are " in ran.err
    assert "rules.groove" in ran.err


def test_presets_lists_them_and_tells_the_stages_of_one(run_yuragi: Run) -> None:
    assert "band/natural" in run_yuragi("presets").out
    assert "velocity: its defaults" in run_yuragi("presets", "band/natural").out


def test_show_draws_a_page_and_a_picture(run_yuragi: Run, song: Path, tmp_path: Path) -> None:
    after = tmp_path / "after.mid"
    run_yuragi("humanize", song, "-o", after, "--seed", "1")
    page, picture = tmp_path / "page.html", tmp_path / "picture.png"
    assert run_yuragi("show", song, after, "-o", page).code == 0
    assert run_yuragi("show", song, after, "-o", picture).code == 0
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_show_refuses_another_kind_of_picture(run_yuragi: Run, song: Path, tmp_path: Path) -> None:
    ran = run_yuragi("show", song, "-o", tmp_path / "x.gif")
    assert ran.code == 2
    assert "output ends in '.gif', allowed are .html, .png and .svg" in ran.err


def test_doctor_finds_the_road_and_names_what_is_broken(run_yuragi: Run) -> None:
    ran = run_yuragi("doctor")
    assert "the road works" in ran.out
    assert "engine missing does not load" in ran.out
    assert ran.code == 1


def test_doctor_tells_which_weights_can_be_played(run_yuragi: Run) -> None:
    assert "weights default can be played" in run_yuragi("doctor").out


def test_weights_go_to_the_learned_engines_of_a_preset(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    outs = [tmp_path / "plain.mid", tmp_path / "named.mid"]
    for out, more in zip(outs, ((), ("--weights", "default")), strict=True):
        assert run_yuragi("humanize", song, "-o", out, "--seed", "1", *more).code == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_weights_for_a_preset_of_rules_alone_are_refused(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    rules = ("--preset", "piano/house", "--weights", "default")
    ran = run_yuragi("humanize", song, "-o", tmp_path / "out.mid", *rules)
    assert ran.code == 2
    assert "options.weights is no option of a stage" in ran.err


def test_doctor_knows_a_server_that_runs(run_yuragi: Run) -> None:
    with serve() as served:
        ran = run_yuragi("doctor", "--server", served.address)
    assert f"serves at {served.address}" in ran.out


def test_doctor_knows_a_port_that_another_program_has(run_yuragi: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ran = run_yuragi("doctor", "--server", f"tcp://127.0.0.1:{other.getsockname()[1]}")
    assert "is taken by another program" in ran.out
    assert "--bind" in ran.out


def test_replay_tells_that_the_bytes_are_the_same(
    run_yuragi: Run, song: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "journal"
    with serve("--journal", str(folder)) as served:
        run_yuragi("humanize", song, "-o", tmp_path / "o.mid", "--server", served.address)
    (journal,) = folder.iterdir()
    ran = run_yuragi("replay", journal)
    assert ran.code == 0
    assert "1 replies are the same, 0 differ" in ran.out


def test_bench_writes_its_figures(run_yuragi: Run, tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    assert run_yuragi("bench", "--json", out, "--samples", "20").code == 0
    results = json.loads(out.read_text())["results"]
    names = {figure["name"] for figure in results}
    for kind in ("socket", "echo", "humanize"):
        assert {f"{kind}/{size}" for size in (64, 512, 4096)} <= names
    assert {"band/16", "new-band/16", "drums/2", "new-drums/64"} <= names
    assert all(set(figure) == {"name", "n", "p50_ms", "p99_ms"} for figure in results)


def test_every_command_has_help(run_yuragi: Run) -> None:
    for name in COMMANDS:
        ran = run_yuragi(name, "--help")
        assert ran.code == 0
        assert "Usage: yuragi" in ran.out


def test_an_unknown_command_is_told(run_yuragi: Run) -> None:
    ran = run_yuragi("sing")
    assert ran.code == 2
    assert "No such command 'sing'" in ran.err
