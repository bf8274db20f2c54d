import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import Chord, Clip, ClipError, Controllers, Key, Loop, Metre, Notes, Pad, Tempo
from engines.column import from_wire, to_wire
from tests.clips import stiff_clip


def notes(**columns: object) -> Notes:
    given = {"pitch": [60, 62], "onset": [0.0, 1.0], "duration": [1.0, 1.0], **columns}
    return Notes(**{name: np.array(values) for name, values in given.items()})


def over_the_wire(clip: Clip) -> Clip:
    return msgspec.msgpack.decode(
        msgspec.msgpack.encode(clip, enc_hook=to_wire), type=Clip, dec_hook=from_wire
    )


def test_columns_that_are_left_out_take_their_defaults() -> None:
    table = notes()
    assert table.velocity.tolist() == [100.0, 100.0]
    assert table.note_id.tolist() == [0, 1]
    assert table.probability.tolist() == [1.0, 1.0]


def test_columns_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        notes().onset[0] = 5.0


def test_a_table_does_not_share_its_callers_array() -> None:
    onset = np.array([0.0, 1.0])
    table = notes(onset=onset)
    onset[0] = 0.5
    assert table.onset[0] == 0.0


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("pitch", [60, 128], r"pitch\[1\] is 128, allowed are 0 to 127"),
        ("pitch", [60.5, 61], r"pitch\[0\] is 60.5, allowed are whole numbers"),
        ("onset", [0.0, -1.0], r"onset\[1\] is -1.0, allowed are 0 to 1e\+06 beats"),
        ("onset", [0.0, np.nan], r"onset\[1\] is nan"),
        ("duration", [np.inf, 1.0], r"duration\[0\] is inf"),
        ("velocity", [0.5, 64.0], r"velocity\[0\] is 0.5, allowed are 1 to 127"),
        ("onset", [0.0], "onset has 1 rows, allowed are 2 as in pitch"),
        ("onset", [[0.0], [1.0]], "onset has 2 dimensions, allowed is 1"),
    ],
)
def test_a_bad_column_is_refused_with_its_place(
    column: str, values: list[float], message: str
) -> None:
    with pytest.raises(ClipError, match=message):
        notes(**{column: values})


def test_replacing_a_column_checks_it() -> None:
    with pytest.raises(ClipError, match="velocity"):
        notes().replace(velocity=np.array([0.0, 200.0]))


def test_taking_and_concatenating_keep_the_rows() -> None:
    table = notes()
    halves = table.take(np.array([True, False])), table.take(np.array([1]))
    assert Notes.concatenate(*halves) == table


def test_tables_of_other_numbers_or_other_kinds_differ() -> None:
    assert notes() != notes(onset=[0.0, 2.0])
    assert Tempo() != Controllers()


def test_end_is_onset_and_duration() -> None:
    assert notes(onset=[0.0, 1.5]).end.tolist() == [1.0, 2.5]


def test_controllers_are_told_apart_by_number() -> None:
    table = Controllers(
        number=np.array([64, 1, 64]), time=np.array([0.0, 1, 2]), value=np.array([127, 5, 0])
    )
    assert table.of(64).time.tolist() == [0.0, 2.0]
    assert table.without(64).value.tolist() == [5]


def test_without_a_tempo_a_beat_is_half_a_second() -> None:
    assert Tempo().seconds(np.array([0.0, 3.0])).tolist() == [0.0, 1.5]


def test_seconds_follow_the_tempo_map() -> None:
    tempo = Tempo(time=np.array([0.0, 4.0]), bpm=np.array([120.0, 60.0]))
    # four beats of 0.5 s, then two of 1 s
    assert tempo.seconds(np.array([4.0, 6.0])) == pytest.approx([2.0, 4.0])
    assert tempo.at(np.array([0.0, 3.9, 4.0])).tolist() == [120.0, 120.0, 60.0]


def test_the_first_tempo_holds_before_its_time_too() -> None:
    late = Tempo(time=np.array([8.0]), bpm=np.array([60.0]))
    assert late.seconds(np.array([2.0])) == pytest.approx([2.0])


