"""Claims about songs whose clips were changed."""

import numpy as np
import pytest

from bridge.midi_file import MidiFileError, Song, SongError, new_song
from bridge.midi_song import to_song, to_source
from bridge.midi_source import Source, decode, encode
from engines.clip import Clip, Controllers, Key, Metre, Notes, Tempo
from tests.bridge.midi_bytes import midi, track

MIDDLE_C = ("00 90 3c 50", "60 80 3c 20")
"""From tick 0 to tick 0x60 = 96, which is 1 beat in all songs here."""


def song_of(*events: str, form: int = 1, division: int = 96) -> Song:
    """Return the song of one track."""
    return to_song(decode(midi(track(*events), form=form, division=division)))


def changed(song: Song, **columns: list[float]) -> Source:
    """Return what is written if columns of the first clip's notes are replaced."""
    arrays = {name: np.array(values) for name, values in columns.items()}
    first = song.clips[0]
    clip = first.replace(notes=first.notes.replace(**arrays))
    return to_source(song.with_clips([clip, *song.clips[1:]]))


def with_controllers(song: Song, *rows: tuple[int, float, int]) -> Source:
    """Return what is written if the first clip has these controllers: number, time, value."""
    clip = song.clips[0].replace(controllers=controllers(*rows))
    return to_source(song.with_clips([clip, *song.clips[1:]]))


def controllers(*rows: tuple[int, float, int]) -> Controllers:
    number, time, value = np.array(rows, dtype=float).reshape(-1, 3).T
    return Controllers(number=number, time=time, value=value)


def tempo(*rows: tuple[float, float]) -> Tempo:
    time, bpm = np.array(rows).T
    return Tempo(time=time, bpm=bpm)


def timeline(source: Source, number: int = 0) -> list[tuple[int, str]]:
    """Return ticks and hexadecimal bytes of a track's events."""
    track = source.tracks[number]
    return [
        (int(tick), event.hex(" ")) for tick, event in zip(track.ticks, track.events, strict=True)
    ]


def read_again(song: Song) -> Song:
    return to_song(decode(encode(to_source(song))))


def clip_of(pitch: int = 60, **fields: object) -> Clip:
    """Return a clip of one note of a beat."""
    notes = Notes(*map(np.array, ([pitch], [0.0], [1.0], [80.0])))
    return Clip(notes=notes, length=4.0).replace(**fields)


def test_an_unchanged_song_keeps_its_resolution() -> None:
    song = song_of(*MIDDLE_C)
    assert to_source(song.with_clips(song.clips)).ticks_per_beat == 96


@pytest.mark.parametrize(
    ("division", "expected"), [(96, 960), (120, 960), (384, 1152), (960, 960), (1000, 1000)]
)
def test_a_changed_song_has_a_multiple_of_at_least_960_ticks_a_beat(
    division: int, expected: int
) -> None:
    assert changed(song_of(*MIDDLE_C, division=division), velocity=[1]).ticks_per_beat == expected


def test_a_changed_velocity_changes_that_note_on_alone() -> None:
    source = changed(song_of("00 b0 40 7f", *MIDDLE_C, "00 ff 01 01 41"), velocity=[33.4])
    assert timeline(source) == [
        (0, "b0 40 7f"),
        (0, "90 3c 21"),
        (960, "80 3c 20"),
        (960, "ff 01 01 41"),
    ]


def test_microtiming_is_kept_to_half_a_tick() -> None:
    source = changed(song_of(*MIDDLE_C), onset=[1 / 7], duration=[1 / 3])
    # 960 / 7 = 137.1 and 960 / 7 + 960 / 3 = 457.1
    assert [tick for tick, _ in timeline(source)] == [137, 457]


def test_a_note_keeps_the_form_of_its_end() -> None:
    song = song_of("00 90 3c 50", "60 90 3c 00", "00 90 40 50", "60 80 40 40")
    source = changed(song, onset=[0.5, 1.5])
    ends = [event for _, event in timeline(source) if event in ("90 3c 00", "80 40 40")]
    assert ends == ["90 3c 00", "80 40 40"]


def test_a_new_release_velocity_is_written_as_a_note_off() -> None:
    source = changed(song_of("00 90 3c 50", "60 90 3c 00"), release_velocity=[10])
    assert timeline(source)[1] == (960, "80 3c 0a")


def test_a_moved_end_comes_before_the_next_note_of_its_pitch() -> None:
    overlapping = song_of("00 90 3c 50", "50 90 3c 51", "10 80 3c 40", "50 80 3c 40")
    source = changed(overlapping, duration=[0x50 / 96, 1.0])
    assert timeline(source)[1:3] == [(800, "80 3c 40"), (800, "90 3c 51")]


