"""Grooves are taken, given, blended, drawn and exported from the command, as a user would."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.groove_file import Choice, read_take
from bridge.groove_shelf import GrooveShelf
from bridge.message import Failure
from bridge.midi_file import new_song, read_song, write_song
from bridge.protocol import Render, Rendered, decode_reply, encode
from bridge.session import Session
from bridge.shelf import Shelf
from bridge.work import Done, render
from engines import Clip, Metre, Stage, Tempo
from engines.profile.extract import extract
from engines.profile.player import DEFAULT
from engines.profile.text import parse, to_text
from tests.conftest import Ran
from tests.profile.beats import HAT, SNARE, as_map, beat, clip_of, late_ms, played, voice

Run = Callable[..., Ran]
EXAMPLES = Path(__file__).parents[2] / "examples"


def lazy(**fields: object) -> Clip:
    """Return 16 bars with the snares 20 ms late."""
    written = beat(16, name="Kit", channel=9).replace(**fields)
    return played(written, np.where(voice(written, SNARE), 20.0, 0.0))


def rows(path: Path) -> Clip:
    """Return the first clip of a file, its notes by pitch and then onset."""
    clip = read_song(path).clips[0]
    return clip.replace(notes=clip.notes.take(np.lexsort((clip.notes.onset, clip.notes.pitch))))


@pytest.fixture
def take(tmp_path: Path) -> Path:
    path = tmp_path / "take.mid"
    write_song(new_song((lazy(),)), path)
    return path


@pytest.fixture
def stiff(tmp_path: Path) -> Path:
    path = tmp_path / "stiff.mid"
    write_song(new_song((beat(4, name="Kit", channel=9),)), path)
    return path


@pytest.fixture
def groove(run_yuragi: Run, take: Path, tmp_path: Path) -> Path:
    path = tmp_path / "lazy.toml"
    assert run_yuragi("groove", "extract", take, "-o", path).code == 0
    return path


def test_extract_writes_a_profile(groove: Path) -> None:
    profile = parse("lazy", groove.read_text(encoding="utf-8"))
    assert profile.notes == 192
    assert profile.source == "extracted from take.mid"


def test_apply_gives_the_groove_to_a_clip(
    run_yuragi: Run, groove: Path, stiff: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mid"
    ran = run_yuragi("groove", "apply", groove, stiff, "-o", out, "--seed", "1", "--drift", "0")
    assert ran.code == 0
    assert "seed 1" in ran.out
    before, after = rows(stiff), rows(out)
    late, snares = late_ms(before, after), voice(before, SNARE)
    assert late[snares].mean() - late[~snares].mean() == pytest.approx(20, abs=3)


def test_the_same_seed_writes_the_same_bytes(run_yuragi: Run, stiff: Path, tmp_path: Path) -> None:
    outs = [tmp_path / "a.mid", tmp_path / "b.mid"]
    for out in outs:
        run_yuragi("groove", "apply", "boom-bap", stiff, "-o", out, "--seed", "5")
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_amount_zero_writes_the_same_notes(run_yuragi: Run, stiff: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mid"
    assert run_yuragi("groove", "apply", "samba", stiff, "-o", out, "--amount", "0").code == 0
    assert read_song(out).clips[0].notes == read_song(stiff).clips[0].notes


def test_a_swing_ratio_can_be_chosen(run_yuragi: Run, groove: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "straight.mid", tmp_path / "out.mid"
    write_song(new_song((beat(4, name="Kit", channel=9),)), source)
    dials = ("--swing-ratio", "60", "--spread", "0", "--drift", "0")
    assert run_yuragi("groove", "apply", groove, source, "-o", out, *dials).code == 0
    before, after = rows(source), rows(out)
    late, hats = late_ms(before, after), voice(before, HAT)
    off = hats & (before.notes.onset % 1 > 0)
    # the first eighth of a pair of 500 ms takes 60 % of it
    assert late[off].mean() - late[hats & ~off].mean() == pytest.approx(50, abs=2)


def test_apply_takes_the_tracks_of_the_profile_s_kind(run_yuragi: Run, tmp_path: Path) -> None:
    out, song = tmp_path / "out.mid", EXAMPLES / "song.mid"
    assert run_yuragi("groove", "apply", "disco", song, "-o", out, "--seed", "1").code == 0
    pairs = zip(read_song(song).clips, read_song(out).clips, strict=True)
    changed = [before.notes != after.notes for before, after in pairs]
    assert changed == [False, False, False, False, True]


def test_apply_says_what_does_not_fit(run_yuragi: Run, tmp_path: Path) -> None:
    out, song = tmp_path / "out.mid", EXAMPLES / "song.mid"
    ran = run_yuragi("groove", "apply", "jazz-waltz", song, "-o", out, "--tracks", "bass,drums")
    assert ran.code == 0
    assert "the profile is in 3/4 and the clip is not" in ran.out
    assert "the profile is of a drums part" in ran.out


def test_pads_name_what_is_played(run_yuragi: Run, groove: Path, tmp_path: Path) -> None:
    odd = clip_of(np.arange(0, 16.0), np.full(16, 3), name="Rack", channel=9)
    source, out = tmp_path / "odd.mid", tmp_path / "out.mid"
    write_song(new_song((odd,)), source)
    ran = run_yuragi("groove", "apply", groove, source, "-o", out)
    assert "16 notes of 3 (D#-1) are on no voice of the kit" in ran.out
    ran = run_yuragi(
        "groove", "apply", groove, source, "-o", out, "--overwrite", "--pads", "3=snare"
    )
    assert "no voice" not in ran.out
    assert read_song(out).clips[0].notes != read_song(source).clips[0].notes


def test_blend_writes_what_lies_between(run_yuragi: Run, tmp_path: Path) -> None:
    out = tmp_path / "half.toml"
    assert run_yuragi("groove", "blend", "disco", "samba", "--mix", "0.3", "-o", out).code == 0
    push = parse("half", out.read_text(encoding="utf-8")).push_ms
    assert push == pytest.approx(0.7 * -1.4 + 0.3 * -3.2, abs=0.1)


@pytest.mark.parametrize(
    ("suffix", "begins"), [(".html", b"<!doctype html>"), (".svg", b"<svg"), (".png", b"\x89PNG")]
)
def test_show_draws_a_profile(
    run_yuragi: Run, groove: Path, tmp_path: Path, suffix: str, begins: bytes
) -> None:
    out = tmp_path / f"picture{suffix}"
    assert run_yuragi("groove", "show", groove, "-o", out).code == 0
    content = out.read_bytes()
    assert content.startswith(begins)
    assert suffix == ".png" or b"closed hat" in content


def test_show_tells_a_profile_in_numbers(run_yuragi: Run) -> None:
    ran = run_yuragi("groove", "show", "boom-bap")
    assert "swing 62 % of 16ths" in ran.out
    assert "CC BY 4.0" in ran.out


def test_a_page_loads_nothing_and_hides_nothing(run_yuragi: Run, tmp_path: Path) -> None:
    profile = extract(lazy()).replace(summary='<script>alert("1")</script>')
    path, out = tmp_path / "odd.toml", tmp_path / "odd.html"
    path.write_text(to_text(profile), encoding="utf-8")
    assert run_yuragi("groove", "show", path, "-o", out).code == 0
    page = out.read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_export_writes_a_bar_of_notes(run_yuragi: Run, groove: Path, tmp_path: Path) -> None:
    out = tmp_path / "bar.mid"
    assert run_yuragi("groove", "export", groove, "-o", out, "--voice", "snare").code == 0
    clip = read_song(out).clips[0]
    assert len(clip.notes) == 16
    assert set(clip.notes.pitch.tolist()) == {36}
    assert clip.length == 4.0


def test_list_tells_all_profiles_and_where_one_s_own_go(run_yuragi: Run) -> None:
    ran = run_yuragi("groove", "list")
    assert "boom-bap" in ran.out
    assert "Your own go into" in ran.out


def test_list_tells_a_profile_that_cannot_be_used(run_yuragi: Run) -> None:
    own = GrooveShelf().folder
    own.mkdir(parents=True, exist_ok=True)
    (own / "torn.toml").write_text("format = ", encoding="utf-8")
    try:
        ran = run_yuragi("groove", "list")
    finally:
        (own / "torn.toml").unlink()
    assert ran.code == 0
    assert "groove profile torn cannot be used: it is no TOML" in ran.out


def test_one_s_own_profile_wins_by_name(tmp_path: Path) -> None:
    mine = extract(lazy())
    (tmp_path / "boom-bap.toml").write_text(to_text(mine), encoding="utf-8")
    shelf = GrooveShelf(tmp_path)
    assert shelf.own == ["boom-bap"]
    assert shelf.find("boom-bap") == mine
    assert shelf.find("disco") != mine


def asked(tmp_path: Path, stage: Stage) -> Rendered | Failure:
    """Return what a server says whose user has the profile `mine`."""
    (tmp_path / "grooves").mkdir(exist_ok=True)
    (tmp_path / "grooves" / "mine.toml").write_text(to_text(extract(lazy())), encoding="utf-8")
    session = Session("0", Shelf(tmp_path / "presets"))
    request = Render(1, clips=(beat(4),), stages=(stage,), seed=1)
    session.receive(b"me", encode(request), 0.0)
    for job in list(session.accepted):
        result = render(job.request, job.chain)
        assert isinstance(result, Done)
        session.finish(job, result, 0.0, 0.0)
    reply = decode_reply(session.outbox[-1].frame)
    assert isinstance(reply, Rendered | Failure)
    return reply


def test_a_client_can_name_the_user_s_profile_or_send_it(tmp_path: Path) -> None:
    named = asked(tmp_path, Stage("profile", {"profile": "mine"}))
    sent = asked(tmp_path, Stage("profile", {"profile": as_map(extract(lazy()))}))
    assert isinstance(named, Rendered)
    assert isinstance(sent, Rendered)
    assert named.takes == sent.takes


def test_a_client_that_names_nothing_gets_the_default(tmp_path: Path) -> None:
    bare, named = (
        asked(tmp_path, Stage("profile", options)) for options in ({}, {"profile": DEFAULT})
    )
    assert isinstance(bare, Rendered)
    assert isinstance(named, Rendered)
    assert bare.takes == named.takes


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("boom-bip", "profile is 'boom-bip', allowed are for example boom-bap"),
        ({"part": "drums", "voices": []}, "profile cannot be used: voices have no cell"),
    ],
)
def test_a_client_is_told_what_is_wrong_with_a_profile(
    tmp_path: Path, given: object, said: str
) -> None:
    reply = asked(tmp_path, Stage("profile", {"profile": given}))
    assert isinstance(reply, Failure)
    assert said in reply.message
    assert reply.field == "stages[0].options.profile"


def test_a_profile_of_the_user_s_that_is_broken_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "grooves").mkdir()
    (tmp_path / "grooves" / "odd.toml").write_text("format = 1", encoding="utf-8")
    reply = asked(tmp_path, Stage("profile", {"profile": "odd"}))
    assert isinstance(reply, Failure)
    assert "groove profile odd cannot be used" in reply.message


def test_only_some_beats_can_be_listened_to(tmp_path: Path) -> None:
    half = played(beat(8), np.where(beat(8).notes.onset < 16, 0.0, 10.0))
    path = tmp_path / "half.mid"
    write_song(new_song((half.replace(channel=9),)), path)
    first, second = (
        extract(read_take(path, Choice(start=start, end=end)))
        for start, end in ((0.0, 15.9), (15.9, None))
    )
    assert (first.notes, second.notes) == (48, 48)
    assert first.push_ms == pytest.approx(0.0, abs=0.3)
    assert second.push_ms == pytest.approx(9.8, abs=0.3)


def test_the_tempo_of_the_beats_that_are_listened_to_counts(tmp_path: Path) -> None:
    tempo = Tempo(time=np.array([0.0, 16.0]), bpm=np.array([120.0, 60.0]))
    path = tmp_path / "slower.mid"
    write_song(new_song((lazy(tempo=tempo, metre=(Metre(),)),)), path)
    assert extract(read_take(path, Choice(start=16.0))).bpm == 60.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("extract", "{song}", "-o", "{out}.toml", "--track", "1-3"), "one instrument, and these"),
        (("extract", "{song}", "-o", "{out}.toml", "--track", "9"), "tracks is '9', allowed are"),
        (("extract", "{song}", "-o", "{out}.mid"), "allowed are names that end in .toml"),
        (("extract", "{empty}", "-o", "{out}.toml"), "the file has no notes"),
        (("extract", "{song}", "-o", "{out}.toml", "--start", "8", "--end", "8"), "end is 8"),
        (("extract", "{song}", "-o", "{song}"), "allowed are names that end in .toml"),
        (("apply", "nobody", "{song}", "-o", "{out}.mid"), "profile is 'nobody', allowed are"),
        (("apply", "{none}.toml", "{song}", "-o", "{out}.mid"), "cannot be read: No such file"),
        (("apply", "{odd}", "{song}", "-o", "{out}.mid"), "voices have no cell, allowed is a"),
        (("apply", "disco", "{empty}", "-o", "{out}.mid"), "the file has no notes"),
        (("apply", "disco", "{song}", "-o", "{song}"), "is there already"),
        (("apply", "disco", "{song}", "-o", "{out}.txt"), "allowed are names with .mid"),
        (("apply", "disco", "{song}", "-o", "{out}.mid", "--amount", "3"), "0<=x<=2"),
        (("blend", "disco", "jazz-waltz", "-o", "{out}.toml"), "metre is 4/4 in one profile and"),
        (("blend", "disco", "samba", "-o", "{out}.toml", "--mix", "2"), "0<=x<=1"),
        (("show", "disco", "-o", "{out}.pdf"), "output ends in '.pdf', allowed are .html"),
        (("export", "disco", "-o", "{out}.mid", "--voice", "gong"), "voice is 'gong', allowed"),
    ],
)
def test_a_fault_is_one_sentence_and_leaves_no_file(
    run_yuragi: Run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    odd, empty = tmp_path / "odd.toml", tmp_path / "empty.mid"
    odd.write_text('format = 1\npart = "drums"\nvoices = []\n', encoding="utf-8")
    write_song(new_song((clip_of(np.zeros(0), np.zeros(0)),)), empty)
    names = {
        "song": EXAMPLES / "song.mid",
        "out": tmp_path / "out",
        "none": tmp_path / "none",
        "odd": odd,
        "empty": empty,
    }
    ran = run_yuragi("groove", *(word.format(**names) for word in arguments))
    assert ran.code == 2
    assert said in ran.err
    assert not list(tmp_path.glob("out.*"))


def test_a_take_of_one_note_is_extracted_with_a_warning(run_yuragi: Run, tmp_path: Path) -> None:
    one, out = tmp_path / "one.mid", tmp_path / "one.toml"
    write_song(new_song((clip_of(np.array([1.0]), np.array([HAT]), channel=9),)), one)
    ran = run_yuragi("groove", "extract", one, "-o", out)
    assert ran.code == 0
    assert "1 notes are few: most of it is a guess" in ran.out
    assert tomllib.loads(out.read_text(encoding="utf-8"))["format"] == 1
