import numpy as np
import pytest

from engines import Clip, ContractError, Controllers, EngineError, Notes, OptionError, Stage, Target
from engines.preset import Chain, parse_preset, with_options
from engines.target import EVERYTHING
from tests.clips import stiff_clip

PRESET = """
summary = "Plays as a person does."
role = "piano"

[[stage]]
engine = "rules.articulation"
style = "legato"

[[stage]]
engine = "rules.pedal"
depth = 90
"""


def rendered(clip: Clip, *stages: Stage, seed: int = 1, target: Target = EVERYTHING) -> Clip:
    return Chain(stages).render((clip,), seed=seed, target=target)[0]


def test_a_preset_is_read_from_its_tables() -> None:
    preset = parse_preset("grand", PRESET)
    assert (preset.name, preset.role) == ("grand", "piano")
    assert preset.stages == (
        Stage("rules.articulation", {"style": "legato"}),
        Stage("rules.pedal", {"depth": 90}),
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("summary = ", "Invalid value"),
        ('summary = "s"\nrole = "piano"', r"allowed are [[stage]] tables"),
        ('role = "piano"\n[[stage]]\nengine = "echo"', "summary"),
        ('summary = "s"\nrole = "tuba"\n[[stage]]\nengine = "echo"', "tuba"),
        ('summary = "s"\nrole = "piano"\n[[stage]]\nengine = "reverb"', "'reverb', allowed are"),
        (
            'summary = "s"\nrole = "piano"\n[[stage]]\nengine = "rules.pedal"\ndepth = 300',
            "0 to 127",
        ),
        ('summary = "s"\nrole = "piano"\nmood = 1\n[[stage]]\nengine = "echo"', "mood"),
    ],
)
def test_a_preset_that_cannot_be_used_is_refused_by_name(text: str, fault: str) -> None:
    with pytest.raises(EngineError, match="preset odd cannot be used") as caught:
        parse_preset("odd", text)
    assert fault in str(caught.value)


def test_an_option_is_set_where_an_engine_has_it() -> None:
    stages = [Stage("rules.velocity", {"range": 9.0}), Stage("echo"), Stage("rules.groove")]
    assert with_options(stages, {"range": 12.0}) == (
        Stage("rules.velocity", {"range": 12.0}),
        Stage("echo"),
        Stage("rules.groove"),
    )


def test_an_option_that_no_engine_has_is_refused() -> None:
    with pytest.raises(OptionError, match=r"options.mood is no option of a stage, allowed are am"):
        with_options([Stage("rules.pedal")], {"mood": "sad"})


def test_a_bad_option_is_named_with_its_stage() -> None:
    with pytest.raises(OptionError) as caught:
        Chain([Stage("echo"), Stage("rules.pedal", {"depth": 300})])
    assert caught.value.field == "stages[1].options.depth"


def test_an_unknown_engine_is_named_with_its_stage() -> None:
    with pytest.raises(OptionError) as caught:
        Chain([Stage("echo"), Stage("reverb")])
    assert caught.value.field == "stages[1].engine"


def test_stages_run_one_after_the_other() -> None:
    clip = stiff_clip(32)
    changed = rendered(clip, Stage("rules.articulation"), Stage("rules.pedal"))
    assert changed.notes != clip.notes
    assert len(changed.controllers) > 0


def test_a_stage_behind_does_not_change_the_ones_before_it() -> None:
    clip = stiff_clip(32)
    alone = rendered(clip, Stage("rules.articulation"))
    followed = rendered(clip, Stage("rules.articulation"), Stage("rules.pedal"))
    assert followed.notes == alone.notes


def test_the_same_engine_twice_draws_anew() -> None:
    clip = stiff_clip(32)
    once = rendered(clip, Stage("rules.articulation"))
    twice = rendered(clip, Stage("rules.articulation", {"amount": 0}), Stage("rules.articulation"))
    assert once.notes != twice.notes


def test_a_seed_gives_the_same_clip_again() -> None:
    clip = stiff_clip(32)
    stages = Stage("rules.articulation"), Stage("rules.pedal"), Stage("rules.rubato")
    assert rendered(clip, *stages, seed=7) == rendered(clip, *stages, seed=7)
    assert rendered(clip, *stages, seed=7) != rendered(clip, *stages, seed=8)


def test_no_amount_hands_back_the_clip_itself() -> None:
    clip = stiff_clip(32)
    assert rendered(clip, Stage("rules.articulation", {"amount": 0})) is clip
    assert (
        Chain([Stage("rules.articulation"), Stage("rules.pedal")], 0.0).render((clip,), seed=1)[0]
        is clip
    )


def test_the_chains_amount_multiplies_each_stages() -> None:
    clip = stiff_clip(32)
    half = Chain([Stage("rules.articulation", {"amount": 0.5})]).render((clip,), seed=1)
    assert Chain([Stage("rules.articulation")], 0.5).render((clip,), seed=1) == half


