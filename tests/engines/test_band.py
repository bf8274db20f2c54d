"""Players of one request follow each other in time."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import Clip, Loop, Notes, Stage, Target, Tempo
from engines.band import SEATS, Lead
from engines.clip import ROLES, Role
from engines.features import Features
from engines.kit import KICK, SNARE, kit_of
from engines.meeting import BEHIND_S
from engines.preset import Chain
from tests.engines.any_clip import any_clip

BEAT_MS = 500.0
"""The music is at 120 bpm, where none is given."""

LEARNED, RULES = "groove", "rules.groove"
either = pytest.mark.parametrize("engine", [LEARNED, RULES])

ALIKE: dict[str, dict[str, float]] = {
    LEARNED: {"asynchrony": 0.0},
    RULES: {"spread": 0.0, "melody_lead": 0.0},
}
"""Options with which a pianist's chords stay whole."""


def clip(role: Role, rows: Sequence[tuple[float, int]], **fields: Any) -> Clip:
    """Return a clip of notes, given as (beat, pitch), of half a beat each."""
    onset, pitch = np.array(sorted(rows)).T
    notes = Notes(
        pitch=pitch.astype("u1"),
        onset=onset,
        duration=np.full(len(onset), 0.5),
        velocity=np.full(len(onset), 90.0),
    )
    length = 4.0 * np.ceil((onset.max() + 0.5) / 4.0)
    return Clip(notes, length=float(length), role=role, name=role).replace(**fields)


def eighths(bars: int) -> np.ndarray:
    return np.arange(8 * bars) / 2.0


def drums(bars: int = 8, **fields: Any) -> Clip:
    """Return kicks on one and three, snares on two and four, and hats in eighths."""
    kicks = [(beat, 36) for beat in eighths(bars) if beat % 2 == 0]
    snares = [(beat, 38) for beat in eighths(bars) if beat % 2 == 1]
    return clip("drums", [*kicks, *snares, *((beat, 42) for beat in eighths(bars))], **fields)


def bass(bars: int = 8, **fields: Any) -> Clip:
    line = [(beat, 36 + int(3 * beat) % 7) for beat in eighths(bars)]
    return clip("bass", line, **fields)


def keys(bars: int = 8, **fields: Any) -> Clip:
    chords = [(float(beat), pitch) for beat in range(4 * bars) for pitch in (60, 64, 67)]
    return clip("keys", chords, **fields)


def lead(bars: int = 8, **fields: Any) -> Clip:
    tune = [(beat, 72 + int(5 * beat) % 9) for beat in eighths(bars) + 0.25]
    return clip("lead", [*tune, *((float(bar * 4), 79) for bar in range(bars))], **fields)


def band(bars: int = 8) -> tuple[Clip, ...]:
    return drums(bars), bass(bars), keys(bars), lead(bars)


def played(
    clips: tuple[Clip, ...], engine: str = LEARNED, seed: int = 5, **dials: Any
) -> tuple[Clip, ...]:
    return Chain([Stage(engine, dials)]).render(clips, seed=seed)


def late_ms(before: Clip, after: Clip) -> np.ndarray:
    return (after.notes.onset - before.notes.onset) * BEAT_MS


def lateness(clips: tuple[Clip, ...], *asked: Any, **dials: Any) -> list[np.ndarray]:
    """Return how late each note of each clip is in ms."""
    return [
        late_ms(before, after)
        for before, after in zip(clips, played(clips, *asked, **dials), strict=True)
    ]


def apart_ms(mine: Clip, my_ms: np.ndarray, theirs: Clip, their_ms: np.ndarray) -> np.ndarray:
    """Return how much later mine are than theirs, for all pairs of notes written together."""
    together = np.abs(np.subtract.outer(mine.notes.onset, theirs.notes.onset)) < 1e-6
    return np.asarray(np.subtract.outer(my_ms, their_ms)[together])


def strokes(kit: Clip, voice: int) -> np.ndarray:
    return np.asarray(kit_of(kit).voice[kit.notes.pitch] == voice)


def only(kit: Clip, late: np.ndarray, voice: int) -> tuple[Clip, np.ndarray]:
    """Return the strokes of one voice, and how late they are."""
    rows = strokes(kit, voice)
    return kit.replace(notes=kit.notes.take(rows)), late[rows]


def spread_ms(clips: tuple[Clip, ...], engine: str, **dials: Any) -> float:
    """Return the standard deviation of what notes of different parts that meet are apart."""
    found = []
    for seed in range(4):
        late = lateness(clips, engine, seed, **dials)
        for one in range(len(clips)):
            for other in range(one):
                found += apart_ms(clips[one], late[one], clips[other], late[other]).tolist()
    return float(np.std(found))


def test_every_role_has_a_seat() -> None:
    assert set(SEATS) == set(ROLES) - {"auto"} == set(get_args(Lead)) - {"auto", "none"}


