"""A profile is a text that people can read, change and send; a wrong one is told what is wrong."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.profile.profile import (
    MOST_BYTES,
    MOST_CELLS,
    MOST_KNOTS,
    TIERS,
    VOICES_OF,
    Cell,
    Drift,
    Profile,
    ProfileError,
    Voice,
    to_profile,
)
from engines.profile.text import parse, to_text

CELL = Cell(1, 2.0, "accent", 12, -3.5, 4.0, 104.5, 6.0)
PROFILE = Profile("drums", (Voice("snare", (CELL,)),), summary='Says "so": \\ ü.', bpm=92.5)

MS = st.integers(-500, 500).map(lambda tenths: tenths / 10)
SPREAD = st.integers(0, 300).map(lambda tenths: tenths / 10)
LOUD = st.integers(10, 1270).map(lambda tenths: tenths / 10)
KEYS = st.tuples(st.integers(1, 2), st.integers(0, 95), st.sampled_from(TIERS))
REST = st.tuples(st.integers(1, 999), MS, SPREAD, LOUD, SPREAD)


@st.composite
def any_profile(draw: st.DrawFn) -> Profile:
    part = draw(st.sampled_from(("drums", "pitched")))
    tables = st.dictionaries(KEYS, REST, min_size=1, max_size=5)
    named = draw(st.dictionaries(st.sampled_from(VOICES_OF[part]), tables, min_size=1, max_size=3))
    return Profile(
        part,  # type: ignore[arg-type]
        tuple(
            Voice(
                name,
                tuple(
                    Cell(bar, round(1 + place / 24, 4), tier, *rest)
                    for (bar, place, tier), rest in table.items()
                ),
            )
            for name, table in named.items()
        ),
        summary=draw(st.text(max_size=40)),
        bars=draw(st.sampled_from((2, 4))),
        push_ms=draw(MS),
        swing=draw(st.sampled_from((50.0, 58.3))),
        drift=Drift(draw(SPREAD), 1.5, 1.0, tuple(draw(st.lists(MS, max_size=40)))),
    )


@settings(max_examples=30)
@given(any_profile())
def test_what_is_written_is_read_again(profile: Profile) -> None:
    assert parse("it", to_text(profile)) == profile


@settings(max_examples=30)
@given(any_profile())
def test_what_is_sent_as_a_map_is_the_same_profile(profile: Profile) -> None:
    assert to_profile(msgspec.to_builtins(profile)) == profile


def test_the_largest_profile_fits_into_the_longest_text() -> None:
    cells = [
        Cell(bar, round(1 + place / 24, 4), "normal", 12345, -123.4, 123.4, 123.4, 23.4)
        for bar in range(1, 5)
        for place in range(96)
    ]
    voices, left = [], MOST_CELLS
    for name in VOICES_OF["drums"]:
        voices.append(Voice(name, tuple(cells[:left])))
        left -= len(voices[-1].cells)
    profile = Profile("drums", tuple(voices), bars=4, drift=Drift(clock=(-12.5,) * MOST_KNOTS))
    assert len(to_text(profile).encode()) <= MOST_BYTES


def changed(**changes: Any) -> dict[str, Any]:
    table: dict[str, Any] = {**msgspec.to_builtins(PROFILE), **changes}
    return {name: value for name, value in table.items() if value is not None}


def voices(*cells: list[Any], name: str = "snare") -> list[dict[str, Any]]:
    return [{"name": name, "cells": list(cells)}]


GOOD = [1, 2, "accent", 12, -3.5, 4, 104.5, 6]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (changed(voices=[]), "voices have no cell, allowed is a profile of one note or more"),
        (changed(voices=voices()), "voices have no cell"),
        (changed(voices=None), "missing required field `voices`"),
        (changed(voices=voices(GOOD, name="gong")), "voices[0].name is 'gong', allowed are kick,"),
        (changed(voices=voices(GOOD) * 2), "voices[1].name is 'snare', allowed are .* each once"),
        (changed(voices=voices(GOOD, GOOD)), r"voices[0].cells[1] is bar 1, beat 2, accent"),
        (changed(voices=voices([2, *GOOD[1:]])), "allowed are bars to 1 and beats of 4/4"),
        (changed(voices=voices([1, 5, *GOOD[2:]])), "is bar 1, beat 5, accent, allowed are"),
        (changed(voices=voices([1, 2, "loud", *GOOD[3:]])), "voices[0].cells[0][2] is not as"),
        (changed(voices=voices(GOOD[:5])), "voices[0].cells[0] is not as it should be"),
        (changed(voices=voices([*GOOD[:3], 0, *GOOD[4:]])), "voices[0].cells[0][3] is not as"),
        (changed(voices=voices([*GOOD[:6], 200, 6])), "voices[0].cells[0][6] is not as"),
        (changed(part="tuba"), "part is not as it should be"),
        (changed(swing=80), "swing is not as it should be"),
        (changed(metre="4/5"), "metre is not as it should be"),
        (changed(bars=3), "bars is not as it should be"),
        (changed(format=2), "format is not as it should be"),
        (changed(colour="red"), "unknown field `colour`"),
        (changed(drift={"clock": [0.0] * (MOST_KNOTS + 1)}), "drift.clock is not as it should be"),
    ],
)
def test_a_wrong_map_is_told_what_is_wrong(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ProfileError) as error:
        to_profile(table)
    first, _, rest = said.partition(".* ")
    assert first in str(error.value)
    assert rest in str(error.value)


def test_too_many_cells_are_refused() -> None:
    cells = [
        [bar, round(1 + place / 24, 4), tier, *GOOD[3:]]
        for bar in range(1, 5)
        for place in range(96)
        for tier in TIERS
    ]
    both = [*voices(*cells[:600]), *voices(*cells[:600], name="kick")]
    with pytest.raises(ProfileError, match=rf"voices have 1200 cells, allowed are {MOST_CELLS}"):
        to_profile(changed(bars=4, voices=both))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "format is None, allowed is 1"),
        ("format = 1", "missing required field"),
        ("format = ", "it is no TOML"),
        ("format = 7", "format is 7, allowed is 1"),
        ("#" * (MOST_BYTES + 1), f"it has {MOST_BYTES + 1} bytes, allowed are {MOST_BYTES}"),
    ],
)
def test_a_wrong_text_is_told_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(ProfileError, match="groove profile it cannot be used") as error:
        parse("it", text)
    assert said in str(error.value)