def test_a_chain_knows_whether_it_generates() -> None:
    assert Chain([Stage("rules.pedal"), Stage("euclid")]).generates
    assert not Chain([Stage("rules.pedal")]).generates


def test_every_part_of_a_request_comes_back_in_its_place() -> None:
    clips = (stiff_clip(8, name="one"), stiff_clip(16, name="two"))
    done = Chain([Stage("rules.articulation")]).render(clips, seed=1)
    assert [(clip.name, len(clip.notes)) for clip in done] == [("one", 8), ("two", 16)]


def test_parts_draw_from_streams_of_their_own() -> None:
    one, two = Chain([Stage("rules.articulation")]).render((stiff_clip(), stiff_clip()), seed=1)
    assert one.notes != two.notes


def test_outside_the_range_a_humanizer_changes_nothing() -> None:
    clip = stiff_clip(32)
    changed = rendered(clip, Stage("rules.articulation"), target=Target(start=4.0, end=8.0))
    outside = (clip.notes.onset < 4.0) | (clip.notes.onset >= 8.0)
    assert changed.notes.take(outside) == clip.notes.take(outside)
    assert changed.notes.take(~outside) != clip.notes.take(~outside)


def test_only_the_named_notes_change() -> None:
    clip = stiff_clip(32)
    changed = rendered(clip, Stage("rules.articulation"), target=Target(note_ids=(3, 5)))
    others = ~np.isin(clip.notes.note_id, [3, 5])
    assert changed.notes.take(others) == clip.notes.take(others)
    assert changed.notes.duration[3] != clip.notes.duration[3]


def test_a_range_limits_controllers_too() -> None:
    clip = stiff_clip(64)
    changed = rendered(clip, Stage("rules.pedal"), target=Target(start=8.0, end=16.0))
    assert len(changed.controllers) > 0
    assert (changed.controllers.time >= 8.0).all()
    assert (changed.controllers.time < 16.0).all()


def test_named_notes_leave_controllers_alone() -> None:
    clip = stiff_clip(64)
    assert rendered(clip, Stage("rules.pedal"), target=Target(note_ids=(1, 2))) == clip


def test_a_tempo_map_is_refused_under_a_target() -> None:
    with pytest.raises(EngineError, match="target cannot be combined with a tempo map"):
        rendered(stiff_clip(), Stage("rules.rubato", {"write": "tempo"}), target=Target(start=1.0))


def test_the_product_of_amounts_stays_on_the_dial() -> None:
    twice = Stage("rules.articulation", {"amount": 2})
    assert Chain([twice], 2.0).render((stiff_clip(),), seed=1) == Chain([twice]).render(
        (stiff_clip(),), seed=1
    )


def test_a_generator_writes_only_into_the_range() -> None:
    clip = stiff_clip(32)
    changed = rendered(clip, Stage("euclid", {"pitch": [36]}), target=Target(start=4.0, end=8.0))
    new = changed.notes.take(changed.notes.pitch == 36)
    assert len(new) > 0
    assert ((new.onset >= 4.0) & (new.onset < 8.0)).all()
    old = changed.notes.take(np.argsort(changed.notes.note_id)[:32])
    assert old == clip.notes


def test_a_humanizer_after_a_generator_plays_the_new_notes() -> None:
    empty = Clip(Notes(), 8.0, role="bass")
    line = rendered(empty, Stage("euclid", {"pitch": [36, 43]}))
    changed = rendered(empty, Stage("euclid", {"pitch": [36, 43]}), Stage("rules.articulation"))
    assert np.array_equal(changed.notes.onset, line.notes.onset)
    assert not np.array_equal(changed.notes.duration, line.notes.duration)


def test_an_engine_that_loses_a_note_is_caught() -> None:
    with pytest.raises(ContractError, match="returned 15 notes, allowed are 16"):
        rendered(stiff_clip(16), Stage("loser"))


def test_an_empty_clip_passes_through_every_stage() -> None:
    empty = Clip(Notes(), 4.0)
    stages = [Stage(name) for name in ("rules.articulation", "rules.pedal", "rules.rubato", "echo")]
    assert rendered(empty, *stages) == empty


def test_other_controllers_survive_a_whole_preset() -> None:
    wheel = Controllers(number=np.array([1]), time=np.array([1.0]), value=np.array([64]))
    clip = stiff_clip(32, controllers=wheel)
    changed = rendered(clip, Stage("rules.articulation"), Stage("rules.pedal"))
    assert changed.controllers.of(1) == wheel


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('summary = "s"\nrole = "violin"', "role is 'violin', allowed are auto, piano"),
        ('summary = "s"\nrole = "piano"\n[stage]\nengine = "echo"', r"allowed are \[\[stage\]\]"),
        ('summary = "s"\nrole = "piano"\nstage = ["echo"]', r"allowed are \[\[stage\]\]"),
        ('summary = "s"\nrole = "piano"', r"allowed are \[\[stage\]\]"),
    ],
)
def test_a_preset_that_is_put_together_wrong_is_told_how(text: str, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        parse_preset("mine", text)
