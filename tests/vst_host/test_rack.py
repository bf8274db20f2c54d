import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.witness import Witness
from vst_host.presence import Presence
from vst_host.rack import KEPT, Rack, Recipe
from vst_host.soundfont import Soundfont


@pytest.fixture
def presence(tmp_path: Path) -> Iterator[Presence]:
    witness = Witness(tmp_path / "witness")
    yield Presence(witness, 1, 20)
    witness.close()


@pytest.fixture
def recipe(soundfont: str) -> Recipe[Soundfont]:
    return Recipe(Soundfont, soundfont, 48_000)


def test_what_was_played_is_replaced_and_not_played_again(
    recipe: Recipe[Soundfont], presence: Presence
) -> None:
    rack = Rack()
    first = rack.take(recipe, presence, "")
    rack.give_back(recipe, first, presence)
    assert rack.renew()
    assert not rack.renew()
    assert rack.loaded == 1
    assert rack.take(recipe, presence, "") is not first
    assert rack.loaded == 0


def test_what_is_asked_for_before_it_was_replaced_is_loaded(
    recipe: Recipe[Soundfont], presence: Presence
) -> None:
    rack = Rack()
    first = rack.take(recipe, presence, "")
    rack.give_back(recipe, first, presence)
    assert rack.take(recipe, presence, "") is not first
    assert not rack.renew()  # the one in use will be replaced


@pytest.mark.parametrize("asked_again", [False, True], ids=["at rest", "asked for again"])
def test_the_old_one_is_closed_before_the_new_one_is_loaded(
    soundfont: str, presence: Presence, asked_again: bool
) -> None:
    said: list[str] = []

    class Told(Soundfont):
        def close(self) -> None:
            said.append("closed")
            super().close()

    def load(path: str, sample_rate: int, presence: Presence, field: str) -> Told:
        said.append("loaded")
        return Told(path, sample_rate, presence, field)

    rack, recipe = Rack(), Recipe(load, soundfont, 48_000)
    rack.give_back(recipe, rack.take(recipe, presence, ""), presence)
    if asked_again:
        rack.take(recipe, presence, "")
    else:
        rack.renew()
    assert said == ["loaded", "closed", "loaded"]


def test_two_of_a_kind_are_two(recipe: Recipe[Soundfont], presence: Presence) -> None:
    rack = Rack()
    both = [rack.take(recipe, presence, "") for _ in range(2)]
    for unit in both:
        rack.give_back(recipe, unit, presence)
    while rack.renew():
        pass
    assert rack.loaded == 2
    assert rack.take(recipe, presence, "") is not rack.take(recipe, presence, "")


def test_only_so_many_are_kept_and_the_longest_unused_goes(
    recipe: Recipe[Soundfont], presence: Presence
) -> None:
    rack = Rack()
    recipes = [recipe._replace(sample_rate=8_000 + k) for k in range(KEPT + 3)]
    for one in recipes:
        rack.give_back(one, rack.take(one, presence, ""), presence)
        rack.renew()
    assert rack.loaded == KEPT
    rack.take(recipes[-1], presence, "")
    assert rack.loaded == KEPT - 1
    rack.take(recipes[0], presence, "")  # it is not among them
    assert rack.loaded == KEPT - 1


def test_a_file_that_has_changed_is_loaded_anew(
    soundfont: str, presence: Presence, tmp_path: Path
) -> None:
    path = tmp_path / "font.sf2"
    path.write_bytes(Path(soundfont).read_bytes())
    rack, recipe = Rack(), Recipe(Soundfont, str(path), 48_000)
    rack.give_back(recipe, rack.take(recipe, presence, ""), presence)
    rack.renew()
    os.utime(path, (1, 1))
    rack.take(recipe, presence, "")
    assert rack.loaded == 1  # the old one is not taken
