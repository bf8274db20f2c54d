"""Hold every humanizer of ours to what its users are promised, whatever the clip."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import Clip, EngineError, Loop, Metre, Notes, Stage, Target, Tempo
from engines.contract import keep_outside, uphold
from engines.engine import Context
from engines.option import read_options, schema
from engines.overlap import SHORTEST
from engines.preset import Chain
from engines.registry import engines
from engines.target import EVERYTHING
from tests.engines.any_clip import REPEATED, any_clip, any_target, overlaps, stacks

HUMANIZERS = sorted(
    name
    for name, engine in engines().items()
    if engine.kind == "humanizer" and type(engine).__module__.startswith("engines.")
)
SEEDS = st.integers(0, 2**63 - 1)
TARGETS = any_target()

every_humanizer = pytest.mark.parametrize("name", HUMANIZERS)
for_any_clip = settings(max_examples=12)


def render(name: str, clip: Clip, seed: int = 1, target: Target = EVERYTHING, **dials: Any) -> Clip:
    return Chain([Stage(name, dials)]).render((clip,), seed=seed, target=target)[0]


def render_loud(name: str, clip: Clip, seed: int, target: Target = EVERYTHING) -> Clip:
    """Render with every dial of the engine turned up."""
    properties = schema(engines()[name])["properties"]
    dials = {dial: rule["maximum"] for dial, rule in properties.items() if "maximum" in rule}
    return render(name, clip, seed, target, **dials)


def chords() -> Clip:
    """Return four bars of a tune over repeated chords, as a piano would play."""
    onset = np.repeat(np.arange(16.0), 3)
    pitch = np.tile([48, 52, 67], 16) + np.repeat(np.arange(16) % 5, 3)
    notes = Notes(pitch=pitch.astype("u1"), onset=onset, duration=np.full(48, 1.0))
    return Clip(notes, length=16.0, role="piano")


def test_all_engines_load() -> None:
    assert {
        "rules.articulation",
        "rules.groove",
        "rules.pedal",
        "rules.rubato",
        "rules.velocity",
    } <= set(HUMANIZERS)


@every_humanizer
@for_any_clip
@given(clip=any_clip(), seed=SEEDS)
def test_amount_zero_returns_the_clip_itself(name: str, clip: Clip, seed: int) -> None:
    engine = engines()[name]
    context = Context((clip,), seed=seed, engine=name)
    assert engine(clip, read_options(engine, {"amount": 0}), context) is clip
    assert render(name, clip, seed=seed, amount=0) is clip


@every_humanizer
@for_any_clip
@given(clip=any_clip(), seed=SEEDS)
def test_the_same_seed_gives_the_same_clip(name: str, clip: Clip, seed: int) -> None:
    assert render(name, clip, seed=seed) == render(name, clip, seed=seed)


@every_humanizer
def test_another_seed_gives_another_clip(name: str) -> None:
    assert render(name, chords(), seed=1) != render(name, chords(), seed=2)


@every_humanizer
def test_it_does_something_to_stiff_music(name: str) -> None:
    assert render(name, chords()) != chords()


@every_humanizer
@for_any_clip
@given(clip=any_clip(), seed=SEEDS, loud=st.booleans())
def test_notes_keep_their_number_ids_and_pitches(
    name: str, clip: Clip, seed: int, loud: bool
) -> None:
    after = (render_loud if loud else render)(name, clip, seed).notes
    assert after.note_id.tolist() == clip.notes.note_id.tolist()
    assert after.pitch.tolist() == clip.notes.pitch.tolist()


@every_humanizer
@for_any_clip
@given(clip=any_clip(least=1), seed=SEEDS, loud=st.booleans())
def test_velocities_stay_playable_and_durations_stay(
    name: str, clip: Clip, seed: int, loud: bool
) -> None:
    after = (render_loud if loud else render)(name, clip, seed).notes
    assert after.velocity.min() >= 1
    assert after.velocity.max() <= 127
    assert (after.duration[clip.notes.duration > 0] > 0).all()


@every_humanizer
@for_any_clip
@given(clip=any_clip(pitch=REPEATED), seed=SEEDS, target=TARGETS, loud=st.booleans())
def test_no_note_crosses_an_edge_of_the_loop_or_the_clips_end(
    name: str, clip: Clip, seed: int, target: Target, loud: bool
) -> None:
    after = (render_loud if loud else render)(name, clip, seed, target).notes.onset
    start, end = clip.region()
    for edge in (0, start, end, max(end, clip.length)):
        assert ((after < edge) == (clip.notes.onset < edge)).all()


@every_humanizer
@for_any_clip
@given(clip=any_clip(pitch=REPEATED), seed=SEEDS, target=TARGETS, loud=st.booleans())
def test_no_two_notes_of_a_pitch_come_to_overlap_or_to_meet(
    name: str, clip: Clip, seed: int, target: Target, loud: bool
) -> None:
    after = (render_loud if loud else render)(name, clip, seed, target)
    assert overlaps(after.notes) - overlaps(clip.notes) == set()
    assert stacks(after.notes) == stacks(clip.notes)


@every_humanizer
@for_any_clip
@given(clip=any_clip(pitch=REPEATED), seed=SEEDS, target=TARGETS, loud=st.booleans())
def test_no_note_collapses(name: str, clip: Clip, seed: int, target: Target, loud: bool) -> None:
    after = (render_loud if loud else render)(name, clip, seed, target).notes.duration
    assert (after >= np.minimum(clip.notes.duration, SHORTEST) - 1e-9).all()


@every_humanizer
@for_any_clip
@given(clip=any_clip(), seed=SEEDS, target=TARGETS)
def test_what_lies_outside_the_target_is_the_same_bit_for_bit(
    name: str, clip: Clip, seed: int, target: Target
) -> None:
    after = render(name, clip, seed=seed, target=target)
    outside = ~target.rows(clip)
    assert after.notes.take(outside) == clip.notes.take(outside)
    before_events = clip.controllers.take(~target.covers(clip.controllers.time))
    assert after.controllers.take(~target.covers(after.controllers.time)) == before_events


@settings(max_examples=100)
@given(clip=any_clip(pitch=REPEATED), target=TARGETS, seed=st.integers(0, 99), by=st.floats(0, 4))
def test_whatever_an_engine_does_is_mended(
    clip: Clip, target: Target, seed: int, by: float
) -> None:
    rng, movable = np.random.default_rng(seed), target.rows(clip)
    onset, duration = clip.notes.onset, clip.notes.duration
    wild = clip.notes.replace(
        onset=np.maximum(onset + by * rng.standard_normal(len(onset)), 0.0),
        duration=duration * rng.exponential(size=len(onset)),
    )
    after = uphold(clip, clip.replace(notes=wild), movable, target).notes
    assert overlaps(after) - overlaps(clip.notes) == set()
    assert stacks(after) == stacks(clip.notes)
    assert (after.duration >= np.minimum(duration, SHORTEST) - 1e-9).all()
    assert after.take(~movable) == clip.notes.take(~movable)


def line(onset: list[float], duration: list[float]) -> Clip:
    """Return notes of one pitch in eight beats."""
    pitch = np.full(len(onset), 60)
    return Clip(Notes(pitch=pitch, onset=np.array(onset), duration=np.array(duration)), 8.0)


def moved(clip: Clip, row: int, onset: float) -> Clip:
    """Return what an engine hands back that may move one row only, and moves it there."""
    times = clip.notes.onset.copy()
    times[row] = onset
    movable = np.arange(len(clip.notes)) == row
    return uphold(clip, clip.replace(notes=clip.notes.replace(onset=times)), movable)


def test_a_note_stays_between_the_neighbours_that_must_not_move() -> None:
    clip = line([0.0, 1.0, 2.0], [0.5, 0.5, 0.5])
    early, late = (moved(clip, 1, onset).notes for onset in (0.0, 7.0))
    assert (early.onset[1], early.duration[1]) == (0.5, 0.5)
    assert (late.onset[1], late.duration[1]) == (1.75, 0.25)  # half its length before the wall


def test_a_note_that_was_written_inside_another_is_not_delayed_by_it() -> None:
    clip = line([0.0, 1.0, 2.0], [4.0, 0.5, 0.5])
    assert moved(clip, 1, 0.9).notes == clip.notes
    assert moved(clip, 1, 1.1).notes.onset.tolist() == [0.0, 1.1, 2.0]


def test_a_note_before_two_that_overlap_ends_at_the_first() -> None:
    after = moved(line([0.25, 0.5, 1.0], [4.0, 1.0, 1.0]), 0, 0.3).notes
    assert after.end.tolist() == [0.5, 1.5, 2.0]


def test_notes_without_room_between_walls_stay_as_written() -> None:
    clip = line([0.0, 1.0, 1.0004, 1.0008, 1.001], [1.0, 1e-4, 1e-4, 1e-4, 1.0])
    inner = np.array([False, True, True, True, False])
    push = clip.replace(notes=clip.notes.replace(onset=clip.notes.onset + 0.1 * inner))
    assert uphold(clip, push, inner).notes == clip.notes


def test_unisons_stay_stacked() -> None:
    clip = line([1.0, 1.0, 2.0], [2.0, 0.5, 0.5])
    apart = clip.replace(notes=clip.notes.replace(onset=np.array([1.1, 1.2, 1.9])))
    after = uphold(clip, apart, np.ones(3, dtype=bool)).notes
    assert after.onset.tolist() == [1.1, 1.1, 1.9]
    assert after.end.tolist() == [1.9, 1.6, 2.4]


def test_a_lead_in_stays_before_the_loop_and_the_loop_behind_it() -> None:
    clip = line([1.9, 2.0, 5.9], [0.1, 0.5, 0.1]).replace(loop=Loop(2.0, 6.0))
    late = clip.replace(notes=clip.notes.replace(onset=clip.notes.onset + 0.2))
    early = clip.replace(notes=clip.notes.replace(onset=clip.notes.onset - 0.2))
    every = np.ones(3, dtype=bool)
    assert uphold(clip, late, every).notes.onset.tolist() == [2 - SHORTEST, 2.2, 6 - SHORTEST]
    assert uphold(clip, early, every).notes.onset.tolist() == [1.7, 2.0, 5.7]


def test_a_humanizer_changes_nothing_but_notes_controllers_and_tempo() -> None:
    clip = line([0.0], [1.0])
    after = clip.replace(length=2.0, name="x", loop=Loop(0, 1), metre=(Metre(0, 3, 4),))
    assert uphold(clip, after, np.ones(1, dtype=bool)) == clip


def test_a_tempo_map_is_refused_under_a_target() -> None:
    clip = line([0.0], [1.0])
    after = clip.replace(tempo=Tempo(time=np.zeros(1), bpm=np.full(1, 90.0)))
    with pytest.raises(EngineError, match="target cannot be combined with a tempo map"):
        uphold(clip, after, np.ones(1, dtype=bool), Target(1.0, 2.0))


def test_a_generator_keeps_notes_that_share_an_id() -> None:
    clip = line([0.0, 1.0, 2.0, 3.0], [0.5] * 4)
    clip = clip.replace(notes=clip.notes.replace(note_id=np.full(4, 5)))
    assert keep_outside(clip, clip, Target(0.0, 2.0)).notes.onset.tolist() == [2, 3, 0, 1]


def test_new_notes_give_way_to_those_outside_the_target() -> None:
    clip = line([1.0, 6.0], [3.0, 1.0])
    new = line([2.0, 4.0, 5.0, 7.5, 9.0], [1.0, 1.0, 2.0, 1.0, 1.0]).notes
    longer = clip.replace(notes=new.replace(note_id=np.arange(10, 15)), length=16.0)
    after = keep_outside(clip, longer, Target(2.0))
    assert after.length == 8.0
    assert after.notes.onset.tolist() == [1.0, 4.0, 5.0, 7.5]  # the note at 6 was cleared
    after = keep_outside(clip, longer, Target(2.0, 6.0))
    assert after.notes.onset.tolist() == [1.0, 6.0, 4.0, 5.0]
    assert after.notes.end.tolist() == [4.0, 7.0, 5.0, 6.0]