@either
def test_notes_that_are_written_together_are_nearer_than_alone(engine: str) -> None:
    alone = spread_ms(band(), engine, together=0.0, **ALIKE[engine])
    together = spread_ms(band(), engine, **ALIKE[engine])
    # what is left is 0.3 of it, and strokes of one moment that are apart themselves
    assert together < 0.6 * alone


@either
def test_the_tighter_the_nearer(engine: str) -> None:
    spreads = [spread_ms(band(), engine, together=dial) for dial in (0.0, 0.3, 0.6, 1.0)]
    assert spreads == sorted(spreads, reverse=True)


@either
def test_the_bass_is_with_the_kick(engine: str) -> None:
    kit, line = drums(), bass()
    kit_ms, line_ms = lateness((kit, line), engine, together=1.0)
    apart = apart_ms(line, line_ms, *only(kit, kit_ms, KICK))
    assert len(apart) == 16
    assert apart[1:] == pytest.approx(0.0, abs=1e-3)  # the clip's start holds the first


@either
def test_comping_is_a_hair_behind_the_snare(engine: str) -> None:
    kit, chords = drums(), keys()
    kit_ms, chord_ms = lateness((kit, chords), engine, together=1.0, **ALIKE[engine])
    apart = apart_ms(chords, chord_ms, *only(kit, kit_ms, SNARE))
    assert apart == pytest.approx(1e3 * BEHIND_S, abs=1e-3)


def test_a_doubled_tune_stays_with_its_double_in_the_chord() -> None:
    tune = [(float(beat), 76 + beat % 5) for beat in range(32)]
    chords = [(float(beat), pitch) for beat in range(32) for pitch in (48, 55)]
    pianist, flute = clip("piano", [*tune, *chords]), clip("winds", tune)
    pianist_ms, flute_ms = lateness((pianist, flute), together=1.0)
    sung = pianist.notes.pitch > 70
    assert np.ptp(pianist_ms.reshape(-1, 3), axis=1).mean() > 3.0  # chords fall apart
    assert flute_ms == pytest.approx(pianist_ms[sung], abs=1e-3)


def test_a_kit_in_several_clips_is_one_drummer_to_the_bass() -> None:
    kit, line = drums(), bass()
    hats = kit.replace(notes=kit.notes.take(~strokes(kit, KICK)))
    kicks = kit.replace(notes=kit.notes.take(strokes(kit, KICK)))
    _, kick_ms, line_ms = lateness((hats, kicks, line), together=1.0)
    apart = apart_ms(line, line_ms, kicks, kick_ms)
    assert apart[1:] == pytest.approx(0.0, abs=1e-3)  # the clip's start holds the first


@either
@pytest.mark.parametrize("dials", [{}, {"leader": "bass", "together": 1.0}])
def test_the_order_of_the_clips_changes_nothing(engine: str, dials: dict[str, Any]) -> None:
    clips = (*band(4), keys(4, name="second keys"))
    expected = dict(zip([one.name for one in clips], played(clips, engine, **dials), strict=True))
    for order in list(permutations(clips))[::17]:
        assert played(order, engine, **dials) == tuple(expected[one.name] for one in order)


@either
def test_one_clip_is_played_as_it_is_without_the_dials(engine: str) -> None:
    for one in band():
        expected = played((one,), engine, leader="none", together=0.0)
        assert played((one,), engine, together=1.0) == expected


@either
def test_who_leads_does_not_listen(engine: str) -> None:
    alone = lateness(band()[:1], engine)[0]
    assert lateness(band(), engine)[0].tolist() == alone.tolist()


@pytest.mark.parametrize("leader", ["bass", "keys", "lead"])
def test_whoever_leads_plays_as_if_nobody_followed(leader: Lead) -> None:
    clips = band()
    row = next(row for row, one in enumerate(clips) if one.role == leader)
    apart = lateness(clips, leader="none")[row]
    assert lateness(clips, leader=leader)[row].tolist() == apart.tolist()


@either
def test_a_leader_who_is_not_there_is_as_auto(engine: str) -> None:
    assert played(band(), engine, leader="strings") == played(band(), engine)


@either
@pytest.mark.parametrize("leader", get_args(Lead))
def test_loose_as_can_be_is_as_if_nobody_led(engine: str, leader: Lead) -> None:
    expected = played(band(), engine, leader="none")
    assert played(band(), engine, leader=leader, together=0.0) == expected


def test_another_leader_is_followed() -> None:
    kit, line = drums(), bass()
    kit_ms, line_ms = lateness((kit, line), leader="bass", together=1.0)
    eighth = np.rint(2 * kit.notes.onset).astype(int)
    heard = np.bincount(eighth, kit_ms) / np.bincount(eighth)
    assert heard[1:] == pytest.approx(line_ms[1:], abs=1e-3)  # the clip's start holds the first


