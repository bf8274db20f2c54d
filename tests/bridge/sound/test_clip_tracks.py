"""Clips are played once, together, as they were written."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.live.clip_score import clip_score
from bridge.sound.fault import SoundError
from bridge.sound.instruments import Instruments
from bridge.sound.tracks import clip_tracks
from bridge.sound_protocol import Instrument
from engines.clip import Clip, Controllers, Loop, Notes, Tempo
from tests.bridge.sound.rows import is_off, is_on, messages, rows, unended
from tests.clips import stiff_clip

FONT = Instruments(only=Instrument(soundfont="/a.sf2"))


def clip(*notes: tuple[float, float, int], length: float = 4.0, **fields: object) -> Clip:
    """Return a clip of notes: onset, duration, pitch; every velocity 80, at 120 bpm."""
    onset, duration, pitch = np.array(notes, dtype=float).reshape(-1, 3).T
    table = Notes(pitch=pitch, onset=onset, duration=duration, velocity=np.full(len(notes), 80.0))
    return Clip(table, length=length, name="Piano").replace(**fields)


def controllers(*rows: tuple[int, float, int]) -> Controllers:
    """Return controllers: number, time, value."""
    number, time, value = zip(*rows, strict=True)
    return Controllers(number=np.array(number), time=np.array(time), value=np.array(value))


def test_notes_are_at_their_seconds_on_the_first_channel() -> None:
    # 120 bpm: a beat is half a second
    (one,) = clip_tracks([clip((1, 0.5, 60))], FONT)
    on, off = (0.5, bytes((0x90, 60, 80))), (0.75, bytes((0x80, 60, 64)))
    assert rows(one.events) == [on, off]
    assert one.name == "Piano"


def test_the_tempo_of_the_first_clip_that_has_one_counts() -> None:
    slow = Tempo(time=np.zeros(1), bpm=np.full(1, 60.0))
    fast = Tempo(time=np.zeros(1), bpm=np.full(1, 240.0))
    clips = [clip((1, 1, 60)), clip((1, 1, 62), tempo=slow), clip((1, 1, 64), tempo=fast)]
    assert [one.events.time[0] for one in clip_tracks(clips, FONT)] == [1.0, 1.0, 1.0]


def test_drums_without_a_channel_are_on_the_tenth() -> None:
    (one,) = clip_tracks([clip((0, 1, 36), role="drums")], FONT)
    assert messages(one) == ["99 24 50", "89 24 40"]


def test_a_clip_is_played_from_its_beginning_to_its_end_whatever_its_loop() -> None:
    loop = clip((0, 1, 60), (2, 4, 62), (4, 1, 64), loop=Loop(2.0, 3.0))
    (one,) = clip_tracks([loop], FONT)
    # the second note would end at beat 6, and ends with the clip at 4, which is 2 s
    assert rows(one.events)[-1] == (2.0, bytes((0x80, 62, 64)))
    assert len(one.events) == 4


def test_a_pedal_that_comes_up_behind_the_end_comes_up_at_the_end() -> None:
    pedal = controllers((64, 0, 127), (7, 4.5, 100), (64, 4.25, 0))
    (one,) = clip_tracks([clip((0, 4, 60), controllers=pedal)], FONT)
    assert messages(one) == ["b0 40 7f", "90 3c 50", "80 3c 40", "b0 40 00"]
    assert one.events.time[-1] == 2.0


def test_a_pedal_that_is_pressed_behind_the_end_is_not_pressed() -> None:
    pedal = controllers((64, 5, 127), (64, 6, 0))
    (one,) = clip_tracks([clip((0, 1, 60), controllers=pedal)], FONT)
    assert messages(one) == ["90 3c 50", "80 3c 40", "b0 40 00"]


def test_a_program_comes_when_its_bank_is_known() -> None:
    bank = controllers((0, 0, 1), (7, 0, 100), (32, 0, 2), (10, 0, 64))
    (one,) = clip_tracks([clip((0, 1, 60), controllers=bank, program=5)], FONT)
    wanted = ["b0 00 01", "b0 07 64", "b0 20 02", "c0 05 00", "b0 0a 40", "90 3c 50", "80 3c 40"]
    assert messages(one) == wanted


def test_two_hands_on_one_channel_are_one_track() -> None:
    pedal = controllers((64, 0, 127))
    right, left = clip((0, 1, 72), channel=3), clip((0, 1, 48), channel=3, controllers=pedal)
    (both,) = clip_tracks([right, left], FONT)
    assert messages(both) == ["b3 40 7f", "93 48 50", "93 30 50", "83 48 40", "83 30 40"]


def test_clips_without_a_channel_are_tracks_of_their_own() -> None:
    tracks = clip_tracks([clip((0, 1, 72)), clip((0, 1, 48))], FONT)
    assert [one.name for one in tracks] == ["Piano", "Piano 2"]


def test_a_clip_of_controllers_alone_goes_to_the_parts_of_its_channel() -> None:
    alone = clip(channel=2, controllers=controllers((7, 0, 9)))
    (one,) = clip_tracks([alone, clip((0, 1, 60), channel=2)], FONT)
    assert messages(one)[0] == "b2 07 09"


def test_muted_notes_are_not_played_and_chance_is_that_of_the_live_player() -> None:
    count = 64
    muted = np.arange(count) % 4 == 0
    stiff = stiff_clip(count)
    notes = stiff.notes.replace(
        mute=muted.astype(np.uint8),
        probability=np.full(count, 0.5),
        velocity_deviation=np.full(count, 40.0),
    )
    chancy = stiff.replace(notes=notes)
    for seed in (1, 2):
        (one,) = clip_tracks([chancy], FONT, seed)
        live = [data for data in clip_score([chancy], seed=seed).messages if is_on(data)]
        assert [data for _, data in rows(one.events) if is_on(data)] == live
        assert 0 < len(live) < count


def test_the_same_seed_gives_the_same_tracks() -> None:
    stiff = stiff_clip(32)
    chancy = stiff.replace(notes=stiff.notes.replace(probability=np.full(32, 0.5)))
    one, same, other = (clip_tracks([chancy], FONT, seed)[0].events for seed in (1, 1, 2))
    assert one == same
    assert one != other


@pytest.mark.parametrize("clips", [(), (clip(),), (clip((5, 1, 60)),)])
def test_clips_of_which_no_note_sounds_are_refused_in_a_sentence(clips: tuple[Clip, ...]) -> None:
    with pytest.raises(SoundError, match="no note of the clips sounds, allowed is music with one"):
        clip_tracks(clips, FONT)


NOTE = st.tuples(
    st.integers(0, 20).map(lambda step: step / 4),
    st.sampled_from((0.0, 0.25, 1.0, 9.0)),
    st.integers(60, 62),
)


@given(st.lists(NOTE, min_size=1, max_size=12), st.sampled_from((30.0, 120.0, 999.0)))
def test_every_note_of_a_clip_begins_at_its_second_and_ends(
    notes: list[tuple[float, float, int]], bpm: float
) -> None:
    tempo = Tempo(time=np.zeros(1), bpm=np.full(1, bpm))
    (one,) = clip_tracks([clip(*notes, length=6.0, tempo=tempo)], FONT)
    begun = [time for time, data in rows(one.events) if is_on(data)]
    seconds = tempo.seconds(np.sort([onset for onset, _, _ in notes]))
    assert begun == pytest.approx(seconds.tolist(), rel=0, abs=1e-9)
    assert sum(is_off(data) for _, data in rows(one.events)) == len(notes)
    assert unended(one.events) == []
    assert one.events.time[-1] <= tempo.seconds(np.array(6.0)) + 1e-9
