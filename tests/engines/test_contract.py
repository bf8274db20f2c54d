"""Hold every humanizer of ours to what its users are promised, whatever the clip."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import Clip, Notes, Stage, Target
from engines.engine import Context
from engines.option import read_options, schema
from engines.preset import Chain
from engines.registry import engines
from engines.target import EVERYTHING
from tests.engines.any_clip import any_clip

HUMANIZERS = sorted(
    name
    for name, engine in engines().items()
    if engine.kind == "humanizer" and type(engine).__module__.startswith("engines.")
)
SEEDS = st.integers(0, 2**63 - 1)
TARGETS = st.builds(
    Target,
    start=st.none() | st.floats(0, 20),
    end=st.none() | st.floats(0, 20),
    note_ids=st.none() | st.lists(st.integers(0, 24), max_size=6).map(tuple),
)

every_humanizer = pytest.mark.parametrize("name", HUMANIZERS)
for_any_clip = settings(max_examples=12)


def render(name: str, clip: Clip, seed: int = 1, target: Target = EVERYTHING, **dials: Any) -> Clip:
    return Chain([Stage(name, dials)]).render((clip,), seed=seed, target=target)[0]


def render_loud(name: str, clip: Clip, seed: int) -> Clip:
    """Render with every dial of the engine turned up."""
    properties = schema(engines()[name])["properties"]
    dials = {dial: rule["maximum"] for dial, rule in properties.items() if "maximum" in rule}
    return render(name, clip, seed, EVERYTHING, **dials)


def overlaps(notes: Notes) -> set[tuple[int, int]]:
    """Return the pairs of rows with one pitch of which the second begins while the first sounds."""
    first, second = np.indices((len(notes), len(notes)))
    same = (notes.pitch[first] == notes.pitch[second]) & (first != second)
    begins_later = notes.onset[second] >= notes.onset[first]
    sounds = notes.end[first] > notes.onset[second] + 1e-9 * (1 + notes.onset[second])
    found = np.flatnonzero(same & begins_later & sounds)
    return {(int(first.flat[pair]), int(second.flat[pair])) for pair in found}


def chords() -> Clip:
    """Return four bars of a tune over repeated chords, as a piano would play."""
    onset = np.repeat(np.arange(16.0), 3)
    pitch = np.tile([48, 52, 67], 16) + np.repeat(np.arange(16) % 5, 3)
    notes = Notes(pitch=pitch.astype("u1"), onset=onset, duration=np.full(48, 1.0))
    return Clip(notes, length=16.0, role="piano")


def test_all_engines_load() -> None:
    assert {"articulation", "groove", "pedal", "rubato", "velocity"} <= set(HUMANIZERS)


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
@given(clip=any_clip(), seed=SEEDS, loud=st.booleans())
def test_no_note_leaves_the_clip_or_its_loop(name: str, clip: Clip, seed: int, loud: bool) -> None:
    after = (render_loud if loud else render)(name, clip, seed).notes.onset
    start, end = clip.region()
    inside = (clip.notes.onset >= start) & (clip.notes.onset < end)
    assert (after >= 0).all()
    assert (after[inside] >= start).all()
    assert (after[inside] < end).all()


@every_humanizer
@for_any_clip
@given(clip=any_clip(), seed=SEEDS, loud=st.booleans())
def test_no_two_notes_of_a_pitch_come_to_overlap(
    name: str, clip: Clip, seed: int, loud: bool
) -> None:
    after = (render_loud if loud else render)(name, clip, seed)
    before = overlaps(clip.notes)
    assert {pair for pair in overlaps(after.notes) if pair not in before} == set()


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