@either
def test_between_meetings_the_pull_fades(engine: str) -> None:
    kit = clip("drums", [(16.0, 36)])
    line = bass(6)
    pulled = lateness((kit, line), engine)[1] - lateness((kit, line), engine, leader="none")[1]
    strength = np.abs(pulled)
    beat = line.notes.onset
    assert strength[np.abs(beat - 16.0) >= 2.0] == pytest.approx(0.0, abs=1e-9)
    rising = strength[(beat >= 14.0) & (beat <= 16.0)]  # a second is two beats
    assert rising[-1] > 1.0
    assert rising == pytest.approx(rising[-1] * np.arange(5) / 4, abs=1e-3)


def test_a_short_loop_is_followed_each_time_that_it_comes_round() -> None:
    kit = drums(1, loop=Loop(0.0, 4.0))
    line = bass(4, loop=Loop(0.0, 16.0))
    kit_ms, line_ms = lateness((kit, line), together=1.0, drift=0.0)
    kicks, kick_ms = only(kit, kit_ms, KICK)
    for bar in range(4):
        rows = (line.notes.onset >= 4 * bar) & (line.notes.onset < 4 * bar + 4)
        here = line.notes.take(rows)
        here = here.replace(onset=here.onset - 4 * bar)
        apart = apart_ms(line.replace(notes=here), line_ms[rows], kicks, kick_ms)
        assert len(apart) == 2
        assert apart[bar == 0 :] == pytest.approx(0.0, abs=1e-3)  # its start holds the first


def test_loops_that_begin_elsewhere_in_their_clips_play_together() -> None:
    kit, line = drums(4, loop=Loop(0.0, 16.0)), bass(5, loop=Loop(4.0, 20.0))
    kit_ms, line_ms = lateness((kit, line), together=1.0)
    inside = line.notes.onset >= 4.0
    notes = line.notes.take(inside)
    shifted = line.replace(notes=notes.replace(onset=notes.onset - 4.0))
    apart = apart_ms(shifted, line_ms[inside], *only(kit, kit_ms, KICK))
    assert apart[1:] == pytest.approx(0.0, abs=1e-3)  # the loop's start holds the first


def test_clips_of_other_tempo_meet_in_seconds() -> None:
    kit = drums(4)
    line = bass(2, tempo=Tempo(time=np.zeros(1), bpm=np.full(1, 60.0)))
    kit_ms, line_ms = lateness((kit, line), together=1.0, drift=0.0)
    slow = line.replace(notes=line.notes.replace(onset=2 * line.notes.onset))
    apart = apart_ms(slow, 2 * line_ms, *only(kit, kit_ms, KICK))
    assert apart[1:] == pytest.approx(0.0, abs=1e-3)


def test_who_is_left_alone_by_the_request_is_followed_as_written() -> None:
    kit, line = drums(), bass()
    ids = range(1_000, 1_000 + len(line.notes))
    line = line.replace(notes=line.notes.replace(note_id=np.array(ids)))
    chain = Chain([Stage(LEARNED, {"together": 1.0, "push": 20.0})])
    same, after = chain.render((kit, line), seed=5, target=Target(note_ids=tuple(ids)))
    assert same == kit
    assert late_ms(line, after) == pytest.approx(0.0, abs=1e-3)  # a stroke at each of its notes


def test_a_muted_kick_is_not_followed() -> None:
    kit, line = drums(), bass()
    mute = kit.notes.replace(mute=np.ones(len(kit.notes)))
    silent = kit.replace(notes=mute)
    assert lateness((silent, line))[1].tolist() == lateness((kit, line), leader="none")[1].tolist()


@either
def test_the_same_seed_plays_the_same(engine: str) -> None:
    assert played(band(), engine) == played(band(), engine)
    assert played(band(), engine) != played(band(), engine, 6)


@either
def test_amount_zero_gives_the_clips_back(engine: str) -> None:
    assert played(band(), engine, amount=0.0, together=1.0) == band()


@either
def test_an_empty_clip_leads_nobody(engine: str) -> None:
    empty = Clip(Notes(), length=4.0, role="drums", name="empty")
    others = band()[1:]
    assert played((empty, *others), engine) == (empty, *played((empty, *others), engine)[1:])
    assert played((empty, empty), engine) == (empty, empty)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(any_clip(), min_size=2, max_size=4).map(tuple),
    st.sampled_from(get_args(Lead)),
    st.sampled_from([LEARNED, RULES]),
)
def test_no_onset_overtakes_another_in_any_band(
    clips: tuple[Clip, ...], leader: Lead, engine: str
) -> None:
    dials: dict[str, Any] = {"leader": leader, "together": 1.0, "amount": 2.0}
    for before, after in zip(clips, played(clips, engine, **dials), strict=True):
        assert np.isfinite(after.notes.onset).all()
        if before.loop is None:
            first = Features(before).first_played(after.notes.onset)
            assert (np.diff(first) >= 0).all()