def test_a_moved_note_begins_behind_all_else_in_its_tick() -> None:
    source = changed(song_of(*MIDDLE_C, "00 c0 05"), onset=[1.0])
    assert timeline(source) == [(960, "c0 05"), (960, "90 3c 50"), (1920, "80 3c 20")]


def test_a_note_of_no_ticks_ends_behind_its_beginning() -> None:
    source = changed(song_of(*MIDDLE_C), onset=[2.0], duration=[0.0])
    assert timeline(source) == [(1920, "90 3c 50"), (1920, "80 3c 20")]


def test_a_removed_note_is_gone_and_the_others_stay() -> None:
    song = song_of(*MIDDLE_C, "00 90 40 50", "60 80 40 40")
    clip = song.clips[0].replace(notes=song.clips[0].notes.take(np.array([1])))
    assert timeline(to_source(song.with_clips([clip]))) == [(960, "90 40 50"), (1920, "80 40 40")]


def test_an_added_note_is_written() -> None:
    song = song_of(*MIDDLE_C)
    added = Notes(*map(np.array, ([64], [1.0], [1.0], [9.0], [77])))
    clip = song.clips[0].replace(notes=Notes.concatenate(song.clips[0].notes, added))
    assert timeline(to_source(song.with_clips([clip])))[2:] == [
        (960, "90 40 09"),
        (1920, "80 40 40"),
    ]


def test_a_second_note_of_the_same_id_is_added() -> None:
    song = song_of(*MIDDLE_C)
    notes = song.clips[0].notes
    clip = song.clips[0].replace(notes=Notes.concatenate(notes, notes))
    assert len(to_source(song.with_clips([clip])).tracks[0].events) == 4


def test_a_muted_note_is_not_written() -> None:
    assert timeline(changed(song_of(*MIDDLE_C), mute=[1])) == []


def test_the_end_of_track_moves_only_behind_later_events() -> None:
    song = song_of(*MIDDLE_C, "60 b0 07 64")
    assert changed(song, duration=[1.5]).tracks[0].end == 2 * 960
    assert changed(song, duration=[3.0]).tracks[0].end == 3 * 960


def test_a_note_without_an_end_stays_so_unless_its_end_changes() -> None:
    song = song_of("00 90 3c 50", "60 b0 07 64")
    assert len(changed(song, velocity=[10]).tracks[0].events) == 2
    assert timeline(changed(song, duration=[0.5]))[1] == (480, "80 3c 40")


def test_a_loose_note_off_does_not_cut_a_moved_note() -> None:
    song = song_of("00 80 3c 40", *MIDDLE_C, "10 80 3c 40", "00 80 3e 40")
    assert [event for _, event in timeline(changed(song, duration=[2.0]))] == [
        "80 3c 40",
        "90 3c 50",
        "80 3e 40",
        "80 3c 20",
    ]


def test_unchanged_controllers_stay_in_their_place() -> None:
    song = song_of("00 b0 07 64", "00 c0 05", "00 b0 40 7f", *MIDDLE_C, "00 b0 40 00")
    source = with_controllers(song, (7, 0.0, 100), (64, 0.0, 127), (64, 1.0, 1))
    assert timeline(source) == [
        (0, "b0 07 64"),
        (0, "c0 05"),
        (0, "b0 40 7f"),
        (0, "90 3c 50"),
        (960, "80 3c 20"),
        (960, "b0 40 01"),
    ]


def test_new_controllers_come_before_the_notes_of_their_tick() -> None:
    source = with_controllers(song_of("00 c0 05", *MIDDLE_C), (64, 0.0, 127), (1, 0.0, 2))
    assert timeline(source)[:4] == [(0, "c0 05"), (0, "b0 40 7f"), (0, "b0 01 02"), (0, "90 3c 50")]


def test_new_controllers_stand_in_the_order_of_their_table() -> None:
    song = song_of(*MIDDLE_C, "00 b0 07 64", "00 b0 07 65")
    table = [(7, 1.0, value) for value in (1, 100, 2, 3, 101, 4)]
    values = [int(event[-2:], 16) for _, event in timeline(with_controllers(song, *table))[2:]]
    assert values == [1, 100, 2, 3, 101, 4]


