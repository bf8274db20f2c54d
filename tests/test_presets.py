"""Every preset does what its sentence says, on real music."""

import re
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bridge.midi_file import read_song
from bridge.shelf import Shelf
from engines.clip import ROLES, Clip
from engines.preset import Chain, Preset, parse_preset
from engines.registry import find
from engines.stage import Stage
from tests.claims import CLAIMS, PIECES, broken_points, pieces_for
from tests.writer.beats import beat

ROOT = Path(__file__).parents[1]
MUSIC = {path.stem: path for path in sorted((ROOT / "tests" / "music").glob("*.mid"))}
MUSIC["song"] = ROOT / "examples" / "song.mid"
SEEDS = range(1, 9)


def folder_of(name: str) -> str:
    return name.partition("/")[0]


def shipped() -> dict[str, Preset]:
    """Return the presets by name."""
    every = sorted((ROOT / "presets").glob("*/*.toml"))
    files = [file for file in every if file.parent.name not in {"grooves", "live"}]
    names = [file.relative_to(ROOT / "presets").with_suffix("").as_posix() for file in files]
    texts = [file.read_text(encoding="utf-8") for file in files]
    return {name: parse_preset(name, text) for name, text in zip(names, texts, strict=True)}


SHIPPED = shipped()
PRESETS = {name: preset for name, preset in SHIPPED.items() if preset.kind == "humanizer"}
STAGES = [(name, stage) for name, preset in SHIPPED.items() for stage in preset.stages]
every_preset = pytest.mark.parametrize("name", PRESETS)
every_shipped = pytest.mark.parametrize("name", SHIPPED)
every_writer = pytest.mark.parametrize("name", sorted(SHIPPED.keys() - PRESETS.keys()))


@cache
def written(piece: str, role: str) -> tuple[Clip, ...]:
    """Return the clips of a file or of one of its tracks, in the role of the folder."""
    file, _, track = piece.partition("/")
    clips = [clip for clip in read_song(MUSIC[file]).clips if track in {"", clip.name}]
    return tuple(clip if role == "auto" else clip.replace(role=role) for clip in clips)


@cache
def played(name: str, piece: str, seed: int) -> tuple[Clip, ...]:
    preset = PRESETS[name]
    return Chain(preset.stages).render(written(piece, preset.role), seed=seed)


def music_for(name: str) -> list[str]:
    """Return all files with tracks of the preset's role."""
    folder = folder_of(name)
    return [piece for piece in MUSIC if folder == "band" or piece.startswith(folder)]


def breaches(claimed: str, player: str) -> list[str]:
    """Return where a preset, as player, breaks the claim of a preset."""
    role = PRESETS[claimed].role
    return [
        f"{piece}: {words}"
        for piece in pieces_for(claimed)
        for words in broken_points(
            CLAIMS[claimed],
            piece,
            written(piece, role),
            [played(player, piece, seed) for seed in SEEDS],
        )
    ]


@every_preset
def test_a_preset_does_what_its_sentence_says(name: str) -> None:
    assert breaches(name, name) == []


@every_preset
def test_what_a_sentence_says_is_not_in_the_written_music(name: str) -> None:
    role = PRESETS[name].role
    for piece in pieces_for(name):
        clips = written(piece, role)
        if any(not point.pieces or piece in point.pieces for point in CLAIMS[name]):
            assert broken_points(CLAIMS[name], piece, clips, [clips]), piece


@every_preset
def test_what_a_sentence_says_is_true_of_no_other_preset_in_the_folder(name: str) -> None:
    others = [other for other in PRESETS if folder_of(other) == folder_of(name)]
    assert [other for other in others if not breaches(name, other)] == [name]


def test_every_preset_makes_a_claim_and_every_claim_has_a_preset() -> None:
    assert set(CLAIMS) == set(PRESETS)


@every_preset
def test_a_preset_keeps_every_note(name: str) -> None:
    for piece in music_for(name):
        clips = written(piece, PRESETS[name].role)
        for before, after in zip(clips, played(name, piece, 1), strict=True):
            assert after.notes.note_id.tobytes() == before.notes.note_id.tobytes()
            assert after.notes.pitch.tobytes() == before.notes.pitch.tobytes()


@every_preset
def test_amount_zero_gives_the_clip_back_bit_for_bit(name: str) -> None:
    chain = Chain(PRESETS[name].stages, amount=0)
    for piece in music_for(name):
        clips = written(piece, PRESETS[name].role)
        assert chain.render(clips, seed=1) == clips


@every_preset
def test_the_same_seed_plays_the_same_and_another_seed_does_not(name: str) -> None:
    piece = PIECES[folder_of(name)][0]
    clips, chain = written(piece, PRESETS[name].role), Chain(PRESETS[name].stages)
    assert chain.render(clips, seed=1) == played(name, piece, 1)
    assert chain.render(clips, seed=2) != played(name, piece, 1)


@every_writer
def test_a_preset_that_writes_leaves_the_drums_that_were_there(name: str) -> None:
    clip = beat(4)
    (whole,) = Chain(SHIPPED[name].stages).render((clip,), seed=1)
    old = np.isin(whole.notes.note_id, clip.notes.note_id)
    kept = np.isin(clip.notes.note_id, whole.notes.note_id)
    assert whole.notes.take(old) == clip.notes.take(kept)
    assert not old.all()


@every_shipped
def test_a_summary_is_one_short_sentence(name: str) -> None:
    summary = SHIPPED[name].summary
    assert re.fullmatch(r"[A-Z][^.]*\.", summary)
    assert 20 <= len(summary) <= 120


def test_no_two_summaries_are_alike() -> None:
    summaries = [preset.summary for preset in SHIPPED.values()]
    assert len(set(summaries)) == len(summaries)


@every_shipped
def test_the_folder_is_the_role_and_the_name_is_plain(name: str) -> None:
    assert re.fullmatch(r"[a-z]+/[a-z]+(-[a-z]+)*", name)
    role = SHIPPED[name].role
    assert role in ROLES
    assert role == ("auto" if folder_of(name) == "band" else folder_of(name))


@pytest.mark.parametrize("folder", PIECES)
def test_every_folder_gives_a_choice_of_three(folder: str) -> None:
    assert len([name for name in PRESETS if folder_of(name) == folder]) >= 3


@pytest.mark.parametrize(("name", "stage"), STAGES)
def test_a_stage_says_only_what_differs_from_the_default(name: str, stage: Stage) -> None:
    engine = find(stage.engine)
    for option, value in stage.options.items():
        assert value != getattr(engine.Options(), option), f"{name}: {stage.engine}.{option}"


@every_shipped
def test_a_stage_names_its_options_in_the_engine_s_order(name: str) -> None:
    for stage in SHIPPED[name].stages:
        order = msgspec.structs.fields(find(stage.engine).Options)
        known = [field.name for field in order if field.name in stage.options]
        assert list(stage.options) == known


def test_all_presets_ship(tmp_path: Path) -> None:
    assert Shelf(tmp_path).presets == SHIPPED
