from typing import Any

import numpy as np
import pytest

from engines import Clip, Controllers, Stage
from engines.articulation import NEARLY
from engines.clip import SUSTAIN_PEDAL
from engines.preset import Chain
from tests.engines.music import piano


def touch(clip: Clip, seed: int = 5, **dials: Any) -> np.ndarray:
    """Return log2 of the held over the written lengths."""
    after = Chain([Stage("articulation", dials)]).render((clip,), seed=seed)[0]
    return np.log2(after.notes.duration / clip.notes.duration)


def by_rules(clip: Clip) -> np.ndarray:
    after = Chain([Stage("rules.articulation")]).render((clip,), seed=5)[0]
    return np.log2(after.notes.duration / clip.notes.duration)


def pedalled(time: Any, value: Any) -> Clip:
    """Return the music with a sustain pedal."""
    number = np.full(len(time), SUSTAIN_PEDAL)
    return piano(controllers=Controllers(number, np.asarray(time), np.asarray(value)))


def test_without_a_pedal_notes_are_held_as_long_as_rules_say_on_average() -> None:
    assert touch(piano()).mean() == pytest.approx(by_rules(piano()).mean(), abs=0.15)


def test_without_a_pedal_no_note_is_far_from_what_rules_say() -> None:
    assert np.abs(touch(piano()) - by_rules(piano())).max() < 1.5


def test_under_a_pedal_keys_are_let_go_early_and_unevenly() -> None:
    wet, dry = touch(pedalled([0.0], [127])), touch(piano())
    assert wet.mean() < dry.mean() - 0.2
    # pianists' log2 scatters by 0.9 in the ASAP dataset
    assert 0.4 < wet.std() < 1.5


def test_where_the_pedal_is_up_keys_are_held() -> None:
    half = pedalled([0.0, 32.0], [127, 0])
    later = half.notes.onset >= 32
    assert touch(half)[later] == pytest.approx(touch(piano())[later])


def test_no_note_is_damped_much_sooner_than_without_a_pedal() -> None:
    # a pedal that goes up in the middle of each beat
    edges = np.arange(0.0, 64.0, 0.5)
    fluttering = pedalled(edges, np.tile([127, 0], 64))
    notes = fluttering.notes
    release = notes.onset + notes.duration * 2.0 ** touch(fluttering)
    damped = np.where(release % 1.0 < 0.5, np.floor(release) + 0.5, release)
    dry = notes.duration * 2.0 ** touch(piano())
    assert (damped - notes.onset >= NEARLY * dry - 1e-9).all()


def test_a_pedal_can_be_told_not_to_matter() -> None:
    ignored = touch(pedalled([0.0], [127]), under_pedal=False)
    assert np.array_equal(ignored, touch(piano()))


def test_the_dial_legato_joins_and_parts() -> None:
    parted, plain, joined = (touch(piano(), legato=dial).mean() for dial in (-1.0, 0.0, 1.0))
    assert parted < plain - 0.2
    assert plain < joined


def test_no_note_sounds_into_its_repeat() -> None:
    clip = piano()
    after = Chain([Stage("articulation", {"amount": 2.0})]).render((clip,), seed=5)[0].notes
    for pitch in np.unique(after.pitch):
        rows = np.flatnonzero(after.pitch == pitch)
        rows = rows[np.argsort(after.onset[rows])]
        assert (after.end[rows[:-1]] <= after.onset[rows[1:]] + 1e-9).all()


def test_amount_scales_the_touch() -> None:
    half, whole = (touch(piano(), amount=amount) for amount in (0.5, 1.0))
    free = whole < 0  # longer notes may end at a repeat
    assert half[free] == pytest.approx(whole[free] / 2, abs=1e-6)


def test_drums_keep_their_lengths() -> None:
    assert touch(piano(role="drums")) == pytest.approx(0.0)
