"""The shipped grooves are many, unlike each other, said in a sentence, and attributed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engines.profile.expectation import expecter
from engines.profile.player import DEFAULT
from engines.profile.profile import Cell, Profile
from engines.profile.shelf import SHIPPED
from engines.profile.text import to_text

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "presets" / "grooves"
every_groove = pytest.mark.parametrize("name", SHIPPED.names)


def cells(profile: Profile, name: str) -> list[Cell]:
    return [cell for voice in profile.voices if voice.name == name for cell in voice.cells]


def mean(some: list[Cell], field: str) -> float:
    return sum(c.notes * getattr(c, field) for c in some) / sum(c.notes for c in some)


def ghosts(profile: Profile) -> float:
    """Return which share of the snares are ghost notes."""
    snares = cells(profile, "snare")
    return sum(c.notes for c in snares if c.tier == "ghost") / sum(c.notes for c in snares)


def level(profile: Profile, name: str, place: float | None = None) -> float:
    """Return how loud a voice is, at a place in the beat if one is given."""
    some = [c for c in cells(profile, name) if place is None or abs(c.beat % 1 - place) < 0.01]
    return mean(some, "velocity")


def backbeat(profile: Profile, *beats: float) -> list[Cell]:
    """Return the snares on two and four, or on some other beats, that are no ghosts."""
    where = beats or (2.0, 4.0)
    return [c for c in cells(profile, "snare") if c.tier != "ghost" and c.beat in where]


def test_there_are_twelve_or_more() -> None:
    assert len(SHIPPED.names) >= 12
    assert DEFAULT in SHIPPED.names


def test_they_are_by_many_drummers() -> None:
    drummers = {re.findall(r"drummer\d+", SHIPPED.find(name).source)[0] for name in SHIPPED.names}
    assert len(drummers) >= 7


@every_groove
def test_a_groove_has_a_sentence_and_names_its_source(name: str) -> None:
    profile = SHIPPED.find(name)
    assert re.fullmatch(r"[A-Z][^.]*\.", profile.summary)
    assert 20 <= len(profile.summary) <= 100
    assert "Groove MIDI Dataset" in profile.source
    assert "CC BY 4.0" in profile.source
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)


@every_groove
def test_a_file_is_as_the_program_writes_it(name: str) -> None:
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert to_text(SHIPPED.find(name)) == text


def test_the_notice_names_the_data_that_they_are_from() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert re.search(r"presets/grooves[^:]*Groove MIDI\s+Dataset", notice)


def test_no_two_sentences_are_alike() -> None:
    assert len({SHIPPED.find(name).summary for name in SHIPPED.names}) == len(SHIPPED.names)


SAYS: dict[str, Callable[[Profile], bool]] = {
    "afrobeat": lambda p: ghosts(p) > 0.4 and 55 < p.swing < 60 and p.bars == 4,
    "boom-bap": lambda p: p.swing > 60 and ghosts(p) > 0.7 and mean(backbeat(p), "offset_ms") > 8,
    "bossa-nova": lambda p: p.swing == 50 and level(p, "kick") < 30 and level(p, "ride") < 70,
    "disco": lambda p: (
        p.swing < 54
        and mean(backbeat(p), "velocity") > 120
        and level(p, "closed hat", 0) > level(p, "closed hat", 0.5) + 10
    ),
    "ghosted-funk": lambda p: (
        ghosts(p) > 0.6 and p.swing > 55 and mean(backbeat(p), "velocity") > 115
    ),
    "jazz-swing": lambda p: (
        (p.swing_grid, p.push_ms < -8, p.swing >= 59.5) == ("8th", True, True)
        and level(p, "ride", 0) > level(p, "ride", 0.5) + 20
    ),
    "jazz-waltz": lambda p: (
        p.metre == "3/4" and p.swing > 60 and level(p, "ride") < 70 and ghosts(p) > 0.5
    ),
    "laid-back-rock": lambda p: (
        mean(backbeat(p), "offset_ms") > mean(cells(p, "kick"), "offset_ms") + 12
    ),
    "loose-rock": lambda p: (
        55 < p.swing < 60 and ghosts(p) > 0.2 and mean(backbeat(p), "velocity") > 115
    ),
    "motown": lambda p: (
        level(p, "closed hat", 0) > level(p, "closed hat", 0.5) + 40
        and mean(backbeat(p), "velocity") > 110
    ),
    "new-orleans": lambda p: level(p, "kick") < 40 and ghosts(p) > 0.5 and p.swing > 54,
    "punk": lambda p: p.bpm >= 140 and level(p, "open hat", 0.5) > level(p, "open hat", 0) + 20,
    "reggae": lambda p: (
        level(p, "closed hat", 0.5) > level(p, "closed hat", 0) + 25
        and 50 < level(p, "kick") < 75
        and 50 < mean(backbeat(p), "velocity") < 75
    ),
    "samba": lambda p: (
        level(p, "kick") < 45 and mean([c for v in p.voices for c in v.cells], "spread_ms") > 15
    ),
    "second-line": lambda p: ghosts(p) > 0.5 and p.push_ms < -6,
    "shuffle": lambda p: (
        (p.swing > 61, p.swing_grid, ghosts(p) < 0.05) == (True, "8th", True)
        and mean(backbeat(p), "velocity") > 115
    ),
    "six-eight": lambda p: p.metre == "6/8" and p.push_ms < -8 and p.drift.size_ms > 13,
    "slow-ballad": lambda p: (
        level(p, "kick") < 40 and ghosts(p) < 0.01 and level(p, "closed hat", 0.25) < 40
    ),
    "slow-hip-hop": lambda p: (
        p.swing == 50 and p.push_ms < -8 and ghosts(p) > 0.4 and mean(backbeat(p), "velocity") > 115
    ),
    "half-time-rock": lambda p: (
        abs(level(p, "closed hat", 0) - level(p, "closed hat", 0.5)) < 10
        and mean(backbeat(p, 3.0), "velocity") > 120
        and not backbeat(p, 2.0)
    ),
    "steady-rock": lambda p: (
        p.swing == 50 and abs(mean(backbeat(p), "offset_ms")) < 2 and ghosts(p) < 0.06
    ),
    "tight-funk": lambda p: p.swing == 50 and ghosts(p) < 0.01 and level(p, "kick") > 100,
    "wide-rock": lambda p: (
        level(p, "closed hat") > 90 and level(p, "kick") > 100 and p.drift.size_ms > 15
    ),
}
"""What each sentence says, in numbers."""


def test_every_sentence_is_looked_into() -> None:
    assert set(SAYS) == set(SHIPPED.names)


@every_groove
def test_a_groove_is_as_its_sentence_says(name: str) -> None:
    assert SAYS[name](SHIPPED.find(name))


@every_groove
def test_a_groove_is_learned_at_once(name: str) -> None:
    assert expecter(SHIPPED.find(name)) is expecter(SHIPPED.find(name))
