"""A bar for a groove pool has a note on each line of its grid, as late and loud as played."""

import numpy as np
import pytest

from engines.profile.bar import PITCH, one_bar
from engines.profile.extract import extract
from engines.profile.profile import Cell, Profile, ProfileError, Voice
from engines.profile.shelf import SHIPPED
from tests.profile.beats import HAT, MS, beat, played, voice


def test_a_bar_has_a_note_on_each_line_of_its_grid() -> None:
    bar = one_bar(extract(beat(8)))
    assert bar.length == 4.0
    assert bar.notes.onset == pytest.approx(np.arange(16) / 4)
    assert set(bar.notes.pitch.tolist()) == {PITCH}


def test_the_notes_are_as_late_and_as_loud_as_the_player_s() -> None:
    written = beat(32)
    off = written.notes.onset % 1 > 0
    profile = extract(played(written, np.where(off, 12.0, 0.0), np.where(off, 50.0, 100.0)))
    bar = one_bar(profile, base="8th")
    late = bar.notes.onset / MS - np.arange(8) / 2 / MS
    assert late[1::2] - late[::2] == pytest.approx(12, abs=1)
    assert bar.notes.velocity[1::2] == pytest.approx(50, abs=1)


def test_a_voice_can_be_heard_alone() -> None:
    written = beat(32)
    profile = extract(played(written, 0.0, np.where(voice(written, HAT), 40.0, 110.0)))
    assert one_bar(profile, voice="closed hat").notes.velocity == pytest.approx(40, abs=1)
    assert one_bar(profile, voice="snare").notes.velocity == pytest.approx(110, abs=1)


def test_swing_is_in_the_bar() -> None:
    bar = one_bar(extract(beat(8)).replace(swing=60.0, swing_grid="16th"))
    # the first sixteenth of a pair of half a beat takes 60 % of it
    assert bar.notes.onset[:3] == pytest.approx([0.0, 0.3, 0.5])


def test_milliseconds_are_those_of_the_tempo_that_is_asked_for() -> None:
    late = Cell(1, 1.5, "normal", 100, 12.0, 0.0, 90.0, 0.0)
    profile = Profile("drums", (Voice("closed hat", (late,)),))
    slow, fast = (one_bar(profile, base="8th", bpm=bpm).notes.onset[1] - 0.5 for bpm in (60, 180))
    # 12 ms are 0.012 beats at 60 bpm
    assert (slow, fast) == pytest.approx((0.012, 0.036))


@pytest.mark.parametrize("name", SHIPPED.names)
def test_every_shipped_groove_has_its_bar(name: str) -> None:
    profile = SHIPPED.find(name)
    bar = one_bar(profile)
    assert bar.length == profile.time_signature.bar
    assert (np.diff(bar.notes.onset) > 0).all()
    assert bar.notes.end.max() <= bar.length


def test_an_unknown_voice_or_grid_is_refused() -> None:
    profile = extract(beat(4))
    with pytest.raises(ProfileError, match="voice is 'gong', allowed are kick, snare, closed hat"):
        one_bar(profile, voice="gong")
    with pytest.raises(ProfileError, match="base is '64th', allowed are 8th"):
        one_bar(profile, base="64th")
