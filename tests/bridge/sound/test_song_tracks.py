"""All that a MIDI file says to instruments is played, at its second and in its order."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.midi_file import Song, read_song
from bridge.midi_meta import name_event, tempo_event
from bridge.midi_song import to_song, to_source
from bridge.midi_source import decode
from bridge.sound.fault import SoundError
from bridge.sound.instrument_file import Book, Player
from bridge.sound.instruments import Instruments
from bridge.sound.tracks import song_tracks
from bridge.sound_protocol import MAX_S, Description, Instrument, Plugin
from engines.clip import Notes
from tests.bridge.midi_bytes import midi, timed, track
from tests.bridge.sound.rows import is_off, is_on, messages, rows, unended

ROOT = Path(__file__).parents[3]

FILES = sorted([*(ROOT / "examples").glob("*.mid"), *(ROOT / "tests" / "music").glob("*.mid")])

PLUGIN = Instrument(plugin=Plugin("/a.vst3"))
ANY = Instruments(only=PLUGIN)
FONT = Instruments(only=Instrument(soundfont="/a.sf2"))

NOTE = ("00 90 3c 50", "60 80 3c 40")
"""A middle C from the time before it, for 96 ticks."""


def song(*tracks: bytes, form: int = 1) -> Song:
    """Return the song of a file of 96 ticks a beat, so of 192 a second unless a tempo is stated."""
    return to_song(decode(midi(*tracks, form=form, division=96)))


def named(name: str) -> str:
    """Return the event that names a track, in hexadecimal with its delta time."""
    return f"00 {name_event(name).hex()}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_note_and_controller_of_a_real_file_is_there_at_its_second(path: Path) -> None:
    read = read_song(path)
    tracks = song_tracks(read, ANY)
    heard = sorted(row for one in tracks for row in rows(one.events))
    tempo = read.clips[0].tempo
    ons = sorted(
        (float(second), 0x90 | (clip.channel or 0), pitch)
        for clip in read.clips
        for second, pitch in zip(
            tempo.seconds(clip.notes.onset), clip.notes.pitch.tolist(), strict=True
        )
    )
    found = sorted((time, *data[:2]) for time, data in heard if is_on(data))
    assert [row[1:] for row in found] == [row[1:] for row in ons]
    assert np.allclose([row[0] for row in found], [row[0] for row in ons], rtol=0, atol=1e-9)
    controllers = sum(len(clip.controllers) for clip in read.clips)
    assert sum(data[0] & 0xF0 == 0xB0 for _, data in heard) == controllers
    assert [unended(one.events) for one in tracks] == [[]] * len(tracks)


def test_seconds_follow_the_tempo_map_of_another_track() -> None:
    # a beat at 120 bpm is 0.5 s; from beat 2 on, at 60 bpm, it is 1 s: beat 3 is at 1 + 1 s
    conductor = timed([(0, tempo_event(120)), (192, tempo_event(60))])
    one = song(conductor, track("82 20 90 3c 50", "60 80 3c 40"))
    (heard,) = song_tracks(one, ANY)
    assert messages(heard) == ["90 3c 50", "80 3c 40"]
    assert heard.events.time.tolist() == pytest.approx([2.0, 3.0], rel=0, abs=1e-12)


def test_all_kinds_of_channel_messages_stay_in_the_files_order() -> None:
    sets = ("b0 00 01", "b0 20 02", "c0 07", "e0 00 50", "d0 33", "a0 3c 44", "b0 40 7f")
    one = song(track(*(f"00 {message}" for message in sets), *NOTE))
    # messages of two bytes are read with a third of 0
    heard = [message if len(message) == 8 else f"{message} 00" for message in sets]
    assert messages(song_tracks(one, ANY)[0]) == [*heard, "90 3c 50", "80 3c 40"]


def test_a_system_message_is_left_out() -> None:
    one = song(track("00 f0 05 7e 7f 09 01 f7", *NOTE))
    assert messages(song_tracks(one, ANY)[0]) == ["90 3c 50", "80 3c 40"]


def test_a_pedal_pressed_before_a_note_ends_in_one_tick_catches_it() -> None:
    file = track("00 90 3c 50", "60 b0 40 7f", "00 80 3c 40", "60 b0 40 00")
    assert messages(song_tracks(song(file), ANY)[0]) == [
        "90 3c 50",
        "b0 40 7f",
        "80 3c 40",
        "b0 40 00",
    ]


def test_a_pedal_that_holds_what_sounds_stays_behind_the_note_that_begins_in_its_tick() -> None:
    file = track("00 90 3c 50", "00 b0 42 7f", "60 80 3c 40", "60 b0 42 00")
    assert messages(song_tracks(song(file), ANY)[0]) == [
        "90 3c 50",
        "b0 42 7f",
        "80 3c 40",
        "b0 42 00",
    ]


def test_a_note_ends_before_another_of_its_pitch_begins_in_one_tick() -> None:
    # the second C begins in the tick in which the first one ends, and is written before its end
    file = track("00 90 3c 50", "60 90 40 51", "00 90 3c 51", "00 80 3c 40", "60 80 3c 41")
    wanted = ["90 3c 50", "90 40 51", "80 3c 40", "90 3c 51", "80 40 40", "80 3c 41"]
    assert messages(song_tracks(song(file), ANY)[0]) == wanted


def test_a_note_of_one_hand_ends_before_the_other_hand_strikes_it() -> None:
    left = track(named("Left"), "60 90 3c 51", "60 80 3c 41")
    right = track(named("Right"), "00 90 3c 50", "60 90 40 50", "00 80 3c 40", "60 80 40 40")
    (both,) = song_tracks(song(left, right), ANY)
    assert messages(both)[:3] == ["90 3c 50", "80 3c 40", "90 3c 51"]


def test_what_is_set_in_another_track_is_set_before_notes_begin_in_its_tick() -> None:
    file = song(track("00 90 3c 50", "60 80 3c 40"), track("00 b0 07 64"))
    assert messages(song_tracks(file, ANY)[0]) == ["b0 07 64", "90 3c 50", "80 3c 40"]


def test_a_title_says_of_no_part_what_it_is() -> None:
    begins, ends = ("00 90 3c 50", "00 91 24 50"), ("60 80 3c 40", "00 81 24 40")
    tracks = song_tracks(song(track(named("Beat It"), *begins, *ends), form=0), FONT)
    # told by their notes: one is high, the other low, both are alone
    assert [one.name for one in tracks] == ["Lead", "Bass"]
    assert [int(one.events.status[0]) for one in tracks] == [0x90, 0x91]


def test_a_note_without_length_ends_behind_its_beginning_and_ends_no_other() -> None:
    file = track("00 90 3c 50", "00 80 3c 40", "00 90 3c 51", "60 80 3c 41")
    wanted = ["90 3c 50", "80 3c 40", "90 3c 51", "80 3c 41"]
    assert messages(song_tracks(song(file), ANY)[0]) == wanted


def test_a_note_on_of_velocity_0_is_a_note_off() -> None:
    one = song(track("00 93 3c 50", "60 93 3c 00"))
    assert messages(song_tracks(one, ANY)[0]) == ["93 3c 50", "83 3c 40"]


def test_a_note_that_never_ends_is_ended_at_the_end_of_the_song() -> None:
    # the other track ends after 2 beats, at 120 bpm a second
    one = song(track("00 90 3c 50"), track("60 91 3c 50", "60 81 3c 40"))
    assert rows(song_tracks(one, ANY)[0].events)[-1] == (1.0, bytes.fromhex("80 3c 40"))


def test_a_note_without_an_end_in_the_last_tick_is_ended_behind_its_beginning() -> None:
    one = song(track("60 90 3c 50"))
    assert messages(song_tracks(one, ANY)[0]) == ["90 3c 50", "80 3c 40"]


def test_two_hands_on_one_channel_are_one_track_with_one_pedal() -> None:
    right = track(named("Right"), "00 c0 00", *NOTE)
    left = track(named("Left"), "00 b0 40 7f", "00 90 30 50", "60 80 30 40")
    (both,) = song_tracks(song(right, left), FONT)
    wanted = ["c0 00 00", "b0 40 7f", "90 3c 50", "90 30 50", "80 3c 40", "80 30 40"]
    assert messages(both) == wanted
    assert both.name == "Piano"


@pytest.mark.parametrize(
    ("right", "left"),
    [
        ("Right", "Left"),
        ("Piano RH", "Piano LH"),
        ("Piano R.H.", "Piano L.H."),
        ("Treble clef", "Bass clef"),
        ("Grand upper staff", "Grand lower staff"),
        ("Rechte Hand", "Linke Hand"),
        ("Piano", "Piano"),
        ("Piano", ""),
        ("", ""),
    ],
)
def test_hands_share_a_pedal_even_if_it_is_written_for_each(right: str, left: str) -> None:
    hands = [track(named(name), "00 b0 40 7f", *NOTE) for name in (right, left)]
    assert len(song_tracks(song(*hands), FONT)) == 1


def test_one_pedal_is_shared_by_parts_of_one_role() -> None:
    first = track(named("Prelude"), "00 b0 40 7f", *NOTE)
    assert len(song_tracks(song(first, track(named("Op 28"), *NOTE)), FONT)) == 1


@pytest.mark.parametrize("shape", ["e0 00 60", "b0 40 7f", "b0 01 7f", "d0 50"])
def test_parts_that_each_bend_or_hold_their_notes_do_not_do_so_with_each_others(shape: str) -> None:
    first = track(named("Violin 1"), f"00 {shape}", *NOTE)
    second = track(named("Violin 2"), "00 e0 00 20", *NOTE)
    heard = [messages(one) for one in song_tracks(song(first, second), FONT)]
    assert [len(one) for one in heard] == [3, 3]
    assert [one[0][:5] for one in heard] == [shape[:5], "e0 00"]


def test_the_pedal_of_an_accompaniment_does_not_hold_the_melody() -> None:
    piano = track(named("Piano"), "00 b0 40 7f", *NOTE)
    tracks = song_tracks(song(track(named("Melody"), *NOTE), piano), FONT)
    assert [one.name for one in tracks] == ["Melody", "Piano"]
    assert messages(tracks[0]) == ["90 3c 50", "80 3c 40"]


def test_tracks_of_one_channel_with_programs_of_their_own_are_played_by_them() -> None:
    parts = [track(named("Part"), f"00 c0 {program}", *NOTE) for program in ("00", "28")]
    heard = [messages(one)[0] for one in song_tracks(song(*parts), FONT)]
    assert heard == ["c0 00 00", "c0 28 00"]


def test_a_program_stands_for_all_tracks_of_its_channel_that_have_none() -> None:
    told = track(named("Solo"), "00 b0 00 01", "00 c0 28", "00 b0 07 64", "00 e0 00 60", *NOTE)
    other = track(named("Harmony"), "00 e0 00 20", *NOTE)
    tracks = song_tracks(song(told, other), FONT)
    assert messages(tracks[1])[:3] == ["e0 00 20", "b0 00 01", "c0 28 00"]
    assert messages(song_tracks(song(told, other), ANY)[1])[:2] == ["e0 00 20", "90 3c 50"]


def test_a_bass_clef_is_no_bass() -> None:
    tracks = song_tracks(song(track(named("Bass clef"), *NOTE)), FONT)
    assert tracks[0].instrument.program is None


def test_hands_with_instruments_of_their_own_are_two_tracks() -> None:
    book = Book(default=Player(plugin="Grand"), track={"left": Player(plugin="Upright")})
    instruments = Instruments(book, find=lambda name, _: Description(path=f"/{name}", name=name))
    hands = [track(named(name), "00 c0 00", *NOTE) for name in ("Right", "Left")]
    tracks = song_tracks(song(*hands), instruments)
    played = [(one.name, one.instrument.plugin) for one in tracks]
    assert played == [
        ("Right", Plugin("/Grand", "Grand")),
        ("Left", Plugin("/Upright", "Upright")),
    ]


def test_tracks_that_a_daw_wrote_on_one_channel_are_played_by_what_their_names_say() -> None:
    names = ("Bass", "Rhodes", "Drums", "Melody")
    tracks = song_tracks(song(*(track(named(name), *NOTE) for name in names)), FONT)
    assert [one.name for one in tracks] == list(names)
    # General MIDI from 0: 33 fingered bass, 4 electric piano; drums are told by channel 10
    assert [one.instrument.program for one in tracks] == [33, 4, None, None]
    assert [int(one.events.status[0]) for one in tracks] == [0x90, 0x90, 0x99, 0x90]


def test_a_program_in_the_file_counts_before_a_name() -> None:
    (one,) = song_tracks(song(track(named("Bass"), "00 c0 00", *NOTE)), FONT)
    assert one.instrument.program is None
    assert messages(one)[0] == "c0 00 00"


def test_a_plug_in_hears_the_channel_of_the_file() -> None:
    (one,) = song_tracks(song(track(named("Drums"), *NOTE)), ANY)
    assert messages(one) == ["90 3c 50", "80 3c 40"]
    assert one.instrument == PLUGIN


def test_what_stands_in_a_track_without_notes_goes_to_all_parts_of_its_channel() -> None:
    setting = track("00 b0 07 64", "00 b1 07 10")
    bass, keys = (track(named(name), *NOTE) for name in ("Bass", "Rhodes"))
    other = track("00 91 40 50", "60 81 40 40")
    heard = [messages(one) for one in song_tracks(song(setting, bass, keys, other), FONT)]
    assert [track[0] for track in heard] == ["b0 07 64", "b0 07 64", "b1 07 10"]
    assert [len(track) for track in heard] == [3, 3, 3]


def test_a_file_of_one_track_has_a_part_for_each_channel() -> None:
    file = track(
        named("Title"),
        "00 c0 20",
        "00 c1 28",
        "00 b2 07 10",
        "00 90 24 50",
        "00 91 48 50",
        "00 99 24 50",
        "60 80 24 40",
        "00 81 48 40",
        "00 89 24 40",
    )
    tracks = song_tracks(song(file, form=0), FONT)
    assert [one.name for one in tracks] == ["Bass", "Strings", "Drums"]
    assert [set((one.events.status & 15).tolist()) for one in tracks] == [{0}, {1}, {9}]


def test_names_are_distinct() -> None:
    tracks = [
        track(named("Viola"), f"00 9{channel} 3c 50", f"60 8{channel} 3c 40")
        for channel in range(3)
    ]
    names = [one.name for one in song_tracks(song(*tracks), ANY)]
    assert names == ["Viola", "Viola 2", "Viola 3"]


def test_names_are_no_longer_than_the_wire_allows() -> None:
    name = "x" * 256
    tracks = [track(named(name), f"00 9{channel:x} 3c 50") for channel in range(11)]
    read = song_tracks(song(*tracks), ANY)
    assert len({one.name for one in read}) == 11
    assert max(len(one.name) for one in read) <= 256


def test_what_was_changed_in_a_song_is_heard() -> None:
    read = song(track(*NOTE))
    (clip,) = read.clips
    moved = clip.notes.replace(onset=clip.notes.onset + 0.25)
    changed = read.with_clips([clip.replace(notes=moved)])
    # a quarter of a beat at 120 bpm is 1/8 s
    assert rows(song_tracks(changed, ANY)[0].events)[0] == (0.125, bytes.fromhex("90 3c 50"))


def test_a_part_that_was_added_to_a_song_is_heard() -> None:
    read = song(track(*NOTE))
    (clip,) = read.clips
    added = clip.replace(name="Bass", channel=None, notes=clip.notes)
    tracks = song_tracks(read.with_clips([clip, added]), FONT)
    assert tracks[1].name == "Bass"
    assert messages(tracks[1]) == ["91 3c 50", "81 3c 40"]


def test_a_part_that_has_lost_its_notes_is_no_track() -> None:
    read = song(track(*NOTE), track("00 91 40 50", "60 81 40 40"))
    first, second = read.clips
    changed = read.with_clips([first.replace(notes=Notes()), second])
    (one,) = song_tracks(changed, ANY)
    assert messages(one) == ["91 40 50", "81 40 40"]


def test_a_song_without_notes_is_refused_in_a_sentence() -> None:
    with pytest.raises(SoundError, match="the song has no notes, allowed is music with one"):
        song_tracks(song(track("00 b0 07 64")), ANY)


def test_a_song_that_lasts_too_long_is_refused_in_a_sentence() -> None:
    # at 10 bpm a beat lasts 6 s, and 96 ticks are a beat; the delta time has four bytes
    late = timed([(0, tempo_event(10)), (int(MAX_S) * 16 + 96, b"\x90\x3c\x50")])
    with pytest.raises(SoundError, match=r"music lasts 14406 s, allowed are up to 14400"):
        song_tracks(song(late), ANY)


EVENT = st.tuples(
    st.integers(0, 3).map(lambda quarter: quarter * 24),
    st.sampled_from((0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0)),
    st.integers(0, 2),
    st.integers(60, 62),
    st.sampled_from((0, 1, 64, 127)),
)


@st.composite
def files(draw: st.DrawFn) -> Song:
    """Draw a file of channel messages on a few channels and pitches, in any disorder."""
    tracks = []
    for _ in range(draw(st.integers(1, 3))):
        events = draw(st.lists(EVENT, max_size=12))
        tempo = draw(st.sampled_from((40.0, 120.0, 333.0)))
        sizes = {0xC0: 2, 0xD0: 2}
        tracks.append(
            timed(
                [
                    (draw(st.integers(0, 100)), tempo_event(tempo)),
                    *(
                        (delta, bytes((kind | channel, one, two))[: sizes.get(kind, 3)])
                        for delta, kind, channel, one, two in events
                    ),
                ]
            )
        )
    return song(*tracks)


@given(files())
def test_any_file_is_heard_whole_in_rising_time_with_every_note_ended(read: Song) -> None:
    if not read.clips:
        with pytest.raises(SoundError):
            song_tracks(read, ANY)
        return
    tracks = song_tracks(read, ANY)
    notes = sum(len(clip.notes) for clip in read.clips)
    heard = [row for one in tracks for row in rows(one.events)]
    assert sum(is_on(data) for _, data in heard) == notes
    assert all(unended(one.events) == [] for one in tracks)
    assert all((np.diff(one.events.time) >= 0).all() for one in tracks)
    with_parts = {clip.channel for clip in read.clips}
    said = [
        event
        for source in to_source(read).tracks
        for event in source.events
        if event[0] < 0xF0 and event[0] & 0x0F in with_parts and event[0] & 0xF0 > 0x90
    ]
    assert sum(not is_on(data) and not is_off(data) for _, data in heard) == len(said)
