"""Scores: MIDI files and clips as messages in beats."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.error import BridgeError
from bridge.live.clip_score import clip_score
from bridge.live.score import BEGINS, SETS, Moment, Score, lay_out
from bridge.live.song_score import song_score
from bridge.midi_song import to_song
from bridge.midi_source import decode
from engines.clip import Clip, Controllers, Loop, Metre, Notes, Tempo
from engines.live.event import note_off, note_on
from tests.bridge.live.scores import score_of
from tests.bridge.midi_bytes import midi, track


def of_file(*tracks: bytes) -> Score:
    return song_score(to_song(decode(midi(*tracks))))  # 480 ticks a beat


def spoken(score: Score) -> list[tuple[float, str]]:
    pairs = zip(score.beats.tolist(), score.messages, strict=True)
    return [(beat, data.hex(" ")) for beat, data in pairs]


def notes_of(**columns: list[float]) -> Notes:
    return Notes(**{name: np.array(values) for name, values in columns.items()})


def one_note(**columns: float) -> Notes:
    table = {"pitch": 60.0, "onset": 0.0, "duration": 1.0, **columns}
    return notes_of(**{name: [value] for name, value in table.items()})


def test_a_file_keeps_every_message() -> None:
    events = ("c0 05", "b0 07 64", "e0 00 50", "d0 11", "a0 3c 22", "90 3c 64", "f0 03 7e 00 f7")
    score = of_file(track(*(f"00 {event}" for event in events), "83 60 80 3c 40"))
    heard = {data.hex(" ") for data in score.messages}
    assert heard == {*events[:-1], "f0 7e 00 f7", "80 3c 40"}


def test_note_offs_come_first_and_note_ons_last_of_what_is_at_one_time() -> None:
    score = of_file(
        track("00 90 3c 64", "83 60 90 3e 64", "00 b0 40 7f", "00 80 3c 40", "83 60 80 3e 40")
    )
    assert [data for beat, data in spoken(score) if beat == 1.0] == [
        "80 3c 40",
        "b0 40 7f",
        "90 3e 64",
    ]


def test_a_note_without_length_begins_before_it_ends() -> None:
    score = of_file(track("00 90 3c 64", "00 80 3c 40"))
    assert [data for _, data in spoken(score)] == ["90 3c 64", "80 3c 40"]


def test_tracks_are_joined_in_time() -> None:
    score = of_file(
        track("83 60 90 3c 64", "83 60 80 3c 40"), track("00 91 3e 64", "83 60 81 3e 40")
    )
    assert [data for _, data in spoken(score)] == ["91 3e 64", "81 3e 40", "90 3c 64", "80 3c 40"]


def test_a_note_off_knows_the_note_that_it_ends() -> None:
    score = score_of([(0.0, 2.0, 60), (1.0, 3.0, 60), (1.0, 2.0, 62)])
    ended = {
        (score.messages[row][1], float(score.beats[begin]), float(score.beats[row]))
        for row, begin in enumerate(score.begins.tolist())
        if begin >= 0
    }
    assert ended == {(60, 0.0, 2.0), (60, 1.0, 3.0), (62, 1.0, 2.0)}


def test_a_sysex_in_packets_is_played_whole_with_its_last_packet() -> None:
    score = of_file(track("00 f0 02 43 12", "83 60 f7 02 00 43", "83 60 f7 02 12 f7"))
    assert spoken(score) == [(2.0, "f0 43 12 00 43 12 f7")]


def test_an_escaped_clock_is_left_out() -> None:
    assert spoken(of_file(track("00 f7 01 f8", "00 f7 03 f2 00 00", "00 f7 02 f3 01"))) == [
        (0.0, "f3 01")
    ]


def test_a_file_lasts_whole_bars() -> None:
    metre = "00 ff 58 04 03 02 18 08"  # 3/4
    score = of_file(track(metre, "00 90 3c 64", "8f 00 80 3c 40"))  # 4 beats: two bars
    assert (score.length, score.bars.tolist()) == (6.0, [0.0, 3.0, 6.0])


def test_a_metre_that_changes_changes_the_bars() -> None:
    metres = (Metre(0, 3, 4), Metre(6, 4, 4))
    score = lay_out([Moment(9.0, SETS, b"\xb0\x01\x01")], metres=metres)
    assert score.bars.tolist() == [0.0, 3.0, 6.0, 10.0]


def test_a_release_just_behind_a_bar_line_makes_no_further_bar() -> None:
    score = score_of([(3.0, 4.2, 60)])
    assert (score.length, score.beats.tolist()) == (4.0, [3.0, 4.0])


def test_a_note_on_behind_a_bar_line_makes_a_further_bar() -> None:
    assert score_of([(4.0, 4.2, 60)]).length == 8.0


def test_a_note_without_an_end_is_ended_with_the_score() -> None:
    score = lay_out([Moment(1.0, BEGINS, note_on(2, 60, 9))])
    assert spoken(score) == [(1.0, "92 3c 09"), (4.0, note_off(2, 60).hex(" "))]


def test_a_pedal_that_is_down_is_lifted_at_the_end() -> None:
    score = lay_out([Moment(1.0, SETS, b"\xb3\x40\x7f")])
    assert spoken(score)[-1] == (4.0, "b3 40 00")


def test_a_file_brings_its_tempo() -> None:
    score = of_file(track("00 ff 51 03 0f 42 40", "00 90 3c 64", "60 80 3c 40"))  # 1 s a beat
    assert score.tempo == Tempo(time=np.zeros(1), bpm=np.full(1, 60.0))


def test_an_empty_file_is_a_bar_of_silence() -> None:
    assert (spoken(of_file(track())), of_file(track()).length) == ([], 4.0)


def test_a_clip_keeps_the_digits_of_its_times() -> None:
    score = clip_score([Clip(one_note(onset=1 / 3, duration=1 / 7), length=4.0)])
    assert score.beats.tolist() == [1 / 3, 1 / 3 + 1 / 7]


def test_a_clip_s_velocities_are_rounded() -> None:
    notes = one_note(velocity=99.6, release_velocity=12.4)
    assert [data for _, data in spoken(clip_score([Clip(notes, length=4.0, channel=3)]))] == [
        "93 3c 64",
        "83 3c 0c",
    ]


def test_a_muted_note_is_not_played() -> None:
    assert spoken(clip_score([Clip(one_note(mute=1.0), length=4.0)])) == []


def test_a_clip_s_loop_is_played_in_its_exact_length() -> None:
    notes = notes_of(pitch=[60, 62, 64], onset=[0.0, 1.5, 3.0], duration=[1.0, 9.0, 1.0])
    score = clip_score([Clip(notes, length=4.0, loop=Loop(1.0, 2.75))])
    assert score.length == 1.75
    assert spoken(score) == [(0.5, "90 3e 64"), (1.75, "80 3e 40")]


def test_a_loop_begins_with_the_controllers_as_they_are_there() -> None:
    moves = Controllers(
        number=np.array([1, 1, 1]), time=np.array([0.0, 0.5, 2.0]), value=np.array([5, 6, 7])
    )
    clip = Clip(Notes(), length=4.0, controllers=moves, loop=Loop(1.0, 3.0))
    assert spoken(clip_score([clip])) == [(0.0, "b0 01 06"), (1.0, "b0 01 07")]


def test_drums_without_a_channel_play_on_the_tenth() -> None:
    score = clip_score([Clip(one_note(pitch=36.0), length=4.0, role="drums")])
    assert score.messages[0][0] == 0x99


def test_a_program_comes_before_the_notes() -> None:
    score = clip_score([Clip(one_note(), length=4.0, program=5)])
    assert score.messages[0] == b"\xc0\x05"


def test_a_note_of_half_a_chance_plays_with_half_of_the_seeds() -> None:
    clip = Clip(one_note(probability=0.5), length=4.0)
    played = sum(len(clip_score([clip], seed=seed).messages) > 0 for seed in range(400))
    assert abs(played - 200) < 4 * 10  # four deviations of sqrt(400) / 2


def test_a_velocity_strays_over_its_whole_deviation() -> None:
    clip = Clip(one_note(velocity=60.0, velocity_deviation=-20.0), length=4.0)
    heard = [clip_score([clip], seed=seed).messages[0][2] for seed in range(400)]
    assert (min(heard), max(heard)) == (40, 60)


def test_one_seed_is_one_score() -> None:
    clip = Clip(one_note(probability=0.5, velocity_deviation=20.0), length=4.0)
    assert clip_score([clip], seed=7).messages == clip_score([clip], seed=7).messages


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40), st.sampled_from(["90 3c 64", "80 3c 40", "90 3c 00", "b0 40 7f"])
        ),
        max_size=40,
    )
)
def test_whatever_a_file_has_every_note_on_is_ended_once(rows: list[tuple[int, str]]) -> None:
    score = of_file(track(*(f"{delta:02x} {event}" for delta, event in rows)))
    begun = [row for row, data in enumerate(score.messages) if data[0] == 0x90 and data[2]]
    assert sorted(begin for begin in score.begins.tolist() if begin >= 0) == begun
    assert (np.diff(score.beats) >= 0).all()
    assert all(begin < row for row, begin in enumerate(score.begins.tolist()))


@pytest.mark.parametrize("length", [1e-7, 0.01])
def test_a_loop_that_is_too_short_to_be_played_is_refused(length: float) -> None:
    clip = Clip(one_note(), length=4.0, loop=Loop(0.0, length))
    with pytest.raises(BridgeError, match=rf"is {length:g} beats long, allowed are 1/64"):
        clip_score([clip])


def test_a_loop_of_a_64th_of_a_beat_is_played() -> None:
    assert clip_score([Clip(one_note(), length=4.0, loop=Loop(0.0, 1 / 64))]).length == 1 / 64