def test_a_new_tempo_map_replaces_the_old_one_in_its_track() -> None:
    conductor = track("00 ff 51 03 07 a1 20", "60 ff 51 03 06 1a 80", "60 ff 06 01 41")
    song = to_song(decode(midi(track(), conductor, track(*MIDDLE_C), division=96)))
    clip = song.clips[0].replace(tempo=tempo((0.0, 120.0), (1.5, 90.0)))
    source = to_source(song.with_clips([clip]))
    assert timeline(source, 1) == [
        (0, "ff 51 03 07 a1 20"),
        (1440, "ff 51 03 0a 2c 2b"),  # 60,000,000 / 90 = 666,667 = 0x0a2c2b microseconds
        (1920, "ff 06 01 41"),
    ]


def test_any_tempo_of_the_format_survives() -> None:
    microseconds = np.unique(np.geomspace(1, 0xFFFFFF, 2000).round())
    bpm = 6e7 / microseconds
    clip = clip_of(tempo=Tempo(time=np.arange(float(len(bpm))), bpm=bpm))
    assert read_again(new_song([clip])).clips[0].tempo == clip.tempo


def test_a_tempo_map_can_be_taken_away() -> None:
    song = song_of("00 ff 51 03 06 1a 80", *MIDDLE_C)
    bare = song.with_clips([song.clips[0].replace(tempo=Tempo())])
    assert len(read_again(bare).clips[0].tempo) == 0


def test_two_new_tempo_maps_are_refused() -> None:
    song = song_of(*MIDDLE_C, "00 91 3c 50", "60 81 3c 40", "00 92 3c 50", "60 82 3c 40")
    maps = [tempo((0.0, 100.0)), Tempo(), tempo((0.0, 101.0))]
    clips = [clip.replace(tempo=new) for clip, new in zip(song.clips, maps, strict=True)]
    with pytest.raises(SongError, match="clips 0 and 2 carry different new tempo maps"):
        song.with_clips(clips)


def test_a_tempo_too_slow_for_the_format_is_refused() -> None:
    song = new_song([clip_of(tempo=tempo((0.0, 2.0)))])
    with pytest.raises(MidiFileError, match="tempo is 2 bpm, allowed are 3"):
        to_source(song)


def test_a_pause_too_long_for_the_format_is_refused() -> None:
    song = song_of(*MIDDLE_C, "00 91 3c 50", "60 81 3c 40")
    source = changed(song, onset=[5e5])
    with pytest.raises(MidiFileError, match="a pause has 479998080 ticks"):  # (5e5 - 2) * 960
        encode(source)


def test_too_few_clips_are_refused() -> None:
    with pytest.raises(SongError, match="song has 0 clips, allowed are 1 or more"):
        song_of(*MIDDLE_C).with_clips([])


def test_a_further_clip_becomes_a_track() -> None:
    song = song_of(*MIDDLE_C, form=0)
    bass = clip_of(36, name="Bass", channel=3, program=33)
    source = to_source(song.with_clips([*song.clips, bass]))
    assert (source.format, len(source.tracks)) == (1, 2)
    assert timeline(source, 1) == [
        (0, "ff 03 04 42 61 73 73"),
        (0, "c3 21"),
        (0, "93 24 50"),
        (960, "83 24 40"),
    ]
    assert source.tracks[1].end == 4 * 960


def test_clips_without_a_channel_are_given_free_ones() -> None:
    clips = [clip_of(channel=1), clip_of(), clip_of(role="drums"), clip_of()]
    again = read_again(new_song(clips))
    assert [clip.channel for clip in again.clips] == [1, 0, 9, 2]


def test_a_new_song_says_all_that_a_file_can() -> None:
    clip = clip_of(
        name="Flöte",
        channel=4,
        program=73,
        controllers=controllers((64, 0.5, 127), (64, 1.0, 0)),
        tempo=tempo((0.0, 125.0), (2.0, 100.0)),
        metre=(Metre(0.0, 3, 4), Metre(3.0, 7, 8)),
        key=Key(9, (0, 2, 3, 5, 7, 8, 10), "Minor"),
    )
    again = read_again(new_song([clip])).clips[0]
    assert again == clip


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize(
    ("intervals", "name"), [((0, 2, 4, 5, 7, 9, 11), "Major"), ((0, 2, 3, 5, 7, 8, 10), "Minor")]
)
def test_keys_survive(tonic: int, intervals: tuple[int, ...], name: str) -> None:
    key = Key(tonic, intervals, name)
    assert read_again(new_song([clip_of(key=key)])).clips[0].key == key


def test_a_key_that_no_signature_states_is_left_out() -> None:
    dorian = Key(2, (0, 2, 3, 5, 7, 9, 10), "Dorian")
    assert read_again(new_song([clip_of(key=dorian)])).clips[0].key is None
