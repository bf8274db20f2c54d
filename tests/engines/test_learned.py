"""What all five learned engines have in common."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines import Clip, Notes, Stage
from engines.articulation import Articulation, ArticulationOptions
from engines.contract import uphold
from engines.engine import Context
from engines.error import WeightsError
from engines.groove import Groove, GrooveOptions
from engines.pedal import Pedal, PedalOptions
from engines.performance.interpreter import Interpreter
from engines.performance.weights import Library, Weights
from engines.preset import Chain
from engines.registry import find
from engines.rubato import Rubato, RubatoOptions
from engines.velocity import Velocity, VelocityOptions
from tests.engines.music import piano
from tests.performance.fake_network import FakeNetwork

ENGINES: dict[str, tuple[Any, Any]] = {
    "velocity": (Velocity, VelocityOptions),
    "rubato": (Rubato, RubatoOptions),
    "groove": (Groove, GrooveOptions),
    "articulation": (Articulation, ArticulationOptions),
    "pedal": (Pedal, PedalOptions),
}
ALL = Chain([Stage(name) for name in ENGINES])
every_engine = pytest.mark.parametrize("name", ENGINES)


def play(name: str, clip: Clip, seed: int = 5, folder: Path | None = None, **dials: Any) -> Clip:
    engine, options = ENGINES[name]
    made = engine(Library(folder)) if folder else engine()
    played: Clip = made(clip, options(**dials), Context((clip,), seed=seed, engine=name))
    return played


def by_rules(name: str, clip: Clip, seed: int = 5, **dials: Any) -> Clip:
    engine = find(f"rules.{name}")
    context = Context((clip,), seed=seed, engine=name)
    played: Clip = engine(clip, engine.Options(**dials), context)
    return played


@every_engine
def test_it_plays_otherwise_than_the_rules(name: str) -> None:
    assert play(name, piano()) != by_rules(name, piano())


@every_engine
def test_without_variation_all_seeds_play_the_same(name: str) -> None:
    dials: dict[str, Any] = {"variation": 0.0, **({"drift": 0.0} if name == "groove" else {})}
    assert play(name, piano(), 1, **dials) == play(name, piano(), 2, **dials)


@every_engine
def test_missing_weights_leave_it_to_the_rules(name: str, tmp_path: Path) -> None:
    assert play(name, piano(), folder=tmp_path) != piano()


@every_engine
def test_research_weights_that_are_not_installed_are_an_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"weights is research, and .* is not there"):
        play(name, piano(), folder=tmp_path, weights="research")


class OneNetwork(Library):
    """Lend the player of one network, whatever is asked for."""

    def __init__(self, network: FakeNetwork) -> None:
        super().__init__()
        self._one = Interpreter(network)

    def lend(self, name: Weights) -> Interpreter:  # noqa: ARG002
        return self._one


def play_all(clip: Clip, library: Library) -> Clip:
    """Play a clip by all five, in turn."""
    context = Context((clip,), seed=1, engine="all")
    after = clip
    for engine, options in ENGINES.values():
        after = engine(library)(after, options(), context)
    return after


def test_the_five_interpret_a_clip_once() -> None:
    network = FakeNetwork()
    library = OneNetwork(network)
    network.windows.clear()
    play_all(piano(4), library)
    assert network.windows == [len(piano(4).notes)]


@pytest.mark.parametrize("count", [1, 10])
def test_notes_of_one_pitch_at_once_and_of_no_length_are_played(count: int) -> None:
    zeros = np.zeros(count)
    clip = Clip(Notes(pitch=zeros + 60, onset=zeros, duration=zeros), length=4.0, role="piano")
    (after,) = ALL.render((clip,), seed=1)
    for column in (after.notes.onset, after.notes.duration, after.notes.velocity):
        assert np.isfinite(column).all()
    assert np.ptp(after.notes.onset) == 0


def test_ten_thousand_notes_in_a_beat_are_played() -> None:
    notes = 10_000
    row = np.arange(notes)
    table = Notes(pitch=20 + row % 90, onset=row / notes, duration=np.full(notes, 0.001))
    clip = Clip(table, length=4.0, role="piano")
    after = play_all(clip, OneNetwork(FakeNetwork()))
    after = uphold(clip, after, np.ones(notes, dtype=bool))
    assert 1 <= after.notes.velocity.min() <= after.notes.velocity.max() <= 127
    assert after.notes.onset.min() >= 0
    assert (after.notes.duration > 0).all()


def test_a_thousand_notes_in_a_tenth_of_a_beat_are_played() -> None:
    row = np.arange(1000)
    notes = Notes(pitch=20 + row % 90, onset=row / 10_000, duration=np.full(1000, 0.001))
    (after,) = ALL.render((Clip(notes, length=4.0, role="piano"),), seed=1)
    assert np.isfinite(after.notes.velocity).all()


@pytest.mark.parametrize("role", ["bass", "lead", "strings", "guitar", "winds", "pad", "keys"])
def test_every_pitched_role_is_played(role: str) -> None:
    line = piano(4, role=role)
    (after,) = ALL.render((line,), seed=1)
    assert np.ptp(after.notes.velocity) > 5
    assert not np.array_equal(after.notes.onset, line.notes.onset)


def test_a_band_with_drums_is_played_together() -> None:
    band = (piano(8), piano(8, role="drums"), piano(8, role="bass"))
    for before, after in zip(band, ALL.render(band, seed=1), strict=True):
        assert after != before