@given(
    spans=st.lists(st.floats(0.01, 100), min_size=1, max_size=10),
    bpm=st.floats(10, 400),
    beats=st.lists(st.floats(0, 2000), min_size=1, max_size=10),
)
def test_beats_undo_seconds(spans: list[float], bpm: float, beats: list[float]) -> None:
    tempo = Tempo(time=np.cumsum(spans), bpm=bpm + np.arange(len(spans)))
    assert tempo.beats(tempo.seconds(np.array(beats))) == pytest.approx(beats, abs=1e-6)


def test_tempo_changes_must_rise_in_time() -> None:
    with pytest.raises(ClipError, match=r"time\[1\] is 0.0, allowed are times after"):
        Tempo(time=np.zeros(2), bpm=np.full(2, 120.0))


def test_a_bar_lasts_as_its_metre_says() -> None:
    metres = (Metre(), Metre(0, 7, 8), Metre(0, 6, 8), Metre(0, 2, 2))
    assert [metre.bar for metre in metres] == [4, 3.5, 3, 4]


def test_a_key_names_its_pitch_classes() -> None:
    assert Key(tonic=2).pitch_classes == {2, 4, 6, 7, 9, 11, 1}


def test_a_loop_needs_a_length() -> None:
    with pytest.raises(ClipError, match=r"loop.end is 4.0, allowed are times after 4.0"):
        Loop(4.0, 4.0)


def test_metres_and_chords_must_rise_in_time() -> None:
    with pytest.raises(ClipError, match=r"metre\[1\].time is 0.0"):
        stiff_clip(metre=(Metre(), Metre()))
    with pytest.raises(ClipError, match=r"chords\[1\].time is 1.0"):
        stiff_clip(chords=(Chord(2.0, "C"), Chord(1.0, "F")))


def test_the_region_is_the_loop_or_the_whole_clip() -> None:
    assert stiff_clip(16).region() == (0.0, 8.0)
    assert stiff_clip(16, loop=Loop(2.0, 6.0)).region() == (2.0, 6.0)


def test_a_clip_comes_over_the_wire_as_it_was() -> None:
    clip = stiff_clip(
        8, loop=Loop(0.0, 2.0), key=Key(tonic=9), chords=(Chord(0.0, "Am"),), name="lead", program=3
    )
    assert over_the_wire(clip) == clip


def test_columns_on_the_wire_may_be_plain_lists() -> None:
    message = {"notes": {"pitch": [60], "onset": [0.5], "duration": [1]}, "length": 4.0}
    clip = msgspec.msgpack.decode(
        msgspec.msgpack.encode(message), type=Clip, dec_hook=from_wire, strict=False
    )
    assert clip.notes.onset.tolist() == [0.5]


@pytest.mark.parametrize("column", ["x", {"a": 1}, [True], [None], b"\x00" * 7])
def test_columns_on_the_wire_that_are_no_numbers_are_refused(column: object) -> None:
    message = {"notes": {"pitch": b"\x3c", "onset": column, "duration": [1.0]}, "length": 4.0}
    with pytest.raises((msgspec.ValidationError, ClipError)):
        msgspec.msgpack.decode(msgspec.msgpack.encode(message), type=Clip, dec_hook=from_wire)


@given(data=st.binary(max_size=64))
def test_any_bytes_are_a_valid_column_or_refused(data: bytes) -> None:
    message = {"notes": {"pitch": data, "onset": data, "duration": data}, "length": 4.0}
    frame = msgspec.msgpack.encode(message)
    try:
        clip = msgspec.msgpack.decode(frame, type=Clip, dec_hook=from_wire)
    except (msgspec.ValidationError, ClipError):
        return
    assert over_the_wire(clip) == clip


def test_two_pads_on_one_note_number_are_refused() -> None:
    with pytest.raises(ClipError, match=r"pads\[1\].pitch is 60 again, allowed are pitches of no"):
        Clip(Notes(), length=4.0, pads=(Pad(60, "Kick"), Pad(60, "Snare")))
